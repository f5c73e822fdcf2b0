"""The rubrics that ship can be asked, each has cases, and the bundled model gets those right that are meant for it."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from saying_model import Saying, always, judged_part

from llmpost.engine import Checker
from llmpost.engine.surroundings import Surroundings
from llmpost.errors import PolicyError
from llmpost.guards.judge.rubric import read_rubric
from llmpost.guards.known_options import KNOWN_OPTIONS
from llmpost.policy import Policy
from llmpost.policy.files.place import Place
from llmpost.policy.files.shipped import rubric_names, shipped_folder
from llmpost.policy.files.yaml_text import read_yaml

FOLDER = shipped_folder() / "rubrics"


def cases_of(name: str) -> tuple[str | None, list[dict[str, Any]]]:
    given = read_yaml((FOLDER / "tests" / f"{name}.yaml").read_text("utf-8"), Place()).plain
    return given.get("model"), given["cases"]


CASES = [(name, case) for name in rubric_names() for case in cases_of(name)[1]]
BUNDLED = [(name, case) for name, case in CASES if cases_of(name)[0] == "tiny"]


def checker(name: str, case: dict[str, Any], model: str, **models: Any) -> Checker:
    entry = {"use": "judge", "model": model, "rubric": name, "values": case.get("values", {})}
    return Checker({"version": 1, "guards": [entry]}, Surroundings(models=models))


def found(name: str, case: dict[str, Any], model: str, **models: Any) -> str:
    result = checker(name, case, model, **models).check(case["text"], prompt=case.get("prompt"))
    assert all(outcome.status in ("passed", "blocked") for outcome in result.verdict.outcomes)
    return next((finding.label for finding in result.verdict.findings), "fine")


def test_every_rubric_has_cases_for_each_outcome() -> None:
    """Nothing is shipped untried: some text is fine, and some text has each of its labels."""
    assert {"polite", "no-legal-advice", "no-medical-advice", "on-topic", "refusal", "groundedness"} <= set(
        rubric_names()
    )
    assert sorted(path.stem for path in (FOLDER / "tests").glob("*.yaml")) == list(rubric_names())
    for name in rubric_names():
        labels = {case["expect"] for of, case in CASES if of == name}
        rubric = read_yaml((FOLDER / f"{name}.yaml").read_text("utf-8"), Place()).plain
        assert rubric["name"] == name
        assert labels == set(rubric["verdicts"].values())


@pytest.mark.parametrize(("name", "case"), BUNDLED, ids=lambda value: value if isinstance(value, str) else value["id"])
def test_the_bundled_model_is_right_where_it_is_meant(name: str, case: dict[str, Any]) -> None:
    """Each case of its rubrics."""
    assert found(name, case, "tiny") == case["expect"]


@pytest.mark.parametrize(("name", "case"), CASES, ids=lambda value: value if isinstance(value, str) else value["id"])
def test_each_verdict_is_what_the_rubric_makes_of_it(name: str, case: dict[str, Any]) -> None:
    """A model that says what is expected is understood, by every rubric, and is shown the case's text."""
    verdicts = read_yaml((FOLDER / f"{name}.yaml").read_text("utf-8"), Place()).plain["verdicts"]
    model = always(next(said for said, meant in verdicts.items() if meant == case["expect"]))
    assert found(name, case, "saying", saying=model) == case["expect"]
    assert judged_part(model.asked[0]).replace("< ", "<") == case["text"]
    assert ("prompt" in case) == (case.get("prompt", "no prompt") in model.asked[0].messages[-1].content)


def test_a_rubric_is_looked_up_beside_its_policy_first(tmp_path: Path) -> None:
    """By name in the folder `rubrics` there, by path beside it, then in the package; the digest has it."""
    own = 'version: 1\nname: own\nrule: no toads\nverdicts: {"yes": fine, "no": TOAD}\n'
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "polite.yaml").write_text(own)
    (tmp_path / "mine.yaml").write_text(own.replace("TOAD", "FROG"))
    digests = set()
    for rubric, label in (("polite", "TOAD"), ("mine.yaml", "FROG"), ("rubrics/refusal.yaml", "REFUSAL")):
        file = tmp_path / "policy.yaml"
        file.write_text(f"version: 1\nguards: [{{use: judge, model: saying, rubric: {rubric}}}]\n")
        policy = Policy.read(file)
        result = Checker(policy, Surroundings(models={"saying": always("no")})).check("a")
        assert [finding.label for finding in result.verdict.findings] == [label]
        assert len(policy.sources) == 2
        digests.add(policy.digest)
    assert len(digests) == 3


def test_what_is_wrong_in_a_rubric_is_told_where_it_stands(tmp_path: Path) -> None:
    """In the rubric's own file, by line and column; a name that is none, in the policy's."""
    (tmp_path / "mine.yaml").write_text('version: 1\nrule: no toads\nverdicts: {"yes": fine}\n')
    file = tmp_path / "policy.yaml"
    for rubric, told in (
        ("mine.yaml", "mine.yaml:3:11: "),
        ("polit", "policy.yaml:2:41: "),
        ("no.yaml", "policy.yaml:2:41: "),
    ):
        file.write_text(f"version: 1\nguards: [{{use: judge, model: m, rubric: {rubric}}}]\n")
        with pytest.raises(PolicyError) as caught:
            Checker(Policy.read(file))
        assert told in str(caught.value)


def test_a_judge_that_is_late_or_broken_ends_as_its_rule_says() -> None:
    """And its outcome says so, without a word of the text."""

    release = threading.Event()

    def hangs(question: Any) -> str:
        release.wait(30)
        return "yes"

    for say, keys, why in (
        (hangs, {"timeout_ms": 30, "on_timeout": "skip"}, "no answer in its time"),
        (lambda question: "perhaps", {"on_failure": "skip"}, "raised ModelError"),
        (lambda question: "x" * 10_000_000, {"on_failure": "skip"}, "raised ModelError"),
    ):
        entry = {"use": "judge", "model": "m", "rubric": "polite", **keys}
        for stop, text in ((False, "a toad"), (True, "")):
            entry = entry if not stop else {**entry, **{key: "block" for key in keys if key.startswith("on_")}}
            given = Checker({"version": 1, "guards": [entry]}, Surroundings(models={"m": Saying(say)}))
            result = given.check("a toad")
            assert result.text == text
            assert [(each.status, each.why) for each in result.verdict.outcomes] == [
                ("failed" if stop else "skipped", why)
            ]
    release.set()


GUIDE = Path(__file__).parents[2] / "docs" / "judges.md"


def test_the_guide_to_judges_is_so(capsys: pytest.CaptureFixture[str]) -> None:
    """docs/judges.md: its program prints what it says, its policies and rubric are read, and all options are there."""
    guide = GUIDE.read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    exec(program, {})
    assert capsys.readouterr().out.splitlines() == re.findall(r"^print\(.*\)  # (.*)$", program, re.MULTILINE)
    policy, rubric, rewriting = (
        read_yaml(each, Place()).plain for each in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    )
    for given in (policy, {"version": 1, **rewriting}):
        assert Checker(given).guarding(Policy.from_dict(given)).release == "at_end"
    assert read_rubric(rubric, "rubric").labels == ("PROMISE",)
    assert set(re.findall(r"^\| `([a-z-]+)`.*\| (?:was|is) ", guide, re.MULTILINE)) == set(rubric_names())
    options = re.findall(r"^\| `(\w+)[`:]", guide.partition("## Rubrics")[0], re.MULTILINE)
    assert {*options, "models", "rubric"} == set(KNOWN_OPTIONS["judge"])
