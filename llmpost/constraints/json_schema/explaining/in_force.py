"""The keywords that have a say at a place of a JSON value: those of all schemas that look at what stands there.

It follows the path of the value through the schema, and whatever applies schemas in place; which branches hold is not
asked, so some have nothing to say after all. It knows nodes, and neither texts nor terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from llmpost.constraints.json_schema.cursor import Cursor, Path
from llmpost.constraints.json_schema.document.node import Node

_CLOSING = 0x5D
MAX_NODES = 300
"""Of one level of the value."""
_ASSERTING = frozenset(
    (
        *("type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems", "contains"),
        *("minContains", "maxContains", "required", "additionalProperties", "propertyNames", "minProperties"),
        *("maxProperties", "dependentRequired", "unevaluatedProperties", "unevaluatedItems", "items"),
    )
)
_APPLYING = ("not", "oneOf", "anyOf", "allOf", "if", "then", "else", "dependentSchemas", "$ref", "$dynamicRef")


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword, or a schema that is `false`, by its pointer."""

    pointer: str
    applies: bool = False
    """Whether it only applies other schemas: these are the better answer, where they are one."""


def keywords_in_force(root: Node, path: Path) -> list[list[Keyword]]:
    """Those that look at the value at the path, then at what is around it, out to the root. Each pointer comes once."""
    levels = [_beside([root])]
    for step in path:
        levels.append(_beside(child for node in levels[-1] for child in _children(node, step)))
    found: list[list[Keyword]] = []
    seen: set[str] = set()
    for nodes in reversed(levels):
        keywords = [one for node in nodes for one in _keywords(node) if one.pointer not in seen]
        found.append(list({one.pointer: one for one in keywords}.values()))
        seen.update(one.pointer for one in keywords)
    return found


def path_in_question(cursor: Cursor, octet: int | None) -> Path:
    """Of the innermost value that a byte may be refused for: in a key of the one it would have, as far as it is
    written; at a closing bracket of the array, but where a number would end with it."""
    path = cursor.path
    if cursor.is_in_key:
        return (*path, cursor.text_so_far)
    is_closed = octet == _CLOSING and path and isinstance(path[-1], int) and not cursor.is_in_bare
    return path[:-1] if is_closed else path


def level_of(pointer: str, levels: Sequence[Sequence[Keyword]]) -> int | None:
    """How far out a keyword has its say; None where it is none of these."""
    pointers = [{one.pointer for one in keywords} for keywords in levels]
    return next((level for level, known in enumerate(pointers) if pointer in known), None)


def _beside(nodes: Iterable[Node]) -> list[Node]:
    """These, and the schemas that they have look at the same value."""
    found = dict.fromkeys(nodes)
    todo = list(found)
    for node in todo:
        new = [one for one in node.beside() if one not in found]
        found |= dict.fromkeys(new)
        todo += new
        if len(found) > MAX_NODES:
            break
    return list(found)


def _children(node: Node, step: str | int) -> Iterator[Node]:
    """The schemas that a node may have for a member or an item; of patterns all."""
    single = ("contains", "unevaluatedItems") if isinstance(step, int) else ("unevaluatedProperties",)
    if isinstance(step, int):
        first = node.schemas("prefixItems")
        yield from first[step : step + 1]
        single = (*single, *(["items"] if step >= len(first) else []))
    else:
        listed = node.named("properties")
        if step in listed:
            yield listed[step]
        yield from node.named("patternProperties").values()
        single = (*single, *([] if step in listed else ["additionalProperties"]))
    for name in single:
        if (child := node.schema(name)) is not None:
            yield child


def _keywords(node: Node) -> Iterator[Keyword]:
    if node.boolean is False:
        yield Keyword(node.pointer)
    for name in node.names:
        if name in _ASSERTING:
            yield Keyword(node.pointer_to(name))
        elif name in _APPLYING:
            yield Keyword(node.pointer_to(name), applies=True)
        elif name in ("properties", "patternProperties"):  # of a key whose value nothing meets
            yield from (Keyword(child.pointer) for child in node.named(name).values() if child.boolean is False)
