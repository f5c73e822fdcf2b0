"""Injection: attempts to turn a model against whoever set it to work."""
