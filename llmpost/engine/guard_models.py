"""Guard models, found: which model here or elsewhere a policy means, for the guards that ask one.

Guards know neither engines nor servers; they are handed what they ask. A model that runs here tells how its template
writes a conversation, and a server does not.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from llmpost.engine.text_models import text_model
from llmpost.guards.catalogue import BLOCK, EVEN, Detector
from llmpost.guards.guard_models import openai_moderation
from llmpost.guards.guard_models.family import UNSAFE
from llmpost.guards.guard_models.guard import FAMILIES, Asked, build
from llmpost.guards.guard_models.openai_moderation import Moderate
from llmpost.guards.rule import ANY
from llmpost.models.openai.address import Address
from llmpost.models.openai.caller import Caller
from llmpost.models.openai.options import EndpointOptions

_OPENAI = "openai:https://api.openai.com/v1#"


def find(name: str, endpoint: Mapping[str, Any]) -> Asked:
    """ModelError where there is no such model."""
    model = text_model(name, endpoint)
    return Asked(model, getattr(model, "written", None))


def moderator(name: str, endpoint: Mapping[str, Any]) -> Moderate:
    """Who is asked for moderation: OpenAI where the name is no address. No server is asked yet."""
    address = Address.of(name if name.startswith("openai:") else _OPENAI + name)
    caller = Caller(address, EndpointOptions.of(endpoint), os.environ)

    def moderate(texts: Sequence[str], deadline: float | None) -> Any:
        return caller.ask("/moderations", {"model": address.model, "input": list(texts)}, deadline)

    return moderate


def _thresholds(use: str) -> Mapping[str, float]:
    """ShieldGemma has no verdict besides those about its guidelines."""
    return {ANY if use == "shieldgemma" else UNSAFE: EVEN}


ASKING: Mapping[str, Detector] = MappingProxyType(
    {
        **{use: Detector(partial(build, use, find), BLOCK, ("transformers",), _thresholds(use)) for use in FAMILIES},
        "openai-moderation": Detector(partial(openai_moderation.build, moderator), BLOCK, thresholds={ANY: EVEN}),
    }
)
"""By the names that policies use."""
