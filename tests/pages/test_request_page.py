"""The page of a request says what its record says: every text, every mark, every time; and nothing of it is markup."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from read_page import Element, read_page
from test_markup import ANY_TEXT, shown
from told_records import MASKED, TEXT, answered, checked, record_of

from llmpost.contracts.action import KINDS
from llmpost.contracts.guard import Outcome, Verdict
from llmpost.contracts.inspection import HeldBack
from llmpost.contracts.keeping import Kept
from llmpost.contracts.record import Record
from llmpost.pages.account import account_of
from llmpost.pages.quantities import duration, place
from llmpost.pages.request_page import page_of_request
from llmpost.pages.spans import MOST_CHARACTERS


def page(*records: Record) -> Element:
    return read_page(page_of_request(account_of(records)).html())


def rows(own: Element, caption: str) -> list[list[str]]:
    """The cells of the table whose caption begins so."""
    (table,) = [table for table in own.every("table") if table.every("caption")[0].text().startswith(caption)]
    return [[cell.text() for cell in row.every("td")] for row in table.every("tbody")[0].every("tr")]


def sections(own: Element) -> dict[str, Element]:
    return {section.every("h2")[0].text(): section for section in own.every("section")}


def test_texts_stand_on_the_page() -> None:
    """What the model wrote and what was shown, word for word, side by side."""
    record = answered()
    (wrote, given), (handed, asked) = (
        sections(page(record))[title].every("div", "text") for title in ("Texts", "Before the model")
    )
    kept = [record.raw, record.released, record.inputs[0], record.prompt]
    assert [own.text() for own in (wrote, given, handed, asked)] == [one.text for one in kept if one is not None]


def test_marks_are_the_spans() -> None:
    """Each mark holds the characters of its span, and its number leads to the row that says what it is."""
    record = checked()
    own = page(record)
    wrote, given = own.every("div", "text")
    found = {mark.attributes["title"]: mark.text() for mark in wrote.every("mark")}
    assert found["1: EMAIL_ADDRESS (mail): redact"] == "maria.chen@example.com"
    assert [mark.text() for mark in given.every("mark")] == [
        "[EMAIL_ADDRESS]",
        "[***************1111]",
        "[EMAIL_ADDRESS]",
    ]
    ids = [element.attributes["id"] for element in own.every() if "id" in element.attributes]
    links = {link.attributes["href"] for link in own.every("a")}
    assert len(ids) == len(set(ids))
    assert links
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_findings_and_changes_are_rows() -> None:
    """Each finding with its guard, label, span, score and what was done about it, in the order of the text."""
    record = checked()
    told = rows(page(record), "The text: 6 findings, 3 acted on")
    findings = sorted(record.verdict.findings, key=lambda finding: (finding.span, finding.guard))
    assert [(row[1], row[2], row[4]) for row in told] == [
        (finding.label, finding.guard, place(finding.span)) for finding in findings
    ]
    done = {(change.guard, place(change.before)): (change.action, place(change.after))
            for change in record.trace.inspections[0].changes}  # fmt: skip
    assert {(row[2], row[4]): (row[3][2:], row[5]) for row in told if row[5]} == done


def test_stages_are_a_timeline() -> None:
    """Every guard and every stage of decoding has its time; bars follow each other, and are as long as their share."""
    record = answered()
    own = sections(page(record))["Where the time went"]
    told = [(row[0], row[1], row[3]) for row in rows(own, "In the order of the way")]
    assert record.timings is not None
    asked = [(outcome.side, outcome.guard, outcome.seconds) for look in record.trace.inspections
             for outcome in look.verdict.outcomes]  # fmt: skip
    prompt = [("prompt", name, duration(seconds)) for side, name, seconds in asked if side == "input"]
    stages = [("decoding", name, duration(seconds)) for name, seconds in record.timings.seconds_by_stage.items()]
    answer = [("answer", name, duration(seconds)) for side, name, seconds in asked if side == "output"]
    assert told == [*prompt, *stages, *answer]
    bars = [bar.every("rect")[1].attributes for bar in own.every("svg")]
    ends = [float(bar["x"][:-1]) + float(bar["width"][:-1]) for bar in bars]
    starts = [float(bar["x"][:-1]) for bar in bars]
    assert all(start <= end + 0.02 for start, end in zip(starts[1:], ends, strict=False))
    assert ends[-1] == pytest.approx(100, abs=0.5)


def test_what_ran_is_told() -> None:
    """Id, time, model, policy with its digest, seed, versions, how it ended, and what masks removed."""
    record = answered()
    own = page(replace(record, trace=replace(record.trace, masked=(MASKED,))))
    told = sections(own)["What ran"].text()
    trace = record.trace
    policy = f"support-bot@{trace.policy_digest[:12]}"
    for fact in ("2026-09-21 14:15:23.500 UTC", "speaking", policy, "Seed7", "llmpost ", "stop: ended by itself",
                 "21 read, 47 written", "73.0 % of the probability", "2 dead ends"):  # fmt: skip
        assert fact in told
    assert own.every("h1")[0].text() == f"A request · {record.id}"
    assert rows(own, "Tokens that the model held") == [["3", " maybe", "61.0 %", MASKED.why]]
    assert [item.text() for item in sections(own)["Notes"].every("li")] == list(trace.notes)


def test_candidates_have_parts_of_their_own() -> None:
    """Of several candidates each is told, by its number, in whatever order they come."""
    records = [answered("Nothing was found.", 1), answered(), answered("Write to bob@example.com", 2)]
    own = page(*records)
    titles = list(sections(own))
    assert [badge.text() for badge in own.every("header")[0].every(of_class="badge")] == [
        "~ changed",
        "✓ allowed",
        "~ changed",
    ]
    assert [title for title in titles if title.endswith("Texts")] == [f"Candidate {n}: Texts" for n in (1, 2, 3)]
    wrote = [sections(own)[f"Candidate {n}: Texts"].every("div", "text")[0].text() for n in (1, 2, 3)]
    assert wrote == [TEXT, "Nothing was found.", "Write to bob@example.com"]


def test_a_digest_is_told_for_what_it_is() -> None:
    """Where no text was kept the page says so, with length and digest, and a ruler shows where things were found."""
    own = page(checked(store="digest", raw=Kept(168, "ab" * 16), released=Kept(159, "cd" * 16)))
    assert own.every("div", "text") == []
    told = sections(own)["Texts"].text()
    assert f"The text was not kept: 168 characters. Its keyed digest is {'ab' * 16}." in told
    ruler, _ = own.every("svg", "ruler")
    assert "1: EMAIL_ADDRESS (mail): redact at 29 to 51" in ruler.attributes["aria-label"]
    first = ruler.every("rect")[1].attributes
    assert (first["x"], first["width"]) == ("17.262%", "13.095%")


def test_a_sealed_text_says_how_it_is_opened() -> None:
    """What is sealed is not shown, and whoever has the key is told what to do."""
    told = page(checked(raw=Kept(168, sealed="QUJD"))).text()
    assert "168 characters, sealed: --seal-key-file opens it." in told
    assert "Texts are keptsealed" in told
    assert "QUJD" not in told


def test_labels_of_a_redacted_text_are_marked() -> None:
    """Where labels stand in the place of what was found, marks are over the labels; overlapping findings share one."""
    text = TEXT.replace("maria.chen@example.com", "[EMAIL_ADDRESS]").replace("billing@example.org", "[EMAIL_ADDRESS]")
    text = text.replace("4111 1111 1111 1111", "[PHONE_NUMBER|CREDIT_CARD]").replace(
        "+1 (202) 555-0143", "[PHONE_NUMBER]"
    )
    record = checked(store="redacted", raw=Kept(168, text=text), released=None)
    (wrote,) = page(record).every("div", "text")
    assert wrote.text() == text
    assert [mark.text() for mark in wrote.every("mark")] == re.findall(r"\[[A-Z_|]+\]", text)


def test_labels_that_are_elsewhere_mark_nothing() -> None:
    """A redacted text that does not fit the spans is shown without marks, and a ruler shows them apart."""
    own = page(checked(store="redacted", raw=Kept(168, text="something else"), released=None))
    assert own.every("div", "text")[0].every("mark") == []
    assert own.every("svg", "ruler")


def test_a_failure_is_told_as_one() -> None:
    """An error, a dead end, and a reader who went away are no allowed answers."""
    ends = {"constraint_failed": "✕ constraint failed", "abandoned": "• abandoned", "error": "✕ failed"}
    for reason, told in ends.items():
        record = answered("Fine.", finish_reason=reason, error="ModelError" if reason == "error" else "")
        assert page(record).every(of_class="badge")[0].text() == told


def test_a_guard_that_gave_no_answer_is_told() -> None:
    """A text that was let through without it is allowed, and not as one that was looked at."""
    record = record_of("some text", [])
    own = page(replace(record, verdict=Verdict(outcomes=(Outcome("judge", "skipped", why="late"),))))
    (headline,) = own.every("header")[0].every("p")
    assert headline.text() == "• allowed The text: It was shown as it is. 1 guard gave no answer."


@pytest.mark.parametrize("kind", KINDS)
def test_every_action_has_words(kind: str) -> None:
    """Whatever was decided, the page says it in a word, with a sign beside the colour."""
    record = record_of("some text", [(0, 4, "X", kind)])  # type: ignore[list-item]  # every kind
    badge = page(replace(record, verdict=replace(record.verdict, action=kind))).every(of_class="badge")[0]
    assert re.fullmatch(r"[✓•~↻✕] [a-z ]+", badge.text())


@settings(max_examples=60)
@given(
    ANY_TEXT,
    st.lists(st.tuples(st.integers(-5, 80), st.integers(-5, 80), ANY_TEXT, st.sampled_from(KINDS)), max_size=6),
)
def test_no_record_breaks_a_page(text: str, found: list) -> None:
    """Whatever stands in the texts, labels, notes and spans of a record, the page is whole, and shows the texts."""
    record = record_of(text, [(min(a, b), max(a, b), label, kind) for a, b, label, kind in found])
    trace = replace(record.trace, notes=(text,), model=text, versions={text: text}, settings={text: [text]})
    own = page(replace(record, id=text, error=text, trace=trace))
    raw, released = own.every("div", "text")
    assert {raw.text(), released.text()} <= {shown(text) or "(empty)"}
    assert {element.name for element in own.every()} <= {
        "document", "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "div", "main",
        "section", "dl", "dt", "dd", "p", "strong", "span", "mark", "sup", "a", "ul", "li", "table", "caption", "thead",
        "tbody", "tr", "th", "td", "svg", "rect", "footer",
    }  # fmt: skip


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -1.0, 1e300])
def test_numbers_that_make_no_sense(number: float) -> None:
    """A record whose times were tampered with is shown all the same."""
    record = answered()
    assert record.timings is not None
    timings = replace(
        record.timings, total_seconds=number, first_token_seconds=number, seconds_by_stage={"forward": number}
    )
    look = replace(record.trace.inspections[-1], held_back=HeldBack(3, number))
    changed = replace(record, at=number, seconds=number, log_mass=number, timings=timings)
    assert page(replace(changed, trace=replace(record.trace, inspections=(look,)))).every("h1")


def test_a_page_opens_however_long_the_text() -> None:
    """Ten megabytes of a character that nobody sees, and fifty thousand findings, make a page that a browser opens."""
    spans = [(place, place + 50, "X", "redact") for place in range(50_000)]
    html = page_of_request(account_of([record_of("\x00" * 10_000_000, spans)])).html()  # type: ignore[arg-type]  # a kind
    assert len(html) < 2_000_000
    assert "… and 9,800,000 more characters, which are not shown here." in html
    assert "50,000 findings, of which the first 1,000 are told" in html


def test_marks_beyond_what_is_shown_are_not() -> None:
    """A text that is cut ends with its own words, and not with the numbers of what was found further on."""
    text = "a" * MOST_CHARACTERS + "bbbb"
    own = page(record_of(text, [(3, 5, "X", "redact"), (MOST_CHARACTERS + 1, MOST_CHARACTERS + 3, "X", "redact")]))
    raw, _ = own.every("div", "text")
    assert [link.text() for link in raw.every("a")] == ["1"]
