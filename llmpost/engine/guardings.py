"""Guardings: the guards of policies, each built once.

Guards may read files when they are built (lists, models), so whoever makes new guardings reads them anew. Those of the
policies that ship read none, and are shared by everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from llmpost.contracts.guard import Guard
from llmpost.engine.guarding import build_guarding, detectors_of
from llmpost.engine.judging import FindModel
from llmpost.engine.text_models import text_model
from llmpost.guards.rule import Guarding
from llmpost.policy import Policy

_MOST_POLICIES = 256
"""So many are kept: a program may make up a policy for each text."""


class Guardings:
    """By the digest of their policies; for all threads."""

    def __init__(self, own: Mapping[str, Guard], find_model: FindModel = text_model) -> None:
        self._detectors = detectors_of(own, find_model)
        self._made: dict[str, Guarding] = {}
        self._lock = Lock()

    def of(self, policy: Policy) -> Guarding:
        """PolicyError where its guards mean nothing together."""
        made = self._made.get(policy.digest)
        if made is None:
            made = build_guarding(policy, self._detectors)
            with self._lock:
                if len(self._made) >= _MOST_POLICIES:
                    self._made.pop(next(iter(self._made)))
                made = self._made.setdefault(policy.digest, made)
        return made


SHARED = Guardings({})
