"""Stop strings: what is released, and where it stops."""

from hypothesis import given
from hypothesis import strategies as st

from llmpost.decoding import StopStrings

TEXTS = st.text("abc", max_size=24)
STOPS = st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=3).map(tuple)


def cut_by_definition(text: str, stops: tuple[str, ...]) -> tuple[str, str | None]:
    """Read a character at a time; stop when the text so far ends with a stop string, the longest of them."""
    for end in range(1, len(text) + 1):
        hits = [stop for stop in stops if text[:end].endswith(stop)]
        if hits:
            hit = max(hits, key=len)
            return text[: end - len(hit)], hit
    return text, None


def streamed(pieces: list[str], stops: tuple[str, ...]) -> tuple[list[str], str, str | None]:
    state, released = StopStrings(stops), []
    for piece in pieces:
        text, state, hit = state.push(piece)
        released.append(text)
        if hit is not None:
            return released, "", hit
    return released, state.held, None


@given(st.lists(st.text("abc", max_size=5), max_size=8), STOPS)
def test_chunking_makes_no_difference(pieces: list[str], stops: tuple[str, ...]) -> None:
    """Released text and the stop hit are those of reading the whole text a character at a time."""
    released, held, hit = streamed(pieces, stops)
    expected, expected_hit = cut_by_definition("".join(pieces), stops)
    assert hit == expected_hit
    assert "".join(released) + ("" if hit else held) == expected


@given(TEXTS, STOPS)
def test_only_what_may_begin_a_stop_is_held(text: str, stops: tuple[str, ...]) -> None:
    """Text is held back exactly as long as it begins a stop string, and no longer."""
    _, held, hit = streamed(list(text), stops)
    if hit is None:
        candidates = [text[i:] for i in range(len(text) + 1) if any(s.startswith(text[i:]) for s in stops)]
        assert held == max(candidates, key=len)


@given(st.lists(st.text("ab", max_size=4), max_size=6), STOPS)
def test_no_released_text_is_part_of_a_stop(pieces: list[str], stops: tuple[str, ...]) -> None:
    """What was released before a stop never reaches into the stop string."""
    released, _, hit = streamed(pieces, stops)
    if hit is not None:
        assert "".join(pieces).startswith("".join(released) + hit)


def test_without_stops_everything_passes_at_once() -> None:
    """No stop strings: no text is ever held."""
    assert StopStrings().push("text") == ("text", StopStrings(), None)
