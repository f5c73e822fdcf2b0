"""Hosts: a list of names, each standing for itself and what lies below it, and whether a host is on it.

An entry ``*.example.com`` stands for what lies below alone. A list of any length is a set: a host with five labels is
looked up five times. Knows no URL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from llmpost.guards.urls.address import Address, read_address


@dataclass(frozen=True, slots=True)
class Hosts:
    names: frozenset[str]
    """With all that lies below them."""
    below: frozenset[str]
    """Without themselves."""

    @classmethod
    def of(cls, entries: Iterable[str]) -> Hosts:
        """ValueError, with the entry, where one is no host.

        >>> hosts = Hosts.of(["example.com"])
        >>> hosts.has("mail.example.com"), hosts.has("badexample.com")
        (True, False)
        """
        names: set[str] = set()
        below: set[str] = set()
        for entry in entries:
            address = read_address(f"//{entry.removeprefix('*.')}")
            host = address.host
            if not host or address != Address("", "", host, None, "", "", ""):
                raise ValueError(entry)
            (below if entry.startswith("*.") else names).add(host)
        return cls(frozenset(names), frozenset(below))

    def has(self, host: str) -> bool:
        if host in self.names:
            return True
        labels = host.split(".")
        above = (".".join(labels[place:]) for place in range(1, len(labels)))
        return any(name in self.names or name in self.below for name in above)

    def __bool__(self) -> bool:
        return bool(self.names or self.below)
