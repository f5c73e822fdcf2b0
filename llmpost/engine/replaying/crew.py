"""Crew: the parts of the work done one after the other, by this process or by several, and handed back in order.

Processes are started afresh, so that none inherits threads or locks. Parts are the same whoever does them, and come
back in their order, so that what is made of them does not depend on how many there were.
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread

from llmpost.engine.replaying.brief import Brief
from llmpost.engine.replaying.parts import Part
from llmpost.engine.replaying.retrial import Retrial, Trial
from llmpost.engine.replaying.tally import Tally
from llmpost.errors import ModelError
from llmpost.traces import Damage, read_traces

_AHEAD = 4
"""Parts that each process may be ahead: what is done is merged in order, and waits until then."""


def counted(parts: Sequence[Part], brief: Brief, trial: Trial, workers: int) -> Generator[Tally, None, None]:
    """One tally for each part, in order; `trial` is that of this process, the others make their own of the brief."""
    if workers == 1 or len(parts) <= 1:
        yield from (count(part, trial) for part in parts)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (brief,)) as pool:
        try:
            yield from _in_order(pool, parts, workers * _AHEAD)
        except BrokenProcessPool:
            hint = "Run it again with fewer workers; with a file to resume from it goes on where it was."
            raise ModelError("replay.workers", "a process that was ended from outside", "alive", hint) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def count(part: Part, trial: Trial) -> Tally:
    """One part."""
    retrial, begun = Retrial(trial), time.process_time()
    for entry in read_traces(part.segment, is_checked=False):
        if isinstance(entry, Damage):
            retrial.tally.add_damage(str(entry))
            continue
        if part.limit is not None and retrial.tally.read >= part.limit:
            break
        retrial.add(entry.record)
    retrial.tally.cpu_seconds = time.process_time() - begun
    return retrial.tally


def _in_order(pool: ProcessPoolExecutor, parts: Sequence[Part], most: int) -> Iterator[Tally]:
    waiting: deque[Future[Tally]] = deque()
    left = iter(parts)
    for part in left:
        waiting.append(pool.submit(_work, part))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


class _Desk:
    """What a process of the crew has."""

    trial: Trial


def _begin(brief: Brief) -> None:
    """Ctrl-C is meant for the process that was started by a person; it ends the others. Where it was killed, nobody
    would: so each looks out for itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _Desk.trial = brief.trial()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(part: Part) -> Tally:
    return count(part, _Desk.trial)
