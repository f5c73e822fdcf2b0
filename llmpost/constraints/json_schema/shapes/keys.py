"""Keys: a set of an object's keys, by names and patterns or by all but those.

Which names match a pattern is asked of whoever can read patterns; nothing is read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from llmpost.constraints.json_schema.shapes.claim import Demand

KeyPattern: TypeAlias = str | Demand
"""A regular expression that is searched for in the key, or a demand that the key meets as a string."""


@dataclass(frozen=True, slots=True)
class Keys:
    """These names and what matches one of these patterns; with `others`, all keys but those.

    >>> Keys(frozenset({"id"}), others=True).has("name", lambda pattern, name: False)
    True
    """

    names: frozenset[str] = frozenset()
    patterns: frozenset[KeyPattern] = frozenset()
    others: bool = False

    def has(self, name: str, matches: Callable[[KeyPattern, str], bool]) -> bool:
        """Whether a key is one of them; ``matches(pattern, name)`` is asked where that decides."""
        return (name in self.names or any(matches(pattern, name) for pattern in self.patterns)) != self.others

    def has_unnamed(self, matched: frozenset[KeyPattern]) -> bool:
        """The same of a key that no name here is, and that matches these patterns and no other."""
        return (not self.patterns.isdisjoint(matched)) != self.others

    @property
    def is_everything(self) -> bool:
        return self.others and not self.names and not self.patterns


ALL_KEYS = Keys(others=True)
NO_KEYS = Keys()


def united(sets: Iterable[Keys]) -> Keys:
    """The keys of any of these; of those with `others`, only what is everything."""
    sets = tuple(sets)
    if any(keys.is_everything for keys in sets):
        return ALL_KEYS
    return Keys(frozenset().union(*(keys.names for keys in sets)), frozenset().union(*(keys.patterns for keys in sets)))


def rest_of(keys: Keys) -> Keys:
    """All keys that are not among them."""
    return Keys(keys.names, keys.patterns, not keys.others)
