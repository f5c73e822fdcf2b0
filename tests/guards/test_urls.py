"""URLs: how they are read, and what is found of them."""

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.options import Options
from llmpost.guards.urls.address import read_address
from llmpost.guards.urls.guard import LONGEST, TOO_LONG, build
from llmpost.guards.urls.homographs import is_homograph
from llmpost.guards.urls.hosts import Hosts


def found(text: str, **options: object) -> list[tuple[str, str]]:
    guard = build(Options(options, "guards[0]"))
    return sorted((text[one.span.start : one.span.end], one.label) for one in guard.inspect(text, GuardContext()))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://good.example/evil.example", "good.example"),
        ("https://good.example@evil.example", "evil.example"),
        ("https://good.example:80@evil.example:8080/x", "evil.example"),
        ("https://good.example\\@evil.example", "good.example"),
        ("https://evil.example#@good.example", "evil.example"),
        ("https:evil.example", "evil.example"),
        ("https:/\\\\/evil.example", "evil.example"),
        ("//evil.example/x", "evil.example"),
        ("HTTPS://EVIL.Example.", "evil.example"),
        ("https://%65vil.example", "evil.example"),
        ("https://ev\u00adil\u200b.ex\tample", "evil.example"),
        ("https://ｅｖｉｌ。example", "evil.example"),
        ("https://b\u00fccher.example", "xn--bcher-kva.example"),
        ("http://2130706433", "127.0.0.1"),
        ("http://0x7f.1", "127.0.0.1"),
        ("http://0177.0.0.01", "127.0.0.1"),
        ("http://[0:0::1]:80", "::1"),
        ("http://[zz]", None),
        ("http://256.256.256.256", None),
        ("http://1.2.3.4.5", None),
        ("http://a..b", None),
        ("http://" + "9" * 5000, None),
        ("http://\ud800", "xn--?"),
        ("mailto:a@b.example", ""),
        ("path/to/it", ""),
        ("", ""),
    ],
)
def test_the_host_is_that_of_browsers(url: str, host: str | None) -> None:
    """Wherever it stands, and however it is written; None where it can be none."""
    read = read_address(url).host
    assert (read[:4] + "?" if read and host == "xn--?" else read) == host


def test_the_other_parts_are_told_apart() -> None:
    """Scheme, name, port, path, query and fragment."""
    address = read_address("HTTP://a:b@c.example:08080/d/e?f=?#g#")
    assert (address.scheme, address.userinfo, address.port) == ("http", "a:b", 8080)
    assert (address.path, address.query, address.fragment) == ("/d/e", "f=?", "g#")


@pytest.mark.parametrize(
    ("host", "is_one"),
    [("p\u0430ypal.com", True), ("\u0430\u0440\u0440\u04cf\u0435.com", True),
     ("\u0440\u043e\u0441\u0441\u0438\u044f.\u0440\u0444", False),
     ("b\u00fccher.de", False), ("\u65e5\u672c.jp", False), ("paypal.com", False), ("xn--99zzz99.com", False)],
)  # fmt: skip
def test_names_that_look_like_others_are_told(host: str, is_one: bool) -> None:
    """Letters of two scripts in one label, or letters that all look Latin and are not."""
    address = read_address(f"//{host}")
    assert address.host is not None
    assert is_homograph(address.host) is is_one


def test_a_host_stands_for_what_lies_below_it() -> None:
    """But not for what merely ends alike; an asterisk leaves out the host itself."""
    hosts = Hosts.of(["Example.com", "*.b\u00fccher.example", "192.0.2.1"])
    on_it = ["example.com", "a.b.example.com", "x.xn--bcher-kva.example", "192.0.2.1"]
    off_it = ["badexample.com", "example.com.evil", "com", "xn--bcher-kva.example", "192.0.2.11", ""]
    assert [hosts.has(host) for host in on_it] == [True] * 4
    assert [hosts.has(host) for host in off_it] == [False] * 6


ALLOW = {"allow": ["good.example"]}


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("See https://good.example/a_(b)?c=d.", []),
        ("See https://evil.example/a_(b)?c=d.", ["https://evil.example/a_(b)?c=d"]),
        ("(https://evil.example), or not", ["https://evil.example"]),
        ("[a](https://good.example),[b](https://evil.example)", ["https://evil.example"]),
        ("https://good.example.evil.example", ["https://good.example.evil.example"]),
        ("https&#58;//evil.example", ["//evil.example", "https&#58;//evil.example"]),
        ("ht\u200btps://evil.example", ["ht\u200btps://evil.example", "tps://evil.example"]),
        ("src='//evil.example/x'", ["//evil.example/x"]),
        ("www.evil.example.", ["www.evil.example"]),
        ("www.good.example", []),
        ("a//b.example and // comment and 1/2", []),
        ("gopher://evil.example", ["gopher://evil.example"]),
        ("\\\\evil.example\\share", ["\\\\evil.example\\share"]),
        ("http://[2001:db8::1]/", ["http://[2001:db8::1]/"] * 2),
        ("write to user@evil.example or evil.example", []),
        ("", []),
    ],
)
def test_what_is_not_allowed_is_found_whole(text: str, urls: list[str]) -> None:
    """From the scheme to the last character that is no punctuation of the sentence."""
    assert [url for url, _ in found(text, **ALLOW)] == urls


@pytest.mark.parametrize(
    ("text", "options", "labels"),
    [
        ("https://a.evil.example/", {"deny": ["evil.example"]}, ["HOST_DENIED"]),
        ("https://fine.example/", {"deny": ["evil.example"]}, []),
        ("javascript:alert(1)", {}, ["URL_SCHEME"]),
        ("data:text/html;base64,PGI+", {}, ["URL_SCHEME"]),
        ("data:,x and data: what we know", {}, ["URL_SCHEME"]),
        ("http://fine.example", {"schemes": ["https"]}, ["URL_SCHEME"]),
        ("data:text/html,x", {"schemes": ["data"]}, []),
        ("https://fine.example:8443/", {"ports": [443]}, ["URL_PORT"]),
        ("https://fine.example:443/ https://fine.example/", {"ports": [443]}, []),
        ("http://127.1/", {}, ["URL_IP"]),
        ("http://127.1/", {"ip": True}, []),
        ("http://127.1/", {"allow": ["127.0.0.1"]}, []),
        ("https://fine.example@evil.example", {}, ["URL_USERINFO"]),
        ("https://me@fine.example", {"userinfo": True}, []),
        ("https://p\u0430ypal.com/", {}, ["URL_HOMOGRAPH"]),
        ("https://p\u0430ypal.com/", {"allow": ["p\u0430ypal.com"]}, []),
        ("evil.com", {"bare": True, "deny": ["evil.com"]}, ["HOST_DENIED"]),
        ("EVIL.com:80/x me@evil.com evil.community", {"bare": True, "deny": ["evil.com"]}, ["HOST_DENIED"]),
        ("https://fine.example/" + "a" * LONGEST, {}, [TOO_LONG]),
    ],
)
def test_each_rule_has_its_label(text: str, options: dict[str, object], labels: list[str]) -> None:
    """What a policy does not mention is as strict as is safe."""
    assert [label for _, label in found(text, **options)] == labels


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"allow": ["https://good.example/"]},
            r"guards\[0\]\.allow: 'https://good.example/' is not the name of a host",
        ),
        ({"deny": ["a b"]}, "'a b' is not the name of a host"),
        ({"ports": [0]}, r"ports: \[0\] is not a list of ports"),
        ({"hosts": ["a"]}, "'hosts' is not an option"),
    ],
)
def test_impossible_rules_are_refused(options: dict[str, object], message: str) -> None:
    """With the place in the policy."""
    with pytest.raises(PolicyError, match=message):
        build(Options(options, "guards[0]"))


def test_the_work_grows_with_the_text() -> None:
    """Whatever URLs begin with, over and over, is read."""
    guard = build(Options({**ALLOW, "bare": True}, "guards[0]"))
    for one in ("https://", "//a.", "www.", "[", "(", "a", "http://a.b/("):
        guard.inspect(one * (100_000 // len(one)), GuardContext())
