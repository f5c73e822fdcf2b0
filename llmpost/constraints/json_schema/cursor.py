"""Cursor: where a JSON text stands that is valid so far: open containers, what is finished in them, what is being read.

A value: reading on makes another cursor, and what was read before is shared, so a long text costs no more than its
length however it is cut. It checks nothing (the language of the constraint did) and knows neither schema nor tokens;
`fields` tells from it what was finished, and `memory` what may not come again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from llmpost.constraints.json_schema.values import NAMES, JsonValue, scalar, text, text_so_far

Path: TypeAlias = tuple[str | int, ...]
"""From the root: the name of each member, the index of each item."""

_LEXEME = re.compile(
    rb"""[ \t\n\r:,]*+(?:
        ([{}\[\]])
        | ("[^"\\]*+(?:\\.[^"\\]*+)*+) ("?)
        | ([^ \t\n\r:,{}\[\]"]++) )""",
    re.VERBOSE | re.DOTALL,
).match
_BODY = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL).match
_BARE = re.compile(rb'[^ \t\n\r:,{}\[\]"]*+').match

_Pieces: TypeAlias = "tuple[_Pieces | None, bytes]"


class Field:
    """A finished member or item, or the finished root. `previous` is the one before it in its container, `earlier`
    the one that was finished before it anywhere."""

    __slots__ = ("container", "earlier", "memo", "number", "previous", "step", "value")

    def __init__(
        self, container: Frame | None, earlier: Field | None, step: str | int | None, value: JsonValue
    ) -> None:
        self.container = container
        self.previous = container.last if container is not None else None
        self.earlier = earlier
        self.number: int = earlier.number + 1 if earlier is not None else 1
        self.step = step
        self.value = value
        self.memo: object = None
        """Room for what the memory found out about the container up to here."""


class Frame:
    """An open container: what is finished in it, and, in an object, the name whose value comes next or is being read.

    `step` says where in its parent it is. A container that goes on is another frame.
    """

    __slots__ = ("is_object", "is_repeatable", "last", "name", "parent", "step")

    def __init__(
        self, parent: Frame | None, step: str | int | None, is_object: bool, last: Field | None, name: str | None
    ) -> None:
        self.parent = parent
        self.step = step
        self.is_object = is_object
        self.last = last
        self.name = name
        self.is_repeatable = False
        """Set by the memory when it has found that the language would take the name once more."""

    @property
    def next_step(self) -> str | int | None:
        """Where in it the next value is; None before a name."""
        return self.name if self.is_object else num_items(self)

    @property
    def path(self) -> Path:
        steps = [frame.step for frame in self.outwards() if frame.step is not None]
        return tuple(reversed(steps))

    def outwards(self) -> Iterator[Frame]:
        """This frame and all around it."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent

    def fields(self) -> list[Field]:
        """What is finished in it, the first one first."""
        found = []
        field = self.last
        while field is not None:
            found.append(field)
            field = field.previous
        return found[::-1]

    def value(self, *still_open: JsonValue) -> JsonValue:
        """What it is if it ended here, with what is still open in it, if anything is."""
        if self.is_object:
            members = {field.step: field.value for field in self.fields()}
            members.update(zip([self.name], still_open, strict=False))
            return members
        return [*(field.value for field in self.fields()), *still_open]


class Cursor:
    """
    >>> cursor = Cursor.start().after(b'{"a": [1, 2').after(b'0, "thr')
    >>> cursor.path, cursor.partial()
    (('a', 2), {'a': [1, 20, 'thr']})
    """

    __slots__ = ("_is_escaped", "_is_text", "_pieces", "_read", "frame", "last")

    def __init__(
        self,
        frame: Frame | None,
        last: Field | None,
        pieces: _Pieces | None = None,
        is_text: bool = False,
        is_escaped: bool = False,
    ) -> None:
        self.frame = frame
        """The innermost open container."""
        self.last = last
        """The field that was finished last, anywhere."""
        self._pieces = pieces  # of the scalar that is being read, the last one outside; None between scalars
        self._is_text = is_text
        self._is_escaped = is_escaped  # the text ends with a backslash that escapes what comes next
        self._read: _Pieces | None = None  # all of the text, for whoever has to explain it

    @classmethod
    def start(cls) -> Cursor:
        """Before the first byte."""
        return cls(None, None)

    def after(self, octets: bytes) -> Cursor:
        """Where the text stands after these bytes; any cut of a text leads to the same place."""
        cursor = _Reader(self, octets).read()
        if cursor is not self:
            cursor._read = self._read, octets
        return cursor

    def ended(self) -> Cursor:
        """The text is over: a number that stood open is finished."""
        if self._pieces is None or self._is_text:
            return self
        reader = _Reader(self, b"")
        reader.finish(scalar(self._raw))
        return Cursor(reader.frame, reader.last)

    @property
    def octets(self) -> bytes:
        """All of the text up to here."""
        return joined(self._read)

    @property
    def path(self) -> Path:
        """Of the value that is being read or comes next; of the object where a name is."""
        frame = self.frame
        if frame is None:
            return ()
        step = frame.next_step
        return frame.path if step is None else (*frame.path, step)

    @property
    def is_in_text(self) -> bool:
        """Whether a string is being read, a value or a name."""
        return self._is_text and self._pieces is not None

    @property
    def is_in_key(self) -> bool:
        """Whether the string that is being read is the name of a member."""
        return self.is_in_text and self._awaits_name

    @property
    def is_in_bare(self) -> bool:
        """Whether a number, `true`, `false` or `null` is being read."""
        return self._pieces is not None and not self._is_text

    @property
    def raw(self) -> bytes:
        """The bytes of what is being read, behind its quotation mark if it has one."""
        return self._raw

    @property
    def text_so_far(self) -> str:
        """What the string says that is being read, as far as it goes."""
        return text_so_far(self._raw)

    @property
    def open_scalar(self) -> tuple[JsonValue, ...]:
        """The number that is being read, as if it ended here; empty where none is, or where it cannot end."""
        if self._pieces is None or self._is_text:
            return ()
        raw = self._raw
        return (scalar(raw),) if raw[-1:].isdigit() else ()

    def partial(self) -> JsonValue:
        """What has been said so far: containers closed, a string as far as it goes, numbers once they have ended.
        None before anything was said."""
        if self.frame is None and self.last is not None:
            return self.last.value
        has_text = self.is_in_text and not self._awaits_name
        value = (text_so_far(self._raw),) if has_text else ()
        for frame in self.frame.outwards() if self.frame is not None else ():
            value = (frame.value(*value),)
        return value[0] if value else None

    @property
    def _awaits_name(self) -> bool:
        return self.frame is not None and self.frame.is_object and self.frame.name is None

    @property
    def _raw(self) -> bytes:
        return joined(self._pieces)

    def __repr__(self) -> str:
        return f"Cursor({self.path!r})"


class _Reader:
    """One reading of some bytes: the only thing here that changes. Commas, colons and spaces only end numbers."""

    __slots__ = ("frame", "last", "octets", "place", "start")

    def __init__(self, start: Cursor, octets: bytes) -> None:
        self.start = start
        self.octets = octets
        self.place = 0
        self.frame = start.frame
        self.last = start.last

    def read(self) -> Cursor:
        if not self.octets:
            return self.start
        if self.start._pieces is not None:
            still_open = self._rest_of_text() if self.start._is_text else self._rest_of_bare()
            if still_open is not None:
                return still_open
        return self._lexemes()

    def _rest_of_text(self) -> Cursor | None:
        """The string that the bytes before left open; None where it is finished."""
        octets, start = self.octets, self.start
        body = _BODY(octets, 1 if start._is_escaped else 0)
        end = body.end() if body else 0
        if end == len(octets) or octets[end] != 0x22:
            return Cursor(self.frame, self.last, (start._pieces, octets), True, end < len(octets))
        self.place = end + 1
        self._end_text(joined((start._pieces, octets[:end])))
        return None

    def _rest_of_bare(self) -> Cursor | None:
        bare = _BARE(self.octets)
        end = bare.end() if bare else 0
        pieces = (self.start._pieces, self.octets[:end])
        if end == len(self.octets) and (still_open := self._open_bare(pieces)) is not None:
            return still_open
        self.place = end
        self.finish(scalar(joined(pieces)))
        return None

    def _lexemes(self) -> Cursor:
        octets, place = self.octets, self.place
        while (lexeme := _LEXEME(octets, place)) is not None:
            place = lexeme.end()
            match lexeme.lastindex:
                case 1:
                    self._bracket(octets[place - 1])
                case 3:
                    _, begun, quote, _ = lexeme.groups()
                    if not quote:
                        pieces = None, octets[lexeme.start(2) + 1 :]
                        return Cursor(self.frame, self.last, pieces, True, place < len(octets))
                    self._end_text(begun[1:])
                case _:
                    bare = lexeme[4]
                    if place == len(octets) and (still_open := self._open_bare((None, bare))) is not None:
                        return still_open
                    self.finish(scalar(bare))
        return Cursor(self.frame, self.last)

    def _open_bare(self, pieces: _Pieces) -> Cursor | None:
        """What the bytes end with may go on, unless it is one of the names, whole."""
        is_whole = pieces[1][-1:] in (b"e", b"l") and joined(pieces) in NAMES
        return None if is_whole else Cursor(self.frame, self.last, pieces)

    def _end_text(self, raw: bytes) -> None:
        frame = self.frame
        if frame is not None and frame.is_object and frame.name is None:
            self.frame = Frame(frame.parent, frame.step, True, frame.last, text(raw))
        else:
            self.finish(text(raw))

    def _bracket(self, octet: int) -> None:
        frame = self.frame
        if octet in b"{[":
            self.frame = Frame(frame, frame.next_step if frame is not None else None, octet == 0x7B, None, None)
        elif frame is not None:
            self.frame = frame.parent
            self.finish(frame.value())

    def finish(self, value: JsonValue) -> None:
        """A value is whole: a field of what is around it."""
        frame = self.frame
        if frame is None:
            self.last = Field(None, self.last, None, value)
            return
        self.last = Field(frame, self.last, frame.next_step, value)
        self.frame = Frame(frame.parent, frame.step, frame.is_object, self.last, None)


def num_items(frame: Frame) -> int:
    """How many items of an array are finished."""
    last = frame.last
    return 0 if last is None or not isinstance(last.step, int) else last.step + 1


def joined(pieces: _Pieces | None) -> bytes:
    """The bytes of the pieces in the order they were read."""
    if pieces is None or pieces[0] is None:
        return pieces[1] if pieces is not None else b""
    found = []
    while pieces is not None:
        pieces, octets = pieces
        found.append(octets)
    return b"".join(reversed(found))
