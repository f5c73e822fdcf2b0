"""Where logits come from. Today: any causal language model of transformers, from a folder or the hub."""

from llmpost.models.loading import LoadedModel, LoadOptions, load_model, wrap_model
from llmpost.models.transformers import TransformersModel

__all__ = ["LoadOptions", "LoadedModel", "TransformersModel", "load_model", "wrap_model"]
