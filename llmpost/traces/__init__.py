"""Traces: records on disk, as lines that are only ever added. Knows no engine, and of a policy its name and digest."""
