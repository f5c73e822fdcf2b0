"""What could stand at a place of a JSON text, in the words of JSON: a key, a number, a closing quote, one of few texts.

It knows where the text stands (the cursor) and what is alive behind it, and no schema. The reason of a refusal says it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.constraints.explaining.characters import MAX_NAMED, Characters, either
from llmpost.constraints.explaining.standing import Standing
from llmpost.constraints.following import live_bytes
from llmpost.constraints.json_schema.cursor import Cursor
from llmpost.constraints.json_schema.values import text
from llmpost.contracts.refusal import THE_END

QUOTE, BACKSLASH = 0x22, 0x5C
MAX_STEPS = 500
"""Bytes followed in search of the few texts that may come."""
MAX_BRANCHES = 32
"""Ways that are open at once; more are not few."""
_SPACES = " \t\n\r"
_DIGITS = "0123456789"
_VALUES = (("{", "an object"), ("[", "an array"), ("t", "`true`"), ("f", "`false`"), ("n", "`null`"))


def expected_in_json(standing: Standing, cursor: Cursor) -> str:
    """What may come at the character of the place; the cursor stands there."""
    term, algebra = standing.term_at_start, standing.algebra
    characters = Characters.after(algebra, term)
    if cursor.is_in_text:
        words = _inside_text(algebra, term, cursor, characters)
    elif cursor.is_in_bare:
        words = _without_spaces(characters).words()
    else:
        found = standing.text[standing.start : standing.start + 1].decode(errors="replace")
        words = _between(algebra, term, cursor, characters, is_number_named=found not in ["-", *_DIGITS])
    return either([*words, *([THE_END] if algebra.can_end(term) else [])] or ["nothing"])


def _inside_text(algebra: Algebra, term: Term, cursor: Cursor, characters: Characters) -> list[str]:
    wholes = few_texts(algebra, term, cursor.raw)
    if wholes == [cursor.raw]:
        return ["a closing quote"]
    if wholes and len(wholes) <= MAX_NAMED:
        return _named(map(text, wholes), is_key=cursor.is_in_key)
    words = characters.without('"\\').words()
    words += ["an escape"] if characters.has("\\") else []
    return [*words, *(["a closing quote"] if characters.has('"') else [])]


def _between(
    algebra: Algebra, term: Term, cursor: Cursor, characters: Characters, *, is_number_named: bool
) -> list[str]:
    """Between two lexemes: what may begin, and the signs that may come; to somebody who began a number, by digits."""
    words = [name for first, name in _VALUES if characters.has(first)]
    if characters.has('"'):
        wholes = few_texts(algebra, algebra.derive(term, QUOTE))
        is_key = cursor.frame is not None and cursor.frame.is_object and cursor.frame.name is None
        is_few = wholes is not None and (is_key or len(wholes) <= MAX_NAMED)
        words += _named(map(text, wholes or ()), is_key=is_key) if is_few else ["a key" if is_key else "a string"]
    signs = characters.without('"' + "".join(first for first, _ in _VALUES))
    if is_number_named and any(map(characters.has, f"-{_DIGITS}")):
        words.append("a number" if any(map(characters.has, _DIGITS)) else "a negative number")
        signs = signs.without(f"-{_DIGITS}")
    return [*words, *(signs.without(_SPACES) if words else _without_spaces(signs)).words()]


def _without_spaces(characters: Characters) -> Characters:
    """Whitespace goes without saying where anything else may come."""
    left = characters.without(_SPACES)
    return left if left.spans else characters


def _named(texts: Iterable[str], *, is_key: bool) -> list[str]:
    """These texts, each once, as one piece of a list."""
    written = [json.dumps(one, ensure_ascii=False) for one in dict.fromkeys(texts)]
    kind = "key" if is_key else "text"
    if len(written) == 1:
        return [f"the {kind} {written[0]}"]
    more = ["…"] if len(written) > MAX_NAMED else []
    return [f"one of the {kind}s {', '.join([*written[:MAX_NAMED], *more])}"]


def few_texts(algebra: Algebra, term: Term, begun: bytes = b"") -> list[bytes] | None:
    """All that may stand before the closing quote where this much does; None where that is much, or long, and nothing
    where none can come."""
    found: list[bytes] = []
    todo = [(begun, term)] if term != EMPTY else []
    for _ in range(MAX_STEPS):
        if not todo:
            return sorted(found)
        read, here = todo.pop()
        for octet in live_bytes(algebra, here):
            if octet == QUOTE and not _is_escaped(read):
                found.append(read)
            else:
                todo.append((read + bytes([octet]), algebra.derive(here, octet)))
        if len(found) + len(todo) > MAX_BRANCHES:
            return None
    return None


def _is_escaped(read: bytes) -> bool:
    return (len(read) - len(read.rstrip(b"\\"))) % 2 == 1
