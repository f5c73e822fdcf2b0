"""Traces: records on disk, as lines that are only ever added. Knows no engine, and of a policy its name and digest."""

from llmpost.traces.damage import Damage
from llmpost.traces.reading import Entry, read_traces, trace_files
from llmpost.traces.segments import Segment, segments
from llmpost.traces.writer import Rotation, TraceWriter

__all__ = ["Damage", "Entry", "Rotation", "Segment", "TraceWriter", "read_traces", "segments", "trace_files"]
