"""JSON Pointers (RFC 6901), relative ones (draft-bhutton-relative-json-pointer-00), and UUIDs (RFC 4122).

What a pointer points at is nobody's business here.
"""

from __future__ import annotations

from llmpost.constraints.json_schema.strings.formats.format import written
from llmpost.constraints.json_schema.strings.patterns import Lengths

_POINTER = r"(?s:/(?:[^~]|~[01])*)?"
_NUMBER = "(?:0|[1-9][0-9]*)"
_HEX = "[0-9A-Fa-f]"

JSON_POINTER = written(_POINTER)
RELATIVE_JSON_POINTER = written(rf"{_NUMBER}(?:[+-][1-9][0-9]*)?(?:#|{_POINTER})", Lengths(1, None))
UUID = written(f"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}", Lengths(36, 36))
