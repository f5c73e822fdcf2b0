"""Entities: numbers and names of people, accounts and machines as languages over characters, checksums included.

An :class:`~llmpost.automata.entities.entity.Entity` is a language and what may not stand beside a match;
:func:`~llmpost.automata.entities.containing.containing` says which texts contain one. Knows no tokens, no JSON and
nothing of what is done about a match; what forbids text and what finds in it read the same table.
"""
