"""What llmpost does, in one go: ``make demo``, or ``python examples/demo.py [MODEL]``."""

import datetime
import sys
import time
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import torch
from pydantic import Field
from transformers.utils import logging

from llmpost import Engine, FieldDone, Finished, Result
from llmpost.errors import LlmpostError

MODEL = sys.argv[1] if len(sys.argv) > 1 else "tiny"
ORDER_MAIL = """\
Extract order_id, customer, product, quantity, total:
Hi, Priya Nakamura here. I bought 3 copper kettles for $187.50, order number KX-20417. When will it be shipped?"""
QUESTION = "Hello, the kettle I bought has a scratch. Can I exchange it?"
VERDICT_ON = """\
Rubric: no refund promise
Answer: I am sorry about the scratch. We will give you all your money back tomorrow.
Does the answer comply?"""
ORDER_PATTERN = r'\{"order_id": "[A-Z]{2}-[0-9]{5}", "quantity": [1-9]\}'
RECIPE: dict[str, Any] = {"temperature": 0.9, "top_p": 0.95, "repetition_penalty": 1.1, "max_new_tokens": 60}


@dataclass
class Order:
    """What is wanted from a mail."""

    order_id: str
    customer: str
    product: str
    quantity: int
    total: float


@dataclass
class Parcel:
    """What no mail says, in types that leave little room."""

    sent: datetime.date
    size: Literal["small", "large"]
    numbers: Annotated[list[Annotated[int, Field(ge=1, le=9)]], Field(min_length=2, max_length=3)]


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
    heading("A text goes in, a typed object comes out")
    row("text", ORDER_MAIL.replace("\n", f"\n{'':<30}"))
    *events, finished = engine.stream(ORDER_MAIL, schema=Order)
    for event in events:
        if isinstance(event, FieldDone) and event.path:
            row(f"{event.path[0]}, when it was whole", repr(event.value))
    assert isinstance(finished, Finished)
    extracted = finished.result
    row("what the model wrote", extracted.text)
    row("object", extracted.parsed)

    heading("A customer is answered; the same seed says the same again")
    row("customer", QUESTION)
    first, second, other = (engine.generate(QUESTION, seed=seed, **RECIPE) for seed in (7, 7, 8))
    row("seed 7", first.text)
    row("seed 8", other.text)
    row("seed 7 again: same bytes", first.text.encode() == second.text.encode())
    row("in a batch: same bytes", engine.generate(["Thanks!", QUESTION], seed=7, **RECIPE)[1].text == first.text)

    heading("A verdict on an answer, and one held to two words")
    row("asked", VERDICT_ON.replace("\n", f"\n{'':<30}"))
    row("verdict", engine.generate(VERDICT_ON).text)
    row("choice of yes and no", engine.generate(VERDICT_ON, choice=["yes", "no"]).text)

    heading("A type, or a pattern, that no token can leave, however it is sampled")
    for seed in (1, 2):
        hot = engine.generate(ORDER_MAIL, schema=Parcel, temperature=2.0, top_k=0, seed=seed)
        row(f"at temperature 2, seed {seed}", hot.parsed)
    row("pattern", ORDER_PATTERN)
    for seed in (1, 2, 3):
        row(
            f"at temperature 1.5, seed {seed}",
            engine.generate(ORDER_MAIL, regex=ORDER_PATTERN, temperature=1.5, seed=seed).text,
        )

    heading("A mistake is an error that says what to do")
    try:
        engine.generate(QUESTION, temprature=0.7)
    except LlmpostError as error:
        row("error", error)

    heading("Why this object: the trace")
    show_trace(extracted)


if __name__ == "__main__":
    started = time.perf_counter()
    logging.disable_progress_bar()
    torch.set_num_threads(1)  # the bundled model is so small that threads only wait for each other
    demo(Engine.load(MODEL))
    print(f"\nAll of it took {time.perf_counter() - started:.1f} s.")
