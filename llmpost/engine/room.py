"""Room: whether a request has tokens enough to complete what its output is held to, before anything is computed.

Constraints say how many they need; here that meets what was asked for and what the model's context leaves. What is
drawn within it is the decoder's business.
"""

from __future__ import annotations

from llmpost.engine.run import Request
from llmpost.errors import LlmpostError, RequestError
from llmpost.models import LoadedModel


def too_short(request: Request, loaded: LoadedModel) -> LlmpostError | None:
    """The error of a request that could not be completed, with the number of tokens that it needs."""
    if request.held is None:
        return None
    most, start = request.most_tokens(loaded), request.held.constraint.start()
    try:
        if start.can_end_within(most):
            return None
        needed = start.tokens_needed
    except LlmpostError as error:
        return error
    allowed = f"enough to complete the {request.held.kind}, which takes {needed} tokens"
    if most == request.recipe.settings.max_new_tokens:
        hint = f"Give it {needed} or more."
        return RequestError("generate.max_new_tokens", str(most), allowed, hint)
    given = f"{len(request.prompt)} tokens, which leave {most} of the {loaded.context_length} of the model's context,"
    return RequestError("generate.prompt", given, allowed, "Shorten the prompt, or use a model with a longer context.")
