"""The only room that knows all others: settings become stages, prompts become batches, batches become results."""

from llmpost.engine.engine import Engine, PolicyLike, as_policy, generate

__all__ = ["Engine", "PolicyLike", "as_policy", "generate"]
