"""Llama Guard 2, 3 and 4: safe, or unsafe with the numbers of hazards, after Meta's model cards.

The chat template of the model writes the prompt, with its list of hazards. The numbers mean other hazards in version 2
than in 3 and 4, so the list in the template is read, and a model of another version is refused. The template ends
before the answer's line: some models begin it with two line feeds, which are part of the language here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from llmpost.contracts.text_model import Message
from llmpost.guards.guard_models.answer import Answer
from llmpost.guards.guard_models.exchange import Exchange
from llmpost.guards.guard_models.family import UNSAFE, Inquiry, Opinion, Written, conversation, one_of
from llmpost.guards.options import Options

_THREE = {
    "S1": "violent_crimes",
    "S2": "non_violent_crimes",
    "S3": "sex_crimes",
    "S4": "sexual_minors",
    "S5": "defamation",
    "S6": "specialised_advice",
    "S7": "privacy",
    "S8": "intellectual_property",
    "S9": "weapons",
    "S10": "hate",
    "S11": "self_harm",
    "S12": "sexual",
    "S13": "elections",
    "S14": "code_abuse",
}
_TWO = {
    f"S{at}": _THREE[three] for at, three in enumerate(("S1", "S2", "S3", "S4", *(f"S{n}" for n in range(6, 13))), 1)
}

HAZARDS: Mapping[int, Mapping[str, str]] = MappingProxyType({2: _TWO, 3: _THREE, 4: _THREE})
"""By version, our labels for its numbers."""
_NAMES: Mapping[str, tuple[str, ...]] = {
    "violent_crimes": ("violent crimes",),
    "non_violent_crimes": ("non-violent crimes",),
    "sex_crimes": ("sex crimes", "sex-related crimes"),
    "sexual_minors": ("child sexual exploitation", "child exploitation"),
    "defamation": ("defamation",),
    "specialised_advice": ("specialized advice",),
    "privacy": ("privacy",),
    "intellectual_property": ("intellectual property",),
    "weapons": ("indiscriminate weapons",),
    "hate": ("hate",),
    "self_harm": ("self-harm", "suicide & self-harm"),
    "sexual": ("sexual content",),
    "elections": ("elections",),
    "code_abuse": ("code interpreter abuse",),
}
"""What templates call our labels: the names change between the sizes of a version."""
_LISTED = re.compile(r"^(S\d{1,2}): ([^\n.]+)", re.MULTILINE)
_VERDICTS = ("safe", "unsafe")


@dataclass(frozen=True, slots=True)
class LlamaGuard:
    """One version.

    >>> LlamaGuard(2).hazards["S5"], LlamaGuard(3).hazards["S5"]
    ('specialised_advice', 'defamation')
    """

    version: int = 3
    marks = ("<|", "<BEGIN ", "<END ")

    @property
    def title(self) -> str:
        return f"Llama Guard {self.version}"

    @property
    def hazards(self) -> Mapping[str, str]:
        return HAZARDS[self.version]

    @property
    def labels(self) -> tuple[str, ...]:
        return (UNSAFE, *self.hazards.values())

    def inquiries(self, exchange: Exchange) -> Sequence[Inquiry]:
        number = one_of(sorted(self.hazards, key=len, reverse=True))
        unsafe = rf"unsafe\n({number}(,{number}){{0,{len(self.hazards) - 1}}})"
        return (Inquiry(conversation(exchange), rf"(\n\n)?(safe|{unsafe})", self._read),)

    def stranger(self, written: Written) -> str | None:
        prompt = written((Message("user", "x"),))
        listed = dict(_LISTED.findall(prompt))
        if not listed or "unsafe" not in prompt:
            return "a chat template that lists no hazards"
        wrong = [number for number, name in listed.items() if not self._is_named(number, name)]
        return f"a chat template with other hazards ({', '.join(wrong)})" if wrong else None

    def _is_named(self, number: str, name: str) -> bool:
        return name.strip().casefold().startswith(_NAMES.get(self.hazards.get(number, ""), ()))

    def _read(self, answer: Answer, match: re.Match[str]) -> Iterator[Opinion]:
        """A hazard that is not named has a score of 0: the model says nothing of how near it was."""
        chances = answer.chances(match[1] or "", _VERDICTS)
        unsafe = chances.of[1]
        named = {self.hazards[number] for number in (match[3] or "").split(",") if number}
        yield Opinion(UNSAFE, unsafe, chances.note)
        for label in self.hazards.values():
            yield Opinion(label, unsafe if label in named else 0.0, chances.note)


def build(options: Options) -> LlamaGuard:
    """`version`: 2, 3 or 4."""
    version = options.whole("version", 3, low=2, high=4)
    return LlamaGuard(version or 3)
