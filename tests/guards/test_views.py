"""What each view shows, by tables."""

from __future__ import annotations

import pytest

from llmpost.guards.view import View
from llmpost.guards.views.characters import as_read
from llmpost.guards.views.composed import Composed
from llmpost.guards.views.decoded import _SPECIAL, DECODED
from llmpost.guards.views.folded import Folding, folded
from llmpost.guards.views.places import Places
from llmpost.guards.views.rewriting import MOST_LEFT_OUT
from llmpost.guards.views.squeezed import SQUEEZED


def shown(view: View, text: str) -> str:
    return view.follow(None, text, True).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"a\u0040b", "a@b"),
        (r"a\\u0040b", r"a\@b"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\ud83d alone", r"\ud83d alone"),
        (r"\U0001F600 \u{1f600}", "\U0001f600 \U0001f600"),
        (r"\u{110000}", r"\u{110000}"),
        (r"\x40\x4G", r"@\x4G"),
        (r"\n078-05-1120\t", "\n078-05-1120 "),
        (r"\q \0", r"\q \0"),
        ("a%40b 50% %zz %u0040", "a@b 50% %zz @"),
        ("%C3%A9 %F0%9F%98%80 %C0%80 %ED%A0%80", "\u00e9 \U0001f600 %C0%80 %ED%A0%80"),
        ("&#64;&#x40;&#064 &commat;", "@@@ @"),
        ("&#0;&#xD800; &nothing; &am", "\0&#xD800; &nothing; &am"),
        ("a&shy;b&nbsp;c&amp;#64;", "ab c&#64;"),
        (r"&#xff11;\u200b%E2%80%8B2", "12"),
        ("\uff11\u0662\U0001d7db\u0969", "1233"),
        ("078\u201305\u20111120", "078-05-1120"),
        ("user\uff20example\uff0ecom", "user@example.com"),
        ("4\u200b1\u00ad1\u202e1\ufe0f\U000e0031", "4111"),
        ("caf\u00e9 \u4e2d\u6587 \U0001f600", "caf\u00e9 \u4e2d\u6587 \U0001f600"),
        ("x\ud800\u00a0y", "x\ud800 y"),
        ("", ""),
    ],
)
def test_escapes_and_forms_are_read(text: str, expected: str) -> None:
    """Each escape is what it stands for, what is none stays as it is, and one layer is decoded."""
    assert shown(DECODED, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 1 1 1 - 1 2", "4111-12"),
        ("no: s e c r e t key", "no: secret key"),
        ("s-e-c-r-e-t, s.e.c", "secret, sec"),
        ("j o h n @ e x . c o", "john@ex.co"),
        ("1 1  2 2", "11  22"),
        ("is a 4 1 1 x, or I 2 3.", "is a 411 x, or I23."),
        ("2 3.25 and (1 2), no:1 2", "2 3.25 and (12), no:12"),
        ("1.23 a-bc 2024-01-02", "1.23 a-bc 2024-01-02"),
        ("this is a test", "this is a test"),
        ("a\tb\u00a0c", "abc"),
        ("  ", "  "),
        ("- -", "--"),
    ],
)
def test_what_stands_apart_is_joined(text: str, expected: str) -> None:
    """Spaces and signs between single characters are left out, and no others."""
    assert shown(SQUEEZED, text) == expected


@pytest.mark.parametrize(
    ("folding", "text", "expected"),
    [
        (Folding(), "Caf\u00c9 Stra\u00dfe \u0141\u00f3d\u017a", "cafe strasse lodz"),
        (Folding(), "e\u0301 I\u0307", "e i"),
        (Folding(case=False), "Caf\u00c9", "CafE"),
        (Folding(accents=False), "Caf\u00c9", "caf\u00e9"),
        (Folding(), "h3ll0", "h3ll0"),
        (Folding(leet=True), "H3LL0 $h!t! a@b!c", "hello shit! aabic"),
        (Folding(accents=False, case=False), "Caf\u00c9", "Caf\u00c9"),
        (Folding(), "\u1112\u1161\u11ab\ud55c", "\u1112\u1161\u11ab\ud55c"),
    ],
)
def test_a_folding_leaves_out_what_does_not_count(folding: Folding, text: str, expected: str) -> None:
    """Case, accents and leet, each where it is asked for; a fold of a fold is itself."""
    assert shown(folded(folding), text) == expected
    assert folding.of(expected) == expected


def test_views_compose() -> None:
    """What is shown by the first is read by the second, with places in the text as it was given."""
    seen = Composed(DECODED, SQUEEZED).follow(None, "\uff11 %32 &#51;.", True)
    assert (seen.text, list(seen.starts), list(seen.ends)) == ("123.", [0, 2, 6, 11], [1, 5, 11, 12])
    seen = Composed(DECODED, SQUEEZED).follow(None, "\uff11 %32 &#51; ", True)
    assert (seen.text, list(seen.starts), list(seen.ends)) == ("123 ", [0, 2, 6, 11], [1, 5, 11, 12])


def test_a_text_without_anything_to_decode_has_plain_places() -> None:
    """Its places are ranges, so that who reads it knows at a glance."""
    for view in (DECODED, SQUEEZED, folded(Folding()), Composed(DECODED, SQUEEZED)):
        seen = view.follow(None, "nothing to be done\n", False)
        assert (seen.text, seen.read) == ("nothing to be done\n", 19)
        assert (seen.starts, seen.ends) == (range(19), range(1, 20))


def test_what_is_left_out_in_a_row_is_bounded() -> None:
    """Behind so many invisible characters the next are shown, in one piece or in many."""
    text = "1" + "\u200b" * (MOST_LEFT_OUT + 2) + "2"
    assert shown(DECODED, text) == "1\u200b\u200b2"
    memory, joined = None, ""
    for one in text:
        seen = DECODED.follow(memory, one, False)
        memory, joined = seen.memory, joined + seen.text
    assert joined == "1\u200b\u200b2"
    assert shown(folded(Folding()), "e" + "\u0301" * (MOST_LEFT_OUT + 1)) == "e\u0301"


def test_no_block_that_is_passed_over_has_a_character_that_is_read_otherwise() -> None:
    """A character that no search stops at is read as it is."""
    for code in range(0x10000):
        assert _SPECIAL.match(chr(code)) or as_read(chr(code)) == chr(code), hex(code)


def test_places_are_a_sequence() -> None:
    """Indices from either end, slices, and an error beyond them."""
    places = Places((0, 2), (5, 9), 4)
    assert (places[-1], places[1:3], len(places)) == (10, (6, 9), 4)
    with pytest.raises(IndexError):
        places[4]


@pytest.mark.parametrize("character", ["a", "%", "\\", "\u200b", " ", "&", "\ud800", "\uff11", "\0", "\u0301"])
def test_a_long_run_is_read(character: str) -> None:
    """A hundred thousand of one character take a moment, whichever it is."""
    for view in (DECODED, SQUEEZED, Composed(DECODED, SQUEEZED), folded(Folding(leet=True))):
        assert view.follow(None, character * 100_000, True).read == 100_000
