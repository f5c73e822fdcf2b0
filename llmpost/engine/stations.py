"""Stations: who carries out orders for a model, by what the model is. The only place that tells them apart."""

from __future__ import annotations

from llmpost.engine.local_station import LocalStation
from llmpost.engine.remote.station import RemoteStation
from llmpost.engine.station import Station
from llmpost.models import LoadedModel
from llmpost.models.openai.endpoint import Endpoint


def station_of(model: LoadedModel | Endpoint) -> Station:
    """A new one, for one call."""
    return RemoteStation(model) if isinstance(model, Endpoint) else LocalStation(model)
