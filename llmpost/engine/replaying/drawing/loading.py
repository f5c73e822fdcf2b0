"""Loading: the facts of a model by its name, or of one that was loaded. Everything else of it is let go."""

from __future__ import annotations

from typing import Any

from llmpost.engine.replaying.drawing.facts import ModelFacts
from llmpost.errors import RequestError
from llmpost.models import LoadedModel, LoadOptions, load_model


def facts_of(model: Any) -> ModelFacts:
    """Of a name, a loaded model or an engine around one."""
    loaded = load_model(model, LoadOptions()) if isinstance(model, str) else getattr(model, "loaded", model)
    if not isinstance(loaded, LoadedModel):
        given = f"a {type(model).__name__}"
        raise RequestError("replay.model", given, "a model's name, a loaded model or an engine", "Pass one of them.")
    own = dict(loaded.generation_config)
    return ModelFacts(loaded.name, loaded.model.vocab_size, frozenset(loaded.vocabulary.end_ids), own)
