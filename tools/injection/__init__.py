"""Trains the bundled detector of prompt injections from labelled sets that are not in this repository.

`make train-injection`. What it is worth is measured by trainings that leave out what is measured
(`benchmarks/injection.py`).
"""
