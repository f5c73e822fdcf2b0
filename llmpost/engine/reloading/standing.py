"""Standing: the policies of a checker from its first to its last, and the one place where another takes its place.

Who asks gets a value that never changes (`in_force`). Reading again is done beside it, in full, with guards built; only
then is one reference switched, so that nobody ever sees a half of one and a half of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from llmpost.engine.policies import PolicyLike
from llmpost.engine.reloading.handed_in import HandedIn
from llmpost.engine.reloading.history import History, PolicyChange
from llmpost.engine.reloading.in_force import InForce
from llmpost.errors import PolicyError
from llmpost.policy import Policy
from llmpost.policy.files.source import Source

_MOST_READINGS: Final = 8


class Standing:
    """For all threads. `accept` raises where a policy cannot be carried out here, and readies it where it can."""

    def __init__(self, policy: PolicyLike, named: Mapping[str, PolicyLike]) -> None:
        self._handed_in = HandedIn.of(policy, named)
        self.in_force: InForce = self._handed_in.first()
        self._history = History()
        self._reading = Lock()
        for called, each in self.in_force.by_name.items():
            self._history.taken(called, each)

    @property
    def history(self) -> tuple[PolicyChange, ...]:
        return self._history.changes

    @property
    def files(self) -> tuple[Path, ...]:
        """All that may be read again."""
        return self._handed_in.files(self.in_force)

    def reload(self, accept: Callable[[Policy], object]) -> tuple[PolicyChange, ...]:
        """What changed, all at once. What is wrong is raised, and nothing has changed then."""
        with self._reading:
            before = self.in_force.by_name
            after = self._read(before)
            for called, policy in after.items():
                with self._noting(called):
                    accept(policy)
            named = {called: policy for called, policy in after.items() if called}
            self.in_force = InForce(after[""], named)  # also where all digests are the same: files may be others
            changed = [called for called, present in before.items() if present.digest != after[called].digest]
            return tuple(self._history.taken(called, after[called]) for called in changed)

    def _read(self, before: Mapping[str, Policy]) -> Mapping[str, Policy]:
        """As all files were at one time: what is read twice the same was so between the first time and the second."""
        last: list[tuple[Source, ...]] = []
        for _ in range(_MOST_READINGS):
            after: dict[str, Policy] = {}
            for called, present in before.items():
                with self._noting(called):
                    after[called] = self._handed_in.again(called, present)
            sources = [policy.sources for policy in after.values()]
            if sources == last:
                return after
            last = sources
        with self._noting(""):
            hint = "Write them beside, and move them there."
            raise PolicyError("policy", "files that change while they are read", "a policy", hint)

    @contextmanager
    def _noting(self, called: str) -> Iterator[None]:
        """What is raised is in the history, too."""
        try:
            yield
        except Exception as error:
            self._history.refused(called, self.in_force.by_name[called], error)
            raise
