"""Rerun: the guards of one policy, asked again about recorded texts as `Checker` asks them about new ones.

Nobody is shown anything and nothing is decided by a clock: deadlines are lifted, because a machine that replays is not
the one that served, and a report must not depend on how busy it is. It knows nothing of records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

from llmpost.contracts.guard import Side
from llmpost.contracts.result import ALLOWED
from llmpost.engine.guarding import build_guarding
from llmpost.engine.replaying.asked import Asked
from llmpost.engine.replaying.seen import Seen
from llmpost.guards.catalogue import Detector
from llmpost.guards.checking import Checked, check
from llmpost.guards.fields.checking import check_fields
from llmpost.guards.fixed_texts import check_replacements
from llmpost.guards.release_window import check_streamed
from llmpost.guards.rule import Fallback, Guarding, Rule
from llmpost.guards.runner import Runner
from llmpost.guards.tools import Tools
from llmpost.guards.vault import Vault
from llmpost.policy import Policy

Schemas: TypeAlias = Mapping[str, Callable[[str], bool]]
"""Which texts are instances, by the digests that traces name."""
NO_SCHEMAS: Schemas = MappingProxyType({})


class UnknownSchema(Exception):
    """What becomes of a document depends on a schema that is not at hand."""


@dataclass(frozen=True, slots=True)
class Rerun:
    """
    >>> rerun = Rerun.of(Policy.named("default"), detectors_of({}))
    >>> rerun.seen(Asked("Mail ada@example.com", GuardContext(), None)).text
    'Mail [EMAIL_ADDRESS]'
    """

    guarding: Guarding
    sides: frozenset[Side]
    """On which any guard is there."""
    key: bytes = b""
    schemas: Schemas = field(default_factory=lambda: NO_SCHEMAS)
    runner: Runner = field(default_factory=Runner)

    @classmethod
    def of(
        cls, policy: Policy, detectors: Mapping[str, Detector], key: bytes = b"", schemas: Schemas = NO_SCHEMAS
    ) -> Rerun:
        """PolicyError where its guards mean nothing together, or want what is not there."""
        guarding = build_guarding(policy, detectors)
        runner = Runner()
        check_replacements(guarding, Tools(key, runner=runner))  # where it reroutes to is never asked
        sides = frozenset(side for rule in guarding.rules for side in rule.sides)
        return cls(_without_deadlines(guarding), sides, key, schemas, runner)

    def seen(self, asked: Asked) -> Seen:
        """What becomes of the text; UnknownSchema where that cannot be told."""
        if asked.context.side not in self.sides:
            return Seen(ALLOWED, (), asked.text)
        checked = self._checked(asked)
        return Seen(checked.verdict, checked.changes, checked.text)

    def _checked(self, asked: Asked) -> Checked:
        tools = Tools(self.key, Vault(), _somebody if asked.has_reviewer else None, self.runner)
        if asked.is_document:
            accepts = self.schemas.get(asked.schema_digest, _nobody_knows)
            return check_fields(asked.text, self.guarding, asked.context, tools, accepts)
        judge = check_streamed if asked.is_streamed else check
        return judge(asked.text, self.guarding, asked.context, tools)


def _without_deadlines(guarding: Guarding) -> Guarding:
    return replace(guarding, rules=tuple(map(_patient, guarding.rules)), total_seconds=None)


def _patient(rule: Rule) -> Rule:
    """The rule, and all who may be asked in its place, with as much time as they like."""
    return replace(
        rule,
        timeout_seconds=None,
        on_timeout=_patient_fallback(rule.on_timeout),
        on_failure=_patient_fallback(rule.on_failure),
    )


def _patient_fallback(fallback: Fallback) -> Fallback:
    return fallback if fallback.rule is None else replace(fallback, rule=_patient(fallback.rule))


def _somebody(text: str, verdict: object) -> None:
    """Who reviews again: nobody has to, it was done."""


def _nobody_knows(text: str) -> bool:
    raise UnknownSchema
