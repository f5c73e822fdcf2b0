"""llmpost: everything between a language model's logits and the text that people see, under one policy.

    >>> import llmpost
    >>> engine = llmpost.Engine.load("path/to/a/model")                                    # doctest: +SKIP
    >>> engine.generate("Hello", temperature=0.7, top_p=0.9, seed=1).text                  # doctest: +SKIP

The public names are loaded when first used, so that ``llmpost --help`` does not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmpost.constraints import compile_constraint
    from llmpost.contracts.result import Event, FieldDone, Finished, Result, TextDelta
    from llmpost.engine import Engine, generate
    from llmpost.policy import Policy
    from llmpost.vocabulary import Vocabulary

__version__ = "0.1.0"

_HOMES = {
    "Engine": "llmpost.engine",
    "Event": "llmpost.contracts.result",
    "FieldDone": "llmpost.contracts.result",
    "Finished": "llmpost.contracts.result",
    "Policy": "llmpost.policy",
    "Result": "llmpost.contracts.result",
    "TextDelta": "llmpost.contracts.result",
    "Vocabulary": "llmpost.vocabulary",
    "compile_constraint": "llmpost.constraints",
    "generate": "llmpost.engine",
}

__all__ = [
    "Engine",
    "Event",
    "FieldDone",
    "Finished",
    "Policy",
    "Result",
    "TextDelta",
    "Vocabulary",
    "compile_constraint",
    "generate",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'llmpost' has no attribute '{name}'")
