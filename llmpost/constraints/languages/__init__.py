"""Languages combined, and asked about: unions, intersections, differences, negations of what constraints are made of.

:func:`regex`, :func:`choice`, :func:`quote` and :func:`json_schema` are values that operators combine; a constraint is
made of the result by ``compile_constraint(vocabulary, language=…)``, and the questions need no vocabulary.
"""

from llmpost.constraints.budget import Budget
from llmpost.constraints.languages.language import Language
from llmpost.constraints.languages.leaves import choice, json_schema, quote, regex
from llmpost.constraints.languages.questions import Answer, are_equal, contains, example, is_empty

__all__ = [
    "Answer",
    "Budget",
    "Language",
    "are_equal",
    "choice",
    "contains",
    "example",
    "is_empty",
    "json_schema",
    "quote",
    "regex",
]
