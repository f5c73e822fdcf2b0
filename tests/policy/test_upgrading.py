"""Policy files of older versions: what a step changes, and that nothing else is."""

import json
from collections.abc import Iterable

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.errors import PolicyError
from llmpost.policy.files.library import read_tree
from llmpost.policy.files.place import Place
from llmpost.policy.files.resolved import VERSION
from llmpost.policy.upgrading import STEPS, Edit, Written, upgraded


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: x\n", "version: 1\nname: x\n"),
        ("# mine\n\n# two\nname: x # c\n", "# mine\n\n# two\nversion: 1\nname: x # c\n"),
        ("# mine\r\nname: x\r\n", "# mine\r\nversion: 1\r\nname: x\r\n"),
        ("---\n  name: x\n  notice: y\n", "---\n  version: 1\n  name: x\n  notice: y\n"),
        ("{name: x}", "{version: 1, name: x}"),
        ("{ # c\n  name: x}", "{ # c\n  version: 1, name: x}"),
        ("{}", "{version: 1}"),
        ("version: 0  # old\nname: x\n", "version: 1  # old\nname: x\n"),
        ("name: x\nversion:\n", "name: x\nversion: 1\n"),
        ("name: x\nversion: null\n", "name: x\nversion: 1\n"),
        ("{version: 0, name: x}", "{version: 1, name: x}"),
        ("version: 1\nname: x\n", "version: 1\nname: x\n"),
    ],
)
def test_the_first_step(before: str, after: str) -> None:
    """A file without a version is given one, behind the comments that it begins with."""
    assert upgraded(before, "p.yaml").text == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"name": "x"}', '{"version": 1, "name": "x"}'),
        ('{\n  "name": "x"\n}\n', '{\n  "version": 1,\n  "name": "x"\n}\n'),
        ("{}", '{"version": 1}'),
        ('{"version": 0}', '{"version": 1}'),
    ],
)
def test_the_first_step_of_json(before: str, after: str) -> None:
    """The same, and it stays JSON."""
    assert upgraded(before, "p.json").text == after
    assert json.loads(after)["version"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: 7\n", "p.yaml:1:10: version: 7 is not 1, the newest that llmpost"),
        ("version: '1'\n", "p.yaml:1:10: version: '1' is not 1."),
        ("version: true\n", "p.yaml:1:10: version: True is not 1."),
        ("version: -1\n", "p.yaml:1:10: version: -1 is not 1."),
        ("- a\n", "p.yaml:1:1: a list is not a mapping."),
        ("", "p.yaml:1:1: nothing is not a mapping."),
        ("? name\n: x\n", "p.yaml:1:1: a policy written like this is not one that can be edited."),
        ("name: [", "p.yaml:"),
    ],
)
def test_what_cannot_be_upgraded(text: str, message: str) -> None:
    """What is newer, or no policy, is refused with its place."""
    with pytest.raises(PolicyError) as caught:
        upgraded(text, "p.yaml")
    assert str(caught.value).startswith(message)


def test_the_steps_lead_to_the_version_that_is_read() -> None:
    """From the first to the newest, one for each."""
    assert list(STEPS) == list(range(VERSION))


def renamed(written: Written) -> Iterable[Edit]:
    """A made-up step: `notice` is called `farewell`."""
    node = written.tree.members.get("notice")
    if node is not None and node.key_place is not None:
        start = written.offset(node.key_place)
        yield Edit(start, start + len("notice"), "farewell")


def doubled(written: Written) -> Iterable[Edit]:
    """A made-up step: seeds are twice what they were."""
    for node in written.tree.find("seeds").items:
        start = written.offset(node.place)
        yield Edit(start, start + len(str(node.content)), str(2 * node.content))


CHAIN = {0: STEPS[0], 1: renamed, 2: doubled}
COMMENTS = st.text("abc é☃'\"{}[]:,-", max_size=8).map(lambda text: f"# {text}")
LINES = [
    "name: x", "notice: 'bye'  ", "seeds: [1, 20,   300] # mine", "forbid:\n  - \"US_SSN\"", "", "decode: {top_k: 5}",
    "z: |\n  a\n   b",
]  # fmt: skip


@given(
    st.permutations(LINES),
    st.lists(COMMENTS, min_size=9, max_size=9),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(0, 2),
)
@settings(max_examples=150)
def test_nothing_else_is_touched(lines: list[str], comments: list[str], line_end: str, version: int) -> None:
    """Through a chain of steps from any version, each line that no step is about is the same, byte for byte, and what
    is read is what the steps say."""
    rows = [row for comment, line in zip(comments, lines, strict=False) for row in (comment, *line.split("\n"))]
    rows = [*rows[:3], *([f"version: {version}"] if version else []), *rows[3:]] if _splits(rows) else rows
    text = line_end.join(rows) + line_end
    before = read_tree(text, Place("", "p.yaml")).plain
    made = upgraded(text, "p.yaml", CHAIN)
    after = read_tree(made.text, Place("", "p.yaml")).plain
    expected = {**before, "version": 3, "seeds": [2, 40, 600]}
    if before.get("version", 0) < 2:
        expected["farewell"] = expected.pop("notice")
    assert (made.before, made.after, after) == (before.get("version", 0), 3, expected)
    old, new = text.split(line_end), made.text.split(line_end)
    new.remove("version: 3")
    old = [line for line in old if not line.startswith("version:")]
    assert [a for a, b in zip(old, new, strict=True) if a != b and not a.startswith(("notice", "seeds"))] == []


def _splits(rows: list[str]) -> bool:
    """Whether a line may come in between the first three and the rest."""
    return not rows[3].startswith(" ")


def test_an_older_reader_of_yaml_agrees() -> None:
    """The text is YAML to others, too."""
    made = upgraded("# a\nname: x\nforbid: [US_SSN]\n", "p.yaml").text
    assert yaml.safe_load(made) == {"version": 1, "name": "x", "forbid": ["US_SSN"]}
