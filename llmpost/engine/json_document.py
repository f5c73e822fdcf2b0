"""A JSON document that is checked: what it has to be an instance of, before and after guards have changed it.

The document is somebody else's, so any order of keys and any way to escape is taken. Where in it a guard looks, and how
a change is written back, is the business of `guards.fields`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from llmpost.constraints import Constraint, compile_constraint
from llmpost.engine.json_options import JsonOptions
from llmpost.engine.language import Language
from llmpost.engine.output_type import NotOfType, OutputType, as_output_type
from llmpost.engine.policy_language import language_of
from llmpost.errors import ConstraintError
from llmpost.policy import Policy
from llmpost.vocabulary import Vocabulary

_WHITE_SPACE = " \t\r\n"
_USUAL = JsonOptions()
_MAX_SECONDS = 5.0  # of compiling: as for the schema of a call


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """A schema, ready to be asked about texts."""

    output_type: OutputType
    constraint: Constraint

    @classmethod
    def of_schema(cls, schema: Any, options: JsonOptions = _USUAL) -> JsonDocument:
        """Of whatever `generate` takes as a schema; of the options it heeds those that say what an instance is."""
        output_type = as_output_type(schema)
        return cls(output_type, _constraint(output_type.schema, options.strict, options.settings.formats))

    @property
    def digest(self) -> str:
        """What a trace keeps of its schema."""
        return Language("schema", self.output_type.schema).digest

    def accepts(self, text: str) -> bool:
        """White space around a value is no part of it. One that would take too much to be told is none."""
        try:
            return self.constraint.accepts(text.strip(_WHITE_SPACE))
        except ConstraintError:
            return False

    def parsed(self, text: str) -> Any:
        """The value of a text that is an instance; None for any other."""
        if not self.accepts(text):
            return None
        try:
            return self.output_type.parse(text.strip(_WHITE_SPACE))
        except NotOfType:
            return None


def document_of(policy: Policy) -> JsonDocument | None:
    """What every output of the policy is, where that is JSON."""
    held = language_of(policy)
    if held is None or held.output_type is None or held.language.options is None:
        return None
    return JsonDocument.of_schema(held.output_type, held.language.options)


@lru_cache(maxsize=16)
def _constraint(schema: str, strict: bool, formats: str) -> Constraint:
    """Kept: the same schema comes with every text. Over single bytes, so no model is needed."""
    octets = Vocabulary.from_tokens([bytes([octet]) for octet in range(256)])
    options: dict[str, Any] = {"strict": strict, "formats": formats, "key_order": "any", "escapes": "any"}
    return compile_constraint(octets, json_schema=schema, max_seconds=_MAX_SECONDS, **options)
