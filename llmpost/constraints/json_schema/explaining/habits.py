"""Habits: what people and models write that is no JSON, recognised by where it stopped, and how JSON has it.

It knows where a text stands and no schema; the search for who is to blame asks it last.
"""

from __future__ import annotations

from llmpost.constraints.json_schema.cursor import Cursor

_HABITS = {
    "'": "texts stand in double quotes", "T": "it is written `true`", "F": "it is written `false`",
    "N": "it is written `null`, and there is no NaN", "#": "there are no comments", "/": "there are no comments",
    "+": "a number has no plus sign", "0": "a number does not begin with another digit behind `0`",
}  # fmt: skip


def habit(octets: bytes, place: int) -> str:
    """What whoever wrote this had better know of JSON; empty where nothing is known to go wrong so."""
    if place == len(octets):
        return "the text ends before the value does"
    character = octets[place : place + 1].decode(errors="replace")
    cursor = Cursor.start().after(octets[:place])
    if cursor.is_in_text:
        return "line breaks and other control characters are escaped" if character < " " else ""
    if character.isspace() and cursor.frame is None:
        return "no whitespace stands before or after the whole"
    if cursor.is_in_bare:
        return _HABITS["0"] if character.isdigit() else ""
    before = octets[:place].rstrip()[-1:]
    if character in ("}", "]") and before == b",":
        return "no comma stands before a closing bracket"
    is_behind_value = cursor.frame is not None and before not in (b",", b":", b"{", b"[")
    if is_behind_value and character not in (",", ":", "}", "]"):
        return "commas stand between members and between items"
    return _HABITS.get(character, "")
