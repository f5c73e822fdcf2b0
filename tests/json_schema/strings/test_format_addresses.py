"""Addresses, names of hosts, mailboxes and UUIDs against Python's own readers and the rules of their standards."""

from __future__ import annotations

import ipaddress
import re
import uuid

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spelled_strings import strings_of, takes

addresses = st.lists(
    st.sampled_from([":", "::", ".", "0", "1", "00", "abcd", "12345", "FFFF", "255", "256", "1.2.3.4", "::1.2.3.4"]),
    max_size=16,
).map("".join)


def is_taken(name: str, text: str) -> bool:
    strings = strings_of("minimal", "plain")
    return takes(strings, strings.of_format(name), text)


def is_read_by(read: type[object], text: str) -> bool:
    try:
        read(text)  # type: ignore[call-arg]
    except ValueError:
        return False
    return True


@given(st.ip_addresses(v=6) | st.ip_addresses(v=4), addresses)
def test_addresses(address: ipaddress.IPv4Address | ipaddress.IPv6Address, other: str) -> None:
    """What `ipaddress` prints or reads is an address, and nothing else is."""
    for text in (str(address), address.exploded, other, f"{address}{other}", str(address)[1:]):
        assert is_taken("ipv4", text) is is_read_by(ipaddress.IPv4Address, text), text
        assert is_taken("ipv6", text) is is_read_by(ipaddress.IPv6Address, text), text


@given(st.lists(st.sampled_from(["", "0", "1", "abcd"]), min_size=1, max_size=10), st.booleans())
@example(["", "", "1", "1", "1", "1", "1", "1", "1"], False)
def test_groups_and_colons(groups: list[str], is_dotted: bool) -> None:
    """Eight groups, or fewer with one pair of colons, as `ipaddress` counts them."""
    text = ":".join([*groups, "1.2.3.4"] if is_dotted else groups)
    assert is_taken("ipv6", text) is is_read_by(ipaddress.IPv6Address, text)


@given(st.uuids(), st.integers(0, 36), st.sampled_from("0gG-{ "))
def test_uuids(number: uuid.UUID, place: int, letter: str) -> None:
    """The form with hyphens and no other, in either case."""
    text = str(number)
    changed = text[:place] + letter + text[place + 1 :]
    is_uuid = re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", changed) is not None
    assert is_taken("uuid", text.upper())
    assert is_taken("uuid", changed) is is_uuid
    assert not any(is_taken("uuid", other) for other in (number.hex, number.urn, f"{{{number}}}"))


LABELS = st.text("aX-N0n", max_size=6) | st.sampled_from(["a" * 62, "a" * 63, "a" * 64, "x" * 63, "xn" + "a" * 61])


@given(st.lists(LABELS, min_size=1, max_size=5))
@example(["a" * 63, "a" * 63, "a" * 63, "a" * 61])
@example(["a" * 63, "a" * 63, "a" * 63, "a" * 62])
@example(["xn--a"])
@example(["xn-" + "a" * 60])
@example(["xn-" + "a" * 61])
def test_hostnames(labels: list[str]) -> None:
    """Labels of letters, digits and inner hyphens, up to 63 each and 253 in all, none of them in Punycode."""
    text = ".".join(labels)
    label = r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    is_name = len(text) <= 253 and re.fullmatch(rf"{label}(?:\.{label})*", text, re.I | re.A) is not None
    assert is_taken("hostname", text) is is_name


MAILBOXES = {
    "a@b": True, "a.b.c@d.example": True, "!#$%&'*+-/=?^_`{|}~@x": True, '" "@x': True, r'"\""@x': True, '""@x': True,
    r'"a\\b"@x': True, "a@[1.2.3.4]": True, "a@[IPv6:::1]": True, "a@[ipv6:1:2:3:4:5:6:7:8]": True, "a@1.2.3.4": True,
    "a@[IPv6:1::3:4:5:6:7:8]": False, "a@[::1]": False, "a@[1.2.3]": False, "a@[]": False, "a@[x:y]": False,
    "a": False, "@b": False, "a@": False, "a@b@c": False, ".a@b": False, "a.@b": False, "a..b@c": False, "a b@c": False,
    '"a@b': False, '"a"b@c': False, '"é"@x': False, "é@x": False, "a@é": False, "a@-b": False, "a@b-": False,
    "a@b..c": False, "a@.b": False, "a@b.": False, "a@b_c": False, "a@b\n": False, "<a@b>": False, "a(c)@b": False,
    '"\n"@b': False, r'"\é"@x': False, "a@" + "b" * 63: True, "a@" + "b" * 64: False,
}  # fmt: skip
INTERNATIONAL_MAILBOXES = {
    "é@x": True, "δ.é@пример.example": True, '"é "@x': True, "a@b": True, "a@[1.2.3.4]": True, "😀@x": True,
    "é@": False, "é..a@x": False, "a@é.": False, "é é@x": False, r'"\é"@x': False, "a@é_é": False, "a@É": False,
}  # fmt: skip


@pytest.mark.parametrize(("text", "is_valid"), MAILBOXES.items())
def test_mailboxes(text: str, is_valid: bool) -> None:
    """`Mailbox` of RFC 5321, rule by rule."""
    assert is_taken("email", text) is is_valid
    if is_valid:
        assert is_taken("idn-email", text)


@pytest.mark.parametrize(("text", "is_valid"), INTERNATIONAL_MAILBOXES.items())
def test_international_mailboxes(text: str, is_valid: bool) -> None:
    """What RFC 6531 adds: other characters in atoms, quoted texts and labels, and not behind a backslash."""
    assert is_taken("idn-email", text) is is_valid


INTERNATIONAL = {
    "example.com": True, "Example": True, "a-b": True, "bücher.example": True, "straße": True, "faß。de": True,
    "a｡b": True,
    "παράδειγμα": True, "l·l": True, "al·l·la": True, "कु": True, "क्\u200dष": True, "ب\u200cب": True, "α͵α": True,
    "א׳": True, "א״א": True, "あ・": True, "・漢": True, "אב1": True, "ا٠": True, "۰ا": False, "ا۰": True,
    "": False, "-a": False, "a-": False, "ab--cd": False, "é-": False, "-é": False, "aé--b": False,
    "xn--bcher-kva": False,
    "Bücher": False, "ﬁ": False, "a_b": False, "é b": False, "é.": False, ".é": False, "é..a": False, "\u0301a": False,
    "·l": False, "l·": False, "l·a": False, "a\u200db": False, "क\u200dष": False, "b\u200cb": False, "α͵a": False,
    "׳א": False, "a״é": False, "・": False, "a・": False, "ا٠۰": False, "1א": False, "aא": False, "אa": False,
    "0é.א": False, "é.א": True, "a" * 63: True, "a" * 64: False, "é" * 59: True, "é" * 60: False, "ـ": False,
    "〮a": False, "é\n": False, "☃": False, "١٢": False,
}  # fmt: skip


@pytest.mark.parametrize(("text", "is_valid"), INTERNATIONAL.items())
def test_international_names(text: str, is_valid: bool) -> None:
    """RFC 5891 to 5893: characters, their neighbours, hyphens, and labels from right to left."""
    assert is_taken("idn-hostname", text) is is_valid


@settings(max_examples=300)
@given(st.text("al·-0é͵αא׳ب\u0644٠۰क्\u200c\u200dあ・\u0301\u0323\u0316ােß", min_size=1, max_size=5))
def test_labels_of_the_idna_package(label: str) -> None:
    """A label beyond ASCII is taken exactly when the `idna` package takes it for valid."""
    idna = pytest.importorskip("idna", reason="the oracle is not installed")
    try:
        if not label.isascii():
            idna.check_label(label)
            idna.check_bidi(label)
    except idna.IDNAError:
        is_label = False
    else:
        is_label = not label.isascii() or re.fullmatch("(?!..--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", label) is not None
    assert is_taken("idn-hostname", label) is is_label
