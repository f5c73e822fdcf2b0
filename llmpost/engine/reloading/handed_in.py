"""Handed in: what a program gave as policies, so that those that are files can be read again.

A file is read where it lay when it was handed in, wherever the program has gone since. A `Policy` is a value and stays
what it is; what ships with the package does not change under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from llmpost.engine.policies import PolicyLike, as_policy
from llmpost.engine.reloading.in_force import InForce
from llmpost.policy import Policy
from llmpost.policy.files.library import ENDINGS


@dataclass(frozen=True, slots=True)
class HandedIn:
    """By name, the one without a name under an empty one."""

    by_name: Mapping[str, PolicyLike]
    folder: Path
    """Where names of files began when they were handed in."""

    @classmethod
    def of(cls, policy: PolicyLike, named: Mapping[str, PolicyLike]) -> HandedIn:
        """`policy` may be one of the names."""
        chosen = named[policy] if isinstance(policy, str) and policy in named else policy
        by_name = {"": chosen, **{name: each for name, each in named.items() if name}}
        return cls(by_name, Path.cwd() if any(map(_is_read_again, by_name.values())) else Path())

    def first(self) -> InForce:
        """Read as they were written, so that errors call files as the program does."""
        read = {name: as_policy(given) for name, given in self.by_name.items()}
        return InForce(read[""], {name: policy for name, policy in read.items() if name})

    def again(self, name: str, present: Policy) -> Policy:
        """What is in the files now; the present one where it came from none."""
        given = self.by_name[name]
        if isinstance(given, Mapping):
            return Policy.from_dict(given, self.folder)
        if _is_file(given):
            return Policy.read(self.folder / str(given))
        return present

    def files(self, present: InForce) -> tuple[Path, ...]:
        """All that the present ones were made of, but those that are never read again."""
        read = [policy for name, policy in present.by_name.items() if _is_read_again(self.by_name[name])]
        return tuple(dict.fromkeys(source.path for policy in read for source in policy.sources))


def _is_file(given: PolicyLike) -> bool:
    return isinstance(given, PathLike) or (isinstance(given, str) and given.endswith(ENDINGS))


def _is_read_again(given: PolicyLike) -> bool:
    return isinstance(given, Mapping) or _is_file(given)
