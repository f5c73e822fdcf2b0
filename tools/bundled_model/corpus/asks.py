"""How people ask for a record: the sentence that asks, and the many ways to list the fields wanted.

It knows keys and types, not values. A question either names its fields or leaves them to the kind of record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .draw import Draw
from .record import FieldType


@dataclass(frozen=True, slots=True)
class Asked:
    """One field asked for: under which key, of which type, and where it comes from."""

    key: str
    type: FieldType
    field: str


PYTHON_TYPES = {"string": "str", "integer": "int", "number": "float"}
TYPESCRIPT_TYPES = {"string": "string", "integer": "number", "number": "number"}
CLASS_NAMES = (
    "Record",
    "Item",
    "Data",
    "Entry",
    "Result",
    "Person",
    "Order",
    "Ticket",
    "Event",
    "Address",
    "InvoiceLine",
    "Answer",
)
BLANKS: dict[str, object] = {"string": "", "integer": 0, "number": 0.0}

# ---- lists of fields inside a sentence ----


def comma_list(_draw: Draw, asked: Sequence[Asked]) -> str:
    return ", ".join(one.key for one in asked)


def and_list(_draw: Draw, asked: Sequence[Asked]) -> str:
    keys = [one.key for one in asked]
    return " and ".join([", ".join(keys[:-1]), keys[-1]]) if len(keys) > 1 else keys[0]


def quoted_list(draw: Draw, asked: Sequence[Asked]) -> str:
    mark = draw.any(('"', "'", "`"))
    return ", ".join(f"{mark}{one.key}{mark}" for one in asked)


def json_list(_draw: Draw, asked: Sequence[Asked]) -> str:
    return json.dumps([one.key for one in asked])


def typed_list(draw: Draw, asked: Sequence[Asked]) -> str:
    open_, close = draw.any(((" (", ")"), (": ", ""), (":", ""), (" ", "")))
    return ", ".join(f"{one.key}{open_}{one.type}{close}" for one in asked)


def python_list(_draw: Draw, asked: Sequence[Asked]) -> str:
    return ", ".join(f"{one.key}: {PYTHON_TYPES[one.type]}" for one in asked)


def slash_list(draw: Draw, asked: Sequence[Asked]) -> str:
    return draw.any((" / ", "; ", " | ", " + ", "/")).join(one.key for one in asked)


def brace_list(_draw: Draw, asked: Sequence[Asked]) -> str:
    return "{" + ", ".join(one.key for one in asked) + "}"


def bracket_list(draw: Draw, asked: Sequence[Asked]) -> str:
    return draw.any(("[{}]", "({})", "<{}>")).format(", ".join(one.key for one in asked))


def blank_separated(_draw: Draw, asked: Sequence[Asked]) -> str:
    return " ".join(one.key for one in asked)


INLINE: tuple[Callable[[Draw, Sequence[Asked]], str], ...] = (
    comma_list, comma_list, comma_list, and_list, quoted_list, json_list, typed_list, python_list, slash_list,
    brace_list, bracket_list, blank_separated,
)  # fmt: skip

# ---- lists of fields as a block of their own ----


def bullet_block(draw: Draw, asked: Sequence[Asked]) -> str:
    bullet = draw.any(("- ", "* ", "• "))
    return "\n".join(f"{bullet}{one.key}" for one in asked)


def typed_bullet_block(draw: Draw, asked: Sequence[Asked]) -> str:
    bullet, types = draw.any(("- ", "* ", "")), draw.any((PYTHON_TYPES, TYPESCRIPT_TYPES, {}))
    return "\n".join(f"{bullet}{one.key}: {types.get(one.type, one.type)}" for one in asked)


def numbered_block(draw: Draw, asked: Sequence[Asked]) -> str:
    mark = draw.any((". ", ") "))
    return "\n".join(f"{i}{mark}{one.key}" for i, one in enumerate(asked, 1))


def json_schema(draw: Draw, asked: Sequence[Asked]) -> str:
    """A JSON Schema as libraries and people write it: titles, nullable types, `required`, on one line or on many."""
    titles, nullable = draw.chance(0.25), draw.chance(0.1)
    properties: dict[str, object] = {}
    for one in asked:
        kind: dict[str, object] = {"type": one.type}
        if nullable and draw.chance(0.4):
            kind = draw.any(({"anyOf": [kind, {"type": "null"}]}, {"type": [one.type, "null"]}))
        properties[one.key] = {"title": one.key.replace("_", " ").title(), **kind} if titles else kind
    schema: dict[str, object] = {"properties": properties}
    if draw.chance(0.6):
        schema["required"] = [one.key for one in asked]
    if draw.chance(0.2):
        schema["additionalProperties"] = False
    if titles:
        schema["title"] = draw.any(CLASS_NAMES)
    schema = {**schema, "type": "object"} if titles or draw.chance(0.2) else {"type": "object", **schema}
    return json.dumps(
        properties if draw.chance(0.12) else schema,
        separators=(",", ":") if draw.chance(0.3) else None,
        indent=2 if draw.chance(0.06) else None,
    )


def blank_template(draw: Draw, asked: Sequence[Asked]) -> str:
    """The object wanted, with blanks for values."""
    blank = draw.any(("blank", "null", "dots", "type"))
    values: dict[str, object] = {}
    for one in asked:
        values[one.key] = {"blank": BLANKS[one.type], "null": None, "dots": "...", "type": one.type}[blank]
    return json.dumps(values)


def python_class(draw: Draw, asked: Sequence[Asked]) -> str:
    base = draw.any(("", "(BaseModel)", "(TypedDict)", "(NamedTuple)"))
    lines = "\n".join(f"    {one.key}: {PYTHON_TYPES[one.type]}" for one in asked)
    decorator = "@dataclass\n" if not base and draw.chance(0.5) else ""
    return f"{decorator}class {draw.any(CLASS_NAMES)}{base}:\n{lines}"


def typescript_type(draw: Draw, asked: Sequence[Asked]) -> str:
    inner = "; ".join(f"{one.key}: {TYPESCRIPT_TYPES[one.type]}" for one in asked)
    return f"{draw.any(('type Record =', 'interface Record', 'type T ='))} {{ {inner} }}"


def signature(_draw: Draw, asked: Sequence[Asked]) -> str:
    return f"record({', '.join(f'{one.key}: {PYTHON_TYPES[one.type]}' for one in asked)})"


BLOCKS: tuple[Callable[[Draw, Sequence[Asked]], str], ...] = (
    bullet_block, typed_bullet_block, numbered_block, json_schema, json_schema, json_schema, blank_template,
    python_class, typescript_type, signature,
)  # fmt: skip

# ---- the sentences that ask ----

# no fields named: the kind of record says which; `{text}` follows or stands inside
UNLISTED = (
    "Extract the {noun}: {text}", "Extract the {noun}: {text}", "Extract the {noun} from this text: {text}",
    "Extract the {noun} as JSON: {text}", "Extract the {noun}.\n{text}", "Extract the {noun}\n\n{text}",
    "Extract [a|one] {noun}: {text}", "extract {noun}: {text}",
    "[Get|Find|Read|Parse|Return|Pull out] the {noun}: {text}", "Parse this {noun}: {text}",
    "Parse the {noun} below.\n{text}", "Turn this {noun} into JSON: {text}", "Turn this into a JSON {noun}: {text}",
    "{text}\n\nExtract the {noun}.", "{text}\nExtract the {noun} as JSON.",
    "{text}\n[Give|Return|Show] the {noun} as JSON.",
    "What is the {noun} in this text?\n{text}", "Which {noun} is this? [Answer in JSON|Reply with JSON].\n{text}",
    "Read the text and [return|give] the {noun}: {text}", "JSON for this {noun}: {text}", "{noun} as JSON: {text}",
    "[Convert|Transform] to JSON ({noun}): {text}", "Please extract the {noun} from: {text}",
    "Could you extract the {noun}? {text}",
    "Here is a {noun}. Make it JSON.\n{text}", "Structure this {noun}:\n{text}", "Fill in the {noun}: {text}",
    "[I need|We need] the {noun} as JSON from this: {text}", "Make a JSON object of this {noun}: {text}",
    "Text: {text}\nTask: extract the {noun}", "Input: {text}\nOutput the {noun} as JSON.", "Record the {noun}: {text}",
    "Save this {noun}: {text}",
)  # fmt: skip
LISTED = (
    "Extract as JSON: {fields}\n{text}", "Extract as JSON: {fields}\n\n{text}", "Extract {fields} as JSON: {text}",
    "Extract {fields} from: {text}", "Extract {fields}.\n\n{text}", "Extract the {noun}: {text}\nFields: {fields}",
    "Extract the {noun}: {text} Fields: {fields}", "Extract the {noun}: {text}\n[Return|Give|Use] {fields}.",
    "Extract the {noun} ({fields}): {text}", "Extract the {noun} with {fields}: {text}",
    "Extract the {noun}.\nFields: {fields}\nText: {text}", "fields: {fields}\ntext: {text}", "Fields: {fields}\n{text}",
    "Return [a JSON object|JSON] with [the keys|keys|the fields] {fields}.\n{text}",
    "Return JSON with {fields} for this text: {text}", "{text}\n\nFields: {fields}",
    "{text}\n\nExtract {fields} as JSON.", "{text}\n[Give|Return|Write] JSON with {fields}.",
    "{text}\nJSON keys: {fields}", "[Find|Get|Read|Pull out|List] {fields} [in|from] this text: {text}",
    "[Find|Get|Fill in] {fields}:\n{text}", "Which {fields} are given? [Answer in JSON|JSON only].\n{text}",
    "From the text below, extract {fields}.\n{text}", "Read this {noun} and return {fields} as JSON.\n{text}",
    "Parse into {fields}: {text}", "Parse the {noun} into {fields}.\n{text}",
    "I need {fields} from this {noun}: {text}", "Please give me {fields} as JSON. {text}",
    "Convert to JSON with keys {fields}: {text}", "JSON ({fields}): {text}", "Task: extract {fields}\nInput: {text}",
    "Text: {text}\nWanted: {fields}", "Input: {text}\nKeys: {fields}\nOutput JSON.", "Only {fields}, as JSON: {text}",
    "What are {fields} here? {text}", "Tell me {fields} (JSON): {text}", "Can you extract {fields} from this? {text}",
    "columns: {fields}\nrow: {text}", "{fields} <- {text}",
    "[Answer|Reply] with a JSON object that has {fields}.\n\n{text}",
    "Extract {fields}. Use null [if|when] a value is missing.\n{text}", "Get {fields}, null for missing ones: {text}",
)  # fmt: skip
BLOCKED = (
    "Extract [these|the following] fields as JSON:\n{block}\n\n{text}", "Extract the {noun}: {text}\n{block}",
    "Extract the {noun}: {text}\n\nSchema: {block}",
    "Extract the {noun}: {text}\n\nAnswer with JSON that fits this schema:\n{block}",
    "Extract the {noun}.\nSchema: {block}\nText: {text}", "Schema:\n{block}\n\nText:\n{text}",
    "{text}\n\n[Answer|Reply|Respond] with JSON [matching|following|like] this:\n{block}",
    "{text}\n\nFields:\n{block}", "[Fill|Complete] this: {block}\n{text}", "{block}\n\n{text}",
    "Return JSON [for|in the form] {block}\n{text}", "Use this [schema|format|structure]:\n{block}\nText: {text}",
    "[Respond|Answer] in JSON [schema|format] {block}.\n\n{text}",
    "Parse the text into this type:\n{block}\n---\n{text}", "Text: {text}\nSchema: {block}",
    "Given this schema {block} extract the {noun} from: {text}",
    "{text}\n---\n{block}", "[Convert|Map] the text to:\n{block}\n\nText: {text}",
    "Output format:\n{block}\n\nInput:\n{text}", "Extract data.\n{block}\n{text}",
    "Extract the {noun}: {text}\nJSON schema: {block}", "JSON schema: {block}\nExtract the {noun}: {text}",
    "I need an object like {block} from this {noun}:\n{text}",
    "Make one object of this type from the text.\n{block}\n\"{text}\"",
)  # fmt: skip
# in the system turn; the user's turn is then the text alone
SYSTEM_LISTED = (
    "Extract {fields} as JSON.", "[Return|Answer with] a JSON object with the keys {fields}.",
    "You extract {fields} from texts.", "You read {noun} texts and return JSON: {fields}.", "Fields: {fields}",
    "Every answer is JSON with {fields}.", "Extract the {noun} as JSON with {fields}.",
    "For each text give {fields} in JSON.", "Reply in JSON only. Keys: {fields}",
)  # fmt: skip
SYSTEM_UNLISTED = (
    "Extract the {noun} as JSON.", "You turn texts into {noun} records.", "Return the {noun} in each message as JSON.",
    "You are a parser. Find the {noun}.", "Extract the {noun}.",
    "Read each message and answer with the {noun} as JSON.", "You extract one {noun} from every text.",
    "Parse {noun} texts to JSON.",
)  # fmt: skip
SYSTEM_GENERAL = (
    "You are a helpful assistant.", "You answer with JSON only.", "You are tiny, a small model.",
    "You extract data from texts.", "Be brief and exact.", "Copy values as they are written.",
    "You are a data entry clerk.", "[Answer|Reply] briefly.", "You follow the instructions of the user.",
    "You are a careful assistant. Use null for missing values.",
)  # fmt: skip
