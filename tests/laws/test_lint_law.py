"""Lint raises no false alarm and misses nothing: small languages, of which all texts are looked at."""

import itertools
import json
import re
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from random_forbid import Given, finds, is_clean, is_clean_json, some_rules

from llmpost.engine.linting import Remark, lint
from llmpost.policy import Policy

LETTERS = "ab1 "
PATTERNS = ["[ab]{1,3}", "a(b|1)?", "(ab|ba1){1,2}", "1?a b", "[ab1]{2}", "(a|b)1{0,2}", "b1|ab", "a?b?1?", "[^a]{0,2}"]
SHORT = ["".join(letters) for size in range(7) for letters in itertools.product(LETTERS, repeat=size)]
WORDS = ["a", "ab", "ba", "b1", "12", "true", "n", "1,", "b b", "é"]
TREES = [None, True, *WORDS, {"a": "ab"}, ["b1", True], {"ab": None, "k": "ba"}, []]
"""Numbers have many spellings: those are left to laws of their own."""

texts = st.lists(st.sampled_from(SHORT[:200]), min_size=1, max_size=5, unique=True)
stops = st.lists(st.sampled_from(["a", "b", "ab", "1", " ", "ba1", "x", "{", '"', "k", "12"]), min_size=1, max_size=2)
forbids: st.SearchStrategy[Sequence[Given]] = st.one_of(st.just([]), some_rules)


def remarks_on(*, forbid: Sequence[Given] = (), **keys: Any) -> tuple[Remark, ...]:
    rules = [{"regex": rule} if isinstance(rule, str) else rule for rule in forbid]
    remarks = lint(Policy.from_dict({"version": 1, "forbid": rules, **keys}))
    assert not any("decided within the bound" in remark.message for remark in remarks)
    return remarks


def errors_at(remarks: Sequence[Remark], where: str) -> list[Remark]:
    return [remark for remark in remarks if remark.severity == "error" and remark.where.startswith(where)]


@st.composite
def languages(draw: st.DrawFn) -> tuple[dict[str, Any], list[str]]:
    """A constraint, and all of its texts that the letters spell; a text with other letters has an equal among them."""
    match draw(st.sampled_from(["choice", "regex", "json_schema"])):
        case "choice":
            chosen = draw(texts)
            return {"choice": chosen}, chosen
        case "regex":
            pattern = draw(st.sampled_from(PATTERNS[:-1]))
            return {"regex": pattern}, [text for text in SHORT if re.fullmatch(pattern, text)]
    values = draw(st.lists(st.sampled_from(TREES), min_size=1, max_size=4, unique_by=repr))
    written = [json.dumps(value, separators=(",", ":"), ensure_ascii=False) for value in values]
    return {"json_schema": {"enum": values}, "whitespace": "compact"}, written


def clean(constraint: dict[str, Any], forbid: Sequence[Given], written: Sequence[str]) -> list[str]:
    is_one = is_clean_json if "json_schema" in constraint else is_clean
    return [text for text in written if is_one(forbid, text)]


@given(languages(), some_rules)
def test_nothing_left_is_said_exactly_where_nothing_is_left(
    language: tuple[dict[str, Any], list[str]], forbid: Sequence[Given]
) -> None:
    """An error about a rule says that nothing can be written, exactly where every text of the language breaks a rule;
    its example is a text of the language that breaks one."""
    constraint, written = language
    told = errors_at(remarks_on(constraint=constraint, forbid=forbid), "forbid")
    assert bool(told) == (not clean(constraint, forbid, written))
    for remark in told:
        assert remark.example in written
        at = re.fullmatch(r"forbid\[(\d+)\]", remark.where)
        broken = forbid if at is None else [forbid[int(at[1])]]
        assert not clean(constraint, broken, [remark.example])


@given(languages(), forbids, stops)
def test_a_stop_is_dead_exactly_where_no_text_has_it(
    language: tuple[dict[str, Any], list[str]], forbid: Sequence[Given], stop: list[str]
) -> None:
    """A stop string is an error exactly where no text that may be written has it, or every text of the language; one
    that is warned of has an example, which is a text that may be written, and whose beginning may not."""
    constraint, written = language
    remarks = remarks_on(constraint=constraint, forbid=forbid, decode={"stop": stop})
    left = clean(constraint, forbid, written)
    for place, one in enumerate(stop):
        told = errors_at(remarks, f"decode.stop[{place}]")
        is_dead = not any(one in text for text in written) or (bool(left) and not any(one in text for text in left))
        assert bool(told) == (is_dead or all(one in text for text in written))
        for remark in remarks:
            if remark.where == f"decode.stop[{place}]" and "in the middle" in remark.given:
                assert one in remark.example
                assert remark.example in left
                assert remark.example.partition(one)[0] not in left


@given(st.lists(st.sampled_from(TREES), min_size=1, max_size=5, unique_by=repr), some_rules)
def test_a_value_is_dead_exactly_where_each_spelling_is_forbidden(values: list[Any], forbid: Sequence[Given]) -> None:
    """Of listed values those are told, and no others, that cannot be written without something forbidden."""
    for constraint, where in (
        ({"json_schema": {"enum": values}, "whitespace": "compact"}, "constraint.json_schema.enum"),
        ({"json_schema": {"properties": {"p": {"enum": values}}}}, "constraint.json_schema.properties.p.enum"),
    ):
        told = {remark.where for remark in remarks_on(constraint=constraint, forbid=forbid) if where in remark.where}
        dead = {
            f"{where}[{place}]"
            for place, value in enumerate(values)
            if not is_clean_json(forbid, json.dumps(value, separators=(",", ":"), ensure_ascii=False))
        }
        if "properties" in where:  # with spaces to choose there may be a spelling that is clean
            assert told <= dead
        else:
            assert told == dead


@given(st.sampled_from(PATTERNS[:-1]), some_rules)
def test_a_form_is_dead_exactly_where_each_of_its_texts_is_forbidden(pattern: str, forbid: Sequence[Given]) -> None:
    """A property of a form is told exactly where no text of the form can be written; the example is one of them."""
    form = {"type": "string", "pattern": f"^(?:{pattern})$"}
    remarks = remarks_on(constraint={"json_schema": {"properties": {"p": form}}}, forbid=forbid)
    told = [remark for remark in remarks if remark.where == "constraint.json_schema.properties.p"]
    written = [json.dumps(text) for text in SHORT if re.fullmatch(pattern, text)]
    is_dead = not any(is_clean_json(forbid, text) for text in written)
    assert bool([remark for remark in told if "form" in remark.given]) == is_dead
    assert all(re.fullmatch(pattern, remark.example) for remark in told if "form" in remark.given)


@given(texts, some_rules)
def test_a_dead_choice_is_one_that_breaks_a_rule(chosen: list[str], forbid: Sequence[Given]) -> None:
    """Of the texts of a choice those are told, and no others, in which something forbidden is."""
    remarks = remarks_on(constraint={"choice": chosen}, forbid=forbid)
    told = {remark.where for remark in remarks if remark.where.startswith("constraint.choice")}
    assert told == {f"constraint.choice[{at}]" for at, text in enumerate(chosen) if not is_clean(forbid, text)}


@given(st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True))
def test_a_phrase_is_covered_exactly_where_it_has_another(phrases: list[str]) -> None:
    """Of forbidden phrases, one rule each, those are told that have another one in them."""
    remarks = remarks_on(forbid=[{"phrase": phrase} for phrase in phrases])
    told = {remark.where for remark in remarks}
    assert told == {
        f"forbid[{at}]" for at, one in enumerate(phrases) if any(other != one and other in one for other in phrases)
    }


@given(st.lists(some_rules.map(lambda some: some[0]), min_size=2, max_size=4))
def test_a_covered_rule_finds_nothing_that_no_other_finds(forbid: list[Given]) -> None:
    """Whatever breaks a rule that is told to say nothing new breaks one of the rules that are not."""
    told = {remark.where for remark in remarks_on(forbid=forbid) if "what has the one" in remark.message}
    others = [rule for at, rule in enumerate(forbid) if f"forbid[{at}]" not in told]
    for at, rule in enumerate(forbid):
        if f"forbid[{at}]" in told:
            assert all(not finds(rule, text) or not is_clean(others, text) for text in SHORT[:400])
