"""Groundedness: whether what an answer claims stands in its sources."""
