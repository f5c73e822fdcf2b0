"""Every error llmpost raises on purpose, in one tree.

A message has four parts: where it happened, what was given, what is allowed, and what to do. It reads as one
sentence and a hint: ``WHERE: GIVEN is not ALLOWED. HINT``. This module knows nothing of the rest of the package.

    LlmpostError
    ├── RequestError        an argument of a call: prompt, keyword, value
    ├── PolicyError         a key or value of a policy
    ├── ConstraintError     a schema, regex or grammar that is broken or cannot be enforced
    ├── TokenRejected       a token that a constraint's state does not allow
    ├── VocabularyError     a tokenizer or a token list that cannot be read
    ├── ModelError          a model that cannot be loaded, or that returned something unusable
    ├── StageError          a sampling stage raised
    ├── TraceError          a trace file that cannot be written, or a line of one that cannot be read
    ├── DeadEnd             every token of a row is masked: no continuation is left
    └── MissingExtra        an optional dependency is not installed
"""

import difflib
from collections.abc import Iterable
from typing import Any


class LlmpostError(Exception):
    """The root. ``str(error)`` is the whole message; the four parts are attributes.

    >>> print(LlmpostError("decode.top_p", "2.0", "a number above 0 and at most 1", "Use 1 to switch top-p off."))
    decode.top_p: 2.0 is not a number above 0 and at most 1. Use 1 to switch top-p off.
    """

    def __init__(self, where: str, given: str, allowed: str, hint: str) -> None:
        super().__init__(f"{where}: {given} is not {allowed}. {hint}")
        self.where = where
        self.given = given
        self.allowed = allowed
        self.hint = hint
        self.result: Any = None
        """What a request had written when this ended it, where there is something: nothing is lost."""

    def __reduce__(self) -> tuple[type["LlmpostError"], tuple[str, str, str, str]]:
        return type(self), (self.where, self.given, self.allowed, self.hint)


class RequestError(LlmpostError, ValueError):
    """A call was made with an argument that cannot be served."""


class PolicyError(LlmpostError, ValueError):
    """A policy has a key or a value that llmpost does not know or cannot do."""


class ConstraintError(LlmpostError, ValueError):
    """A schema, regex or grammar that is broken, or that cannot be enforced."""


class TokenRejected(LlmpostError, ValueError):
    """A state was advanced by a token that it does not allow; the state is still valid."""


class VocabularyError(LlmpostError, ValueError):
    """A tokenizer or token list whose tokens' bytes cannot be told."""


class ModelError(LlmpostError, RuntimeError):
    """A model could not be loaded, or it returned something that is no distribution."""


class StageError(LlmpostError, RuntimeError):
    """A sampling stage, somebody's own as a rule, raised instead of returning logits."""


class TraceError(LlmpostError, RuntimeError):
    """A trace cannot be written where it should go, or what stands in it cannot be read."""


class DeadEnd(LlmpostError, RuntimeError):
    """Every token of a row is masked; the row cannot go on and did not end."""


class MissingExtra(LlmpostError, ImportError):
    """An optional dependency is needed and not installed."""

    def __init__(self, where: str, package: str, extra: str) -> None:
        super().__init__(
            where, f"an environment without {package}", "enough here", f"Run: pip install 'llmpost[{extra}]'"
        )
        self._arguments = (where, package, extra)

    def __reduce__(self) -> tuple[type["MissingExtra"], tuple[str, str, str]]:  # type: ignore[override]  # three parts
        return type(self), self._arguments


def suggestion(given: str, allowed: Iterable[str]) -> str:
    """The closest allowed name as a question, or the list of them: the last part of an unknown-name error.

    >>> suggestion("temprature", ["temperature", "top_k"])
    "Did you mean 'temperature'?"
    """
    names = sorted(allowed)
    close = difflib.get_close_matches(given, names, n=1, cutoff=0.6)
    if not close and len(given) > 2:
        close = sorted((name for name in names if given.casefold() in name.casefold()), key=len)[:1]
    return f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(names)}."
