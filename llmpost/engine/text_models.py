"""Text models by the names that policies use for them, made once for each name and shared by all who ask.

``openai:BASE_URL#MODEL`` is a server, anything else a model to be loaded here. Loaded when first asked for: to read a
policy that names one takes no torch, and no server that answers.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from threading import Lock
from types import MappingProxyType
from typing import Any, cast

from llmpost.contracts.text_model import TextModel
from llmpost.errors import ModelError
from llmpost.models.openai.address import is_address
from llmpost.models.openai.endpoint import Endpoint
from llmpost.models.openai.options import EndpointOptions

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_lock = Lock()
_made: dict[tuple[str, str], TextModel] = {}


def text_model(name: str, options: Mapping[str, Any] = _NO_OPTIONS) -> TextModel:
    """The model of this name; `options` are those of an endpoint (:class:`EndpointOptions`), and only an endpoint has
    any. ModelError where there is none: no name is kept for a model that could not be had."""
    key = name, repr(sorted(options.items()))
    with _lock:
        if key not in _made:
            _made[key] = _make(name, options)
        return _made[key]


def as_text_model(name: str, given: Any) -> TextModel:
    """A model that a program handed in under a name: a text model, or an engine or a loaded model, asked without their
    guards."""
    if hasattr(given, "complete"):
        return cast("TextModel", given)
    engine = import_module("llmpost.engine.engine").Engine
    asked = given if isinstance(given, engine) else engine(given, "bare")
    return cast("TextModel", import_module("llmpost.engine.local_text_model").LocalTextModel(name, asked))


def _make(name: str, options: Mapping[str, Any]) -> TextModel:
    if is_address(name):
        return Endpoint.of(name, EndpointOptions.of(options), os.environ)
    if options:
        given = f"{', '.join(sorted(options))} beside a local model"
        raise ModelError(name, given, "possible: they are options of an endpoint", "Leave them out.")
    engine = import_module("llmpost.engine.engine").Engine.load(name, policy="bare")
    return cast("TextModel", import_module("llmpost.engine.local_text_model").LocalTextModel(name, engine))
