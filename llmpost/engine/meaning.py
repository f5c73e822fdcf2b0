"""Meaning: what of a policy can be told to be impossible before there is a model, a prompt or a text.

Its shape was checked where it was read, and its guards are `guarding`'s business; here is the rest: the language, the
rules about what is forbidden, and the decode settings. What is possible and foolish is found by `linting`.
"""

from __future__ import annotations

from llmpost.engine.forbidding import forbidden_by
from llmpost.engine.policy_language import language_of
from llmpost.engine.setting_rules import check_alone
from llmpost.errors import PolicyError, RequestError
from llmpost.policy import Policy


def check_meaning(policy: Policy) -> None:
    """PolicyError, under the policy's key, for the first that means nothing, or cannot be beside the rest."""
    language_of(policy)
    forbidden_by(policy, None)
    try:
        check_alone(policy.decode)
    except RequestError as error:
        raise PolicyError(f"policy.decode.{error.where}", error.given, error.allowed, error.hint) from error
