"""``llmpost policy show``: a policy as it stands when everything it refers to is read, in words or in full."""

from __future__ import annotations

import json

import yaml

from llmpost.cli.console import Console
from llmpost.cli.policy.show_options import Order
from llmpost.cli.policy.words.policy import in_words
from llmpost.cli.printing import visible
from llmpost.engine.portrait import Portrait
from llmpost.policy import Policy

_WIDTH = 100


def run(order: Order, console: Console) -> int:
    """The exit code."""
    portrait = Portrait.of(Policy.found(order.word))
    shown = FORMS[order.form](portrait)
    console.stdout.write(f"{visible(shown) if console.stdout.isatty() else shown}\n")
    return 0


def _as_json(portrait: Portrait) -> str:
    policy = portrait.policy
    told = {
        "name": policy.name,
        "digest": policy.digest,
        "release": portrait.guarding.release,
        "sources": [{"path": str(source.path), "sha256": source.sha256} for source in policy.sources],
        "canonical": policy.canonical,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _as_yaml(portrait: Portrait) -> str:
    """A policy file that means the same."""
    canonical = portrait.policy.canonical
    return yaml.safe_dump(canonical, allow_unicode=True, sort_keys=False, width=_WIDTH).removesuffix("\n")


FORMS = {"words": in_words, "json": _as_json, "yaml": _as_yaml}
"""By the name of each."""
