"""The style sheet: readable in light and in dark, and nothing in it comes from elsewhere."""

import base64
import hashlib
import re
from typing import get_args

import pytest
from read_page import read_page

from llmpost.pages.page import MOST_ROWS, Column, Page, Section, badge, bar, facts, note, table
from llmpost.pages.style import STYLE
from llmpost.pages.tones import MEANINGS, SIGNS, STRENGTH, Tone

TONES: tuple[Tone, ...] = get_args(Tone)
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", STYLE, re.S)[:2]
)


def luminance(colour: str) -> float:
    """Relative, as the accessibility guidelines define it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_are_readable(colours: dict[str, str]) -> None:
    """Text and the words of every tone have a contrast of 4.5 : 1 at least on what they stand on."""
    pairs = [("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card")]
    pairs += [(tone, f"{tone}-wash") for tone in TONES] + [("ink", f"{tone}-wash") for tone in TONES]
    assert {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs
            if contrast(colours[pair[0]], colours[pair[1]]) < 4.5} == {}  # fmt: skip


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_are_seen(colours: dict[str, str]) -> None:
    """A bar of any tone has a contrast of 3 : 1 at least to its track."""
    assert [tone for tone in TONES if contrast(colours[tone], colours["track"]) < 3] == []


def test_no_tone_is_told_by_colour_alone() -> None:
    """Each has a sign, a meaning, a strength and a style of line of its own kind."""
    assert set(SIGNS) == set(MEANINGS) == set(STRENGTH) == set(TONES)
    assert len(set(SIGNS.values())) == len(TONES)
    for tone in TONES:
        assert re.search(rf"\.tone-{tone} {{[^}}]*text-decoration-style: ", STYLE)


def test_a_page_is_one_file() -> None:
    """No script, no address, nothing fetched; and its policy allows its own style, by the digest, and nothing else."""
    html = Page("A page", "lead", (Section("Part", ("text",)),), "end").html()
    page = read_page(html)
    assert not re.search(r"<script|https?:|url\(|@import|<link|<img|javascript:|\son[a-z]+=|\sstyle=", html)
    (policy,) = [meta.attributes["content"] for meta in page.every("meta") if "http-equiv" in meta.attributes]
    digest = base64.b64encode(hashlib.sha256(page.every("style")[0].text().encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_a_page_can_be_heard() -> None:
    """It says its language; sections bear their headings' names, tables a caption, bars their length in words."""
    rows = [["mail", bar(0.25, "25 %", "changed", 0.5)]]
    parts = (table([Column("Stage"), Column("Share", is_number=True)], rows, "Stages"), badge("changed", "changed"))
    page = read_page(Page("A page", sections=(Section("Part", parts), Section("Facts", (facts({"a": "b"}),)))).html())
    assert page.every("html")[0].attributes == {"lang": "en"}
    for section in page.every("section"):
        (heading,) = section.every("h2")
        assert section.attributes["aria-labelledby"] == heading.attributes["id"]
    (svg,) = page.every("svg")
    assert (svg.attributes["role"], svg.attributes["aria-label"]) == ("img", "25 %")
    own = svg.every("rect")[1].attributes
    assert (own["x"], own["width"], own["class"]) == ("50.00%", "25.00%", "tone-changed")
    assert {head.attributes["scope"] for head in page.every("th")} == {"col"}
    assert page.every("caption")[0].text() == "Stages"


@pytest.mark.parametrize(("start", "length"), [(0, 0), (1, 0), (0, 2), (-1, 0.5), (0.999, 0.5), (0.5, 1e-9), (1, 1e-9)])
def test_bars_stay_within_their_track(start: float, length: float) -> None:
    """Whatever is asked for; and what there is of something is seen."""
    own = read_page(bar(length, "", "noted", start).html).every("rect")[1].attributes
    left, width = (float(own[name][:-1]) for name in ("x", "width"))
    assert 0 <= left <= left + width <= 100.001
    assert (width > 0) == (length > 0)


def test_long_tables_are_cut() -> None:
    """A page shows so many rows, and says how many it does not."""
    html = table([Column("a")], [[str(number)] for number in range(MOST_ROWS + 5)], "Numbers").html
    page = read_page(html)
    assert len(page.every("tbody")[0].every("tr")) == MOST_ROWS
    assert "… and 5 more, which are not shown here." in page.text()
    assert note("a <b>").html == '<p class="note">a &lt;b&gt;</p>'
