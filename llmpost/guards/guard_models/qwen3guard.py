"""Qwen3Guard-Gen: safe, controversial or unsafe, with categories and, of answers, whether they refuse.

The chat template of the model writes the prompt, for a question or for an answer. The form of its answers is that of
its model card. Its template ends behind an empty thought, and a model without that writes it: both are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from llmpost.contracts.text_model import Message
from llmpost.guards.guard_models.answer import Answer
from llmpost.guards.guard_models.exchange import Exchange
from llmpost.guards.guard_models.family import REFUSAL, UNSAFE, Inquiry, Opinion, Written, conversation, one_of
from llmpost.guards.options import Options

CONTROVERSIAL = "controversial"

CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "Violent": "violence",
        "Non-violent Illegal Acts": "non_violent_crimes",
        "Sexual Content or Sexual Acts": "sexual",
        "PII": "privacy",
        "Suicide & Self-Harm": "self_harm",
        "Unethical Acts": "unethical",
        "Politically Sensitive Topics": "politics",
        "Copyright Violation": "intellectual_property",
        "Jailbreak": "jailbreak",
    }
)
"""Our labels for its categories. The last is one of questions alone."""
_VERDICTS = ("Safe", "Controversial", "Unsafe")
_EMPTY_THOUGHT = r"(<think>\n\n</think>\n\n)?"


@dataclass(frozen=True, slots=True)
class Qwen3Guard:
    """It says three probabilities; where a policy sees a controversial text is the policy's affair."""

    is_refusal_told: bool = False
    title = "Qwen3Guard"
    marks = ("<|", "<BEGIN ", "<END ", "<think>", "</think>")

    @property
    def labels(self) -> tuple[str, ...]:
        return (UNSAFE, CONTROVERSIAL, *CATEGORIES.values(), *([REFUSAL] if self.is_refusal_told else []))

    def inquiries(self, exchange: Exchange) -> Sequence[Inquiry]:
        category = one_of(CATEGORIES)
        several = f"{category}(, {category}){{0,{len(CATEGORIES) - 1}}}"
        verdict = rf"(Safe\nCategories: None|(Controversial|Unsafe)\nCategories: (None|{several}))"
        refusal = "" if exchange.answer is None else r"\nRefusal: (Yes|No)"
        pattern = f"({_EMPTY_THOUGHT}Safety: ){verdict}{refusal}"
        return (Inquiry(conversation(exchange), pattern, self._read),)

    def stranger(self, written: Written) -> str | None:
        prompt = written((Message("user", "x"),))
        return None if "Safety: Controversial" in prompt else "a chat template that asks for no 'Safety:'"

    def _read(self, answer: Answer, match: re.Match[str]) -> Iterator[Opinion]:
        chances = answer.chances(match[1], _VERDICTS)
        _, controversial, unsafe = chances.of
        yield Opinion(UNSAFE, unsafe, chances.note)
        yield Opinion(CONTROVERSIAL, controversial, chances.note)
        named = set((match[5] or "").split(", "))
        for name, label in CATEGORIES.items():
            yield Opinion(label, unsafe + controversial if name in named else 0.0, chances.note)
        if self.is_refusal_told and "\nRefusal: " in match[0]:
            yield _refusal(answer, match[0])


def _refusal(answer: Answer, text: str) -> Opinion:
    before = text[: text.rindex(" ") + 1]
    chances = answer.chances(before, ("Yes", "No"))
    return Opinion(REFUSAL, chances.of[0], chances.note)


def build(options: Options) -> Qwen3Guard:
    """`refusal`: whether the score of a refusal is told, too."""
    return Qwen3Guard(options.flag("refusal", False))
