"""Lint: what is foolish in a policy that is possible: rules that can never act, and languages that nothing is left of.

One file a question. Each looks at the same `Subject` and yields remarks; a question that would take too long says so
and is given up. What is impossible was refused before (`engine.meaning`, `engine.guarding`).
"""

from llmpost.engine.linting.asking import lint
from llmpost.engine.linting.remark import Remark

__all__ = ["Remark", "lint"]
