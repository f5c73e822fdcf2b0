"""The guard of URLs: hosts that are allowed or denied, schemes, ports, and the ways to make a host look like another.

It judges each URL by itself, as it stands and decoded; what a host says when it is asked, nobody knows here. Each
thing that is wrong with a URL is a finding of its own, over all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from llmpost.automata.finding.finder import Finder
from llmpost.contracts.guard import Guard
from llmpost.errors import PolicyError
from llmpost.guards.judged import Judged, Judgement
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import certain
from llmpost.guards.reading import Reading
from llmpost.guards.regular import Label, RegularGuard
from llmpost.guards.urls.address import Address, read_address
from llmpost.guards.urls.homographs import is_homograph
from llmpost.guards.urls.hosts import Hosts
from llmpost.guards.urls.shape import sought
from llmpost.guards.views.decoded import DECODED

NAME: Final = "urls"
LONGEST: Final = 2048
_WITH_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+-]*:|[/\\]{2}")
TOO_LONG: Final = "URL_TOO_LONG"
_LABELS: Final = (
    "URL_SCHEME", "HOST_DENIED", "HOST_NOT_ALLOWED", "URL_PORT", "URL_IP", "URL_USERINFO", "URL_HOMOGRAPH",
)  # fmt: skip
_NO_HOST: Final = frozenset(
    {"javascript", "vbscript", "livescript", "data", "blob", "filesystem", "intent", "view-source", "file"}
)
"""Schemes that run or carry something; they are found where they are not allowed by name."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be linked to. Without `allowed` hosts all are but those denied; without `schemes`, all but those that
    run or carry something; without `ports`, all."""

    allowed: Hosts | None = None
    denied: Hosts = field(default_factory=lambda: Hosts.of(()))
    schemes: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    has_ip: bool = False
    has_userinfo: bool = False
    has_homographs: bool = False

    def broken(self, address: Address) -> Iterator[tuple[str, str]]:
        """Labels, and why."""
        host = address.host
        if self._is_scheme_wrong(address.scheme):
            yield "URL_SCHEME", "a scheme that is not allowed"
        if host and self.denied.has(host):
            yield "HOST_DENIED", "a host that is denied"
        if self.allowed is not None and host != "" and not (host and self.allowed.has(host)):
            yield "HOST_NOT_ALLOWED", "a host that is not allowed"
        if self.ports and address.port not in (None, *self.ports):
            yield "URL_PORT", "a port that is not allowed"
        if address.ip is not None and not self.has_ip and not (self.allowed and self.allowed.has(host or "")):
            yield "URL_IP", "an address in numbers for a host"
        if address.userinfo and not self.has_userinfo:
            yield "URL_USERINFO", "something before the host that is not the host"
        if host and not self.has_homographs and is_homograph(host) and not (self.allowed and self.allowed.has(host)):
            yield "URL_HOMOGRAPH", "a host of letters that look like others"

    def _is_scheme_wrong(self, scheme: str) -> bool:
        if self.schemes:
            return bool(scheme) and scheme not in self.schemes
        return scheme in _NO_HOST

    def judge(self, tag: int, text: str) -> Iterator[Judgement]:
        """Both as it stands and decoded: programs differ in which of them they follow."""
        decoded = DECODED.follow(None, text, True).text
        ways = (text, decoded) if _WITH_SCHEME.match(text) else (decoded,)
        broken: dict[str, str] = {}
        for one in dict.fromkeys(ways):
            broken |= self.broken(read_address(one if _WITH_SCHEME.match(one) else f"//{one}"))
        for label, reason in broken.items():
            yield Judgement(label, 0, len(text), 1.0, reason)


def urls(rules: Rules, *, has_bare: bool = False) -> Judged:
    """A `FollowingGuard`.

    >>> from llmpost.contracts.guard import GuardContext
    >>> guard = urls(Rules(allowed=Hosts.of(["example.com"])))
    >>> [one.label for one in guard.inspect("https://example.com@evil.example/", GuardContext())]
    ['HOST_NOT_ALLOWED', 'URL_USERINFO']
    """
    finder = _finder(has_bare)
    readings = Reading(finder), Reading(finder, DECODED)
    matching = RegularGuard(NAME, {0: Label(TOO_LONG, 1.0, "0")}, readings)
    return Judged(matching, rules.judge, scores=certain((TOO_LONG, *_LABELS)))


@lru_cache(maxsize=2)
def _finder(has_bare: bool) -> Finder:
    return Finder(sought(has_bare=has_bare), LONGEST)


def build(options: Options) -> Guard:
    """``use: urls``."""
    has_bare = options.flag("bare", False)
    rules = Rules(
        allowed=hosts_of(options, "allow") if options.has("allow") else None,
        denied=hosts_of(options, "deny"),
        schemes=tuple(one.lower() for one in options.texts("schemes")),
        ports=_ports(options),
        has_ip=options.flag("ip", False),
        has_userinfo=options.flag("userinfo", False),
        has_homographs=options.flag("homographs", False),
    )
    options.finish()
    return urls(rules, has_bare=has_bare)


def hosts_of(options: Options, name: str) -> Hosts:
    """What an option lists; PolicyError where an entry is no host."""
    given = options.texts(name)
    try:
        return Hosts.of(given)
    except ValueError as cause:
        entry, hint = f"{cause.args[0]!r:.60}", "Write example.com or *.example.com."
        raise PolicyError(f"{options.where}.{name}", entry, "the name of a host", hint) from None


def _ports(options: Options) -> tuple[int, ...]:
    ports = options.value("ports", ())
    if not isinstance(ports, list | tuple) or not all(type(one) is int and 0 < one < 65536 for one in ports):
        raise options.error("ports", "a list of ports", "Write [443].")
    return tuple(ports)
