"""A page read back by the standard parser: its elements, its texts, what links lead to. It forgives nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta"})


@dataclass
class Element:
    """One, with what is in it, in order."""

    name: str
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def every(self, name: str = "", of_class: str = "") -> list[Element]:
        """Those in it with this name and class, in order."""
        own = [self] if name in ("", self.name) and (not of_class or of_class in self.classes) else []
        return own + [
            found for child in self.inside if isinstance(child, Element) for found in child.every(name, of_class)
        ]

    def text(self) -> str:
        """As a person reads it: characters that nobody sees by their names, and no numbers of rows."""
        if self.name == "sup":
            return ""
        return "".join(child if isinstance(child, str) else child.text() for child in self.inside)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.way = [Element("document", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        assert len(element.attributes) == len(attrs), f"{tag} has an attribute twice"
        self.way[-1].inside.append(element)
        if tag not in VOID:
            self.way.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.way.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.way[-1].name == tag, f"{tag} ends where {self.way[-1].name} is open"
        self.way.pop()

    def handle_data(self, data: str) -> None:
        self.way[-1].inside.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")


def read_page(html: str) -> Element:
    """The whole document; AssertionError where elements do not fit into each other."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert len(parser.way) == 1, f"{parser.way[-1].name} is never closed"
    return parser.way[0]
