"""Personal data: which numbers and names are found, how sure a match is, and what makes it surer.

:mod:`~llmpost.guards.pii.detector` is the guard of the built-in entities; :mod:`~llmpost.guards.pii.presidio` brings in
the recognisers of Presidio, where that is installed. Neither acts on what it finds.
"""
