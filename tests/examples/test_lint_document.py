"""docs/lint.md: of each policy in it lint says what stands there; and the guides beside it print what they say."""

import re
from pathlib import Path

import pytest
import yaml

from llmpost.engine.linting import lint
from llmpost.engine.linting.asking import QUESTIONS
from llmpost.policy import Policy

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE = (DOCS / "lint.md").read_text("utf-8")
PAIRS = re.findall(r"```yaml\n(.*?)```\n\n```text\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize(("written", "said"), PAIRS, ids=range(len(PAIRS)))
def test_lint_says_what_the_guide_says(written: str, said: str) -> None:
    """The block behind a policy is all that lint says of it, in this order."""
    policy = Policy.from_dict({"version": 1, **yaml.safe_load(written)})
    remarks = [f"{remark.severity}: {remark.where}: {remark.message}" for remark in lint(policy)]
    assert remarks == said.splitlines()


def test_every_question_has_an_example() -> None:
    """There is a policy in the guide for each question, and no policy without what is said of it."""
    assert len(PAIRS) == len(re.findall("```yaml", GUIDE))
    assert len(PAIRS) >= len(QUESTIONS)


@pytest.mark.parametrize("guide", ["lint", "policy-constraint"])
def test_policy_guides_print_what_they_say(guide: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The blocks of a guide, one after the other, as one program; what stands behind a print is what it prints."""
    program = "".join(re.findall(r"```python\n(.*?)```", (DOCS / f"{guide}.md").read_text("utf-8"), re.DOTALL))
    exec(program, {})
    assert capsys.readouterr().out.splitlines() == re.findall(r"^ *print\(.*\)  # (.*)$", program, re.MULTILINE)
