"""Replay: traces and policies in, a report out.

It lays out the work in parts of files, keeps how far it is, and adds up what the crew has counted. What happens to a
record is the business of `retrial`; where a report is shown, that of whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from llmpost.engine.policies import PolicyLike
from llmpost.engine.replaying.brief import Brief, Options
from llmpost.engine.replaying.crew import count, counted
from llmpost.engine.replaying.parts import Part, parts_of
from llmpost.engine.replaying.progress import Progress, goes_on, read_progress
from llmpost.engine.replaying.report import Report
from llmpost.engine.replaying.reporting import report_of
from llmpost.engine.replaying.retrial import Trial
from llmpost.engine.replaying.tally import Tally
from llmpost.errors import TraceError
from llmpost.traces import trace_files

Paths: TypeAlias = str | PathLike[str] | Iterable[str | PathLike[str]]


def replay(paths: Paths, policy: PolicyLike, against: PolicyLike | None = None, **options: Any) -> Report:
    """What `policy` would have done to recorded texts, beside what was done to them, or what `against` would have done.

    `paths` are trace files and folders of them; `options` those of :class:`Options`. No model is asked. A trace that
    is damaged is read as far as it can be, and the report says so.
    """
    wanted = Options.of(options)
    brief = Brief.of(policy, against, wanted)
    trial = brief.trial()  # what is wrong is said before anything is read
    progress = _begun(paths, brief, wanted)
    _go_on(progress, brief, trial, wanted)
    return report_of(progress.tally, *brief.names())


def _begun(paths: Paths, brief: Brief, options: Options) -> Progress:
    """Where an earlier run stopped, or the beginning."""
    digest = f"{brief.digest} {options.limit} {options.part_bytes}"
    if options.resume is not None:
        path = Path(options.resume)
        before = read_progress(path)
        if before is not None:
            goes_on(before, digest, path)
            return before
    given = [paths] if isinstance(paths, str | PathLike) else list(paths)
    return Progress(digest, [(name, Path(name).stat().st_size) for source in given for name in _files(source)])


def _files(source: str | PathLike[str]) -> list[str]:
    if not Path(source).exists():
        raise TraceError(str(source), "a path where nothing is", "a trace", "Name a folder or a .jsonl file.")
    return trace_files(source)


def _go_on(progress: Progress, brief: Brief, trial: Trial, options: Options) -> None:
    """To the end, or as far as asked for; what was done is kept after each part."""
    parts = [part for name, size in progress.files for part in parts_of(name, size, options.limit, options.part_bytes)]
    num_bytes = sum(part.num_bytes for part in parts[: progress.done])
    left = parts[progress.done :]
    with closing(counted(left, brief, trial, options.workers)) as tallies:
        for part in left:
            if options.limit is not None and progress.tally.read >= options.limit:
                break
            progress.tally.merge(_within(next(tallies), part, progress, trial), brief.examples)
            progress.done += 1
            num_bytes += part.num_bytes
            if options.resume is not None:
                progress.write(Path(options.resume))
            if options.progress is not None:
                options.progress(num_bytes, sum(size for _, size in progress.files))


def _within(tally: Tally, part: Part, progress: Progress, trial: Trial) -> Tally:
    """The part, or as much of it as there is room for: only who comes before it tells how much that is."""
    room = None if part.limit is None else part.limit - progress.tally.read
    if room is None or tally.read <= room:
        return tally
    return count(replace(part, limit=room), trial)
