"""Refusal: what a status other than 200 means, whether it may be over the next time, and what can be done about it.

Of the body of an error only OpenAI's own words for kinds of error are told: a message may quote the question.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from llmpost.errors import ModelError

_PASSING = frozenset({408, 409, 429, *range(500, 600)})
_FINAL_KINDS = frozenset({"insufficient_quota"})
_KINDS = (
    "billing_hard_limit_reached", "content_filter", "content_policy_violation", "context_length_exceeded",
    "insufficient_quota", "invalid_api_key", "invalid_request_error", "model_not_found", "rate_limit_exceeded",
    "server_error", "tokens", "unsupported_parameter", "unsupported_value",
)  # fmt: skip
_HINTS: Mapping[int, str] = {
    400: "It does not know a setting, a form, or the length: leave one out, or name the dialect.",
    401: "Set the key: LLMPOST_API_KEY, or the variable that api_key names.",
    403: "The key may not ask for this: look at the account.",
    404: "Check the address, as a rule up to /v1, and the name of the model.",
    413: "Ask for less.",
    422: "It does not know a setting or a form: leave one out, or name the dialect.",
    429: "It is asked too often, or an account is at its end: wait, or ask less.",
}
_REDIRECTED = "It is not followed: the key is for nobody else. Name the address that it leads to."
_FAILED = "Look at the server."


class Passing(Exception):
    """An error that may be over the next time."""

    def __init__(self, error: ModelError, wait_seconds: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_seconds = wait_seconds
        """As the server asks."""


class Unwilling(ModelError):
    """A server answered, and will say the same the next time."""


def refusal(name: str, status: int, body: bytes, wait_seconds: float | None) -> ModelError | Passing:
    """What is raised for an answer with this status."""
    kind = _kind(body)
    given = f"status {status}" + (f" ({kind})" if kind else "")
    hint = _REDIRECTED if 300 <= status < 400 else _HINTS.get(status, _FAILED)
    error = Unwilling(name, f"an answer with {given}", "an answer with status 200", hint)
    return Passing(error, wait_seconds) if status in _PASSING and kind not in _FINAL_KINDS else error


def told_in(name: str, value: Any) -> ModelError:
    """What is raised for an error that stands in an answer."""
    kind = _kind_of(value)
    given = f"an error of the server's{f' ({kind})' if kind else ''}"
    return ModelError(name, given, "an answer", _FAILED)


def retry_after(value: str) -> float | None:
    """Seconds from now; None where it says nothing that can be read.

    >>> retry_after("3"), retry_after("soon"), retry_after("-1")
    (3.0, None, None)
    """
    try:
        seconds = float(value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        seconds = when.replace(tzinfo=when.tzinfo or UTC).timestamp() - time.time()
        seconds = max(seconds, 0.0)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _kind(body: bytes) -> str:
    try:
        return _kind_of(json.loads(body))
    except (ValueError, RecursionError):
        return ""


def _kind_of(value: Any) -> str:
    error = value.get("error") if isinstance(value, Mapping) else None
    if not isinstance(error, Mapping):
        return ""
    told = [error.get("code"), error.get("type")]
    return next((kind for kind in told if isinstance(kind, str) and kind in _KINDS), "")
