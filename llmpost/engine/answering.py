"""Answering: prepared orders run side by side, and asked again where a guard says so, until each has its result.

The one loop in which a model is asked more than once for an answer is here; it is counted, bounded, and in the trace. A
candidate that is asked again is asked alone: the others stay as they are.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace

from llmpost.contracts.inspection import Inspection
from llmpost.contracts.result import Result
from llmpost.engine.order import Order, Prepared, prepare
from llmpost.engine.recording.ledger import Ledger
from llmpost.engine.run import BatchRun, Request, joined
from llmpost.errors import LlmpostError

_SEED_BITS = 63
_DEFAULT_TIMES = 1
_NO_WAY = "nothing else was to be had: asked as often as may be, or greedy, and then the same is said again"


def results_of(prepared: Sequence[Prepared]) -> list[Result]:
    """One for each, in order."""
    return list(map(joined, asked_again(prepared, _candidates(prepared))))


def asked_again(prepared: Sequence[Prepared], answers: list[list[Result]]) -> list[list[Result]]:
    """The candidates of each, recorded; those with which a guard was not content are replaced by what came after
    them."""
    ledgers: dict[tuple[int, int], Ledger] = {}
    present = {(place, number): each for place, each in enumerate(prepared) for number, _ in enumerate(answers[place])}
    while present:
        following = {
            where: order
            for where, each in present.items()
            if (order := _following(each, answers[where[0]][where[1]], where[1])) is not None
        }
        present = {}
        for where, order in following.items():
            place, number = where
            try:
                present[where] = prepare(order)
                ledgers[where] = order.ledger
            except LlmpostError as error:
                answers[place][number] = _given_up(answers[place][number], f"it could not be asked again: {error}")
        for (place, number), (result,) in zip(present, _candidates(list(present.values())), strict=True):
            answers[place][number] = result
    for place, results in enumerate(answers):
        for number, each in enumerate(results):
            ledger = ledgers.get((place, number), prepared[place].order.ledger)
            results[number] = ledger.recorded(number, _given_up(each, _NO_WAY) if _is_open(each) else each)
    return answers


def _candidates(prepared: Sequence[Prepared]) -> list[list[Result]]:
    """Of requests those that a model writes, in one batch for each model; of the others the result that there is."""
    answers: list[list[Result]] = [[] for _ in prepared]
    batches: dict[int, list[tuple[int, Request]]] = {}
    for place, each in enumerate(prepared):
        if isinstance(each.outcome, Result):
            answers[place] = list(each.outcome.candidates or (each.outcome,))
        else:
            batches.setdefault(id(each.order.station.loaded), []).append((place, each.outcome))
    for batch in batches.values():
        places, requests = zip(*batch, strict=True)
        run = BatchRun(prepared[places[0]].order.station.loaded, requests, time.perf_counter)
        run.finish()
        for place, candidates in zip(places, run.candidates(), strict=True):
            answers[place] = [_with_all_tokens(each, prepared[place].order.past.num_tokens) for each in candidates]
    return answers


def _is_open(result: Result) -> bool:
    return result.verdict.action in ("retry", "reroute")


def _following(prepared: Prepared, result: Result, number: int) -> Order | None:
    """The order that is carried out in the place of this result; None where it stays."""
    request, order = prepared.outcome, prepared.order
    if not _is_open(result) or not isinstance(request, Request) or request.watch is None:
        return None
    action = request.watch.ending(result.verdict)
    past = replace(order.past, inspections=_noted(result, action.kind), num_tokens=result.usage.completion_tokens)
    alone = replace(order.own, settings=replace(order.own.settings, n=1))
    order = replace(order, own=alone, past=past, ledger=order.ledger.alone(number))
    if action.kind == "reroute":
        return order.rerouted(action)
    times = (action.argument or {}).get("times", _DEFAULT_TIMES)
    if past.num_attempts >= times or request.recipe.chain.is_greedy:
        return None
    past = replace(past, num_attempts=past.num_attempts + 1)
    return replace(order, past=past, seed=derived_seed(request.seed, number, past.num_attempts))


def derived_seed(seed: int, candidate: int, attempt: int) -> int:
    """Another seed for another attempt, the same whenever the same is asked.

    >>> derived_seed(7, 0, 1) == derived_seed(7, 0, 1) != derived_seed(7, 0, 2)
    True
    """
    digest = hashlib.sha256(f"{seed}, candidate {candidate}, attempt {attempt}".encode()).digest()
    return int.from_bytes(digest[:8], "little") >> (64 - _SEED_BITS)


def _given_up(result: Result, why: str) -> Result:
    """A guard was not content, and nothing else is to be had: the text is blocked, as it is already."""
    trace = replace(result.trace, notes=(*result.trace.notes, why))
    return replace(result, trace=trace, verdict=replace(result.verdict, action="block"))


def _with_all_tokens(result: Result, num_before: int) -> Result:
    """Those that were written in vain are counted."""
    usage = replace(result.usage, completion_tokens=result.usage.completion_tokens + num_before)
    return replace(result, usage=usage) if num_before else result


def _noted(result: Result, kind: str) -> tuple[Inspection, ...]:
    """What was looked at, the last of it told to be not the end."""
    *before, last = result.trace.inspections
    return *before, replace(last, note=f"{kind}: asked again")
