"""What is done about a finding, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from llmpost.contracts.action import Action, ActionKind
from llmpost.policy.response import Response

_FIXED: Mapping[ActionKind, str] = {
    "allow": "let pass",
    "log": "left as it is, and told of in the verdict",
    "hash": "replaced by a keyed hash, the same for the same value",
    "redact": "replaced by its label in brackets",
    "truncate": "the text ends before it",
    "review": "a notice is shown, and a person is handed the text",
    "block": "the text is blocked",
}


def response_words(response: Response) -> str:
    """By score, where that makes a difference."""
    steps = response.steps
    if len(steps) == 1:
        return action_words(steps[0][1])
    told = [(score, action) for score, action in steps if action.kind != "allow"]
    return "; ".join(f"from {score:g} {action_words(action)}" for score, action in told)


def action_words(action: Action) -> str:
    """
    >>> action_words(Action("mask", {"keep": 4}))
    'mask: hidden behind asterisks, all but the last 4 characters'
    """
    words = _FIXED.get(action.kind) or _OTHERS[action.kind](action.argument or {})
    return f"{action.kind}: {words}"


def _masked(argument: Mapping[str, Any]) -> str:
    hidden = f"hidden behind {argument['character']!r}" if "character" in argument else "hidden behind asterisks"
    keep = argument.get("keep", 0)
    return f"{hidden}, all but the last {keep} characters" if keep else hidden


def _pseudonym(argument: Mapping[str, Any]) -> str:
    style = argument.get("style", "numbered")
    if style == "realistic":
        return "replaced by a made-up value of its kind"
    return f"replaced by its label, {'numbered' if style == 'numbered' else 'and a mark that depends on a key'}"


def _replaced(argument: Any) -> str:
    return f"replaced by {argument!r}"


def _refused(argument: Any) -> str:
    return f"the whole answer is replaced by {argument!r}" if argument else "the whole answer is replaced by a notice"


def _retried(argument: Mapping[str, Any]) -> str:
    times = argument.get("times", 1)
    return f"the model is asked again, {'once' if times == 1 else f'up to {times} times'}; then the text is blocked"


def _rewritten(argument: Mapping[str, Any]) -> str:
    times = argument.get("times", 2)
    by = f" by {argument['model']!r}" if "model" in argument else ""
    rounds = "once" if times == 1 else f"up to {times} times"
    return f"the text is written anew{by}, {rounds}, until no guard objects; then it is blocked"


def _rerouted(argument: Mapping[str, Any]) -> str:
    to = [f"the {kind} {name!r}" for kind, name in argument.items()]
    return f"the prompt is handed to {' and '.join(to)}" if to else "the text is blocked: no way is named"


_OTHERS: Mapping[ActionKind, Callable[[Any], str]] = {
    "mask": _masked,
    "pseudonymise": _pseudonym,
    "replace": _replaced,
    "refuse": _refused,
    "retry": _retried,
    "rewrite": _rewritten,
    "reroute": _rerouted,
}
