"""Answers that were written and labelled for this repository, to try detectors on that no public set is there for.

Who wrote them knew what the detectors look for: what is measured on them is more than what strangers' texts would show.
"""
