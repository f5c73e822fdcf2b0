"""Policies read again while an engine runs: what holds is one value, which another replaces whole or not at all."""
