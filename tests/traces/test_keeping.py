"""What is kept of a text under each store, and what that gives away."""

import base64
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.contracts.guard import Finding, Span
from llmpost.contracts.keeping import Kept
from llmpost.contracts.record import Record
from llmpost.contracts.result import Trace
from llmpost.errors import TraceError
from llmpost.traces import Keeper, Part, Sealer, read_key, read_seal, text_of, unsealed
from llmpost.traces.redacting import redacted

KEY, SEAL = b"an obviously fake key", b"fake" * 8
PART = Part("r1", 0, "raw")
TEXTS = ["", "hello", "a\0b", "lone \ud800 half", "\U0001f600\u200b\u202e", "x" * 10_000_000]


def finding(start: int, end: int, label: str = "X") -> Finding:
    return Finding("toy", label, Span(start, end))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], "0123456789"),
        ([(2, 4, "A")], "01[A]456789"),
        ([(2, 4, "A"), (4, 6, "B")], "01[A][B]6789"),
        ([(2, 5, "A"), (4, 7, "B")], "01[A|B]789"),
        ([(4, 7, "B"), (2, 5, "A"), (6, 8, "A")], "01[A|B]89"),
        ([(2, 9, "A"), (4, 5, "B")], "01[A|B]9"),
        ([(2, 4, "A"), (2, 4, "A")], "01[A]456789"),
        ([(0, 10, "A")], "[A]"),
        ([(3, 3, "A")], "0123456789"),
        ([(-5, 2, "A"), (8, 99, "B")], "[A]234567[B]"),
        ([(20, 30, "A"), (7, 3, "B")], "0123456789"),
    ],
)
def test_labels_stand_where_something_was_found(spans: list[tuple[int, int, str]], expected: str) -> None:
    """One for each span, or for spans that overlap; nothing else of the text changes."""
    assert redacted("0123456789", [finding(*span) for span in spans]) == expected


_SPANS = st.lists(st.tuples(st.integers(-3, 66), st.integers(-3, 66), st.sampled_from("XYZ")), max_size=12)


@given(_SPANS)
@settings(max_examples=300, deadline=None)
def test_nothing_of_a_flagged_span_is_left(spans: list[tuple[int, int, str]]) -> None:
    """And everything else is, in order: held against the characters one by one."""
    text = "".join(chr(0x4E00 + index) for index in range(62))
    flagged = {index for start, end, _ in spans for index in range(max(start, 0), min(end, 62))}
    kept = redacted(text, [finding(*span) for span in spans])
    left = [character for character in kept if character not in "[]|XYZ"]
    assert left == [character for index, character in enumerate(text) if index not in flagged]
    assert redacted(text, [finding(*span) for span in reversed(spans)]) == kept


def test_a_long_text_with_many_findings_is_redacted_in_one_pass() -> None:
    """A hundred thousand of them, nested and side by side."""
    spans = [finding(index, index + 5) for index in range(0, 1_000_000, 10)] + [finding(0, 500_000, "Y")]
    kept = redacted("a" * 1_000_000, spans)
    assert kept.count("[X]") == 50_000
    assert kept.startswith("[X|Y]")


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_each_store_keeps_what_it_says(text: str) -> None:
    """Under `digest` no text, under `redacted` one that guards looked at, under `raw` all of it, or sealed."""
    size, digest = len(text), Keeper("digest", KEY).digest(text)
    assert Keeper("digest", KEY).kept(text, [], PART) == Kept(size, digest)
    assert Keeper("digest").kept(text, [], PART) == Kept(size)
    assert Keeper("redacted", KEY).kept(text, None, PART) == Kept(size, digest)
    assert Keeper("redacted", KEY).kept(text, [], PART) == Kept(size, digest, text)
    assert Keeper("raw", KEY).kept(text, None, PART) == Kept(size, digest, text)
    sealed = Keeper("raw", KEY, SEAL).kept(text, None, PART)
    assert (sealed.characters, sealed.digest, sealed.text) == (size, digest, None)
    assert unsealed(sealed, SEAL, PART) == text


def test_digests_tell_the_same_text_to_whoever_has_the_key() -> None:
    """And nothing to others: another key, another digest."""
    assert Keeper("digest", KEY).digest("hello") == Keeper("raw", KEY, SEAL).digest("hello")
    others = [Keeper("digest", KEY).digest("hello "), Keeper("digest", b"another").digest("hello")]
    assert len({Keeper("digest", KEY).digest("hello"), *others}) == 3


def test_sealed_twice_the_same_text_looks_different() -> None:
    """Whoever lacks the key does not even see that two texts are one."""
    sealer = Sealer(SEAL)
    assert len({sealer.sealed("hello", PART) for _ in range(100)}) == 100


@pytest.mark.parametrize("part", [Part("r2", 0, "raw"), Part("r1", 1, "raw"), Part("r1", 0, "released")])
def test_a_sealed_text_opens_in_its_own_place_alone(part: Part) -> None:
    """Not in another record, nor for another candidate, nor as another of its texts."""
    kept = Keeper("raw", KEY, SEAL).kept("hello", None, PART)
    with pytest.raises(TraceError, match="does not open"):
        unsealed(kept, SEAL, part)
    with pytest.raises(TraceError, match="does not open"):
        unsealed(kept, b"liar" * 8, PART)


@given(st.integers(0, 10_000), st.integers(1, 255))
@settings(max_examples=100, deadline=None)
def test_a_changed_seal_does_not_open(at: int, change: int) -> None:
    """Whatever bit of nonce, text or tag it is."""
    data = bytearray(base64.b64decode(Sealer(SEAL).sealed("hello", PART)))
    data[at % len(data)] ^= change
    with pytest.raises(TraceError, match="does not open"):
        Sealer(SEAL).opened(base64.b64encode(data).decode(), PART)


@pytest.mark.parametrize("sealed", ["", "=", "AAAA", "é", "\ud800", "A" * 1000, "A" * 1001])
def test_what_is_no_seal_does_not_open(sealed: str) -> None:
    """And the error quotes none of it."""
    with pytest.raises(TraceError, match="does not open") as caught:
        Sealer(SEAL).opened(sealed, PART)
    assert not sealed or sealed not in str(caught.value) or len(sealed) < 5


def test_texts_of_a_record_are_had_as_they_were_kept() -> None:
    """With the key where they are sealed, and not at all without it."""
    keeper = Keeper("raw", KEY, SEAL)
    trace = Trace("toy", "bare", "", None, {}, {})
    record = Record("r1", 1.0, "check", "raw", trace, raw=keeper.kept("hello", None, PART), prompt=Kept(2, text="hi"))
    assert text_of(record, "raw", Sealer(SEAL)) == "hello"
    assert [text_of(record, name) for name in ("raw", "prompt", "system")] == [None, "hi", None]


@pytest.mark.parametrize(
    "given", [SEAL.hex(), SEAL.hex().upper(), base64.b64encode(SEAL).decode(), f"\n {SEAL.hex()}\r\n"]
)
def test_a_seal_key_is_read_as_32_bytes(given: str) -> None:
    """In hexadecimal or base64, as a file with a line end holds it."""
    assert read_seal(given, "LLMPOST_SEAL") == SEAL


@pytest.mark.parametrize("given", ["", "a passphrase", SEAL.hex()[:-2], base64.b64encode(b"short").decode(), "é" * 32])
def test_what_is_no_seal_key_is_refused(given: str) -> None:
    """A passphrase, too; and it is not told what it was."""
    with pytest.raises(TraceError, match="32 bytes") as caught:
        read_seal(given, "LLMPOST_SEAL")
    assert not given or given not in str(caught.value)
    with pytest.raises(TraceError, match="32 bytes"):
        Keeper("raw", KEY, b"a passphrase")


def test_a_key_is_the_text_of_its_file() -> None:
    """Without the line end that an editor adds."""
    assert read_key(f" {string.ascii_letters}\r\n") == string.ascii_letters.encode()
