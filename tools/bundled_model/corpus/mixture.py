"""The corpus as one stream: which task comes how often, and conversations of several tasks.

It knows the tasks by their `example` functions only. `conversation` is a function of the draw, so a stream is fixed
by its seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from . import extraction, judging, support
from .draw import Draw, Split
from .turns import Turn

Task = Callable[[Draw], list[Turn]]
TASKS: dict[str, Task] = {"extraction": extraction.example, "support": support.example, "judging": judging.example}
WEIGHTS = (0.64, 0.16, 0.20)
SEVERAL_RATE = 0.06  # how often a conversation has several tasks, so that long contexts and later turns are learnt too


def conversation(draw: Draw) -> list[Turn]:
    """One chat: mostly one task, sometimes up to five one after the other."""
    turns = one_task(draw)
    if draw.chance(SEVERAL_RATE):
        for _ in range(draw.between(1, 4)):
            turns += [turn for turn in one_task(draw) if turn.role != "system"]
    return turns


def one_task(draw: Draw) -> list[Turn]:
    return draw.rng.choices(list(TASKS.values()), WEIGHTS)[0](draw)


def stream(seed: int) -> Iterator[list[Turn]]:
    """Training conversations without end."""
    draw = Draw(random.Random(seed))
    while True:
        yield conversation(draw)


def held_out(task: str, seed: int, count: int, forms: Split, values: Split) -> list[list[Turn]]:
    """`count` examples of one task from the given sides of the splits; where forms are held out, every one uses at
    least one.
    """
    draw = Draw(random.Random(f"{task}:{seed}:{forms.value}:{values.value}"), forms, values)
    examples: list[list[Turn]] = []
    while len(examples) < count:
        before = draw.held_out_forms_used
        turns = TASKS[task](draw)
        if forms is Split.TRAIN or draw.held_out_forms_used > before:
            examples.append(turns)
    return examples
