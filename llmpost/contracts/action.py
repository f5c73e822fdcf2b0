"""What may be done about a finding: nouns that policies spell, `decide` weighs and `apply` carries out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

ActionKind: TypeAlias = Literal[
    "allow", "log", "mask", "pseudonymise", "hash", "replace", "redact", "truncate", "review", "retry", "rewrite",
    "reroute", "refuse", "block",
]  # fmt: skip
"""From the weakest to the strongest: where several concern the same text, or the same answer, the strongest is taken.

``allow`` and ``log`` leave the text as it is, and only ``log`` is told of. ``mask`` to ``redact`` put something in the
place of a span; ``truncate`` ends the text before it. ``review`` hands the answer to a person and shows a notice in its
place; ``retry`` asks again, ``rewrite`` has the text written anew, ``reroute`` asks elsewhere; ``refuse`` puts a
message in the answer's place, ``block`` nothing, or a notice."""

KINDS: tuple[ActionKind, ...] = get_args(ActionKind)

CHANGES_SPAN: frozenset[ActionKind] = frozenset({"mask", "pseudonymise", "hash", "replace", "redact"})
REPLACES_ANSWER: frozenset[ActionKind] = frozenset({"review", "retry", "rewrite", "reroute", "refuse"})
"""What nothing may have been shown before: under these a text is released at its end."""
ENDS_TEXT: frozenset[ActionKind] = frozenset({"truncate", "review", "retry", "rewrite", "reroute", "refuse", "block"})


@dataclass(frozen=True, slots=True)
class Action:
    """A kind, and what it needs to be carried out: how much a mask keeps, the words of a notice, a policy's name.

    >>> Action("mask", {"keep": 4}).strength > Action("log").strength
    True
    """

    kind: ActionKind
    argument: Any = None

    @property
    def strength(self) -> int:
        return KINDS.index(self.kind)
