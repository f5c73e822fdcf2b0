"""What ships in policies/: each loads, is fine, and does on its cases what is written there."""

import io
import re
from functools import cache
from pathlib import Path

import pytest

from llmpost.cli.console import Console
from llmpost.cli.main import main
from llmpost.cli.policy.case_files import cases_beside, read_case_file
from llmpost.contracts.action import CHANGES_SPAN, ENDS_TEXT
from llmpost.engine import Checker
from llmpost.engine.cases import Case, read_cases, run_case, untimed
from llmpost.engine.cases.demands import DEMANDS, misses
from llmpost.guards.catalogue import CATALOGUE
from llmpost.policy import Policy
from llmpost.policy.files.place import Place
from llmpost.policy.files.shipped import shipped_names
from llmpost.policy.files.yaml_text import read_yaml

ROOT = Path(__file__).parents[2]
FOR_A_PURPOSE = tuple(name for name in shipped_names() if name != "bare")
LEAST_CASES = 15
EXTRAS = {"presidio", "ner", "detect-secrets"}


@cache
def checker(name: str) -> Checker:
    return Checker.load(untimed(Policy.named(name)))


@cache
def cases(name: str) -> tuple[Case, ...]:
    return read_case_file(cases_beside(Policy.named(name)))


def no_clock() -> float:
    return 0.0


@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name}-{case.id}") for name in shipped_names() for case in cases(name)],
)
def test_case(name: str, case: Case) -> None:
    """The policy makes of the text what its case says, whole and in every cut."""
    outcome = run_case(checker(name), case, no_clock)
    assert outcome.error is None
    assert outcome.misses == ()


@pytest.mark.parametrize("name", FOR_A_PURPOSE)
def test_cases_cover_what_is_caught_and_what_is_not(name: str) -> None:
    """There are enough of them; some are caught, some are near misses that nothing comes of, some come in pieces."""
    own = cases(name)
    assert len(own) >= LEAST_CASES
    assert any(case.expect.get("action", "allow") != "allow" or case.expect.get("blocked") for case in own)
    assert any(case.expect.get("action") == "allow" for case in own)
    assert any(len(case.chunks) > 1 for case in own)


@pytest.mark.slow
@pytest.mark.parametrize("name", FOR_A_PURPOSE)
def test_no_guard_is_missing_unnoticed(name: str) -> None:
    """Whichever guard of the policy is taken out, on whichever side, some case comes out another way."""
    canonical = Policy.named(name).canonical
    for place, entry in enumerate(canonical["guards"]):
        sides = {entry.get("on", "output")} if isinstance(entry.get("on", "output"), str) else set(entry["on"])
        for side in sorted(sides):
            left = [{**entry, "on": other} for other in sorted(sides - {side})]
            guards = [*canonical["guards"][:place], *left, *canonical["guards"][place + 1 :]]
            less = Checker({**canonical, "guards": guards, "budget": None})
            assert any(list(misses(case.expect, less.check(case.text, **case.said))) for case in cases(name)), (
                f"{entry} on {side}"
            )


@pytest.mark.parametrize("name", shipped_names())
def test_policy_is_fine(name: str) -> None:
    """``llmpost policy lint --strict`` has nothing to say of it, by its name and as a file."""
    for word in (name, str(ROOT / "policies" / f"{name}.yaml")):
        out, err = io.StringIO(), io.StringIO()
        assert main(["policy", "lint", "--strict", word], Console(io.BytesIO(), out, err)) == 0
        assert (out.getvalue(), err.getvalue()) == ("", "")


@pytest.mark.parametrize("name", shipped_names())
def test_policy_needs_nothing_else(name: str) -> None:
    """It bears the name of its file, is whole in it, and uses guards that every installation has."""
    policy = Policy.named(name)
    assert policy.name == name
    assert [source.path.name for source in policy.sources] == [f"{name}.yaml"]
    assert {entry.use for entry in policy.guards} <= set(CATALOGUE) - EXTRAS


@pytest.mark.parametrize("name", FOR_A_PURPOSE)
def test_every_key_is_explained(name: str) -> None:
    """Each key of the policy, and each guard, has a comment on its line or above it."""
    lines = [line for line in (ROOT / "policies" / f"{name}.yaml").read_text("utf-8").splitlines() if line.strip()]
    for before, line in zip(["", *lines], lines, strict=False):
        is_entry = line[0].isalpha() or line.startswith("  - ")
        if is_entry and not line.startswith(("version:", "name:", "decode:", "guards:")):
            assert "#" in line or before.lstrip().startswith("#"), line


def test_the_guide_to_policies_has_a_row_for_each() -> None:
    """docs/policies.md tells of each policy under its name how it is released; of Safe Harbor's identifiers, all."""
    guide = (ROOT / "docs" / "policies.md").read_text("utf-8")
    rows = {cells[1].strip(" `"): cells for line in guide.splitlines() if len(cells := line.split("|")) > 6}
    assert set(shipped_names()) <= set(rows)
    for name in shipped_names():
        release = checker(name).guarding(Policy.named(name)).release
        assert rows[name][5].strip() == {"window": "window", "at_end": "at its end"}[release]
    assert re.findall(r"^\| ([A-R]) \|", guide, re.MULTILINE) == list("ABCDEFGHIJKLMNOPQR")


def test_the_guide_to_cases_is_so() -> None:
    """docs/policy-tests.md: its example passes under `default`, and its table of what may be expected is the code's."""
    guide = (ROOT / "docs" / "policy-tests.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    for case in read_cases(read_yaml(example, Place()).plain):
        assert run_case(checker("default"), case, no_clock).misses == ()
    rows = [f"| `{name}` | {demand.allowed} |" for name, demand in DEMANDS.items()]
    assert "\n".join(rows) in guide


def test_log_only_can_change_nothing() -> None:
    """No entry of it names an action that would change, end or withhold a text, whatever happens to the guard."""
    for entry in Policy.named("log-only").guards:
        assert entry.action is not None
        assert entry.action.kind == "log"
        assert not {action.kind for action in entry.actions.values()} & (CHANGES_SPAN | ENDS_TEXT)
        assert (entry.on_failure.kind, entry.timeout_ms) == ("skip", None)
    assert Policy.named("log-only").budget.on_timeout.kind == "skip"
