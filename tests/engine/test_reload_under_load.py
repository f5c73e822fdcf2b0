"""Reloading under load loses no request and mixes nothing: each answer is that of one policy, which held then."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, Event

import pytest
from speaking_engine import speaking

from llmpost.contracts.result import Finished, TextDelta
from llmpost.engine import Engine
from llmpost.errors import PolicyError
from llmpost.policy import Policy

NUM_THREADS = 8
NUM_CHANGES = 50
ANSWER = ["one", " fox", " and", " one", " hen", "."]
TEXT = "".join(ANSWER)


def policy(number: int) -> str:
    """Its words, its notice and its release go together; in every third the answer is blocked, and ends with them."""
    action = "block" if number % 3 == 0 else f"{{replace: dog{number}}}"
    return (
        f"version: 1\nname: p{number}\nextends: base.yaml\nnotice: cut{number}\nrelease: {_release(number)}\n"
        f"guards:\n  - {{name: foxes, action: {action}}}\n  - {{name: hens, action: {{replace: cow{number}}}}}\n"
    )


def _release(number: int) -> str:
    return "window" if number % 2 else "at_end"


def base(number: int) -> str:
    return (
        f"version: 1\ndecode: {{top_k: {number + 1}}}\nguards:\n"
        "  - {use: phrases, name: foxes, phrases: [fox]}\n  - {use: phrases, name: hens, phrases: [hen]}\n"
    )


def expected(number: int, is_streamed: bool) -> str:
    """What is shown under a policy."""
    if number % 3:
        return TEXT.replace("fox", f"dog{number}").replace("hen", f"cow{number}")
    return f"one cut{number}" if is_streamed else f"cut{number}"


def broken(number: int) -> str:
    """In one of several ways; the last one is half of what was meant."""
    text = policy(number)
    return ["", "version: 2\n", text.replace("dog", "fox"), text + "\tx: 1\n", text[: len(text) // 2] + "["][number % 5]


def ask(engine: Engine, turn: int) -> Iterator[tuple[str, str, bool]]:
    """Digests of policies, and what was shown under them, streamed or not."""
    match turn % 4:
        case 0:
            result = engine.generate("x>")
            yield result.trace.policy_digest, result.text, False
        case 1:
            *events, last = engine.stream("x>")
            assert isinstance(last, Finished)
            shown = "".join(event.text for event in events if isinstance(event, TextDelta))
            assert shown == last.result.text
            yield last.result.trace.policy_digest, shown, last.result.verdict.is_blocked and shown.startswith("one")
        case 2:
            checked = engine.check(TEXT)
            yield checked.trace.policy_digest, checked.text, False
        case _:
            for result in engine.generate(["x>", "y>", "z>"]):
                yield result.trace.policy_digest, result.text, False


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns much more often than they would."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty")
def test_nothing_is_lost_and_nothing_mixed(tmp_path: Path) -> None:
    """Eight threads ask without a pause while a policy and its parent change fifty times, every other time in place,
    and every fifth time to what is no policy; a watch looks all the time, and every third time somebody reloads."""
    file, parent = tmp_path / "p.yaml", tmp_path / "base.yaml"
    parent.write_text(base(0))
    file.write_text(policy(0))
    engine = speaking(ANSWER, policy=file)
    numbers = {engine.policy.digest: 0}
    over, begun = Event(), Barrier(NUM_THREADS + 1)

    def work(thread: int) -> list[tuple[str, str, bool]]:
        begun.wait()
        answers: list[tuple[str, str, bool]] = []
        while not over.is_set():
            answers += ask(engine, thread + len(answers))
        return answers

    with ThreadPoolExecutor(NUM_THREADS) as pool, engine.watch(0.001):
        jobs = [pool.submit(work, thread) for thread in range(NUM_THREADS)]
        begun.wait()
        try:
            written = 0
            for number in range(1, NUM_CHANGES + 1):
                write(parent, base(number), number)
                numbers |= dict.fromkeys(digest_of(file), written)
                write(file, broken(number) if number % 5 == 4 else policy(number), number)
                numbers |= dict.fromkeys(digest_of(file), number)
                written = number
                if number % 3 == 0:
                    with suppress(PolicyError):
                        engine.reload()
        finally:
            over.set()
        answers = [answer for job in jobs for answer in job.result()]
    told = {change.digest for change in engine.policy_history if change.outcome == "taken"}
    assert len({digest for digest, _, _ in answers}) > NUM_CHANGES // 5
    for digest, text, is_streamed in answers:
        assert digest in told
        assert text == expected(numbers[digest], is_streamed)


def write(path: Path, text: str, number: int) -> None:
    """In place, or in one step."""
    beside = path.with_suffix(".new") if number % 2 else path
    beside.write_text(text)
    beside.replace(path)


def digest_of(file: Path) -> tuple[str, ...]:
    """Of what the files are now; none where that is no policy."""
    try:
        return (Policy.read(file).digest,)
    except PolicyError:
        return ()
