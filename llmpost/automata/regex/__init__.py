"""Regular expressions as byte languages: a reader for two dialects, and what the tree it reads means.

:func:`~llmpost.automata.regex.reader.read_regex` makes a tree of a pattern, and
:func:`~llmpost.automata.regex.language.language_of` makes a term of the tree. Everything is exact, or it is refused
with a caret under the place; nothing here knows tokens, and an empty language is no error here.
"""
