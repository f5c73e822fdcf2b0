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
    from llmpost.contracts.check_result import CheckResult
    from llmpost.contracts.guard import Finding, GuardContext, Span
    from llmpost.contracts.result import Event, FieldDone, Finished, Result, TextDelta
    from llmpost.engine import Checker, Engine, check, generate, replay
    from llmpost.guards.vault import Vault
    from llmpost.policy import Policy
    from llmpost.vocabulary import Vocabulary

__version__ = "0.1.0"

_HOMES = {
    "CheckResult": "llmpost.contracts.check_result",
    "Checker": "llmpost.engine",
    "Engine": "llmpost.engine",
    "Event": "llmpost.contracts.result",
    "FieldDone": "llmpost.contracts.result",
    "Finding": "llmpost.contracts.guard",
    "Finished": "llmpost.contracts.result",
    "GuardContext": "llmpost.contracts.guard",
    "Policy": "llmpost.policy",
    "Result": "llmpost.contracts.result",
    "Span": "llmpost.contracts.guard",
    "TextDelta": "llmpost.contracts.result",
    "Vault": "llmpost.guards.vault",
    "Vocabulary": "llmpost.vocabulary",
    "check": "llmpost.engine",
    "compile_constraint": "llmpost.constraints",
    "generate": "llmpost.engine",
    "replay": "llmpost.engine",
}

__all__ = [
    "CheckResult",
    "Checker",
    "Engine",
    "Event",
    "FieldDone",
    "Finding",
    "Finished",
    "GuardContext",
    "Policy",
    "Result",
    "Span",
    "TextDelta",
    "Vault",
    "Vocabulary",
    "check",
    "compile_constraint",
    "generate",
    "replay",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'llmpost' has no attribute '{name}'")
