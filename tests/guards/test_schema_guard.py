"""Whether a text is what a schema asks for, as a whole or block by block."""

import json

import jsonschema
import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.options import Options
from llmpost.guards.schema import LABEL, Accepts, build


def accepting(schema: object, where: str) -> Accepts:
    """As the engine passes it, by somebody else's validator."""
    assert where == "guards[0].schema"
    validator = jsonschema.Draft202012Validator(schema)

    def accepts(text: str) -> bool:
        try:
            return bool(validator.is_valid(json.loads(text)))
        except ValueError:
            return False

    return accepts


def refused(text: str, **options: object) -> list[str]:
    guard = build(Options({"schema": {"type": "object"}, **options}, "guards[0]"), accepting)
    found = guard.inspect(text, GuardContext())
    assert all(one.label == LABEL for one in found)
    return [text[one.span.start : one.span.end] for one in found]


@pytest.mark.parametrize(("text", "expected"), [("{}", []), ("[]", ["[]"]), ("", [""]), ("{} x", ["{} x"])])
def test_the_whole_text_must_fit(text: str, expected: list[str]) -> None:
    """What is refused is found from its first character to its last."""
    assert refused(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n```json\n{}\n```\nb", []),
        ("a\n```json\n[]\n```\nb", ["[]\n"]),
        ("```\n[\n```\n~~~JSON\n{}\n~~~\n  ````json\n1\n```\n````", ["[\n", "1\n```\n"]),
        ("```json\n{", ["{"]),
        ("```json", [""]),
        ("```python\nx\n```\n```\n{}\n```", []),
        ("no block", ["no block"]),
    ],
)
def test_each_block_must_fit(text: str, expected: list[str]) -> None:
    """Blocks of other languages are none of its business; a text without a block of JSON is refused."""
    assert refused(text, blocks=True) == expected


def test_it_needs_a_schema() -> None:
    """And the whole text."""
    with pytest.raises(PolicyError, match=r"guards\[0\]\.schema: None is not a JSON Schema"):
        build(Options({}, "guards[0]"), accepting)
    assert build(Options({"schema": {}}, "guards[0]"), accepting).reach is None
