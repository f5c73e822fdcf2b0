"""Leaves: the languages that expressions begin with, named as the keywords of `compile_constraint` are.

Each checks what it was given, as the source of a constraint does, and is that source. How they are combined is
`language`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from llmpost.constraints.choice import ChoiceSource
from llmpost.constraints.json_schema.document.text import schema_text
from llmpost.constraints.json_schema.settings import Settings
from llmpost.constraints.json_schema.source import JsonSchemaSource
from llmpost.constraints.languages.language import Language, Leaf
from llmpost.constraints.languages.regular_schema import RegularSchema
from llmpost.constraints.quote import QuoteSource
from llmpost.constraints.regex import RegexSource


def regex(pattern: str) -> Language:
    """The texts that a pattern matches as a whole."""
    return Leaf(RegexSource.of(pattern), pattern)


def choice(texts: Iterable[str | bytes]) -> Language:
    """These texts.

    >>> choice(["no", "yes", b"no"])
    choice(['no', 'yes'])
    """
    source = ChoiceSource.of(texts)
    return Leaf(source, tuple(map(_readable, source.texts)))


def quote(
    document: str | Iterable[str], *, whole: str = "characters", least: int = 1, in_json: bool = False
) -> Language:
    """What stands in a document, or in one of several: as long as it likes, and character for character.

    `whole`: "words" or "sentences" are not cut; `least`: so many characters, as they are written, 0 for the empty text
    too; `in_json`: as it stands between the quotation marks of a JSON string.
    """
    source = QuoteSource.of(document, whole=whole, least=least, in_json=in_json)
    usual = ("whole", "characters"), ("least", 1), ("in_json", False)
    given = ("whole", source.whole), ("least", source.least), ("in_json", source.in_json)
    content = document if isinstance(document, str) else source.documents
    return Leaf(source, content, tuple(option for option in given if option not in usual))


def json_schema(schema: Mapping[str, Any] | bool | str, **settings: Any) -> Language:
    """The values of a schema, written as `settings` say. ConstraintError, when it is read, where its texts need more
    remembered than where they stand: keys that are free to choose, and items that must differ."""
    source = JsonSchemaSource.of(schema_text(schema), Settings.of(**settings))
    return Leaf(RegularSchema(source), source.text, tuple(settings.items()))


def _readable(text: bytes) -> str | bytes:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text
