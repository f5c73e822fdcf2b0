r"""Address: the parts of a URL as browsers take it apart, which is more than the standard of URLs allows.

``https:\\good.example@evil.example`` leads to the host behind the at sign; ``http://0x7f.1`` is an address of this
machine; dots of other scripts are dots. Relative references have no host. Nothing is looked up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import unquote

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SLASHES: Final = re.compile(r"[/\\]*")
_AUTHORITY_END: Final = re.compile(r"[/\\?#]")
_PORT: Final = re.compile(r":([0-9]*)$")
_IGNORED: Final = re.compile("[\t\n\r\u00ad\u200b-\u200d\u2060\ufeff]")
_HOST: Final = re.compile(r"[^\s\x00-\x20!\"#$%&'()*+,/:;<=>?@\[\\\]^`{|}~]+")
_NUMBER: Final = re.compile(r"0[xX][0-9A-Fa-f]*|[0-9]+")
_OF_HOSTS: Final = frozenset({"http", "https", "ws", "wss", "ftp"})
"""Schemes behind which browsers take any number of slashes, also none, for two."""


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a URL, case and spelling undone where they do not count."""

    scheme: str
    """Empty where it is taken from the page."""
    userinfo: str
    host: str | None
    """In ASCII, labels of other letters in Punycode; empty where there is none, None where it can be none."""
    port: int | None
    path: str
    query: str
    fragment: str

    @property
    def ip(self) -> IPv4Address | IPv6Address | None:
        try:
            return ip_address(self.host or "")
        except ValueError:
            return None


def read_address(text: str) -> Address:
    """Of any text: what is no URL is a path.

    >>> read_address("HTTPS://good.example@Evil.example:8443/?q=1").host
    'evil.example'
    """
    text = _IGNORED.sub("", text).strip("\x00 ")
    scheme, rest = _scheme(text)
    slashes = _SLASHES.match(rest)
    num_slashes = slashes.end() if slashes else 0
    authority = ""
    if num_slashes >= 2 or scheme in _OF_HOSTS:
        authority, rest = _split(rest[num_slashes:], _AUTHORITY_END)
    userinfo, _, name = authority.rpartition("@")
    host, port = _host_and_port(name) if name else ("", None)
    rest, _, fragment = rest.partition("#")
    path, _, query = rest.partition("?")
    return Address(scheme, userinfo, _canonical(host) if host else "", port, path, query, fragment)


def _scheme(text: str) -> tuple[str, str]:
    match = _SCHEME.match(text)
    return (match[1].lower(), text[match.end() :]) if match else ("", text)


def _split(text: str, at: re.Pattern[str]) -> tuple[str, str]:
    match = at.search(text)
    return (text[: match.start()], text[match.start() :]) if match else (text, "")


def _host_and_port(host: str) -> tuple[str, int | None]:
    match = _PORT.search(host)
    if match is None:
        return host, None
    digits = match[1].lstrip("0")[:6]  # a port of more digits is none, whatever they are
    return host[: match.start()], int(digits) if digits else None


def _canonical(host: str) -> str | None:
    if host.startswith("[") and host.endswith("]"):
        return _v6(host[1:-1])
    host = unicodedata.normalize("NFKC", _IGNORED.sub("", unquote(host))).casefold().replace("\u3002", ".")
    host = host[:-1] if host.endswith(".") else host
    if not host:
        return ""
    if not _HOST.fullmatch(host) or ".." in host or host.startswith("."):
        return None
    labels = host.split(".")
    return _v4(labels) if _NUMBER.fullmatch(labels[-1]) else ".".join(map(_in_ascii, labels))


def _v6(text: str) -> str | None:
    try:
        return str(IPv6Address(text.partition("%")[0]))
    except ValueError:
        return None


def _v4(labels: list[str]) -> str | None:
    """Decimal, octal or hexadecimal numbers; the last of fewer than four stands for all bytes that are missing."""
    if len(labels) > 4 or not all(_NUMBER.fullmatch(label) and len(label) < 20 for label in labels):
        return None
    try:
        *first, last = map(_number, labels)
    except ValueError:
        return None
    if any(one > 255 for one in first) or last >= 256 ** (4 - len(first)):
        return None
    return str(IPv4Address(sum(one << 8 * (3 - place) for place, one in enumerate(first)) + last))


def _number(label: str) -> int:
    if label[:2] in ("0x", "0X"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if len(label) > 1 and label[0] == "0" else 10)


def _in_ascii(label: str) -> str:
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode", "replace").decode("ascii")
