"""All that is wrong with a policy file is told, each at its place, and nothing that is not."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.engine import Checker
from llmpost.engine.problems import MOST_PROBLEMS, problems_of
from llmpost.errors import PolicyError
from llmpost.policy import Policy

LINES = [
    ("decode: {temperature: 0.5}", "decode: {temprature: 0.5}", 10),
    ("notice: '[cut]'", "notice: [cut]", 9),
    ("release: at_end", "release: at_last", 10),
    ("forbid: [US_SSN]", "forbid: [US_SSSN]", 10),
    ("budget: {total_ms: 500}", "budget: {total_ms: -5}", 20),
    ("trace: {store: digest}", "trace: {store: digests}", 16),
    ("constraint: {regex: a+}", "constraint: {regex: '('}", 21),
]
"""Of each key a line that is right and one that is wrong, and the column that the error is told at."""
GUARDS = [
    ("  - {use: pii, action: redact}", "  - {use: pii, action: redakt}", 24),
    ("  - {use: secrets, guess: false}", "  - {use: secrets, guess: 5}", 27),
    ("  - {use: length, most: {words: 9}}", "  - {use: lenght, most: {words: 9}}", 11),
    ("  - {use: urls, on: output}", "  - {use: urls, onn: output}", 17),
]


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, "utf-8")
    return path


def check(policy: Policy) -> None:
    Checker(policy)


def told(path: Path) -> list[str]:
    return [str(error) for error in problems_of(path, check)]


@given(
    st.lists(st.booleans(), min_size=len(LINES), max_size=len(LINES)), st.lists(st.booleans(), min_size=4, max_size=4)
)
@settings(max_examples=6, deadline=None)
def test_every_mistake_is_told_where_it_is(
    tmp_path_factory: pytest.TempPathFactory, keys: list[bool], guards: list[bool]
) -> None:
    """Whichever lines are wrong: as many errors, each at its line and column."""
    lines, expected = ["version: 1"], []
    for rows, wrong in ((LINES, keys), (GUARDS, guards)):
        if rows is GUARDS:
            lines.append("guards:")
        for (right, mistaken, column), is_wrong in zip(rows, wrong, strict=True):
            lines.append(mistaken if is_wrong else right)
            expected += [f"{len(lines)}:{column}"] if is_wrong else []
    path = written(tmp_path_factory.mktemp("policies"), "\n".join(lines))
    found = sorted(error.removeprefix(f"{path}:").split(": ")[0] for error in told(path))
    assert found == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: 1\nname: fine\n", []),
        ("", ["1:1: nothing is not a mapping."]),
        ("- 1\n", ["1:1: a list is not a mapping."]),
        ("name: [\n", ["2:1: text with a mistake in it"]),
        ("nme: x\nrelease: soon\n", ["version: a policy without one", "1:1: 'nme'", "2:10: release: 'soon'"]),
        ("version: '1'\nnme: x\n", ["1:10: version: '1' is not 1.", "2:1: 'nme'"]),
        ("version: 2\nnme: x\n", ["1:10: version: 2 is not 1, the newest"]),
        ("version: 1\nguards: [{use: 5, action: x}, {use: pii, action: y}]\n", ["[0].use: 5", "[1].action: 'y'"]),
        ("version: 1\nguards: [{use: pii, action: x, on: y}]\n", ["action: 'x'", "on: 'y'"]),
        ("version: 1\nbudget: {total_ms: x}\n", ["2:20: budget.total_ms: 'x'"]),
        ("version: 1\nguards: [{use: pii, name: a, on: x}, {use: secrets, on_failure: {use: a}}]\n", ["on: 'x'"]),
        ("version: 1\nguards: [{use: 5, name: a}, {use: secrets, on_failure: {use: a}}]\n", ["guards[0].use: 5"]),
        ("version: 1\nextends: nobody\nnme: x\n", ["2:10: extends: 'nobody'", "3:1: 'nme'"]),
        ("version: 1\nconstraint: {json_schema: no.json}\nnme: x\n", ["2:27: constraint.json_schema: ", "3:1: 'nme'"]),
    ],
)  # fmt: skip
def test_what_is_told_of_a_file(text: str, expected: list[str], tmp_path: Path) -> None:
    """Past each error the next is seen, and what one left behind is no error of its own."""
    found = told(written(tmp_path, text))
    assert len(found) == len(expected)
    for error, part in zip(found, expected, strict=True):
        assert part in error


def test_a_file_with_no_end_of_mistakes_is_left(tmp_path: Path) -> None:
    """So many are told, and no more."""
    text = "version: 1\n" + "".join(f"key{number}: 1\n" for number in range(1000))
    assert len(told(written(tmp_path, text))) == MOST_PROBLEMS


@given(st.text(max_size=40), st.integers(0, 200), st.binary(max_size=6))
@settings(max_examples=60, deadline=None)
def test_nothing_but_errors_comes_of_any_file(
    tmp_path_factory: pytest.TempPathFactory, more: str, at: int, noise: bytes
) -> None:
    """Whatever the bytes are."""
    text = "\n".join(["version: 1", *(right for right, _, _ in LINES), "guards:", *(right for right, _, _ in GUARDS)])
    data = text[:at].encode() + noise + more.encode("utf-8", "surrogatepass") + text[at:].encode()
    path = tmp_path_factory.mktemp("policies") / "policy.yaml"
    path.write_bytes(data)
    assert all(isinstance(error, PolicyError) for error in problems_of(path, check))
