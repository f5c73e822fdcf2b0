"""Place: where something of a policy was written: the way to it by keys, and the file, line and column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Lines and columns count from one. Without a file it is a place in data that a program handed in.

    >>> print(Place("guards[1].on_failure", "support.yaml", 14, 9))
    support.yaml:14:9: guards[1].on_failure
    >>> print(Place("guards[1].on_failure"))
    policy.guards[1].on_failure
    """

    keys: str = ""
    """As errors write it; empty for the whole."""
    file: str = ""
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        if self.file:
            return f"{self.file}:{self.line}:{self.column}{self.keys and f': {self.keys}'}"
        return f"policy.{self.keys}" if self.keys else "policy"

    def at(self, line: int, column: int) -> Place:
        """Elsewhere in the same file, by the same keys."""
        return Place(self.keys, self.file, line, column)

    def member(self, key: object) -> Place:
        """By one key more; where it stands is not known better."""
        return Place(f"{self.keys}.{key}" if self.keys else str(key), self.file, self.line, self.column)

    def item(self, number: int) -> Place:
        return Place(f"{self.keys}[{number}]", self.file, self.line, self.column)

    def beyond(self, rest: str) -> Place:
        """By keys that lead to nothing, as errors write them behind others."""
        keys = f"{self.keys}{rest}" if self.keys else rest.removeprefix(".")
        return Place(keys, self.file, self.line, self.column)

    @property
    def above(self) -> Place:
        """By one key less: told where the key stands, of the mapping that it is in."""
        return Place(self.keys.rpartition(".")[0], self.file, self.line, self.column)
