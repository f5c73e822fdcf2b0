"""Where logits or text come from: causal language models of transformers, and servers that speak OpenAI's protocol.

Its names are loaded when first used: who asks a server takes no model here, and should not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmpost.models.loading import LoadedModel, LoadOptions, load_model, wrap_model
    from llmpost.models.transformers import TransformersModel

_HOMES = {
    "LoadOptions": "loading",
    "LoadedModel": "loading",
    "TransformersModel": "transformers",
    "load_model": "loading",
    "wrap_model": "loading",
}

__all__ = ["LoadOptions", "LoadedModel", "TransformersModel", "load_model", "wrap_model"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"llmpost.models.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'llmpost.models' has no attribute '{name}'")
