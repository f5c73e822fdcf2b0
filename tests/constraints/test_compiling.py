"""What compile_constraint takes, refuses and says."""

from __future__ import annotations

import gc
import re
import weakref
from pathlib import Path
from typing import Any

import pytest

from llmpost import Vocabulary, compile_constraint
from llmpost.constraints.space import Space
from llmpost.errors import ConstraintError

LETTERS = [bytes([octet]) for octet in range(0x61, 0x7B)]
VOCABULARY = Vocabulary.from_tokens([*LETTERS, b"fe", b"</s>"], eos_ids=[27])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, r"compile_constraint: no language is not exactly one of regex, choice, json_schema, quote and language"),
        ({"regex": "a", "choice": ["a"]}, r"regex and choice is not exactly one"),
        ({"regex": "a", "json_schema": {}}, r"regex and json_schema is not exactly one"),
        ({"json_schema": 3}, r"json_schema.*3 is not"),
        ({"json_schema": {}, "whitespace": "none"}, r"whitespace: 'none' is not 'flexible', 'compact' or"),
        ({"json_schema": {}, "escapes": "all"}, r"escapes: 'all' is not one of 'minimal', 'any'"),
        ({"json_schema": {}, "strict": "yes"}, r"strict: 'yes' is not true or false"),
        ({"regex": "a", "strict": True}, r"'strict' beside regex is not an option of json_schema alone"),
        ({"grammar": "x"}, r"not in this version yet"),
        ({"regex": "a", "forbid": "x"}, r"forbid: 'x' is not a list of rules"),
        ({"forbid": ["a*"]}, r"forbid\[0\]: the pattern 'a\*' is not one that matches no empty text"),
        ({"forbid": [{"regex": "("}]}, r"regex, character 1"),
        ({"forbid": [{"regex": "a", "phrase": "a"}]}, r"forbid\[0\]: regex and phrase is not one of"),
        ({"forbid": [{"regexp": "a"}]}, r"forbid\[0\]: the key 'regexp' is not known\. Did you mean 'regex'\?"),
        ({"forbid": [{"phrases": ["a", ""]}]}, r"forbid\[0\]: '' is not a text of at least one character"),
        ({"forbid": ["a"], "strict": True}, r"'strict' beside forbid is not an option of json_schema alone"),
        (
            {"choice": ["ab"], "forbid": ["b"]},
            r"forbid: the pattern 'b', which every text of \['ab'\] contains \(for instance 'ab'\), is not",
        ),
        ({"regx": "a"}, r"the keyword 'regx' is not known\. Did you mean 'regex'\?"),
        ({"regex": b"a"}, r"regex: b'a' is not a pattern"),
        ({"regex": ["a"]}, r"regex: \['a'\] is not a pattern"),
        ({"regex": re.compile("a")}, r"regex: .* is not a pattern\. Pass its pattern: compiled\.pattern"),
        ({"choice": []}, r"choice: an empty list is not at least one text"),
        ({"choice": "yes"}, r"choice: 'yes' is not a list of texts"),
        ({"choice": 3}, r"choice: 3 is not a list of texts"),
        ({"choice": ["a", 3]}, r"choice\[1\]: 3 is not text or bytes"),
        ({"choice": ["\ud800"]}, r"choice\[0\]: '\\ud800' is not text or bytes"),
        ({"choice": ["a"], "max_seconds": 0}, r"max_seconds: 0 is not a number above 0"),
        ({"choice": ["a"], "max_bytes": "big"}, r"max_bytes: 'big' is not a number above 0"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    """Each has its own sentence, in four parts."""
    with pytest.raises(ConstraintError, match=message) as caught:
        compile_constraint(VOCABULARY, **arguments)
    assert all([caught.value.where, caught.value.given, caught.value.allowed, caught.value.hint])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"regex": "[^\\s\\S]"}, r"regex: .* is not a language with any text: no text matches it\."),
        ({"regex": "caf(é|ê)"}, r"no token has 'é' \(byte 0xC3\), needed in 'café'"),
        ({"choice": ["naïve"]}, r"choice: \['naïve'\] is not one that this vocabulary can spell: no token has 'ï'"),
        ({"choice": [b"a\xff"]}, r"no token has b'\\xff' \(byte 0xFF\), needed in b'a\\xff'"),
    ],
)
def test_a_language_that_cannot_be_begun_says_why(arguments: dict[str, Any], message: str) -> None:
    """No text at all, or none that the vocabulary can spell, with the character and an example."""
    with pytest.raises(ConstraintError, match=message):
        compile_constraint(VOCABULARY, **arguments)


@pytest.mark.parametrize("given", [None, "tekken", {b"a": 0}])
def test_what_is_no_vocabulary_is_named(given: Any) -> None:
    """A tokenizer, a name or nothing at all in its place is an error that says how to make one."""
    with pytest.raises(ConstraintError, match=r"compile_constraint: .* is not a Vocabulary\. Make one: "):
        compile_constraint(given, regex="a")


def test_the_trie_is_kept_in_a_folder(tmp_path: Path) -> None:
    """By option the trie is written where it is not yet, and read where it is: the masks are the same."""
    tokens = [b"kept", b"in", b"a", b"folder", b"</s>"]
    masks = []
    for _ in range(2):
        vocabulary = Vocabulary.from_tokens(tokens, eos_ids=[4])
        state = compile_constraint(vocabulary, choice=["kept", "folder"], cache_folder=tmp_path).start()
        masks.append(state.mask().ids().tolist())
        files = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
        assert [path.name for path in files] == [f"trie-{vocabulary.digest}.npz"]
        del vocabulary, state
        gc.collect()  # the second one has to make its space anew
    assert masks == [[0, 3], [0, 3]]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == files


@pytest.mark.parametrize("strange", [3, "a file"])
def test_a_folder_that_cannot_be_one_is_named(strange: Any, tmp_path: Path) -> None:
    """A file, or no path at all: an error in four parts, before anything is made."""
    folder = tmp_path / strange if isinstance(strange, str) else strange
    if isinstance(strange, str):
        folder.write_text("not a folder")
    vocabulary = Vocabulary.from_tokens([b"nowhere", b"to", b"write"])
    with pytest.raises(ConstraintError, match=r"^cache_folder .* is not a folder that can be written\. Name another"):
        compile_constraint(vocabulary, choice=["to"], cache_folder=folder)


def test_bytes_inside_longer_tokens_alone_may_not_be_enough() -> None:
    """A vocabulary that has e only in fe spells fe, and cannot spell e."""
    vocabulary = Vocabulary.from_tokens([b"c", b"f", b"fe"])
    constraint = compile_constraint(vocabulary, choice=["cfe", "ce"])
    assert constraint.start().advance(0).mask().ids().tolist() == [2]
    with pytest.raises(ConstraintError, match=r"no sequence of tokens spells any of its texts, for instance 'ce'"):
        compile_constraint(vocabulary, choice=["ce"])


def test_compiled_once() -> None:
    """The same language over the same vocabulary is the same object; choices are sets of texts."""
    assert compile_constraint(VOCABULARY, regex="ab*") is compile_constraint(VOCABULARY, regex="ab*")
    assert compile_constraint(VOCABULARY, choice=["x", "y"]) is compile_constraint(VOCABULARY, choice=(b"y", "x", "x"))
    assert compile_constraint(VOCABULARY, regex="ab*") is not compile_constraint(VOCABULARY, regex="ab+")


def test_the_budget_is_named() -> None:
    """Too long or too large is an error that says which budget, and the next pattern compiles as if it were not."""
    with pytest.raises(ConstraintError, match=r"needs more than 1000 bytes of automaton to compile, is not within"):
        compile_constraint(VOCABULARY, choice=[chr(97 + n % 26) * n for n in range(2_000)], max_bytes=1_000)
    with pytest.raises(ConstraintError, match=r"needs more than 1e-09 s .*is not within max_.*=1e-09"):
        compile_constraint(VOCABULARY, choice=["other", "text"], max_seconds=1e-9)
    assert compile_constraint(VOCABULARY, choice=["some", "text"]).accepts("some")


def test_the_report_is_exact() -> None:
    """Regular expressions and choices are enforced exactly."""
    assert compile_constraint(VOCABULARY, regex="a").report.parts == {"regex": "exact"}
    assert compile_constraint(VOCABULARY, choice=["a"]).report.is_exact


def test_equal_vocabularies_share_a_space_which_goes_with_them() -> None:
    """Everything is found by the vocabulary's digest, and nothing outlives the last vocabulary and constraint."""
    first, second = (Vocabulary.from_tokens([b"only", b"here"]) for _ in range(2))
    space = Space.of(first)
    assert Space.of(second) is Space.of(first) is space
    constraint = compile_constraint(second, choice=["only"])
    gone = weakref.ref(space)
    del first, second, space
    gc.collect()
    assert constraint.accepts("only")
    assert gone() is not None
    del constraint
    gc.collect()
    assert gone() is None


def test_tens_of_thousands_of_choices() -> None:
    """Every one of them can be walked to its end, and nothing else can."""
    texts = [
        f"{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}{n * 7919 % 100_003:x}".replace("0", "z")
        for n in range(20_000)
    ]
    letters = Vocabulary.from_tokens([bytes([octet]) for octet in range(0x30, 0x7B)])
    constraint = compile_constraint(letters, choice=texts)
    for text in texts[::997]:
        state = constraint.start()
        for octet in text.encode():
            state = state.advance(octet - 0x30)
        assert state.can_end
        assert constraint.accepts(text)
        assert not constraint.accepts(text + "!")
