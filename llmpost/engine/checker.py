"""The checker: texts held against the guards of a policy, without a model.

It owns what all requests share (guards built once for each policy, the runner, the key, whoever reviews) and hands each
request tools of its own. An engine has one and checks what it reads and writes with it; so may any program that has a
text from elsewhere. How guards are asked is their own business (`guards.checking`, `guards.release_window`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cache, partial
from pathlib import Path
from typing import Any

from llmpost.contracts.check_result import CheckResult
from llmpost.contracts.guard import GuardContext, Side
from llmpost.engine.check_stream import CheckStream
from llmpost.engine.checked_text import check_result
from llmpost.engine.conversation import context_of
from llmpost.engine.guarding import check_routes
from llmpost.engine.guardings import SHARED, Guardings
from llmpost.engine.json_document import JsonDocument, document_of
from llmpost.engine.judging import models_among
from llmpost.engine.meaning import check_meaning
from llmpost.engine.policies import PolicyLike, is_shipped
from llmpost.engine.recording.opening import recording_in
from llmpost.engine.recording.slip import FORGETFUL, Slip, WrittenSlip
from llmpost.engine.reloading.history import PolicyChange
from llmpost.engine.reloading.in_force import InForce
from llmpost.engine.reloading.policy_watch import PolicyWatch
from llmpost.engine.reloading.standing import Standing
from llmpost.engine.review_file import ReviewFile
from llmpost.engine.surroundings import Surroundings, surroundings_of
from llmpost.engine.watch import Watch
from llmpost.errors import PolicyError, RequestError, suggestion
from llmpost.guards.fixed_texts import check_replacements
from llmpost.guards.rule import Guarding
from llmpost.guards.runner import Runner
from llmpost.guards.tools import Review, Tools
from llmpost.guards.vault import Vault
from llmpost.policy import Policy

_MOST_FITTING = 255
_SIDES = ("input", "output")
NOTHING_AROUND = Surroundings()


@dataclass(frozen=True, slots=True)
class Said:
    """What a caller says about a text besides."""

    side: Side = "output"
    prompt: Any = None
    """What a model was given, where the text is its answer: guards may compare."""
    system: str = ""
    schema: Any = None
    """Where the text is a JSON document: guards look into its strings, and it stays an instance. For an output this is
    the schema of the policy, where it has one: a text that is no JSON is checked as it is."""
    vault: Vault | None = None
    """Whose pseudonyms hold; without one each check has its own."""

    @classmethod
    def of(cls, given: dict[str, Any]) -> Said:
        """Names and values checked."""
        names = [f.name for f in fields(cls)]
        for name in given:
            if name not in names:
                raise RequestError("check", f"'{name}'", "a known keyword", suggestion(name, names))
        said = cls(**given)
        if said.side not in _SIDES:
            raise RequestError("check.side", f"{said.side!r:.60}", "input or output", "Leave it out for output.")
        return said


class Checker:
    """Checks texts under a policy. Shared by threads; nothing of a text is kept in it.

    >>> Checker("bare").check("Hello").text
    'Hello'
    """

    def __init__(self, policy: PolicyLike = "default", surroundings: Surroundings = NOTHING_AROUND) -> None:
        self.surroundings = surroundings
        self._standing = Standing(policy, surroundings.policies)
        self.recording = recording_in(surroundings, self.policy, os.environ)
        self._find_model = models_among(surroundings.models)
        self._guardings = Guardings(surroundings.guards, self._find_model)
        self._runner = Runner()
        self._fitting: dict[str, Guarding] = {}
        for each in self.in_force.by_name.values():
            self.guarding(each)  # what is wrong with it is said at once

    @classmethod
    def load(cls, policy: PolicyLike = "default", **surroundings: Any) -> Checker:
        """With what there is besides a policy: ``guards``, ``on_review``, ``key``, ``policies``, and ``trace``, who is
        handed a record of each check (:class:`Surroundings`)."""
        return cls(policy, surroundings_of(surroundings))

    @property
    def policy(self) -> Policy:
        """The one that holds where a call names none."""
        return self.in_force.policy

    @property
    def in_force(self) -> InForce:
        """The policies that hold now; whoever answers a call looks once."""
        return self._standing.in_force

    @property
    def policy_history(self) -> tuple[PolicyChange, ...]:
        """What was taken and what was refused, the oldest first: the last hundred."""
        return self._standing.history

    @property
    def policy_files(self) -> tuple[Path, ...]:
        """All files that :meth:`reload` reads: policies that were handed in as files, and what they are made of."""
        return self._standing.files

    def reload(self) -> tuple[PolicyChange, ...]:
        """Read all of them anew, and switch to them at once; nothing where their content is what it was. What is wrong
        is raised, and the policies stay as they are. Calls under way end under the policies that they began with."""
        return self._standing.reload(self.guarding)

    def watch(
        self, seconds: float | None = 1.0, on_change: Callable[[PolicyChange], object] | None = None
    ) -> PolicyWatch:
        """Look at the files every so many seconds, in a thread, and reload when they have changed. `on_change` is told
        of each policy that was taken, or refused."""
        return PolicyWatch(self, seconds, on_change)

    def check(
        self, text: str, *, policy: PolicyLike | None = None, streaming: bool = False, **said: Any
    ) -> CheckResult:
        """What may be shown of a text, and why. `streaming`: what a stream of it shows, which a block ends where it
        stands. Besides: ``side`` ("output" or "input"), ``prompt``, ``system``, ``schema`` and ``vault``."""
        _check_text(text)
        watch, document = self._watch_for(policy, said)
        slip = self._slip(watch, document)
        if streaming:
            stream = CheckStream([text], watch, document, slip)
            for _ in stream:
                pass
            return stream.result
        with slip:
            slip.reads(text)
            checked = watch.check(text, None if document is None else document.accepts)
            return slip.recorded(checked, check_result(checked, watch, document, record_id=slip.id))

    def check_stream(self, chunks: Iterable[str], *, policy: PolicyLike | None = None, **said: Any) -> CheckStream:
        """The pieces of a text as they may be shown; joined they are ``check(whole, streaming=True).text``."""
        watch, document = self._watch_for(policy, said)
        return CheckStream(map(_check_text, chunks), watch, document, self._slip(watch, document))

    def close(self) -> None:
        """Say in the traces that were opened for it that this was all; what is recorded later is not kept."""
        if self.recording is not None:
            self.recording.close()

    def clock(self) -> float:
        """By which deadlines are told."""
        return self._runner.clock()

    def watch_under(
        self, policy: Policy, context: GuardContext, vault: Vault | None = None, begun: float | None = None
    ) -> Watch:
        """For one request, whose time is counted from when it was `begun`, where that is told."""
        total_ms = policy.budget.total_ms
        deadline = None if total_ms is None or begun is None else begun + total_ms / 1000
        tools = Tools(self.surroundings.key, vault or Vault(), self._review(policy), self._runner, deadline)
        return Watch(policy, self.guarding(policy), context, tools, self._find_model)

    def policy_of(self, policy: PolicyLike) -> Policy:
        """The policy meant: one of these surroundings, or one that ships."""
        return self.in_force.policy_of(policy)

    def guarding(self, policy: Policy) -> Guarding:
        """The policy's guards; PolicyError, with the place in its file, where they, or anything else in it, mean
        nothing together, or nothing in these surroundings."""
        try:
            return self._guarding(policy)
        except PolicyError as error:
            raise policy.located(error) from error.__cause__

    def _guarding(self, policy: Policy) -> Guarding:
        is_shared = is_shipped(policy) and not (self.surroundings.guards or self.surroundings.models)
        guarding = (SHARED if is_shared else self._guardings).of(policy)
        if self._fitting.get(policy.digest) is not guarding:
            check_meaning(policy)
            if self.recording is not None:
                self.recording.keeper(policy)
            check_replacements(guarding, Tools(self.surroundings.key, runner=self._runner))
            check_routes(guarding, self.surroundings)
            self._fitting = {policy.digest: guarding, **dict(list(self._fitting.items())[:_MOST_FITTING])}
        return guarding

    def _watch_for(self, policy: PolicyLike | None, given: dict[str, Any]) -> tuple[Watch, JsonDocument | None]:
        said = Said.of(given)
        in_force = self.in_force
        chosen = in_force.policy if policy is None else in_force.policy_of(policy)
        context = context_of(said.prompt, said.system, said.side)
        return self.watch_under(chosen, context, said.vault), _document(said, chosen)

    def _slip(self, watch: Watch, document: JsonDocument | None) -> Slip:
        return FORGETFUL if self.recording is None else WrittenSlip(self.recording, watch, document is not None)

    def _review(self, policy: Policy) -> Review | None:
        review = self.surroundings.on_review
        if review is None or callable(review):
            return review
        return partial(ReviewFile(review, self.surroundings.key).add, policy)


def check(text: str, *, policy: PolicyLike = "default", **said: Any) -> CheckResult:
    """:meth:`Checker.check` in one call, without guards of one's own."""
    return _checker().check(text, policy=policy, **said)


@cache
def _checker() -> Checker:
    return Checker("bare")


def _document(said: Said, policy: Policy) -> JsonDocument | None:
    """What is checked as JSON: where the caller says nothing, what the policy has every output be."""
    if said.schema is not None:
        return JsonDocument.of_schema(said.schema)
    return document_of(policy) if said.side == "output" else None


def _check_text(text: Any) -> str:
    if not isinstance(text, str):
        raise RequestError("check", f"a {type(text).__name__}", "a text", "Decode bytes first.")
    return text
