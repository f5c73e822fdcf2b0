"""Texts on which detectors break: Unicode at its worst, nothing at all, what looks like data, and variations of a text.

Every secret in them is a published example or no secret at all. Knows nothing of guards; the suite asks guards about
them.
"""

from __future__ import annotations

from collections.abc import Iterator

NASTY: tuple[str, ...] = (
    "",
    " ",
    "\n",
    "\r\n\t\x0b\x0c\x1c\x85\u2028\u2029",
    "\x00",
    "a\x00b",
    "a",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "ababababababababababababab",
    "7" * 40,
    "1-2-3-4-5-6-7-8-9-0-1-2-3-4-5-6-7-8-9-0",
    "((((((((((((((((((((",
    "\\\\\\\\\\\\\\\\\\\\",
    "[.*+?^${}()|\\]",
    "\ud800",
    "\udfff\ud800 a\ud83dz",
    "e\u0301 n\u0303 " + "o" + "\u0308" * 30,
    "a\u200bb\u200dc\ufeffd\u00ade\u2060f",
    "\u202etxet\u202c \u2066left\u2069 \u200fright",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f5\U0001f1f9 \U0001f44d\U0001f3fd \U0010ffff",
    "\ufb01 \u00df \u0130 \u0131 \u017f \u212a \u1e9e \u0149",
    "\uff11\uff12\uff13 \u0661\u0662\u0663 \u00b2\u00b3 \u2460 \U0001d7d8",
    "\uff41\uff42\uff43@\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.com",
    "naïve café, Größe, Привет, こんにちは, مرحبا, שלום",
    '{"mail": "ann\\u0040example.com", "n": [1, 2.5e3, null], "deep": {"a": "\\"\\\\"}}',
    "ann%40example.com &#64; &commat; =40",
    "[a link](https://example.com/?q=1) ![an image](http://example.com/x.png) <b>bold</b><!-- no -->",
    "Write to ann.lee@example.com or call +1 (202) 555-0143 before 2026-01-31.",
    "The card 4111 1111 1111 1111, the account GB82 WEST 1234 5698 7654 32, the number 078-05-1120.",
    "From 192.0.2.1 or 2001:db8::1 to https://user:secret@example.com:8080/path?key=value#top",
    "key AKIAIOSFODNN7EXAMPLE password=hunter2 token: ghp_000000000000000000000000000000000000",
    "See ABC-1234, ABC-123 and XABC-12345; TICKET-1 was closed.",
    "The quick brown fox, who is 34, lives in Lisbon with Maria Chen; damn it!",
    "l33t sp34k, s p a c e d, W.O.R.D.S, a@a@a@a.a.a.a",
)

_NEIGHBOURS = ("x", "7", " ", "\u200b", "\ud800", "e\u0301", ".", "@")


def variations(text: str, start: int, end: int, stretch: int) -> Iterator[str]:
    """The text around what was found in it, repeated, moved, put beside others and stretched to such a length."""
    found = text[start:end]
    yield from (found, found + found, f"{found} {found}", text + text, text[:end] + text[start:])
    for neighbour in _NEIGHBOURS:
        yield from (neighbour + found + neighbour, neighbour + found, found + neighbour)
    yield from (text[:start] + found.upper() + text[end:], text[:start] + found.swapcase() + text[end:])
    for place in sorted({0, len(found) // 4, len(found) // 2, 3 * len(found) // 4, len(found) - 1}):
        for width in (1, 2, 3):
            part = found[place : place + width]
            if part:
                yield text[:start] + found[:place] + part * (stretch // len(part) + 2) + found[place:] + text[end:]
