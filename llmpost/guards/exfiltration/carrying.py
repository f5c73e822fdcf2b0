"""Carrying: whether a URL may be loaded or led to: whose host it names, and how much it could tell that host.

Knows URLs and no Markdown. What stays on the page it is shown on, a path without a host, is nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from typing import Final

from llmpost.guards.urls.address import Address, read_address
from llmpost.guards.urls.hosts import Hosts

QUERY: Final = 64
PATH: Final = 200
LABEL: Final = 40
"""Characters: of a query and a fragment together, of a path, and of one part of a host's name."""
_BLANKS: Final = "".join(map(chr, range(33)))
_RUNS: Final = frozenset({"javascript", "vbscript", "livescript"})


@dataclass(frozen=True, slots=True)
class Carrying:
    """What a URL may have. Without `hosts`, any host."""

    hosts: Hosts | None = None
    query: int = QUERY
    path: int = PATH

    def fault(self, address: Address) -> str | None:
        """What is wrong with a URL; None where nothing is."""
        if address.host == "":
            return None
        if self.hosts is not None and not (address.host and self.hosts.has(address.host)):
            return "leads to a host that is not allowed"
        if address.userinfo:
            return "has something before the host that is not the host"
        if len(address.query) + len(address.fragment) > self.query:
            return "has a longer query than is allowed"
        if len(address.path) > self.path:
            return "has a longer path than is allowed"
        if max(map(len, (address.host or "").split("."))) > LABEL:
            return "has a host with a longer name than people give"
        return None


def runs(address: Address) -> bool:
    """Whether something is executed where the URL is followed."""
    return address.scheme in _RUNS or (address.scheme == "data" and "html" in address.path[:40].lower())


def read_in_markup(url: str) -> Address:
    """As it stands in a text, with the references to characters that HTML and Markdown read."""
    return read_address(unescape(url).lstrip(_BLANKS))
