"""Markup: the URLs in a piece of Markdown, HTML or CSS, and what a program that shows it would do with each.

It reads more than it must: a tag inside a quoted attribute counts, since browsers differ in where a quote ends. Each
target is a kind and a place; whether its URL may stand there is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

IMAGE, LINK, REFERENCE = "MARKDOWN_IMAGE", "MARKDOWN_LINK", "MARKDOWN_REFERENCE"
HTML_RESOURCE, HTML_LINK, HTML_FRAME, HTML_FORM = "HTML_RESOURCE", "HTML_LINK", "HTML_FRAME", "HTML_FORM"
SCRIPT, EVENT, STYLE = "HTML_SCRIPT", "HTML_EVENT", "CSS_URL"
LABELS: Final = (IMAGE, LINK, REFERENCE, HTML_RESOURCE, HTML_LINK, HTML_FRAME, HTML_FORM, SCRIPT, EVENT, STYLE)

_OF_TAG: Final = {
    **dict.fromkeys(("a", "area"), HTML_LINK),
    **dict.fromkeys(("iframe", "frame", "frameset", "object", "embed", "applet", "portal"), HTML_FRAME),
    **dict.fromkeys(("form", "button", "isindex"), HTML_FORM),
    "script": SCRIPT,
}
"""What the URLs of a tag are for; those of others are loaded with the page."""

_BRACKET_OR_TARGET: Final = re.compile(
    r"(?P<open>!?\[)|\]\(\s*(?:<(?P<angled>[^<>\n]*)|(?P<plain>(?:[^\s<>()]|\([^\s<>()]*\))+))|(?P<close>\])"
)
_REFERENCE: Final = re.compile(r"\]:\s*<?(?P<url>[^\s<>]+)")
_PIECE: Final = re.compile(
    r"""<(?P<tag>[a-z][^\s/>"'<]*)
       |(?P<name>[^\s"'<>/=]+)\s*=\s*(?:"(?P<two>[^"]*)"?|'(?P<one>[^']*)'?|(?P<bare>[^\s"'>]+))?""",
    re.IGNORECASE | re.VERBOSE,
)
_URL_NAMES: Final = (
    "src srcset href xlink:href data poster action formaction background longdesc ping manifest lowsrc dynsrc code "
    "codebase classid imagesrcset icon cite archive"
)
_EVENT: Final = re.compile(r"on[a-z]{3,24}", re.IGNORECASE)
_CSS: Final = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(?P<url>[^\s"'()]+)""", re.IGNORECASE)
_REFRESH: Final = re.compile(r"\burl\s*=\s*['\"]?(?P<url>[^\s'\"]+)", re.IGNORECASE)
_CANDIDATE: Final = re.compile(r"[^\s,]\S*")
_WHOLE: Final = re.compile(r".+", re.DOTALL)


class Target(NamedTuple):
    """A place in a piece of markup, and what is there."""

    kind: str
    start: int
    end: int
    url: str | None
    """None where it is wrong whatever URL it has."""


def in_markdown(text: str) -> Iterator[Target]:
    """Of inline links and images, reference definitions and links in angle brackets."""
    yield from _inline(text)
    for match in _REFERENCE.finditer(text):
        yield _target(REFERENCE, match, "url")
    if text.startswith("<"):
        yield Target(LINK, 1, len(text) - 1, text[1:-1])


def _inline(text: str) -> Iterator[Target]:
    """A target belongs to the bracket opened last; one that was opened before the text begins is a link's."""
    opened: list[str] = []
    for match in _BRACKET_OR_TARGET.finditer(text):
        if match["open"]:
            opened.append(match["open"])
            continue
        bracket = opened.pop() if opened else "["
        if match.lastgroup != "close":
            yield _target(IMAGE if bracket == "![" else LINK, match, str(match.lastgroup))


def in_tag(text: str) -> Iterator[Target]:
    tag = ""
    for match in _PIECE.finditer(text):
        if match["tag"]:
            tag = match["tag"].lower()
            if tag == "script":
                yield Target(SCRIPT, match.start(), len(text), None)
        elif _EVENT.fullmatch(match["name"]):
            yield Target(EVENT, match.start(), match.end(), None)
        else:
            yield from _in_attribute(tag, match)


def _in_attribute(tag: str, match: re.Match[str]) -> Iterator[Target]:
    name, group = match["name"].lower(), match.lastgroup
    if group is None or group == "name":
        return
    kind, value, start = _OF_TAG.get(tag, HTML_RESOURCE), match[group], match.start(group)
    if name == "srcdoc":
        yield Target(HTML_FRAME, start, match.end(group), None)
    elif name in _URL_NAMES.split():
        parts = _CANDIDATE if name.endswith("srcset") else _WHOLE
        for part in parts.finditer(value):
            yield Target(kind, start + part.start(), start + part.end(), part[0])
    elif name == "content":
        yield from (_target(HTML_RESOURCE, found, "url", start) for found in _REFRESH.finditer(value))


def in_css(text: str) -> Iterator[Target]:
    yield from (_target(STYLE, match, "url") for match in _CSS.finditer(text))


def _target(kind: str, match: re.Match[str], group: str, shift: int = 0) -> Target:
    return Target(kind, match.start(group) + shift, match.end(group) + shift, match[group])
