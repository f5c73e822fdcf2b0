"""A policy laid over another: what it says wins, what it does not name stays, and null takes away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_tree import HEAD, read, refusal, written

from llmpost.errors import PolicyError
from llmpost.policy import Policy

BASE = """\
version: 1
name: base
decode: {temperature: 0.5, top_k: 4}
constraint: {regex: "a+"}
forbid: [US_SSN, {regex: "b+"}]
guards:
  - {use: pii, action: redact, entities: {US_SSN: 0.5}, allow: [x]}
  - {use: secrets}
  - {use: phrases, name: rivals, phrases: [Globex]}
budget: {total_ms: 9}
release: at_end
notice: cut
trace: {store: redacted}
"""


def over(folder: Path, child: str) -> dict[str, Any]:
    """What comes of a policy over the base."""
    return read(folder, p__yaml=f"{HEAD}extends: base\n{child}", base__yaml=BASE).canonical


def same(folder: Path, text: str) -> dict[str, Any]:
    return read(folder, whole__yaml=HEAD + text).canonical


@pytest.mark.parametrize(
    ("child", "key", "whole"),
    [
        ("decode: {top_k: 5, top_p: 0.5}", "decode", {"temperature": 0.5, "top_k": 5, "top_p": 0.5}),
        ("decode: {top_k: null}", "decode", {"temperature": 0.5}),
        ("constraint: {json_schema: {}, strict: true}", "constraint", {"json_schema": {}, "strict": True}),
        ("constraint: {regex: b}", "constraint", {"regex": "b"}),
        ("constraint: null", "constraint", None),
        ("forbid: [CRYPTO]", "forbid", ["US_SSN", {"regex": "b+"}, "CRYPTO"]),
        ("forbid: [~, CRYPTO]", "forbid", ["CRYPTO"]),
        ("forbid: null", "forbid", None),
        ("budget: {on_timeout: skip}", "budget", {"total_ms": 9, "on_timeout": "skip"}),
        ("budget: null", "budget", None),
        ("release: window", "release", "window"),
        ("release: ~", "release", None),
        ("notice: ''", "notice", None),
        ("trace: {logits: 3, store: raw}", "trace", {"store": "raw", "logits": 3}),
    ],
)
def test_a_key_is_laid_over_the_same_one(tmp_path: Path, child: str, key: str, whole: Any) -> None:
    """Mappings key by key, rules behind rules, anything else in the other's place; all other keys stay."""
    made = over(tmp_path, child)
    assert made.get(key) == whole
    rest = {name: value for name, value in over(tmp_path, "").items() if name != key}
    assert {name: value for name, value in made.items() if name != key} == rest


@pytest.mark.parametrize(
    ("child", "whole"),
    [
        ("[{use: length}]", "[PII, SECRETS, RIVALS, {use: length}]"),
        (
            "[{name: pii, action: block}]",
            "[{use: pii, action: block, entities: {US_SSN: 0.5}, allow: [x]}, SECRETS, RIVALS]",
        ),
        (
            "[{use: pii, entities: {PERSON: 1}}]",
            "[{use: pii, action: redact, entities: {PERSON: 1}, allow: [x]}, SECRETS, RIVALS]",
        ),
        ("[{name: pii, allow: null}]", "[{use: pii, action: redact, entities: {US_SSN: 0.5}}, SECRETS, RIVALS]"),
        ("[{name: pii, use: presidio}]", "[{use: presidio, name: pii}, SECRETS, RIVALS]"),
        ("[{name: rivals, phrases: [Initech]}]", "[PII, SECRETS, {use: phrases, name: rivals, phrases: [Initech]}]"),
        ("[{name: secrets, drop: true}, {use: length}]", "[PII, RIVALS, {use: length}]"),
        ("[{name: secrets, drop: true}, {use: secrets, action: block}]", None),
        ("[~, {use: length}]", "[{use: length}]"),
        ("null", "[]"),
    ],
)  # fmt: skip
def test_guards_are_laid_over_those_of_the_same_name(tmp_path: Path, child: str, whole: str | None) -> None:
    """In their place, key by key; under another detector anew; others come behind, and one can be dropped."""
    if whole is None:
        message = refusal(tmp_path, p__yaml=f"{HEAD}extends: base\nguards: {child}\n", base__yaml=BASE)
        assert "'secrets' is not a name of its own" in message
        return
    for name, text in {
        "PII": "{use: pii, action: redact, entities: {US_SSN: 0.5}, allow: [x]}",
        "SECRETS": "{use: secrets}",
        "RIVALS": "{use: phrases, name: rivals, phrases: [Globex]}",
    }.items():
        whole = whole.replace(name, text)
    assert over(tmp_path, f"guards: {child}").get("guards") == same(tmp_path, f"guards: {whole}").get("guards")


@pytest.mark.parametrize(
    ("child", "message"),
    [
        ("guards: [{name: pee, drop: true}]", "p.yaml:4:17: guards[0].name: 'pee' is not a guard of a policy"),
        ("guards: [{name: secret, action: block}]", "p.yaml:4:17: guards[0].name: 'secret' is not a guard of"),
        ("guards: [{name: pii, drop: yes}]", "p.yaml:4:28: guards[0].drop: 'yes' is not true."),
        ("guards: [{name: pii, drop: true, on: input}]", "p.yaml:4:34: guards[0].on: on beside drop is not possible."),
        ("guards: [{name: pii}, {use: pii}]", "p.yaml:4:29: guards[1].use: 'pii' is not a name of its own."),
        ("guards: [{name: pii, action: blok}]", "p.yaml:4:30: guards[0].action: 'blok' is not an action."),
        ("decode: {top_k: -1}", "p.yaml:4:17: decode.top_k: -1 is not"),
        ("decode: 3", "p.yaml:4:9: decode: 3 is not a mapping of settings."),
        ("guards: {use: pii}", "p.yaml:4:9: guards: {'use': 'pii'} is not a list of guards."),
        ("forbid: [3]", "p.yaml:4:10: forbid[0]: 3 is not a rule."),
        ("release: sometime", "p.yaml:4:10: release: 'sometime' is not window or at_end."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_was_written(tmp_path: Path, child: str, message: str) -> None:
    """By the keys of that file, wherever they came to lie."""
    assert refusal(tmp_path, p__yaml=f"{HEAD}extends: base\n{child}\n", base__yaml=BASE).startswith(message)


def test_a_mistake_of_a_parent_is_told_there(tmp_path: Path) -> None:
    """Also where the child changed something beside it; and a parent is checked by the version that it says it has."""
    child = f"{HEAD}extends: base.yaml\nguards: [{{name: pii, action: block}}]\ndecode: {{top_k: 2}}\n"
    for old, new, message in [
        ("temperature: 0.5", "temperature: -1", "base.yaml:3:23: decode.temperature: -1 is not"),
        ("allow: [x]", "on_failure: blok", "base.yaml:7:69: guards[0].on_failure: 'blok' is not one of"),
        ("total_ms", "totl_ms", "base.yaml:10:10: budget: 'totl_ms' is not a key of a budget."),
        ("version: 1", "version: 7", "base.yaml:1:10: version: 7 is not 1, the newest that llmpost"),
        ("version: 1", "name: x", "base.yaml:2:1: name: a key that was there before"),
    ]:
        assert refusal(tmp_path, p__yaml=child, base__yaml=BASE.replace(old, new)).startswith(message)


def test_names_are_looked_up_beside_a_file_then_in_the_package(tmp_path: Path) -> None:
    """A file beside goes before one that ships; no file is its own parent; a path is a path."""
    assert read(tmp_path, p__yaml=f"{HEAD}extends: default\n").guards == Policy.named("default").guards
    beside = read(tmp_path, p__yaml=f"{HEAD}extends: default\n", default__yaml=f"{HEAD}decode: {{top_k: 7}}\n")
    assert (beside.decode.top_k, beside.guards) == (7, ())
    itself = read(tmp_path, default__yaml=f"{HEAD}extends: default\ndecode: {{top_k: 8}}\n")
    assert (itself.decode.top_k, itself.guards) == (8, Policy.named("default").guards)
    (tmp_path / "deeper").mkdir()
    deeper = written(tmp_path / "deeper", p__yaml=f"{HEAD}extends: ../default.yaml\n")
    assert Policy.read(deeper).decode.top_k == 8
    assert refusal(tmp_path, p__yaml=f"{HEAD}extends: defalt\n").startswith(
        "p.yaml:3:10: extends: 'defalt' is not a policy beside this one, or one that ships with llmpost. Did you mean"
    )
    assert refusal(tmp_path, p__yaml=f"{HEAD}extends: no.yaml\n").startswith(
        "p.yaml:3:10: extends: 'no.yaml', which cannot be read (No such file or directory), is not a file of"
    )
    assert refusal(tmp_path, p__yaml=f"{HEAD}extends: ../p\n").startswith(
        "p.yaml:3:10: extends: '../p' is not a policy"
    )
    assert refusal(tmp_path, p__yaml=f"{HEAD}extends: [a]\n").startswith("p.yaml:3:10: extends: ")


def test_a_chain_ends(tmp_path: Path) -> None:
    """Circles, also through links, and chains of more than eight are refused with the way that they go."""
    circle = refusal(tmp_path, a__yaml=f"{HEAD}extends: b\n", b__yaml=f"{HEAD}extends: a\n")
    assert circle.startswith("b.yaml:3:10: extends: the circle a.yaml -> b.yaml -> a.yaml is not a policy that ends")
    assert "the circle c.yaml -> c.yaml is" in refusal(tmp_path, c__yaml=f"{HEAD}extends: c.yaml\n")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "d.yaml")
    assert "the circle d.yaml -> link.yaml is" in refusal(tmp_path, d__yaml=f"{HEAD}extends: link.yaml\n")
    files = {f"n{n}__yaml": f"{HEAD}extends: n{n + 1}\n" for n in range(9)}
    assert read(tmp_path, **{**files, "n8__yaml": HEAD}).name == "here"
    assert "n7.yaml -> n8.yaml -> n9.yaml is not one of at most 8 parents" in refusal(tmp_path, **files, n9__yaml=HEAD)


def test_data_extends_what_ships_and_what_a_folder_has(tmp_path: Path) -> None:
    """Without a folder no file is looked for, so that nobody reads one by handing in a policy."""
    written(tmp_path, base__yaml=BASE)
    data = {"version": 1, "name": "mine", "decode": {"top_k": 2}}
    assert Policy.from_dict({**data, "extends": "default"}).guards == Policy.named("default").guards
    assert Policy.from_dict({**data, "extends": "base"}, tmp_path).decode.given() == {"temperature": 0.5, "top_k": 2}
    assert Policy.from_dict({**data, "extends": "base.yaml"}, tmp_path).release == "at_end"
    for word in (str(tmp_path / "base.yaml"), "base.yaml", "../base.yaml"):
        with pytest.raises(PolicyError, match=r"^policy.extends: .* this policy came from no file"):
            Policy.from_dict({**data, "extends": word})
    with pytest.raises(PolicyError, match=r"^policy.extends: 'base' is not a policy that ships with llmpost"):
        Policy.from_dict({**data, "extends": "base"})


KEYS = st.sampled_from(["temperature", "top_k", "top_p", "seed"])
DECODES = st.dictionaries(KEYS, st.sampled_from([None, 1]))


@given(st.lists(DECODES, min_size=1, max_size=5))
def test_laying_over_is_what_dicts_do(tmp_path_factory: pytest.TempPathFactory, decodes: list[dict[str, Any]]) -> None:
    """However long a chain is, a mapping is that of all its files, the child's last, without what is null."""
    folder, expected = tmp_path_factory.mktemp("chain"), {}
    for number, decode in enumerate(decodes):
        expected = {key: value for key, value in {**expected, **decode}.items() if value is not None}
        extends = f"extends: p{number - 1}\n" if number else ""
        said = ", ".join(f"{key}: {'null' if value is None else value}" for key, value in decode.items())
        written(folder, **{f"p{number}__yaml": f"{HEAD}{extends}decode: {{{said}}}\n"})
    assert Policy.read(folder / f"p{len(decodes) - 1}.yaml").decode.given() == expected
