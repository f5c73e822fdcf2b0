"""Whatever is wrong with a policy file is told in four parts, at its line and column."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from policy_tree import HEAD, read, refusal, written

from llmpost.engine import Checker
from llmpost.errors import PolicyError
from llmpost.policy import Policy

GUARDS = f"{HEAD}guards:\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"{GUARDS}  - use: pii\n  - use: secrets\n    on_failure: blok\n",
            "p.yaml:6:17: guards[1].on_failure: 'blok' is not one of block, skip or {use: another guard}. "
            "Did you mean 'block'?",
        ),
        (f"{HEAD}gards: []\n", "p.yaml:3:1: 'gards' is not a key of a policy. Did you mean 'guards'?"),
        (
            f"{HEAD}decode: {{top_k: 1, top_q: 2}}\n",
            "p.yaml:3:20: decode: 'top_q' is not a setting. Did you mean 'top_",
        ),
        (f"{HEAD}decode:\n  top_p: 3\n", "p.yaml:4:10: decode.top_p: 3 is not a number above 0 and at most 1."),
        (f"{HEAD}decode: [1]\n", "p.yaml:3:9: decode: [1] is not a mapping of settings."),
        (f"{HEAD}budget: {{total: 3}}\n", "p.yaml:3:10: budget: 'total' is not a key of a budget. Did you mean"),
        (f"{HEAD}constraint: {{regexp: a}}\n", "p.yaml:3:14: constraint: 'regexp' is not a key of a constraint. Did"),
        (f"{HEAD}trace: {{stor: raw}}\n", "p.yaml:3:9: trace: 'stor' is not a key of trace. Did you mean 'store'?"),
        (f"{GUARDS}  - action: block\n", "p.yaml:4:5: guards[0].use: None is not a name."),
        (
            f"{GUARDS}  - {{use: a, action: {{retry: {{tims: 1}}}}}}\n",
            "p.yaml:4:31: guards[0].action.retry: 'tims' is not",
        ),
        ("name: here\n", "p.yaml:1:1: version: a policy without one is not 1. Write 'version: 1' on the first line."),
        ("\n# soon\n", "p.yaml:1:1: nothing is not a mapping."),
        ("- a\n", "p.yaml:1:1: a list is not a mapping."),
        ("{version: 2, gards: 3}", "p.yaml:1:11: version: 2 is not 1, the newest that llmpost"),
        ("{version: two}", "p.yaml:1:11: version: 'two' is not 1."),
        (f"{HEAD}name: again\n", "p.yaml:3:1: name: a key that was there before is not possible in one mapping."),
        (f"{HEAD}decode:\n\ttop_p: 1\n", "p.yaml:4:1: a tab in the indentation is not YAML. Indent with spaces."),
        (f"{HEAD}decode:\n  top_k: 3\n\ttop_p: 1\n", "p.yaml:5:1: a tab in the indentation is not YAML."),
        (f"{HEAD}---\n{HEAD}", "p.yaml:3:1: a second document is not possible in one file."),
        (f"{HEAD}notice: !!python/object:os.system x\n", "p.yaml:3:9: notice: the tag 'tag:yaml.org,2002:python/obj"),
        (f"{HEAD}notice: !secret x\n", "p.yaml:3:9: notice: the tag '!secret' is not a plain value."),
        (f"{HEAD}notice: !!int x\n", "p.yaml:3:9: notice: the tag 'tag:yaml.org,2002:int' is not a plain value."),
        (f"{HEAD}decode: &a {{top_k: *a}}\n", "p.yaml:3:20: decode.top_k: *a within &a is not data with an end."),
        (f"{HEAD}decode: *b\n", "p.yaml:3:9: decode: *b is not an anchor of this file."),
        (f"{HEAD}decode: {{<<: {{top_k: 1}}}}\n", "p.yaml:3:10: decode: '<<' is not a key: merge keys are not read."),
        (f"{HEAD}decode: {{top_p: .nan}}\n", "p.yaml:3:17: decode.top_p: .nan is not a finite number."),
        (f"{HEAD}decode: {{top_p: 1e999}}\n", "p.yaml:3:17: decode.top_p: 1e999 is not a finite number."),
        (f"{HEAD}decode: {{seed: {'9' * 5000}}}\n", "p.yaml:3:16: decode.seed: a number of 5000 digits is not one of"),
        (f"{HEAD}decode: {{? [a] : 1}}\n", "p.yaml:3:12: decode: a list or a mapping is not a key."),
        (f"{HEAD}notice: a\x07b\n", "p.yaml:3:10: the character U+0007 is not a character of a YAML file."),
        (f'{HEAD}notice: "a\\x00b\n', "p.yaml:4:1: text with a mistake in it (found unexpected end of stream) is not"),
        (f"{HEAD}decode: {'[' * 200}\n", "p.yaml:3:108: decode" + "[0]" * 99 + ": so much is not at most 100 deep"),
        (
            f"{HEAD}release: ${{WHEN}}\n",
            "p.yaml:3:10: release: '${WHEN}' is not replaced by anything here. Only trace.key",
        ),
        (
            f"{HEAD}decode: {{top_k: {{env: K}}}}\n",
            "p.yaml:3:17: decode.top_k: {env: K} is not possible here. Only trace",
        ),
        (f"{HEAD}trace: {{key: hunter2}}\n", "p.yaml:3:14: trace.key: something else is not a reference to the env"),
        (f"{HEAD}trace: {{key: '${{TRACE_KEY}}'}}\n", "p.yaml:3:14: trace.key: something else is not a ref"),
    ],
)
def test_a_mistake_has_a_line_and_a_column(tmp_path: Path, text: str, message: str) -> None:
    """A key that is not known where the key stands, a value that is none where the value does, what is missing where
    it should be, and the whole at its beginning."""
    assert refusal(tmp_path, p__yaml=text).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"version": 1,\n "nam": "x"}', "p.json:2:2: 'nam' is not a key of a policy. Did you mean 'name'?"),
        ('{"version": 1, "version": 1}', "p.json:1:16: version: a key that was there before is not possible"),
        ('{"version": 1,\n "decode": {"top_p": NaN}}', "p.json:2:22: decode.top_p: NaN is not a finite number."),
        ('{"version": 1,}', "p.json:1:15: text with a mistake in it (a key in double quotes is missing) is not JSON."),
        ('{"version": 1} {}', "p.json:1:16: text with a mistake in it (something behind the value) is not JSON."),
        ("{'version': 1}", "p.json:1:2: text with a mistake in it (a key in double quotes is missing) is not JSON."),
        ('{"a":' * 200, "p.json:1:501: " + "a." * 99 + "a: so much is not at most 100 deep"),
        ("", "p.json:1:1: text with a mistake in it (Expecting value) is not JSON."),
    ],
)
def test_a_mistake_in_json_has_a_place(tmp_path: Path, text: str, message: str) -> None:
    """A file that says it is JSON is read as JSON."""
    assert refusal(tmp_path, p__json=text).startswith(message)


def test_anchors_that_explode_are_refused_where_it_is_too_much(tmp_path: Path) -> None:
    """What an anchor stands for is counted each time, before it is written out."""
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    laughs += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 50))
    assert refusal(tmp_path, p__yaml=laughs).startswith(
        "p.yaml:6:15: a5[1]: so much is not at most 100 deep, of at most"
    )
    deep = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 200))
    assert ": so much is not at most 100 deep" in refusal(tmp_path, p__yaml=deep)


def test_an_anchor_is_what_it_stands_for(tmp_path: Path) -> None:
    """A mistake in it is told where it is written."""
    guards = "guards:\n  - {use: pii, actions: &those {A: block}}\n  - {use: secrets, actions: *those}\n"
    assert (
        read(tmp_path, p__yaml=HEAD + guards).guards[1].actions
        == read(tmp_path, p__yaml=HEAD + guards).guards[0].actions
    )
    assert refusal(tmp_path, p__yaml=HEAD + guards.replace("block", "blok")).startswith(
        "p.yaml:4:36: guards[0].actions.A: "
    )


def test_what_is_no_file_of_text_is_refused(tmp_path: Path) -> None:
    """A folder, a pipe, nothing, bytes, a file that is too long: named, and not read on."""
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"version: 1\nname: caf\xe9\n")
    (tmp_path / "long.yaml").write_text("a" * 10_000_000)
    for name, message in [
        (
            "folder.yaml",
            "folder.yaml:1:1: 'folder.yaml', which cannot be read (Is a directory), is not a file of",
        ),
        ("pipe.yaml", "pipe.yaml:1:1: 'pipe.yaml', which cannot be read (no regular file), is not"),
        ("none.yaml", "none.yaml:1:1: 'none.yaml', which cannot be read (No such file or directory), is not"),
        ("a\0b.yaml", "a\0b.yaml:1:1: 'a\0b.yaml', which cannot be read (no name of a file), is not"),
        ("bytes.yaml", "bytes.yaml:2:10: the byte 0xe9 is not text in UTF-8. Save the file as UTF-8."),
        ("long.yaml", "long.yaml:1:1: 'long.yaml', of more than 1,000,000 bytes is not a file of YAML or JSON."),
    ]:
        with pytest.raises(PolicyError) as caught:
            Policy.read(tmp_path / name)
        assert str(caught.value).replace(f"{tmp_path}/", "").startswith(message)


@pytest.mark.skipif(os.geteuid() == 0, reason="to root every file can be read")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    """With what the system says about it."""
    written(tmp_path, p__yaml=HEAD).chmod(0)
    with pytest.raises(PolicyError, match="Permission denied"):
        Policy.read(tmp_path / "p.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"{GUARDS}  - use: pii\n  - {{use: secrts}}\n",
            "p.yaml:5:11: guards[1].use: 'secrts' is not a guard that there is.",
        ),
        (
            f"{GUARDS}  - use: pii\n    entites: [X]\n",
            "p.yaml:5:5: guards[0]: 'entites' is not an option of this guard.",
        ),
        (
            f"{GUARDS}  - {{use: pii, action: hash}}\n",
            "p.yaml:4:5: guards[0].hash: a hash without a key is not possible",
        ),
        (f"{GUARDS}  - {{use: length}}\nrelease: window\n", "p.yaml:"),
        (
            f"{HEAD}forbid:\n  - US_SSN\n  - regex: 'a('\n",
            "p.yaml:5:12: forbid[1].regex: a group without an end (character 2)",
        ),
        (
            f"{HEAD}constraint:\n  json_schema:\n    properties: {{a: {{type: strin}}}}\n",
            "p.yaml:5:28: constraint.json_schema",
        ),
        (f"{HEAD}decode: {{temperature: 0, do_sample: true}}\n", "p.yaml:3:23: decode.temperature: "),
        (f"{GUARDS}  - use: pii\nnotice: write to maria@example.com\n", "p.yaml:5:9: notice: "),
    ],
)
def test_what_means_nothing_has_a_place_too(tmp_path: Path, text: str, message: str) -> None:
    """What is found out where guards are built is told at the key as well; told twice it is told the same."""
    policy = read(tmp_path, p__yaml=text)
    with pytest.raises(PolicyError) as caught:
        Checker(policy)
    assert str(caught.value).replace(f"{tmp_path}/", "").startswith(message)
    assert str(policy.located(caught.value)) == str(caught.value)


def test_data_keeps_its_keys() -> None:
    """A policy that came from no file has no lines; its errors name keys."""
    with pytest.raises(PolicyError, match=r"^policy.guards\[0\].use: 'secrts' is not"):
        Checker({"version": 1, "guards": [{"use": "secrts"}]})


def test_data_without_an_end_is_refused() -> None:
    """Data that holds itself, or goes deeper than anybody writes."""
    inner: dict[str, object] = {}
    inner["again"] = inner
    with pytest.raises(PolicyError, match="data without an end"):
        Policy.from_dict({"version": 1, "decode": inner})
    with pytest.raises(PolicyError, match="a number of 16610 bits"):
        Policy.from_dict({"version": 1, "decode": {"temperature": 10**5000}})
