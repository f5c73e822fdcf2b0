"""Address: where a server is and which of its models is meant, read from ``openai:BASE_URL#MODEL``.

It knows no keys, and refuses an address with one in it: names of models stand in policies, errors and traces.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from llmpost.errors import ModelError

_SCHEME = "openai:"
_HINT = "Write openai:https://host/v1#model."
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """A model of a server.

    >>> Address.of("openai:http://localhost:8000/v1#tiny").model
    'tiny'
    """

    name: str
    """As it was given."""
    is_secure: bool
    host: str
    port: int
    path: str
    """Before what is asked for, without a slash at its end."""
    model: str

    @classmethod
    def of(cls, name: str) -> Address:
        """ModelError where it is none."""
        url, _, model = name.removeprefix(_SCHEME).partition("#")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ModelError("model", f"'{_SCHEME}…' with an address that cannot be read", "a URL", _HINT) from None
        if parts.username is not None or parts.query or "@" in parts.netloc:
            given = "an address with a user, a password or a query"
            raise ModelError("model", given, "a plain one", "Put keys into the environment: LLMPOST_API_KEY.")
        if parts.scheme not in _PORTS or not parts.hostname or not model or not _is_printable(name):
            raise ModelError("model", f"{name!r:.200}", "an address and the name of a model", _HINT)
        is_secure = parts.scheme == "https"
        return cls(name, is_secure, parts.hostname, port or _PORTS[parts.scheme], parts.path.rstrip("/"), model)


def is_address(name: str) -> bool:
    """Whether a model of this name is asked over HTTP."""
    return name.startswith(_SCHEME)


def _is_printable(name: str) -> bool:
    """What goes into the first line of a request is ASCII without white space; only a model has other names."""
    url = name.partition("#")[0]
    return name.isprintable() and url.isascii() and " " not in url
