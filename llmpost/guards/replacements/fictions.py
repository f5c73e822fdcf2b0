"""Fictions: made-up values that read like real ones, for labels that have some. None can be anybody's.

Hosts end in ``.example``, telephone numbers and addresses are of ranges set aside for documentation (RFC 2606, RFC
5737, 555-01xx), and names are put together from two short lists. The n-th fiction of a label is always the same; behind
the last there is none, and a mark must do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

_FIRST = (
    "Alma", "Bruno", "Carla", "Dario", "Elsa", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Karin", "Linus", "Marta",
    "Nils", "Olga", "Pablo", "Rosa", "Silas", "Tilda", "Viktor",
)  # fmt: skip
_LAST = (
    "Ashgrove", "Birkholm", "Calloway", "Dunmore", "Eastwick", "Fairholt", "Greenleaf", "Hartwell", "Inglewood",
    "Juniper", "Kestrel", "Lindqvist", "Marlowe", "Northcote", "Oakhurst", "Pemberton", "Redfern", "Silverton",
    "Thornbury", "Westbrook",
)  # fmt: skip
_PLACES = (
    "Ashford Bay", "Brindle Cross", "Coldwater Green", "Dunhaven", "Elmstead", "Foxbridge", "Glenmarsh", "Hollowdale",
    "Ivybrook", "Kingsmere",
)  # fmt: skip


def fiction(label: str, number: int) -> str | None:
    """The fiction of that number, from 0 up; None where a label has no more, or none at all.

    >>> fiction("PERSON", 1), fiction("US_SSN", 0)
    ('Bruno Birkholm', None)
    """
    write = _FICTIONS.get(label)
    return None if write is None else write(number)


def _person(number: int) -> str | None:
    """Each first name goes with each last one, neighbours never sharing either."""
    rounds, place = divmod(number, len(_FIRST))
    if rounds >= len(_LAST):
        return None
    return f"{_FIRST[place]} {_LAST[(place + rounds) % len(_LAST)]}"


def _email(number: int) -> str | None:
    person = _person(number)
    return None if person is None else f"{person.lower().replace(' ', '.')}@mail.example"


def _phone(number: int) -> str | None:
    return f"+1 202-555-{100 + number:04}" if number < 100 else None


def _address(number: int) -> str | None:
    return f"192.0.2.{number + 1}" if number < 254 else None


def _place(number: int) -> str | None:
    return _PLACES[number] if number < len(_PLACES) else None


_FICTIONS: Mapping[str, Callable[[int], str | None]] = MappingProxyType({
    "PERSON": _person, "EMAIL_ADDRESS": _email, "PHONE_NUMBER": _phone, "IP_ADDRESS": _address, "LOCATION": _place,
})  # fmt: skip
