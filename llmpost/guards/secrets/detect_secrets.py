"""The token plugins of the package detect-secrets as a guard, where it is installed (`llmpost[secrets]`).

Each line is shown to the plugins that know a token by its shape; those that guess, by entropy or by key words, and its
scan of loose lines are left out, since they find something in most texts. Nothing is verified, so nobody is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from llmpost.contracts.guard import Finding, Guard, GuardContext, Progress, Span
from llmpost.errors import suggestion
from llmpost.guards.options import Options
from llmpost.vocabulary.optional import optional_module

NAME: Final = "detect-secrets"

PLUGINS: Final = (
    "artifactory", "aws", "azure_storage_key", "basic_auth", "cloudant", "discord", "github_token", "gitlab_token",
    "ibm_cloud_iam", "ibm_cos_hmac", "jwt", "mailchimp", "npm", "openai", "private_key", "pypi_token", "sendgrid",
    "slack", "softlayer", "square_oauth", "stripe", "telegram_token", "twilio",
)  # fmt: skip
"""Its modules, and under their names what a policy leaves out or asks for."""

REASON: Final = "the shape of a token that detect-secrets knows"
_STEP: Final = 2048
"""Characters: of a longer line, so much is new in each window, and a token of so many is seen whole."""
_BEFORE: Final = 64
"""Characters that a window has in common with the one before, for what looks behind."""
_WINDOW: Final = 2 * _STEP + _BEFORE


class Plugin(Protocol):
    """What is used of a detector of detect-secrets."""

    secret_type: str
    denylist: Sequence[re.Pattern[str]]

    def analyze_string(self, string: str) -> Iterator[str]: ...


class _Memory(NamedTuple):
    text: str = ""
    """Of the line being read, from where its next window begins."""
    start: int = 0
    seen: int = 0
    """Characters at its beginning that belong to the window before."""


@dataclass(frozen=True, slots=True)
class DetectSecrets:
    """A `FollowingGuard`: line by line, and long lines window by window."""

    plugins: Sequence[Plugin]
    name: str = NAME

    reach = _WINDOW
    context = _WINDOW

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before: _Memory = memory or _Memory()
        text = before.text + piece
        place, seen = 0, before.seen
        findings: list[Finding] = []
        while (window := _next_window(text, place, is_end)) is not None:
            end, is_last = window
            stop = end if is_last else place + _STEP + _BEFORE
            findings += self._found(text[place:end], before.start + place, seen, stop - place)
            place, seen = (end, 0) if is_last else (place + _STEP, _BEFORE)
        start = before.start + place
        return Progress(_Memory(text[place:], start, seen), tuple(findings), start + min(seen, len(text) - place))

    def _found(self, line: str, start: int, first: int, stop: int) -> Iterator[Finding]:
        for plugin in self.plugins:
            for span in _spans(plugin, line):
                if first <= span.start < stop:
                    place = Span(start + span.start, start + span.end)
                    yield Finding(self.name, _label(plugin), place, 1.0, REASON)


def _label(plugin: Plugin) -> str:
    """AWS_ACCESS_KEY of "AWS Access Key"."""
    return re.sub(r"\W+", "_", plugin.secret_type).strip("_").upper()


def _next_window(text: str, place: int, is_end: bool) -> tuple[int, bool] | None:
    """Where it ends, and whether its line does; None where more has to be there first."""
    line_end = text.find("\n", place, place + _WINDOW) + 1
    if line_end:
        return line_end, True
    if len(text) - place >= _WINDOW:
        return place + _WINDOW, False
    return (len(text), True) if is_end and place < len(text) else None


def _spans(plugin: Plugin, line: str) -> Iterator[Span]:
    """A plugin tells texts and not places, and may tell a part of what it matched: all of that is taken."""
    matches = [match for pattern in plugin.denylist for match in pattern.finditer(line) if match[0]]
    if matches:
        told = _told(plugin, line)
        for match in matches:
            if told is None or not told.isdisjoint((match[0], *match.groups())):
                yield Span(*match.span())


def _told(plugin: Plugin, line: str) -> set[str] | None:
    """None where it cannot say: what is nested too deep for it to read may be a token all the same."""
    try:
        return set(plugin.analyze_string(line))
    except RecursionError:
        return None


def load_plugins(names: Sequence[str], where: str) -> tuple[Plugin, ...]:
    """MissingExtra where the package is not installed."""
    regex_based = optional_module("detect_secrets.plugins.base", where, "secrets").RegexBasedDetector
    plugins = []
    for name in names:
        module = optional_module(f"detect_secrets.plugins.{name}", where, "secrets")
        own = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
        plugins += [one() for one in own if issubclass(one, regex_based)]
    return tuple(plugins)


def build(options: Options) -> Guard:
    """``use: detect-secrets``; `plugins`: which of them, all of PLUGINS where it is not given."""
    names = options.texts("plugins") or PLUGINS
    options.finish()
    for name in names:
        if name not in PLUGINS:
            raise options.error("plugins", "a list of token plugins", suggestion(name, PLUGINS))
    return DetectSecrets(load_plugins(names, options.where))
