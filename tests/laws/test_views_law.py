"""Views: every way to cut a text shows the same, and each character that is shown is what stands at its place."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost.guards.view import View
from llmpost.guards.views.composed import Composed
from llmpost.guards.views.decoded import DECODED
from llmpost.guards.views.folded import Folding, folded
from llmpost.guards.views.squeezed import SQUEEZED

LEET = folded(Folding(leet=True))
VIEWS = [DECODED, SQUEEZED, LEET, folded(Folding(accents=False)), Composed(DECODED, SQUEEZED), Composed(DECODED, LEET)]

PARTS = st.sampled_from(
    ["\\u0040", "\\ud83d\\ude00", "\\ud83d", "\\x4", "\\", "u0031", "%4", "%", "%C3", "%A9", "&#6", "4;", "&commat",
     ";", "&shy;", "\u200b", "\uff11", " ", "  ", "1", "a", "-", ".", "1 2", "s-e", "!", "$", "\u00c9", "e\u0301",
     "\ud800", "\0", "\n", "@", "\u200b" * 31]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PARTS, max_size=14).map("".join), st.text(max_size=20))
PLAIN = st.text(st.characters(codec="ascii", exclude_characters="\\%&"), max_size=40)


def pieces(text: str, cuts: list[int]) -> list[str]:
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@given(text=TEXTS, cuts=st.lists(st.integers(0, 200), max_size=12), is_last_empty=st.booleans())
def test_every_chunking_shows_the_same(view: View, text: str, cuts: list[int], is_last_empty: bool) -> None:
    """Texts, places and what was read add up to those of the whole, and no more than `reach` characters wait."""
    whole = view.follow(None, text, True)
    memory: Any = None
    shown, starts, ends, given_so_far, read = "", list[int](), list[int](), 0, 0
    parts = [*pieces(text, cuts), *([""] if is_last_empty else [])]
    for number, piece in enumerate(parts):
        seen = view.follow(memory, piece, number == len(parts) - 1)
        memory, given_so_far = seen.memory, given_so_far + len(piece)
        assert len(seen.text) == len(seen.starts) == len(seen.ends)
        assert read <= seen.read <= given_so_far
        assert given_so_far - seen.read <= view.reach
        shown, read = shown + seen.text, seen.read
        starts += seen.starts
        ends += seen.ends
        assert all(end <= read for end in ends[:-1])
    assert (shown, starts, ends) == (whole.text, list(whole.starts), list(whole.ends))
    assert read == whole.read == len(text)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@given(text=TEXTS)
def test_places_lead_back(view: View, text: str) -> None:
    """They ascend, lie within the text, and no shown character takes more than `stretch` of it."""
    seen = view.follow(None, text, True)
    reached = 0
    for start, end in zip(seen.starts, seen.ends, strict=True):
        assert reached <= end <= len(text)
        assert start < end
        assert end - reached <= view.stretch
        reached = end
    assert list(seen.starts) == sorted(seen.starts)


@pytest.mark.parametrize("view", [DECODED, LEET], ids=lambda view: view.name)
@given(text=TEXTS)
def test_what_is_shown_is_what_stands_there(view: View, text: str) -> None:
    """What a view shows for a part of a text, it shows of that part alone, or the part itself."""
    seen = view.follow(None, text, True)
    for one, start, end in zip(seen.text, seen.starts, seen.ends, strict=True):
        part = text[start:end]
        assert one in view.follow(None, part + "a" * (part == "!"), True).text or one in part


@given(text=PLAIN)
def test_plain_texts_are_shown_as_they_are(text: str) -> None:
    """Without a sign that an escape begins with, ASCII decodes to itself; without lone characters nothing is joined."""
    assert DECODED.follow(None, text, True).text == text
    joined = "ab".join(text.split())
    assert SQUEEZED.follow(None, f"ab{joined}ab" if " " in text else "", True).text == (
        f"ab{joined}ab" if " " in text else ""
    )


@given(text=TEXTS)
def test_nothing_shown_is_left_to_decode_in_forms(text: str) -> None:
    """Of a text without escapes, what is shown is shown as itself."""
    once = DECODED.follow(None, "".join(one for one in text if one not in "\\%&"), True).text
    if not any(one in "\\%&" for one in once) and "\u200b" not in once:
        assert DECODED.follow(None, once, True).text == once
