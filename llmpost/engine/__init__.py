"""The only room that knows all others: settings become stages, prompts become batches, batches become results."""

from llmpost.engine.engine import Engine, PolicyLike, as_policy, generate
from llmpost.engine.language import check_schema
from llmpost.engine.output_type import as_output_type

__all__ = ["Engine", "PolicyLike", "as_output_type", "as_policy", "check_schema", "generate"]
