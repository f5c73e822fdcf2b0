"""``llmpost policy lint``: remarks at their places, what fails and what does not, and what programs read."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from program import Outcome

Run = Callable[..., Outcome]

POLICY = r"""version: 1
name: support   # what the shop runs
decode:
  stop: ["###", "\n\n"]
  max_new_tokens: 2
constraint:
  json_schema:
    type: object
    properties:
      kind: {enum: [a, ACME-1]}
    required: [kind]
    additionalProperties: false
forbid:
  - {regex: 'ACME-\d+'}
guards:
  - {use: pii}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "support.yaml"
    path.write_text(POLICY)
    return path


def test_errors_fail_and_stand_at_their_places(policy: Path, run_here: Run) -> None:
    """Each remark is a line on standard error with its file, line and column, in the order of the file."""
    done = run_here("policy", "lint", policy)
    assert (done.code, done.out) == (2, "")
    places = [line.partition(" is not ")[0] for line in done.err.splitlines()]
    assert places == [
        f"{policy}:4:10: decode.stop[0]: '###'",
        f"{policy}:4:17: warning: decode.stop[1]: '\\n\\n', at which some texts are cut in the middle,",
        f"{policy}:10:24: warning: constraint.json_schema.properties.kind.enum[1]: 'ACME-1', which has something "
        "forbidden in it,",
    ]


def test_warnings_fail_where_that_is_asked_for(policy: Path, run_here: Run) -> None:
    """A policy with warnings alone is fine, and not under --strict; notes are told with --verbose and never fail."""
    policy.write_text(POLICY.replace('"###", ', "") + "release: at_end\n")
    assert run_here("policy", "lint", policy).code == 0
    assert run_here("policy", "lint", policy, "--strict").code == 2
    policy.write_text("version: 1\nguards: [{use: pii}]\nrelease: at_end\n")
    quiet, told = run_here("policy", "lint", policy, "--strict"), run_here("policy", "lint", policy, "--verbose")
    assert (quiet.code, quiet.err, told.code, told.out) == (0, "", 0, f"{policy}: fine\n")
    assert told.err.startswith(f"{policy}:3:10: note: release: ")


def test_programs_read_json(policy: Path, run_here: Run) -> None:
    """One object a policy, with severity, place, key and example of each remark."""
    (line,) = run_here("policy", "lint", policy, "--json").out.splitlines()
    problems = json.loads(line)["problems"]
    assert [(one["severity"], one["line"], one["keys"]) for one in problems] == [
        ("error", 4, "decode.stop[0]"),
        ("warning", 4, "decode.stop[1]"),
        ("warning", 10, "constraint.json_schema.properties.kind.enum[1]"),
    ]
    assert json.loads(problems[0]["example"]) == {"kind": "a"}


def test_lengths_are_those_of_a_model(policy: Path, run_here: Run) -> None:
    """With --model too few tokens are an error, with the number that it takes."""
    done = run_here("policy", "lint", policy, "--model", "tiny")
    assert f"{policy}:5:19: decode.max_new_tokens: 2 is not enough to complete the shortest text" in done.err
