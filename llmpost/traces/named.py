"""Things by name, of which there may be any number in a stream: the first two hundred have their own, the others one.

So memory is bounded whatever names stand in what is read; a long name is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

OTHERS = "(others)"
_MOST_NAMES = 200
_MOST_CHARACTERS = 120


class ByName(Generic[T]):
    """
    >>> counts = ByName(lambda: [0])
    >>> counts.of("stop")[0] += 1
    >>> dict(counts.items())
    {'stop': [1]}
    """

    __slots__ = ("_make", "_own")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._own: dict[str, T] = {}

    def of(self, name: str) -> T:
        """What has this name, made when it is first met."""
        own = self._own.get(name)
        if own is None:
            name = name[:_MOST_CHARACTERS]
            if name not in self._own and len(self._own) >= _MOST_NAMES:
                name = OTHERS
            own = self._own.setdefault(name, self._make())
        return own

    def items(self) -> Iterator[tuple[str, T]]:
        """As they were first met."""
        yield from self._own.items()

    def merge(self, other: ByName[T], merge: Callable[[T, T], None]) -> None:
        """As if all that has a name there had been met here, too."""
        for name, own in other.items():
            merge(self.of(name), own)


class Counts:
    """How often each name was met.

    >>> counts = Counts()
    >>> counts.add("stop"); counts.add("stop"); counts.told()
    {'stop': 2}
    """

    __slots__ = ("_own",)

    def __init__(self) -> None:
        self._own: ByName[list[int]] = ByName(lambda: [0])

    def add(self, name: str) -> None:
        self._own.of(name)[0] += 1

    def merge(self, other: Counts) -> None:
        self._own.merge(other._own, _add)

    def told(self) -> dict[str, int]:
        """The most frequent first; those as frequent as each other by name."""
        return dict(sorted(((name, own[0]) for name, own in self._own.items()), key=lambda each: (-each[1], each[0])))


def _add(own: list[int], other: list[int]) -> None:
    own[0] += other[0]
