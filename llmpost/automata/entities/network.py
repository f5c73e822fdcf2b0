"""Names in networks: mailboxes, addresses of hosts and of hardware, URLs, and addresses of crypto-currencies.

No list of top-level domains is asked: it changes every week. A full stop at the end belongs to the sentence.
"""

from __future__ import annotations

from llmpost.automata.entities.bounds import ALPHANUMERIC, DIGITS, OPEN, RUN, WORD, Bounds, characters
from llmpost.automata.entities.entity import Entity
from llmpost.automata.entities.written import written

_LETTERS = (
    r"a-z\u00df-\u00f6\u00f8-\u024f\u0300-\u036f\u0370-\u03ff\u0400-\u052f\u0561-\u0587\u05d0-\u05ea\u0620-\u0669"
    r"\u0671-\u06d3\u0900-\u0dff\u0e01-\u0ecd\u10d0-\u10ff\u1780-\u17d3\u1e00-\u1fff\u3041-\u3096\u30a1-\u30fe"
    r"\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
)
"""Of the scripts in which there are names of domains, and no punctuation: a quotation mark behind a name ends it."""
_LABEL = rf"[0-9{_LETTERS}](?:[0-9{_LETTERS}-]*[0-9{_LETTERS}])?"
_TOP = rf"(?:[a-z]{{2,63}}|[{_LETTERS.removeprefix('a-z')}]{{2,63}}|xn--[0-9a-z-]*[0-9a-z])"
_SIGNS = "!#$%'*+^_~-"
"""In a local part. Its others (``& / = ? { | }``) stand between addresses and what they are the value of."""
_LOCAL = rf"[0-9a-z_][0-9a-z{_SIGNS}]*(?:\.[0-9a-z{_SIGNS}]+)*"
_MAILBOX = rf"{_LOCAL}@(?:{_LABEL}\.)+{_TOP}"
"""Of any length: where each character of a word is counted, a text that is written is in another state behind each."""

_SHORT_LABEL, _SHORT_TOP = _LABEL.replace("*", "{0,61}"), _TOP.replace("*", "{0,58}")
SHORT_MAILBOX = rf"(?=[^@]{{1,64}}@){_LOCAL}@(?:{_SHORT_LABEL}\.){{1,10}}{_SHORT_TOP}"
"""No longer than RFC 5321 and RFC 1035 let it be, with no more labels than are in use: for who reads a text and has to
know how far a match goes."""

EMAIL_ADDRESS = Entity(
    "EMAIL_ADDRESS",
    "a mailbox whose domain has a dot: an unquoted local part in ASCII (RFC 5321), a domain of any script",
    (written(_MAILBOX, Bounds(ALPHANUMERIC, beyond=ALPHANUMERIC, leading=characters(f".{_SIGNS}"))),),
    examples=(
        "user@example.com",
        "First.Last+tag@mail.example.co.uk",
        "a@b\u00fccher.example",
        "x_y@xn--bcher-kva.example",
    ),
    near_misses=("user@localhost", "@example.com", "user@", "user@example.c", "user at example.com"),
)

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_GROUP = "[0-9a-f]{1,4}"


def _groups(low: int, high: int) -> str:
    """So many groups, with colons between them."""
    if high < max(low, 1):
        return ""
    more = f"{_GROUP}(?::{_GROUP}){{{max(low - 1, 0)},{high - 1}}}"
    return more if low else f"(?:{more})?"


def _ipv6() -> str:
    """Eight groups, the last two perhaps as an IPv4 address; a ``::`` stands for one zero or more of them."""
    whole = [f"(?:{_GROUP}:){{7}}{_GROUP}", f"(?:{_GROUP}:){{6}}{_IPV4}"]
    open_end = [f"{_groups(1, 7)}::"]
    shortened = [f"{_groups(0, 7 - behind)}::{_groups(behind, behind)}" for behind in range(1, 8)]
    dotted = [f"{_groups(0, 5 - behind)}::(?:{_GROUP}:){{{behind}}}{_IPV4}" for behind in range(6)]
    return "|".join(whole + open_end + shortened + dotted)


IP_ADDRESS = Entity(
    "IP_ADDRESS",
    "an address of a host: four decimals with dots, or one of IPv6 in any spelling (RFC 4291), but the bare ``::``",
    (written(_IPV4, RUN), written(_ipv6(), Bounds(ALPHANUMERIC, characters(":."), DIGITS))),
    examples=("192.0.2.1", "255.255.255.255", "2001:db8::1", "::1", "fe80::", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8",
              "64:ff9b::192.0.2.33", "2001:DB8:0:0:8:800:200C:417A"),
    near_misses=("256.0.2.1", "192.0.2", "1.192.0.2.1", "192.0.2.1.5", "::", "1:2:3:4:5:6:7", "12:30:45",
                 "std::vector"),
)  # fmt: skip

_HEX = "[0-9a-f]"

MAC_ADDRESS = Entity(
    "MAC_ADDRESS",
    "a hardware address of 48 bits (IEEE 802): pairs with colons or hyphens, or fours with dots",
    (written(rf"{_HEX}{{2}}(?:(?::{_HEX}{{2}}){{5}}|(?:-{_HEX}{{2}}){{5}})|{_HEX}{{4}}(?:\.{_HEX}{{4}}){{2}}",
             Bounds(ALPHANUMERIC, characters(":-."), DIGITS)),),
    examples=("00:00:5E:00:53:01", "00-00-5e-00-53-01", "0000.5e00.5301"),
    near_misses=("00:00-5E:00:53:01", "00:00:5E:00:53", "00:00:5E:00:53:01:02", "g0:00:5E:00:53:01"),
)  # fmt: skip

_PATH = rf"[0-9{_LETTERS}._~:/?#\[\]@!$&'()*+,;=%-]*[0-9{_LETTERS}_~/#@$&*+=%-]"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[(?:{_ipv6()})\])"
_REST = rf"(?::\d{{1,5}})?(?:[/?#](?:{_PATH})?)?"

URL = Entity(
    "URL",
    "an address of the web: http, https or ftp and a host, or a name from www on; a bare domain is none",
    (
        written(rf"(?:https?|ftp)://(?:[0-9a-z._~%!$&'()*+,;=:-]+@)?{_HOST}{_REST}", OPEN),
        written(rf"www\.(?:{_LABEL}\.)+{_TOP}{_REST}", Bounds(beside=ALPHANUMERIC)),
    ),
    examples=("https://example.com", "http://localhost:8080/a?b=c#d", "HTTPS://[2001:db8::1]/", "www.example.org/x",
              "ftp://user:secret@example.com/file"),
    near_misses=("https://", "example.com", "www.example", "mailto:user@example.com", "http:/example.com"),
)  # fmt: skip

_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_BECH32 = "02-9ac-hj-np-z"

CRYPTO = Entity(
    "CRYPTO",
    "an address of Bitcoin or Ethereum, by its form: the checks are hashes, and a code with a thousand million states",
    (
        written(f"[13]{_BASE58}{{25,34}}", WORD, ignore_case=False),
        written(f"bc1[{_BECH32}]{{11,71}}|BC1[{_BECH32.upper()}]{{11,71}}", WORD, ignore_case=False),
        written(f"0x{_HEX}{{40}}", WORD),
    ),
    examples=("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
              "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "0x0000000000000000000000000000000000000000"),
    near_misses=("1BvBMSEYstWetqTFn5Au4m4", "bc1Qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
                 "10000000000000000000000000000000",
                 "0x00000000000000000000000000000000000000000"),
)  # fmt: skip
