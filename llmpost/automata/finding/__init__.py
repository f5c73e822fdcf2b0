"""Finding: where in a text labelled languages have matches, in one pass, piece by piece.

A :class:`~llmpost.automata.finding.finder.Finder` is what others use; the other files are its parts. Knows no guard, no
policy and nothing of what is done about a match.
"""
