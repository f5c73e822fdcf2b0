"""Markup that would load, run or send something, and markup that would not."""

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.exfiltration.guard import TOO_LONG, build
from llmpost.guards.options import Options

GOOD = {"hosts": ["good.example"], "query": 10, "path": 20}


def found(text: str, **options: object) -> list[tuple[str, str]]:
    guard = build(Options(options or GOOD, "guards[0]"))
    return [(one.label, text[one.span.start : one.span.end]) for one in guard.inspect(text, GuardContext())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![a](https://evil.example/x.png)", [("MARKDOWN_IMAGE", "https://evil.example/x.png")]),
        ("![a](<https://evil.example/a b> 'c')", [("MARKDOWN_IMAGE", "https://evil.example/a b")]),
        ("![a[b]](https:evil.example)", [("MARKDOWN_IMAGE", "https:evil.example")]),
        ("![a](//evil.example)", [("MARKDOWN_IMAGE", "//evil.example")]),
        ("![a](\n  \\\\evil.example)", [("MARKDOWN_IMAGE", "\\\\evil.example")]),
        ("![a](https&#58;//evil.example)", [("MARKDOWN_IMAGE", "https&#58;//evil.example")]),
        ("[a](https://evil.example/)", [("MARKDOWN_LINK", "https://evil.example/")]),
        ("[a](https://good.example),[b](https://evil.example)", [("MARKDOWN_LINK", "https://evil.example")]),
        ("[![a](https://evil.example)](https://good.example)", [("MARKDOWN_IMAGE", "https://evil.example")]),
        ("!" + f"[{'a' * 500}](https://evil.example)", [("MARKDOWN_LINK", "https://evil.example")]),
        ("![a][b]\n\n[b]: https://evil.example", [("MARKDOWN_REFERENCE", "https://evil.example")]),
        ("<https://evil.example>", [("MARKDOWN_LINK", "https://evil.example")]),
        ("<img src=//evil.example/x>", [("HTML_RESOURCE", "//evil.example/x")]),
        ("<IMG SRC='https://evil.example/x'>", [("HTML_RESOURCE", "https://evil.example/x")]),
        ('<img alt="a > b" src="https://evil.example/">', [("HTML_RESOURCE", "https://evil.example/")]),
        ("<img srcset='https://good.example/a 1x, https://evil.example/b 2x'>", [("HTML_RESOURCE", "https://evil.example/b")]),
        ("<a href='https://evil.example'>", [("HTML_LINK", "https://evil.example")]),
        ("<iframe src=https://evil.example>", [("HTML_FRAME", "https://evil.example")]),
        ("<iframe srcdoc='<b>'>", [("HTML_FRAME", "<b>")]),
        ("<form action=https://evil.example>", [("HTML_FORM", "https://evil.example")]),
        ("<link rel=stylesheet href=//evil.example>", [("HTML_RESOURCE", "//evil.example")]),
        ("<meta http-equiv=refresh content='0;url=https://evil.example'>", [("HTML_RESOURCE", "https://evil.example")]),
        ("<p style='background: url(//evil.example/x)'>", [("CSS_URL", "//evil.example/x")]),
        ("@import 'https://evil.example/x.css';", [("CSS_URL", "https://evil.example/x.css")]),
        ("<script>", [("HTML_SCRIPT", "<script>")]),
        ("<ScRiPt/src=/x>", [("HTML_SCRIPT", "<ScRiPt/src=/x>")]),
        ('<img "><script>x</script>">', [("HTML_SCRIPT", '<script>x</script>">')]),
        ("<a href=' java\tscript:x'>", [("HTML_SCRIPT", " java\tscript:x")]),
        ("[a](javascript:x)", [("HTML_SCRIPT", "javascript:x")]),
        ("<svg/onload=x>", [("HTML_EVENT", "onload=x")]),
        ("<b class='c' onmouseover = 'x'>", [("HTML_EVENT", "onmouseover = 'x'")]),
        ("<b onclick=", [("HTML_EVENT", "onclick=")]),
    ],
)  # fmt: skip
def test_what_leads_away_or_runs_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    """Each by its kind, and no more of it than has to go."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "![a](https://good.example/x.png) and [b](https://www.good.example/?q=short)",
        "![a](/x.png?" + "q" * 100 + ")",
        "[1]: no reference, [2] (https is a scheme), a[i](j), list[dict](x)",
        "if a <b and c> d: print('x')",
        "x <y, so y is larger; it's <3 of course",
        "<b class='c'>text</b> <img src='/local.png' alt='online = on'>",
        "<img src='data:image/png;base64,AAAA'>",
        "url(#local) and url('local.png')",
        "<one@good.example>",
    ],
)
def test_what_stays_on_the_page_is_let_be(text: str) -> None:
    """Hosts that are allowed, paths without a host, prose with brackets."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("url", "is_found"),
    [
        ("https://a.example/?" + "q" * 64, False),
        ("https://a.example/?" + "q" * 65, True),
        ("https://a.example/?" + "q" * 40 + "#" + "f" * 25, True),
        ("https://a.example/" + "p" * 199, False),
        ("https://a.example/" + "p" * 200, True),
        ("https://" + "h" * 41 + ".a.example/", True),
        ("https://secret@a.example/", True),
    ],
)
def test_without_a_list_of_hosts_room_for_data_is_found(url: str, is_found: bool) -> None:
    """In the query, the fragment, the path, the name or what stands before it."""
    assert found(f"![]({url})", kinds=["MARKDOWN_IMAGE"]) == ([("MARKDOWN_IMAGE", url)] if is_found else [])


def test_a_tag_without_an_end_is_found() -> None:
    """What goes on for longer than is waited for is not looked into, and not let pass."""
    assert [label for label, _ in found("<img alt='" + "a" * 10_000)] == [TOO_LONG]


def test_options_are_read() -> None:
    """Kinds by their names; a host is no URL."""
    assert found("<script> ![](//evil.example)", hosts=[], kinds=["HTML_SCRIPT"]) == [("HTML_SCRIPT", "<script>")]
    with pytest.raises(PolicyError, match="Did you mean 'HTML_SCRIPT'"):
        build(Options({"kinds": ["HTML_SCRIPTS"]}, "guards[0]"))
    with pytest.raises(PolicyError, match="is not the name of a host"):
        build(Options({"hosts": ["https://a.example"]}, "guards[0]"))


def test_the_work_grows_with_the_text() -> None:
    """Whatever markup begins with are read."""
    guard = build(Options({}, "guards[0]"))
    for one in ("[", "![", "](", "<", "<a ", "<img ", "<div '", "url(", "]: ", "<b on", "a"):
        guard.inspect(one * (100_000 // len(one)), GuardContext())
