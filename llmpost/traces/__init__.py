"""Traces: records on disk, as lines that are only ever added. Knows no engine, and of a policy its name and digest."""

from llmpost.traces.course import Rotation
from llmpost.traces.damage import Damage
from llmpost.traces.keeping import Keeper, text_of, unsealed
from llmpost.traces.keys import read_key, read_seal
from llmpost.traces.reading import Entry, read_traces, trace_files
from llmpost.traces.sealing import Part, Sealer
from llmpost.traces.segments import Segment, segments
from llmpost.traces.verifying import FileAccount, Verification, verify
from llmpost.traces.writer import TraceWriter

__all__ = [
    "Damage",
    "Entry",
    "FileAccount",
    "Keeper",
    "Part",
    "Rotation",
    "Sealer",
    "Segment",
    "TraceWriter",
    "Verification",
    "read_key",
    "read_seal",
    "read_traces",
    "segments",
    "text_of",
    "trace_files",
    "unsealed",
    "verify",
]
