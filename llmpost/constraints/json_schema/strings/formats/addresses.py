"""Numbers of hosts: IPv4 as dotted decimals (RFC 2673, 3.2), IPv6 with its one ``::`` (RFC 4291, 2.2).

The patterns serve e-mail addresses and URIs as well. It knows no names of hosts.
"""

from __future__ import annotations

from llmpost.constraints.json_schema.strings.formats.format import written
from llmpost.constraints.json_schema.strings.patterns import Lengths

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4_PATTERN = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_GROUP = "[0-9A-Fa-f]{1,4}"


def ipv6_pattern(most_groups: int) -> str:
    """At most so many groups beside a ``::``: seven, but for e-mail, where it stands for two groups at least."""
    shortened = [f"{_up_to(most_groups - after)}::{_exactly(after)}" for after in range(most_groups + 1)]
    dotted = [
        f"{_up_to(most_groups - 2 - after)}::(?:{_GROUP}:){{{after}}}{IPV4_PATTERN}" for after in range(most_groups - 1)
    ]
    whole = [f"(?:{_GROUP}:){{7}}{_GROUP}", f"(?:{_GROUP}:){{6}}{IPV4_PATTERN}"]
    return f"(?:{'|'.join(whole + shortened + dotted)})"


def _up_to(num_groups: int) -> str:
    return f"(?:(?:{_GROUP}:){{0,{num_groups - 1}}}{_GROUP})?" if num_groups else ""


def _exactly(num_groups: int) -> str:
    return f"{_GROUP}(?::{_GROUP}){{{num_groups - 1}}}" if num_groups else ""


IPV6_PATTERN = ipv6_pattern(7)
IPV4 = written(IPV4_PATTERN, Lengths(7, 15))
IPV6 = written(IPV6_PATTERN, Lengths(2, 45))
