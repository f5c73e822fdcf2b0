"""Policies are read again while an engine runs: another one takes the place of the present one whole, or not at all."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from speaking_engine import speaking

from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.contracts.result import Finished, TextDelta
from llmpost.engine import Checker, Engine
from llmpost.engine.reloading.history import PolicyChange
from llmpost.engine.reloading.policy_watch import PolicyWatch
from llmpost.engine.surroundings import Surroundings
from llmpost.errors import PolicyError, RequestError

TEXT = "a fox ran"


def says(word: str, name: str = "said", more: str = "") -> str:
    """A policy that puts this word in the place of a fox."""
    return f"version: 1\nname: {name}\nguards: [{{use: phrases, phrases: [fox], action: {{replace: {word}}}}}]\n{more}"


def written(path: Path, text: str) -> Path:
    """In one step, as an editor does it."""
    beside = path.with_suffix(".new")
    beside.write_text(text, "utf-8")
    return beside.replace(path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "p.yaml", says("dog"))


def outcomes(changes: Sequence[PolicyChange]) -> list[tuple[str, str, str]]:
    return [(change.called, change.name, change.outcome) for change in changes]


def test_a_changed_file_takes_the_place_of_the_present_policy(file: Path) -> None:
    """From the next call on; by its digest it is told in the history."""
    checker = Checker(file)
    before = checker.policy
    assert checker.check(TEXT).text == "a dog ran"
    written(file, says("cat", "other"))
    assert checker.check(TEXT).text == "a dog ran"
    (change,) = checker.reload()
    assert checker.check(TEXT).text == "a cat ran"
    assert (change.name, change.digest, change.outcome) == ("other", checker.policy.digest, "taken")
    assert checker.policy_history[-1] is change
    assert [one.digest for one in checker.policy_history] == [before.digest, checker.policy.digest]


def test_what_says_the_same_changes_nothing(file: Path) -> None:
    """A remark, another order of keys, a parent that says what the child said: nothing for the history."""
    checker = Checker(file)
    present = checker.guarding(checker.policy)
    written(file.with_name("q.yaml"), says("dog"))
    for same in (f"# why\n{says('dog')}", "name: said\nextends: q.yaml\nversion: 1\n"):
        written(file, same)
        assert checker.reload() == ()
        assert checker.guarding(checker.policy) is present
    assert outcomes(checker.policy_history) == [("", "said", "taken")]
    assert [path.name for path in checker.policy_files] == ["p.yaml", "q.yaml"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: 1\n\tname: x\n", "p.yaml:2:1: a tab in the indentation"),
        ("version: 2\n", "p.yaml:1:10: version: 2 is not 1, the newest"),
        (says("dog", more="release: sometime\n"), "p.yaml:4:10: release: 'sometime' is not"),
        (says("fox"), "p.yaml:3:10: guards[0].replace: 'fox' is not a text that no guard of the policy finds in turn."),
        (says("dog", more="extends: gone.yaml\n"), "p.yaml:4:10: extends: "),
    ],
)
def test_a_broken_file_never_takes_the_place_of_a_policy(file: Path, text: str, message: str) -> None:
    """Whoever asked hears of it, and so does the history, once; the present policy goes on."""
    checker = Checker(file)
    written(file, text)
    for _ in range(3):
        with pytest.raises(PolicyError) as caught:
            checker.reload()
        assert str(caught.value).replace(f"{file.parent}/", "").startswith(message)
    assert checker.check(TEXT).text == "a dog ran"
    assert outcomes(checker.policy_history) == [("", "said", "taken"), ("", "said", "refused")]
    assert checker.policy_history[-1].error == str(caught.value)
    assert checker.policy_history[-1].digest == checker.policy.digest
    written(file, says("cat"))
    assert outcomes(checker.reload()) == [("", "said", "taken")]


def test_all_files_of_a_policy_are_read_anew(tmp_path: Path) -> None:
    """Parents, schemas and lists; and where one of several policies is broken, none is taken."""
    (tmp_path / "words.txt").write_text("fox\n")
    written(tmp_path / "base.yaml", "version: 1\nguards: [{use: phrases, file: words.txt, action: redact}]\n")
    file = written(tmp_path / "p.yaml", "version: 1\nextends: base.yaml\n")
    named = {"strict": str(written(tmp_path / "strict.yaml", says("wolf"))), "fixed": "default"}
    checker = Checker(file, Surroundings(policies=named))
    (tmp_path / "words.txt").write_text("ran\n")
    assert outcomes(checker.reload()) == [("", "unnamed", "taken")]
    assert checker.check(TEXT).text == "a fox [PHRASE]"
    written(tmp_path / "strict.yaml", says("bear"))
    assert checker.check(TEXT, policy="strict").text == "a wolf ran"
    assert outcomes(checker.reload()) == [("strict", "said", "taken")]
    assert checker.check(TEXT, policy="strict").text == "a bear ran"
    (tmp_path / "words.txt").write_text("fox\n")
    written(tmp_path / "strict.yaml", "gone wrong")
    with pytest.raises(PolicyError):
        checker.reload()
    assert checker.check(TEXT).text == "a fox [PHRASE]"
    assert outcomes(checker.policy_history[-1:]) == [("strict", "said", "refused")]


def test_what_came_from_no_file_stays(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that was handed in as a value, and one that ships; data is read again with the files that it names."""
    value = Checker(Checker(file).policy)
    data = Checker({"version": 1, "extends": str(file)})
    monkeypatch.chdir(file.parent)
    moved = Checker("p.yaml")
    monkeypatch.chdir("/")
    written(file, says("cat"))
    assert (value.reload(), value.policy_files) == ((), ())
    assert (Checker("default").reload(), Checker("default").policy_files) == ((), ())
    assert len(data.reload()) == len(moved.reload()) == 1
    assert data.check(TEXT).text == moved.check(TEXT).text == "a cat ran"


def test_the_history_has_an_end(file: Path) -> None:
    """The last hundred changes are kept."""
    checker = Checker(file)
    for number in range(120):
        written(file, says(f"dog{number}"))
        checker.reload()
    assert len(checker.policy_history) == 100
    assert checker.policy_history[-1].digest == checker.policy.digest


@dataclass
class Trap:
    """A guard that does something the first time that it is asked once it is set, and finds a word each time."""

    spring: Callable[[], object] | None = None
    found: int = 1
    name: str = "trap"
    reach: int | None = 8
    context: int = 0
    seen: list[str] = field(default_factory=list)

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        if self.spring is not None:
            spring, self.spring = self.spring, None
            spring()
            return [Finding(self.name, "TRAP", Span(0, min(self.found, len(text))))]
        return []


def test_an_answer_that_is_asked_again_stays_under_its_policy(file: Path) -> None:
    """A policy is switched while a guard looks at an answer, which is then retried: all under the one before."""
    trap = Trap()
    more = {"guards": {"trap": trap}}
    written(file, says("dog").replace("guards: [", "guards: [{use: trap, action: {retry: {times: 2}}}, "))
    engine = speaking(["a", " fox", " ran"], ["a", " fox", " sat"], policy=file, **more)
    digest = engine.policy.digest
    written(file, says("cat"))
    trap.spring = engine.reload
    result = engine.generate("x>", seed=1, temperature=1.0)
    assert len(result.trace.inspections) == 2
    assert result.trace.policy_digest == digest != engine.policy.digest
    assert "dog" in result.text
    assert "cat" in engine.generate("x>", seed=1).text


def test_an_answer_that_is_handed_on_finds_the_policies_that_it_began_with(file: Path) -> None:
    """Names mean to the end of a call what they meant at its beginning."""
    trap = Trap()
    strict = written(file.with_name("strict.yaml"), says("wolf", "strict"))
    route = "{use: trap, action: {reroute: {policy: strict}}}"
    written(file, f"version: 1\nguards: [{route}]\n")
    engine = speaking(["a", " fox", " ran"], policy=file, guards={"trap": trap}, policies={"strict": str(strict)})
    written(strict, says("bear", "strict"))
    trap.spring = engine.reload
    assert engine.generate("x>").text == "a wolf ran"
    assert outcomes(engine.policy_history[-1:]) == [("strict", "strict", "taken")]
    trap.spring = lambda: None
    assert engine.generate("x>").text == "a bear ran"


def test_a_stream_ends_under_the_policy_that_it_began_with(file: Path) -> None:
    """Also one that is only read after the switch; and a stream of chunks that are checked."""
    engine = speaking(["a", " fox", " ran", " and", " a", " fox", " sat"], policy=file)
    digest = engine.policy.digest
    events, chunks = engine.stream("x>"), engine.check_stream(iter([TEXT, " off"]))
    first = next(events)
    written(file, says("cat"))
    assert engine.reload()
    rest = list(events)
    assert isinstance(rest[-1], Finished)
    assert rest[-1].result.trace.policy_digest == digest
    assert "".join(event.text for event in (first, *rest) if isinstance(event, TextDelta)) == rest[-1].result.text
    assert rest[-1].result.text == "a dog ran and a dog sat"
    assert "".join(chunks) == "a dog ran off"


def looking(checker: Checker | Engine) -> tuple[Callable[[], list[tuple[str, str, str]]], list[PolicyChange]]:
    """What is told of two looks: the second finds what the first has seen at rest."""
    told: list[PolicyChange] = []
    watch = checker.watch(None, told.append)

    def look() -> list[tuple[str, str, str]]:
        told.clear()
        watch.look()
        watch.look()
        return outcomes(told)

    return look, told


TAKEN, REFUSED = [("", "said", "taken")], [("", "said", "refused")]


def test_a_watch_takes_up_what_has_changed(file: Path) -> None:
    """However it was written; and says nothing where nothing has."""
    checker = Checker(file)
    look, _ = looking(checker)
    assert look() == look() == []
    written(file, says("cat"))
    assert look() == TAKEN
    file.write_text(says("cow"))
    assert look() == TAKEN
    os.utime(file)
    assert look() == []
    assert checker.check(TEXT).text == "a cow ran"


def test_a_watch_waits_for_whoever_writes(file: Path) -> None:
    """A file that has changed since the last look is looked at once more before it is read."""
    checker = Checker(file)
    told: list[PolicyChange] = []
    watch = checker.watch(None, told.append)
    text = says("cat")
    for end in range(5, len(text), 40):
        file.write_text(text[:end])
        watch.look()
    assert told == []
    assert checker.check(TEXT).text == "a dog ran"
    file.write_text(text)
    watch.look()
    watch.look()
    assert outcomes(told) == TAKEN


def test_whatever_happens_to_a_file_is_said_once_and_changes_nothing(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Cut in half, deleted, a folder in its place, a pipe, bytes of nothing; in the log stands no word of the file."""
    checker = Checker(file)
    look, _ = looking(checker)
    with caplog.at_level(logging.WARNING, "llmpost.policy"):
        file.write_text(says("cat")[:-20])
        assert (look(), look()) == (REFUSED, [])
        file.unlink()
        assert (look(), look()) == (REFUSED, [])
        file.mkdir()
        assert (look(), look()) == (REFUSED, [])
        file.rmdir()
        os.mkfifo(file)
        assert (look(), look()) == (REFUSED, [])
        file.unlink()
        file.write_bytes(b"\0\xff swordfish \n")
        assert (look(), look()) == (REFUSED, [])
        file.write_text("version: 1\nname: [swordfish]\n")
        assert (look(), look()) == (REFUSED, [])
    assert len(caplog.records) == 6
    assert "swordfish" not in caplog.text
    assert "p.yaml:2:7: name: it is not a word or two" in caplog.text
    assert checker.check(TEXT).text == "a dog ran"
    written(file, says("cat"))
    assert (look(), look()) == (TAKEN, [])
    assert outcomes(checker.policy_history) == [*TAKEN, *REFUSED * 6, *TAKEN]


@pytest.mark.skipif(os.geteuid() == 0, reason="to root every file can be read")
def test_a_file_that_may_not_be_read_any_more_changes_nothing(file: Path) -> None:
    """Until it may be again."""
    checker = Checker(file)
    look, _ = looking(checker)
    look()
    file.chmod(0)
    assert (look(), look()) == (REFUSED, [])
    file.chmod(0o600)
    assert look() == []


def test_a_file_that_was_missing_is_found_when_it_is_there(file: Path) -> None:
    """A refused policy may wait for a file that nobody has read so far."""
    checker = Checker(file)
    look, _ = looking(checker)
    written(file, "version: 1\nname: said\nextends: base.yaml\n")
    assert (look(), look()) == (REFUSED, [])
    base = written(file.with_name("base.yaml"), says("cat"))
    assert look() == TAKEN
    written(base, says("cow"))
    assert look() == TAKEN
    assert checker.check(TEXT).text == "a cow ran"


def test_a_thread_watches(file: Path) -> None:
    """It tells of what it took, survives whoever is told, and takes up nothing once it is closed."""
    told: Queue[str] = Queue()

    def tell(change: PolicyChange) -> None:
        told.put(change.outcome)
        raise OSError("nobody listens")

    engine = speaking(["a", " fox"], policy=file)
    with engine.watch(0.002, tell) as watch:
        for word in ("cat", "cow"):
            written(file, says(word))
            assert told.get(timeout=30) == "taken"
            assert engine.generate("x>").text == f"a {word}"
        written(file, "nothing")
        assert told.get(timeout=30) == "refused"
    written(file, says("dog"))
    watch.close()
    assert engine.generate("x>").text == "a cow"
    assert told.empty()


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 1e9])
def test_a_watch_needs_a_time(file: Path, seconds: float) -> None:
    """That is one."""
    with pytest.raises(RequestError, match="a number of seconds above 0"):
        Checker(file).watch(seconds)


def test_names_of_policies_are_read_when_they_are_handed_in(tmp_path: Path) -> None:
    """What is wrong with one of them is said at once, and calls read no file."""
    named: dict[str, Any] = {"strict": str(tmp_path / "none.yaml")}
    with pytest.raises(PolicyError, match="cannot be read"):
        Checker("default", Surroundings(policies=named))
    named["strict"] = str(written(tmp_path / "p.yaml", says("dog")))
    checker = Checker("strict", Surroundings(policies=named))
    (tmp_path / "p.yaml").unlink()
    assert checker.check(TEXT, policy="strict").text == checker.check(TEXT).text == "a dog ran"


@dataclass
class Counted:
    """What is watched: how often it was reloaded is counted, and nothing ever changes."""

    policy_files: tuple[Path, ...]
    policy_history: tuple[PolicyChange, ...] = ()
    num_reloads: int = 0

    def reload(self) -> tuple[PolicyChange, ...]:
        self.num_reloads += 1
        return ()


def test_a_file_is_read_again_while_it_is_young(file: Path) -> None:
    """Clocks of file systems are coarse: what was written just now may be written again without a sign; what has been
    at rest for long is not read until something shows."""
    watched = Counted((file, file.with_name("gone")))
    watch = PolicyWatch(watched, None)
    for _ in range(4):
        watch.look()
    assert watched.num_reloads == 3
    os.utime(file, (0, 0))
    for _ in range(4):
        watch.look()
    assert watched.num_reloads == 4
