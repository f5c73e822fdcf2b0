"""What llmpost does, in one go: ``make demo``, or ``python examples/demo.py [MODEL]``."""

import time
from typing import Any

from random_model import given_or_random_model

from llmpost import Engine, Result
from llmpost.errors import LlmpostError

PROMPT = "the story of a small"
RECIPE: dict[str, Any] = {"temperature": 0.8, "top_p": 0.9, "repetition_penalty": 1.1, "max_new_tokens": 16}


def heading(title: str) -> None:
    print(f"\n{title}\n{'-' * len(title)}")


def row(name: str, value: object) -> None:
    print(f"  {name:<28}{value}")


def show_trace(result: Result) -> None:
    """Why this text: what one would keep to make it again."""
    trace, timings = result.trace, result.timings
    row("policy", f"{trace.policy}@{trace.policy_digest[:12]}")
    row("seed", trace.seed)
    row("settings", ", ".join(f"{name}={value}" for name, value in trace.settings.items()))
    row("versions", ", ".join(f"{name} {version}" for name, version in trace.versions.items()))
    for note in trace.notes:
        row("note", note)
    row("tokens", f"{result.usage.prompt_tokens} read, {result.usage.completion_tokens} written")
    for stage, seconds in timings.seconds_by_stage.items():
        row(f"time in {stage}", f"{1000 * seconds:.1f} ms")
    row("time in all", f"{1000 * timings.total_seconds:.1f} ms")


def demo(engine: Engine) -> None:
    heading("A prompt in, the most likely text out")
    row("prompt", repr(PROMPT))
    row("text", repr(engine.generate(PROMPT, temperature=0, max_new_tokens=16).text))

    heading("Sampled with a seed, twice")
    first, second = (engine.generate(PROMPT, seed=7, **RECIPE) for _ in range(2))
    row("seed 7", repr(first.text))
    row("seed 7 again", repr(second.text))
    row("same bytes", first.text.encode() == second.text.encode())
    row("in a batch too", engine.generate(["hello", PROMPT], seed=7, **RECIPE)[1].text == first.text)

    heading("Several candidates, one reading of the prompt")
    for number, candidate in enumerate(engine.generate(PROMPT, n=3, seed=7, **RECIPE).candidates, 1):
        row(f"candidate {number}", repr(candidate.text))

    heading("A stop string ends the text and is not shown")
    stop = first.text[len(first.text) // 2 :][:2]
    stopped = engine.generate(PROMPT, seed=7, stop=stop, **RECIPE)
    row("stop", repr(stop))
    row("text", repr(stopped.text))
    row("finish reason", stopped.finish_reason)

    heading("A mistake is an error that says what to do")
    try:
        engine.generate(PROMPT, temprature=0.7)
    except LlmpostError as error:
        row("error", error)

    heading("Why this text: the trace of 'seed 7'")
    show_trace(first)


if __name__ == "__main__":
    started = time.perf_counter()
    with given_or_random_model() as model:
        loaded = Engine.load(model)
    demo(loaded)
    print(f"\nAll of it took {time.perf_counter() - started:.1f} s.")
