"""A whole policy in words, in the order in which a request meets it: prompt, writing, answer, what is shown, and kept.

The words say what the engine does; what follows from a policy is told by its portrait (`engine.portrait`).
"""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.cli.policy.words.guards import fallback_words, guard_rows
from llmpost.cli.policy.words.sheet import Row, Section, set_out
from llmpost.cli.policy.words.writing import writing_rows
from llmpost.contracts.guard import Side
from llmpost.engine.portrait import Portrait
from llmpost.policy import Policy

_KEPT = {
    "digest": "of each text its length and a keyed digest, and no word of it",
    "redacted": "what guards looked at, with a label in the place of everything that any of them found",
    "raw": "every text as it was",
}


def in_words(portrait: Portrait) -> str:
    """For a person who must decide whether it may go live."""
    sections = (
        Section("In short", (Row("", _short(portrait)),)),
        Section("Prompts", tuple(_prompts(portrait))),
        Section("Writing", tuple(writing_rows(portrait))),
        Section("Answers", tuple(_answers(portrait))),
        Section("Time, and what breaks", tuple(_time(portrait))),
        Section("What is shown, and when", tuple(_shown(portrait))),
        Section("What traces keep", tuple(_kept(portrait.policy))),
        Section("Left to the program", tuple(_handed_in(portrait))),
        Section("Where it comes from", tuple(_origin(portrait.policy))),
    )
    title = f"Policy {portrait.policy.name}@{portrait.policy.digest[:12]}"
    return set_out(title, [section for section in sections if section.rows])


def _short(portrait: Portrait) -> str:
    policy = portrait.policy
    watched = {side: sum(side in entry.sides for entry in policy.guards) for side in ("input", "output")}
    kept = "no text" if policy.trace.store == "digest" else f"{policy.trace.store} texts"
    shown = "piece by piece" if portrait.guarding.release == "window" else "at their end"
    return (
        f"{_guards(watched['input'])} prompts, {_guards(watched['output'])} answers. "
        f"Answers are shown {shown}. Traces keep {kept}."
    )


def _guards(number: int) -> str:
    if number == 0:
        return "No guard looks at"
    return "1 guard looks at" if number == 1 else f"{number} guards look at"


def _prompts(portrait: Portrait) -> Iterator[Row]:
    if not _has(portrait, "input"):
        yield Row("", "Nothing looks at prompts: they go to the model as they are.")
        return
    yield Row("", "These guards look at what the user says, before the model reads it; the system message they let be:")
    yield from _rows(portrait, "input")


def _answers(portrait: Portrait) -> Iterator[Row]:
    if not _has(portrait, "output"):
        yield Row("", "Nothing looks at what was written: it is shown as it is.")
        return
    yield Row(
        "", "These guards look at what was written. Where several act on the same characters, the strongest does:"
    )
    yield from _rows(portrait, "output")


def _has(portrait: Portrait, side: Side) -> bool:
    return any(side in entry.sides for entry in portrait.policy.guards)


def _rows(portrait: Portrait, side: Side) -> Iterator[Row]:
    """Each guard in full where it is met first."""
    pairs = zip(portrait.policy.guards, portrait.guarding.rules, strict=True)
    for number, (entry, rule) in enumerate(((e, r) for e, r in pairs if side in e.sides), 1):
        if side == "output" and "input" in entry.sides:
            yield Row(f"{number}. {entry.name}", "as for prompts")
        else:
            yield from guard_rows(number, entry, rule)


def _time(portrait: Portrait) -> Iterator[Row]:
    budget = portrait.policy.budget
    limits = {
        "a request": (budget.total_ms, "from its beginning to its end, with all that is asked again"),
        "writing": (budget.decode_ms, "then the text ends with what there is"),
        "all guards of a text": (budget.guards_ms, "together"),
    }
    given = {name: limit for name, limit in limits.items() if limit[0] is not None}
    yield from (Row(name, f"{limit:g} ms, {words}") for name, (limit, words) in given.items())
    if not given:
        yield Row("", "A request may take as long as it takes.")
    if portrait.policy.guards:
        yield Row("a guard that breaks", "the text is blocked, where nothing else is said of the guard")
        late = (
            "is waited for" if portrait.guarding.total_seconds is None else fallback_words(portrait.guarding.on_timeout)
        )
        yield Row("a guard that is late", f"{late}, where it has no time of its own")


def _shown(portrait: Portrait) -> Iterator[Row]:
    policy, is_window = portrait.policy, portrait.guarding.release == "window"
    how = "piece by piece (release: window)" if is_window else "as a whole, at its end (release: at_end)"
    yield Row("an answer", how)
    yield Row("why", _why(portrait))
    if _has(portrait, "output"):
        if is_window:
            yield Row("what waits", "a piece until no guard can change its mind about it, a few characters as a rule")
        yield Row("JSON", "under a schema, the policy's or a call's, nothing is shown before the end")
    notice = f"the notice {policy.notice!r}" if policy.notice else "nothing"
    blocked = f"what was shown stays, and {notice} is added" if is_window else f"{notice} stands in its place"
    yield Row("a blocked answer", blocked)


def _why(portrait: Portrait) -> str:
    asked = portrait.policy.release
    if portrait.guarding.release == "window":
        return "the policy says so" if asked else "the policy leaves it open, and no guard needs more than that"
    reasons = f"because of {'; '.join(portrait.needs_end)}"
    if asked is None:
        return f"the policy leaves it open, and piece by piece is impossible {reasons}"
    return (
        f"the policy says so, and has to, {reasons}" if portrait.needs_end else "the policy says so; no guard needs it"
    )


def _kept(policy: Policy) -> Iterator[Row]:
    trace = policy.trace
    yield Row("texts", f"{_KEPT[trace.store]} (store: {trace.store})")
    if trace.store == "digest":
        key = f"the variable {trace.key}" if trace.key else "the program; without one there are lengths alone"
        yield Row("key of digests", f"from {key}")
    if trace.store == "raw":
        yield Row("sealed", f"with the key in the variable {trace.seal}" if trace.seal else "no: anybody can read them")
    if trace.logits:
        yield Row("for replay", f"the {trace.logits} likeliest tokens of each step")
    yield Row(
        "besides",
        "what ran and how long, what was found where, what was changed; traces are kept where a program asks for them",
    )


def _handed_in(portrait: Portrait) -> Iterator[Row]:
    yield from (Row(name, "is nothing that llmpost has: the program hands it in") for name in portrait.handed_in)
    if portrait.needs_key:
        yield Row("a key", "on which hashes and keyed pseudonyms depend")


def _origin(policy: Policy) -> Iterator[Row]:
    yield Row("digest", policy.digest)
    yield from (Row("made of", f"{source.path} (sha256 {source.sha256[:12]}…)") for source in policy.sources)
