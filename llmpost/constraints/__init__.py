"""Languages over bytes become masks over tokens: constraints, their states, and the store of masks of a vocabulary.

:func:`compile_constraint` makes a constraint, whose states are values handed on from token to token. Everything that
constraints of one vocabulary share is in its `Space`; nothing of a request is kept here.
"""

from llmpost.constraints.compiling import compile_constraint
from llmpost.constraints.constraint import Constraint
from llmpost.constraints.mask import Mask
from llmpost.constraints.state import State

__all__ = ["Constraint", "Mask", "State", "compile_constraint"]
