"""The built-in moderation classifier, as the guard that ships."""

from __future__ import annotations

import codecs

import numpy as np
import pytest

from llmpost.contracts.guard import FollowingGuard, GuardContext
from llmpost.engine import Checker
from llmpost.errors import PolicyError
from llmpost.guards.moderation.classifier import WEIGHTS, trained
from llmpost.guards.moderation.guard import ALWAYS, THRESHOLDS, ModerationGuard, build
from llmpost.guards.moderation.hysteresis import level_after
from llmpost.guards.moderation.lexicon import GROUP_MARK, lexicon
from llmpost.guards.moderation.words import words_of
from llmpost.guards.options import Options
from llmpost.testing import check_guard

CONTEXT = GuardContext()
GUARD = build(Options({}, "guards[0]"))
DESPAIR = "I want to kill myself tonight. Nobody would miss me."
THREAT = "I will find you and I will kill you, you worthless idiot."
GROUPS = ("Muslims", "women", "gay people", "black people", "disabled people", "Jews", "trans people", "immigrants")


def scores(text: str, guard: ModerationGuard = GUARD) -> dict[str, float]:
    """By category the highest that is reported."""
    highest = dict.fromkeys(guard.categories, 0.0)
    for finding in guard.inspect(text, CONTEXT):
        highest[finding.label] = max(highest[finding.label], finding.score)
    return highest


@pytest.mark.slow
def test_keeps_its_promises() -> None:
    """The suite for guards finds nothing wrong with it."""
    assert isinstance(GUARD, FollowingGuard)
    check_guard(ModerationGuard(["self_harm"]), [DESPAIR])


@pytest.mark.parametrize(
    ("text", "category"),
    [(DESPAIR, "self_harm"), (THREAT, "harassment"), (THREAT, "toxicity"), (DESPAIR, "flagged")],
)
def test_finds(text: str, category: str) -> None:
    """Plain cases are over the threshold that ships."""
    assert scores(text)[category] >= THRESHOLDS[category]


@pytest.mark.parametrize(
    "text",
    [
        "How do I kill a Python process that hangs?",
        "The museum remembers those who died in the war.",
        "What a lovely day! We had lunch in the garden and talked about football.",
        "My neighbour is a Muslim and she is a wonderful teacher.",
        "import os\nfor name in os.listdir(path):\n    print(name)\n",
        "我们明天去公园。",
        "\x00\ud800\u200b\u202e",
    ],
)
def test_leaves_alone(text: str) -> None:
    """What says nothing bad is under every threshold that ships."""
    assert [name for name, score in scores(text).items() if score >= THRESHOLDS[name]] == []


def test_every_category_is_reported() -> None:
    """Of any text but the empty one each category has a score from 0 to 1, at its first and at its last sentence."""
    text = "The bus is late again today. It rains a little in the evening."
    findings = GUARD.inspect(text, CONTEXT)
    for start in {finding.span.start for finding in findings}:
        assert [f.label for f in findings if f.span.start == start] == list(GUARD.categories)
    assert all(0 <= finding.score <= 1 for finding in findings)
    assert GUARD.inspect("", CONTEXT) == ()
    assert tuple(THRESHOLDS) == GUARD.categories == trained().categories


def test_the_sentence_is_named() -> None:
    """What is found of a text in the middle has the place of its sentence, without the space behind it."""
    calm = "We walked along the river in the evening and came home late. "
    text = f"{calm * 3}{DESPAIR} {calm * 3}"
    found = [f for f in GUARD.inspect(text, CONTEXT) if f.label == "self_harm" and f.span.start < f.span.end]
    worst = max(found, key=lambda f: f.score)
    start = text.index(DESPAIR)
    assert start <= worst.span.start < worst.span.end <= start + len(f"{DESPAIR} {calm}") - 1


@pytest.mark.parametrize("template", ["I met {} at the market today.", "{} are vermin.", "My sister likes {} a lot."])
def test_no_group_is_another(template: str) -> None:
    """Which group a sentence is about does not move any score, but for the length of its name."""
    values = np.array([list(scores(template.format(group)).values()) for group in GROUPS])
    assert np.ptp(values, axis=0).max() <= 0.05


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You are an 1d10t", ["you", "are", "an", "idiot"]),
        ("k i l l", ["kill"]),
        ("k.i.l.l them", ["kill", "them"]),
        ("HEEEELP", ["help"]),
        ("ｋｉｌｌ ki\u200bll", ["kill", "kill"]),
        ("a b", ["a", "b"]),
        ("in 1984, aged 12", ["in", "0", "aged", "9"]),
        ("see https://example.com/kill now", ["see", "url", "now"]),
    ],
)
def test_hidden_words_are_read(text: str, words: list[str]) -> None:
    """Signs for letters, spaces between them, repeated, wide and invisible ones are seen through."""
    assert words_of(text) == words


def test_groups_are_one_mark() -> None:
    """The words handed on hold no name of a group, with or without what follows it."""
    marks = {tuple(lexicon().sort(words_of(f"why {group} ?")).words) for group in GROUPS}
    assert marks == {("why", GROUP_MARK, "?")}


def test_the_lexicon_is_not_plain() -> None:
    """Nobody who looks at the files reads it by accident."""
    stored = WEIGHTS.with_name("lexicon.rot13").read_text("utf-8")
    assert "VQRAG:" in stored
    assert codecs.decode("VQRAG", "rot13") in codecs.decode(stored, "rot13")


def test_small_falls_are_none() -> None:
    """A score stays where it was until what is said is clearly lower; a rise is a rise."""
    level, heard = np.array([0.0]), []
    for said in (0.3, 0.5, 0.45, 0.41, 0.39, 0.4, 0.6):
        level = level_after(np.array([said]), level, 0.1)
        heard.append(float(level[0]))
    assert heard == [0.3, 0.5, 0.5, 0.5, 0.39, 0.4, 0.6]


def test_only_what_is_asked_for() -> None:
    """A category that is not listed is not reported, and the others score as before."""
    guard = build(Options({"categories": ["self_harm", "hate"]}, "guards[0]"))
    assert scores(DESPAIR, guard) == {name: scores(DESPAIR)[name] for name in ("self_harm", "hate")}


@pytest.mark.parametrize(
    ("options", "said"),
    [({"categories": ["hat"]}, "categories"), ({"model": "big"}, "model"), ({"hysteresis": 2}, "hysteresis")],
)
def test_bad_options(options: dict[str, object], said: str) -> None:
    """What it cannot do is an error that names the option and what is allowed."""
    with pytest.raises(PolicyError, match=said):
        build(Options(options, "guards[0]"))


def checked(entry: dict[str, object], text: str, streaming: bool = False) -> str:
    return (
        Checker({"version": 1, "name": "one", "guards": [entry], "notice": "?"}).check(text, streaming=streaming).text
    )


def test_thresholds_that_ship() -> None:
    """A policy that says nothing blocks from them on; one that says something of a category leaves the others so."""
    calm = "We walked along the river."
    assert checked({"use": "moderation"}, DESPAIR) == "?"
    assert checked({"use": "moderation"}, calm) == calm
    assert checked({"use": "moderation", "thresholds": {"sexual": {"block": 0.9}}}, DESPAIR) == "?"
    only_sexual = {"use": "moderation", "categories": ["sexual"]}
    assert checked(only_sexual, DESPAIR) == DESPAIR
    assert checked({"use": "moderation", "thresholds": {"any": {"block": 1.0}}}, DESPAIR) == DESPAIR


def test_a_sentence_is_taken_out() -> None:
    """Whole or in a stream, the sentence that is over its tier is changed, and those around it are as they were."""
    calm = "We walked along the river in the evening and came home late."
    text = f"{calm} {THREAT} {calm}"
    entry = {"use": "moderation", "categories": ["harassment"], "action": {"replace": "[…]"}}
    assert checked(entry, text) == checked(entry, text, streaming=True) == f"{calm} […] {calm}"


def test_every_bad_sentence_is_told() -> None:
    """Not only the first: each that is no lower than `ALWAYS` is reported."""
    text = "\n".join([THREAT] * 5)
    starts = {f.span.start for f in GUARD.inspect(text, CONTEXT) if f.label == "harassment" and f.score >= ALWAYS}
    assert len(starts) == 5
