"""Difference: one thing that two policies say differently, and whether less gets through by it.

Values are plain data as a policy spells them. How two policies are compared is `comparing`'s business, how differences
are shown the command line's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Direction: TypeAlias = Literal["stricter", "weaker"]
"""``stricter``: of the same texts less is let through, or less is kept of them; ``weaker``: more."""
Sense: TypeAlias = Callable[[Any, Any], Direction | None]
"""Which way from one value to another, None being a value that is not there."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Of an option: what holds where nothing is said, which way a change of it goes, and, where it can be said in
    several ways, one of them."""

    default: Any = None
    sense: Sense = lambda before, after: None
    one_form: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Difference:
    """``before`` or ``after`` is None where there was nothing, or where there is nothing any more. In a list without
    an order each item is a difference of its own."""

    where: tuple[str, ...]
    """The way of keys to it; guards by their names."""
    before: Any
    after: Any
    direction: Direction | None = None
    """None where that cannot be told from the policies alone."""


def towards(is_stricter: bool, is_weaker: bool) -> Direction | None:
    """One of both, or nothing that can be told.

    >>> towards(True, False), towards(True, True)
    ('stricter', None)
    """
    if is_stricter == is_weaker:
        return None
    return "stricter" if is_stricter else "weaker"


def untold(before: Any, after: Any) -> None:
    """The sense of what is neither stricter nor weaker."""


def more_is(direction: Direction) -> Sense:
    """The sense of what grows that way: a number, a flag, whatever is there where nothing was."""
    other: Direction = "weaker" if direction == "stricter" else "stricter"

    def sense(before: Any, after: Any) -> Direction | None:
        if before is None or after is None:
            return direction if before is None else other
        if isinstance(before, int | float) and isinstance(after, int | float):
            return direction if after > before else other
        return None

    return sense


def limit(before: Any, after: Any) -> Direction | None:
    """The sense of what is there to be exceeded: stricter where it comes, weaker where it is raised.

    >>> limit(None, 0.5), limit(0.5, 0.8)
    ('stricter', 'weaker')
    """
    if before is None or after is None:
        return "stricter" if before is None else "weaker"
    return more_is("weaker")(before, after)


def only(before: Any, after: Any) -> Direction | None:
    """The sense of a list of what alone is allowed: stricter where there is one, weaker with each item more."""
    is_list = isinstance(before, list | tuple) or isinstance(after, list | tuple)
    return limit(before, after) if is_list else more_is("weaker")(before, after)


def ranked(names: Sequence[str]) -> Sense:
    """The sense of one word of a row that grows stricter."""

    def sense(before: Any, after: Any) -> Direction | None:
        places = [names.index(one) if one in names else None for one in (before, after)]
        if places[0] is None or places[1] is None:
            return None
        return towards(places[1] > places[0], places[1] < places[0])

    return sense


def changes(before: Any, after: Any, where: tuple[str, ...], sense: Sense = untold) -> Iterator[Difference]:
    """Where plain data differ: mappings key by key, lists of texts and numbers item by item, all else as a whole."""
    if before == after and isinstance(before, bool) == isinstance(after, bool):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in (*before, *(key for key in after if key not in before)):
            yield from changes(before.get(key), after.get(key), (*where, key), sense)
    elif _is_collection(before) and _is_collection(after) and set(before) != set(after):
        old, new = set(before), set(after)
        yield from (Difference(where, item, None, sense(item, None)) for item in before if item not in new)
        yield from (Difference(where, None, item, sense(None, item)) for item in after if item not in old)
    else:
        yield Difference(where, before, after, sense(before, after))


def _is_collection(value: Any) -> bool:
    """Whether it is a list in which each item stands for itself."""
    is_list = isinstance(value, list | tuple) and all(isinstance(item, str | int | float) for item in value)
    return is_list and len(set(value)) == len(value)
