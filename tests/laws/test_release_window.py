"""The release window against its definition: any text, any chunking, any guards, and guards that break or lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st
from streams_by_definition import CONTEXT, KEYED, clusters, hits_of, hull, shown
from toy_guards import LONG_PATTERNS, TEXTS, BreakingToy, FollowingToy, NotingToy, Toy, cut, numbered, places, toys

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Finding, Guard, Outcome, Verdict
from llmpost.guards.checking import check
from llmpost.guards.release_window import ReleaseWindow, check_streamed
from llmpost.guards.rule import Fallback, Guarding, Rule, Tier
from llmpost.guards.windowed import Windowed, following

NOTICE = "<no>"
WEAK = [Action("allow"), Action("log")]
CHANGING = [Action("redact"), Action("mask"), Action("replace", "{label}!"), Action("hash")]
ENDING = [Action("truncate"), Action("block")]
ACTIONS = st.sampled_from(WEAK + CHANGING * 2 + ENDING)
MILD = st.sampled_from(WEAK + CHANGING * 2)
SKIP = Fallback("skip")
STREAMS = settings(max_examples=120, deadline=None)


def windows(toy: Guard) -> st.SearchStrategy[Guard]:
    """The toy, asked in a rhythm of its own."""
    return st.integers(1, 9).map(lambda cadence: Windowed(toy, cadence))


@st.composite
def rules(draw: st.DrawFn, actions: st.SearchStrategy[Action] = ACTIONS, whole: bool = True) -> tuple[Rule, ...]:
    """One to five rules; some have tiers, so that a score decides."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        toy = draw(toys(f"toy{number}", whole) | toys(f"toy{number}").flatmap(windows))
        tiers = {toy.name: (Tier(0.3, draw(actions)), Tier(0.7, draw(actions)))} if draw(st.booleans()) else {}
        made.append(Rule(toy, draw(actions), tiers=MappingProxyType(tiers)))
    return tuple(made)


def guarding(made: Sequence[Rule]) -> Guarding:
    return Guarding(tuple(made), notice=NOTICE)


def streamed(made: Sequence[Rule], pieces: Sequence[str]) -> tuple[list[str], ReleaseWindow]:
    """What left after each piece, and at the end."""
    window = ReleaseWindow(guarding(made), CONTEXT, KEYED)
    return [*(window.feed(piece) for piece in pieces), window.close()], window


def told(verdict: Verdict) -> Verdict:
    """A verdict as it can be compared: the order of equal findings is the order in which they came."""
    return replace(verdict, findings=tuple(sorted(verdict.findings, key=repr)))


@STREAMS
@given(rules(), TEXTS, st.data())
def test_the_text_alone_decides(made: tuple[Rule, ...], text: str, data: st.DataObject) -> None:
    """For every text and chunking, what leaves is what the definition says; and so are verdict and changes."""
    pieces, whole = data.draw(cut(text)), check_streamed(text, guarding(made), CONTEXT, KEYED)
    parts, window = streamed(made, pieces)
    assert "".join(parts) == shown(text, made, NOTICE).text == whole.text
    assert told(window.verdict) == told(whole.verdict)
    assert window.changes == whole.changes


@STREAMS
@given(rules(MILD), TEXTS, st.data())
def test_what_nothing_ends_is_what_check_says(made: tuple[Rule, ...], text: str, data: st.DataObject) -> None:
    """Where no action ends the text, the stream is the unstreamed check: text, verdict and changes."""
    parts, window = streamed(made, data.draw(cut(text)))
    checked = check(text, guarding(made), CONTEXT, KEYED)
    assert "".join(parts) == checked.text
    assert told(window.verdict) == told(checked.verdict)
    assert window.changes == checked.changes


@STREAMS
@given(rules(), TEXTS, st.data())
def test_no_flagged_character_leaves_at_any_moment(made: tuple[Rule, ...], text: str, data: st.DataObject) -> None:
    """However far a stream came before it was given up, no character of a flagged span is out, and none twice."""
    text = numbered(text)
    window = ReleaseWindow(guarding(made), CONTEXT, KEYED)
    out: list[int] = []
    pieces = data.draw(cut(text))
    for piece in pieces[: data.draw(st.integers(0, len(pieces)))]:
        out += places(window.feed(piece))
    window.cancel()
    assert window.is_over
    assert window.feed(text) == window.close() == ""
    assert not set(out) & shown(text, made, NOTICE).hidden
    assert out == sorted(set(out))


@STREAMS
@given(rules(), TEXTS, st.data())
def test_at_the_end_everything_comes_at_once(made: tuple[Rule, ...], text: str, data: st.DataObject) -> None:
    """Released at the end, nothing leaves before, and then what `check` says."""
    window = ReleaseWindow(replace(guarding(made), release="at_end"), CONTEXT, KEYED)
    assert "".join(window.feed(piece) for piece in data.draw(cut(text))) == ""
    checked = check(text, guarding(made), CONTEXT, KEYED)
    assert window.close() == checked.text
    assert told(window.verdict) == told(checked.verdict)
    assert window.changes == checked.changes


@STREAMS
@given(rules(whole=False), TEXTS)
def test_no_more_is_held_than_must_be(made: tuple[Rule, ...], text: str) -> None:
    """A character that belongs to no finding leaves when every guard had its reach, its lag and its cadence."""
    window = ReleaseWindow(guarding(made), CONTEXT, KEYED)
    groups = [hull(group) for group in clusters(hits_of(text, made))]
    waits = max(rule.guard.reach + _lag(rule.guard) for rule in made)
    for count, character in enumerate(text, start=1):
        window.feed(character)
        if window.is_over:
            break
        settled = max(0, count - waits)
        open_starts = [min(group) for group in groups if max(group) >= settled]
        assert window.num_held <= count - min([settled, *open_starts])
    assert window.held.most <= len(text)


def _lag(guard: Toy | FollowingToy | Windowed) -> int:
    return guard.lag if isinstance(guard, FollowingToy) else following(guard).cadence


@st.composite
def breaking(draw: st.DrawFn, fallback: Fallback) -> tuple[tuple[Rule, ...], Rule, Rule]:
    """Sound rules, one that breaks somewhere, and that one as it was before it was broken."""
    sound = draw(rules())
    rule = Rule(draw(toys("breaking", whole=True)), draw(ACTIONS), on_failure=fallback)
    toy = draw(windows(BreakingToy(rule.guard, draw(st.integers(0, 30)), draw(st.booleans()))))
    return sound, replace(rule, guard=toy), rule


@STREAMS
@given(breaking(SKIP), TEXTS, st.data())
def test_a_guard_that_breaks_is_done_without(
    case: tuple[tuple[Rule, ...], Rule, Rule], text: str, data: st.DataObject
) -> None:
    """Skipped: what the others flag stays in, what nobody would have flagged comes out, and the outcome says so."""
    sound, broken, whole = case
    text = numbered(text)
    parts, window = streamed((*sound, broken), data.draw(cut(text)))
    out, with_all = places("".join(parts)), shown(text, (*sound, whole), NOTICE)
    assert not set(out) & shown(text, sound, NOTICE).hidden
    assert with_all.is_ended or set(range(len(text))) - with_all.hidden <= set(out)
    assert out == sorted(set(out))
    assert status_of(window, "breaking") in ("skipped", *(() if is_broken(broken, text, window) else STATUSES))


STATUSES = ("passed", "changed", "blocked")


def is_broken(rule: Rule, text: str, window: ReleaseWindow) -> bool:
    """Whether its guard cannot but have seen the place where it breaks."""
    ended = any(outcome.status == "failed" for outcome in window.verdict.outcomes)
    return not ended and window.verdict.action not in ("truncate", "block") and len(text) > rule.guard.guard.place


def status_of(window: ReleaseWindow, guard: str) -> str:
    return next(outcome.status for outcome in window.verdict.outcomes if outcome.guard == guard)


@STREAMS
@given(breaking(Fallback("block")), TEXTS, st.data())
def test_a_guard_that_breaks_ends_the_text(
    case: tuple[tuple[Rule, ...], Rule, Rule], text: str, data: st.DataObject
) -> None:
    """Blocked: what left is how the guarded text begins, then comes the notice, and the outcome says failed."""
    sound, broken, whole = case
    parts, window = streamed((*sound, broken), data.draw(cut(numbered(text))))
    out, guarded = "".join(parts), shown(numbered(text), (*sound, whole), NOTICE)
    if status_of(window, "breaking") == "failed":
        assert out.endswith(NOTICE)
        assert guarded.text.startswith(out.removesuffix(NOTICE))
        assert window.verdict.is_blocked
        assert window.verdict.decided_by == "breaking"
    else:
        assert not is_broken(broken, numbered(text), window)
        assert out == guarded.text


@STREAMS
@given(breaking(SKIP), toys("other"), ACTIONS, TEXTS, st.data())
def test_another_guard_is_asked_about_what_has_not_left(
    case: tuple[tuple[Rule, ...], Rule, Rule], other: Toy, action: Action, text: str, data: st.DataObject
) -> None:
    """Used in its place, another guard is shown what is held: of what it flags there nothing leaves."""
    sound, broken, _ = case
    text, fallback = numbered(text), Rule(data.draw(windows(other)), action)
    broken = replace(broken, on_failure=Fallback("use", fallback))
    window = ReleaseWindow(guarding((*sound, broken)), CONTEXT, KEYED)
    out: list[int] = []
    held_from, read = None, 0
    for piece in [*data.draw(cut(text)), None]:
        before = read - window.num_held
        read += len(piece or "")
        out += places(window.close() if piece is None else window.feed(piece))
        if held_from is None and any(outcome.guard == "breaking" for outcome in _troubles(window)):
            held_from = before
    assert not set(out) & shown(text, sound, NOTICE).hidden
    if held_from is not None:
        flagged = [hit for hit in hits_of(text, [fallback]) if hit.finding.span.start >= held_from]
        assert not set(out) & hull(flagged)
    if broken.guard.guard.place == 0 and text:
        assert set(out) == set(places(shown(text, (*sound, fallback), NOTICE).text)) or window.verdict.action in ENDS


ENDS = ("truncate", "block")


def _troubles(window: ReleaseWindow) -> list[Outcome]:
    return [outcome for outcome in window.verdict.outcomes if outcome.why]


@st.composite
def liars(draw: st.DrawFn) -> NotingToy:
    """A guard whose reach or context is shorter than the truth."""
    pattern, reach, context = draw(st.sampled_from(LONG_PATTERNS))
    reach, context = draw(st.integers(0, reach)), draw(st.integers(0, context))
    return NotingToy(Toy("liar", pattern, reach, context))


@STREAMS
@given(rules(), liars(), st.sampled_from(CHANGING + ENDING), st.sampled_from(["skip", "block"]), TEXTS, st.data())
def test_a_liar_leaks_nothing_that_it_told_of(
    sound: tuple[Rule, ...], liar: NotingToy, action: Action, fallback: str, text: str, data: st.DataObject
) -> None:
    """What an inspection found, and by the guard's own word could find, has not left then unless it was told before;
    nothing of it leaves later; and where some of it had left, the guard has failed."""
    rule = Rule(data.draw(windows(liar)), action, on_failure=Fallback(fallback))
    window = ReleaseWindow(guarding((*sound, rule)), CONTEXT, KEYED)
    pieces = [*data.draw(cut(numbered(text))), None]
    out: list[int] = []
    flagged: set[int] = set()
    for piece in pieces:
        known = len(liar.notes)
        left = set(out)
        out += places(window.close() if piece is None else window.feed(piece))
        now = set().union(*(_told(liar, *note, is_end=piece is None) for note in liar.notes[known:]))
        flagged |= now
        assert not flagged & (set(out) - left)
        if now & left:
            outcome = next(one for one in window.verdict.outcomes if one.guard == "liar")
            assert (outcome.status, outcome.why) == ("skipped" if fallback == "skip" else "failed", "dishonest reach")
            assert window.is_over or fallback == "skip"


def _told(liar: NotingToy, text: str, found: Sequence[Finding], is_end: bool) -> set[int]:
    """The places of what was found with all its context there, and too early in the text to be still open."""
    numbers = places(text)
    begins = not numbers or numbers[0] == 0
    return {
        numbers[at]
        for finding in found
        if (begins or finding.span.start >= liar.context) and (is_end or finding.span.start < len(text) - liar.reach)
        for at in range(finding.span.start, finding.span.end)
    }
