"""The only room that knows all others: settings become stages, prompts become batches, batches become results.

Its names are loaded when first used: to check a text takes no model, and should not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmpost.engine.checker import Checker, check
    from llmpost.engine.engine import Engine, generate
    from llmpost.engine.language import check_schema
    from llmpost.engine.output_type import as_output_type
    from llmpost.engine.policies import PolicyLike, as_policy
    from llmpost.engine.replaying.replay import replay

_HOMES = {
    "Checker": "checker",
    "Engine": "engine",
    "PolicyLike": "policies",
    "as_output_type": "output_type",
    "as_policy": "policies",
    "check": "checker",
    "check_schema": "language",
    "generate": "engine",
    "replay": "replaying.replay",
}

__all__ = [
    "Checker",
    "Engine",
    "PolicyLike",
    "as_output_type",
    "as_policy",
    "check",
    "check_schema",
    "generate",
    "replay",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"llmpost.engine.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'llmpost.engine' has no attribute '{name}'")
