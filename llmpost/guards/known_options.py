"""Known options: of each detector of the catalogue what can be written beside `use`, and what more of it means.

Detectors read their options themselves; this table is for whoever tells people about them: a schema for editors, a
comparison of two policies. A law holds both together: what is read is here, and what is here is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from llmpost.guards.entities import THRESHOLD
from llmpost.guards.exfiltration.carrying import PATH, QUERY
from llmpost.guards.exfiltration.markup import LABELS as MARKUP
from llmpost.guards.guard_models.classifier import HEADS, OVERLAP, POOLS
from llmpost.guards.guard_models.openai_moderation import MODEL as MODERATION
from llmpost.guards.guard_models.sequence_classifier import LEAST_WINDOW
from llmpost.guards.guard_models.shieldgemma import GUIDELINES
from llmpost.guards.judge.guard import TOO_LONG
from llmpost.guards.judge.rubric import MOST_LONGEST
from llmpost.guards.judge.vote import VOTES
from llmpost.guards.language.identify import CONFIDENCE, known_languages
from llmpost.guards.leakage import CHARACTERS, WORDS
from llmpost.guards.length import UNITS
from llmpost.guards.lists.entries import FOLDS
from llmpost.guards.lists.guard import LISTS
from llmpost.guards.moderation.guard import HYSTERESIS, MODELS, THRESHOLDS
from llmpost.guards.names.guard import DEFAULTS as NAMES
from llmpost.guards.names.ner import ENGINES
from llmpost.guards.pii.kinds import DEFAULT as USUAL
from llmpost.guards.pii.kinds import KINDS as ENTITIES
from llmpost.guards.repetition import PHRASE, RUN, SHORTEST_RUN, TIMES
from llmpost.guards.secrets.detect_secrets import PLUGINS
from llmpost.guards.secrets.guard import KINDS as SECRETS
from llmpost.policy.difference import Meaning, Sense, limit, more_is, only, untold
from llmpost.policy.shapes import (
    ANYTHING,
    FLAG,
    TEXT,
    Shape,
    either,
    listed,
    mapping,
    number,
    one_of,
    record,
    told,
    whole,
)

_STRICTER, _WEAKER = more_is("stricter"), more_is("weaker")


@dataclass(frozen=True, slots=True)
class KnownOption:
    """One row."""

    shape: Shape
    meaning: Meaning


def _option(shape: Shape, words: str, sense: Sense = untold, default: Any = None) -> KnownOption:
    return KnownOption(told(shape, words), Meaning(default, sense))


def _entities(names: Iterable[str], default: Iterable[str]) -> KnownOption:
    """Listed, or each with the score from which on it is found."""
    named = one_of(names)
    shape = either(listed(named), mapping(number(least=0, most=1), named, least=1))
    meaning = Meaning(list(default), limit, _with_thresholds)
    return KnownOption(told(shape, "what is looked for, listed or each with a threshold"), meaning)


def _with_thresholds(value: Any) -> Any:
    """Listed, each has the usual one."""
    is_list = isinstance(value, list | tuple) and all(isinstance(name, str) for name in value)
    return dict.fromkeys(value, THRESHOLD) if is_list else value


_MANY_NAMES = (*NAMES, "AGE", "NRP", "TITLE", "ZIP_CODE")
_PATTERN = record({"regex": TEXT}, ["regex"])
_ALLOW = _option(listed(either(TEXT, _PATTERN)), "texts and patterns that are never findings", _WEAKER, [])
_LABEL = _option(TEXT, "under which findings are told")
_COUNTS = either(whole(0), record({unit: {"type": ["integer", "null"], "minimum": 0} for unit in UNITS}))


def _lists(fold: Iterable[str], default_list: str | None) -> dict[str, KnownOption]:
    return {
        "phrases": _option(listed(TEXT), "what is not to be said", _STRICTER, []),
        "file": _option(either(TEXT, listed(TEXT)), "a file with a phrase on each line", _STRICTER),
        "list": _option(one_of(LISTS), "a built-in list", default=default_list),
        "allow": _option(listed(TEXT), "what lies in one of these is let pass", _WEAKER, []),
        "fold": _option(listed(one_of(FOLDS)), "what does not count when texts are compared", _STRICTER, list(fold)),
        "whole_words": _option(FLAG, "whether parts of words are left alone", _WEAKER, True),
        "label": _LABEL,
    }


_MODEL = _option(TEXT, "which model: a folder, a name of the hub's, or openai:BASE_URL#MODEL")
_ASKED = {
    "model": _MODEL,
    "endpoint": _option({"type": "object"}, "how a server is asked, where the model is one's", default={}),
}
_REFUSAL = {"refusal": _option(FLAG, "tell how surely an answer is a refusal, too", default=False)}


SOUGHT: Mapping[str, str] = MappingProxyType(
    {
        "classifier": "what a classifier of transformers' tells apart",
        "llama-guard": "hazards, as a Llama Guard sees them",
        "openai-moderation": "harm by category, as a moderation endpoint sees it",
        "qwen3guard": "harm and matters of dispute, as a Qwen3Guard sees them",
        "shieldgemma": "violations of guidelines, as a ShieldGemma sees them",
        "wildguard": "harm, as WildGuard sees it",
        "competitors": "names of others, from a list",
        "detect-secrets": "secrets, as the package detect-secrets finds them",
        "exfiltration": "markup that carries something to another host",
        "gibberish": "letters in an order that no language writes",
        "groundedness": "claims that the sources do not bear out",
        "injection": "attempts to turn the model against whoever set it to work",
        "judge": "what a language model objects to, asked by a rubric",
        "language": "stretches in a language that is not allowed",
        "leakage": "words of the system prompt",
        "length": "a text that is too long or too short",
        "moderation": "hate, violence, self-harm, sexual content and insults, by a small classifier",
        "names": "persons, places, organisations and dates",
        "ner": "what a language model of spaCy's or transformers' takes for names",
        "phrases": "texts from a list",
        "pii": "personal data that has a form: addresses, cards, accounts, telephones, national numbers",
        "presidio": "personal data, as Presidio's recognisers find it",
        "profanity": "words from a list of foul ones",
        "refusal": "an answer that declines",
        "repetition": "the same said again and again",
        "schema": "a text that is no instance of a JSON Schema",
        "secrets": "keys, tokens and passwords",
        "urls": "addresses of the web that are not allowed",
    }
)
"""By detector, what it looks for."""

KNOWN_OPTIONS: Mapping[str, Mapping[str, KnownOption]] = MappingProxyType(
    {
        "classifier": {
            "model": _option(TEXT, "a folder or a name of the hub's"),
            "labels": _option(mapping(TEXT, least=1), "what the model's own labels mean here"),
            "head": _option(one_of(HEADS), "one of several labels, or each for itself"),
            "pool": _option(one_of(POOLS), "what counts of the windows of a long text", default="max"),
            "window": _option(whole(LEAST_WINDOW), "tokens that are looked at together"),
            "overlap": _option(whole(0), "tokens that two windows share", default=OVERLAP),
            "device": _option(TEXT, "where it runs"),
        },
        "competitors": _lists(FOLDS[:2], None),
        "detect-secrets": {
            "plugins": _option(listed(one_of(PLUGINS)), "which of its token plugins", _STRICTER, list(PLUGINS)),
        },
        "exfiltration": {
            "hosts": _option(listed(TEXT), "the only hosts that markup may lead to", only),
            "query": _option(whole(0), "the longest query, with its fragment", _WEAKER, QUERY),
            "path": _option(whole(0), "the longest path", _WEAKER, PATH),
            "kinds": _option(listed(one_of(MARKUP)), "which kinds of markup", _STRICTER, list(MARKUP)),
        },
        "gibberish": {},
        "groundedness": {"sources": _option(listed(TEXT), "where claims are looked up, in place of the prompt", only)},
        "injection": {"document": _option(FLAG, "whether texts are documents that a model works on", default=False)},
        "judge": {
            "model": _option(TEXT, "whom is asked: tiny, a folder, the name of a model, or openai:URL#MODEL"),
            "models": _option(listed(TEXT, least=1), "several who are asked, and counted"),
            "rubric": _option(either(TEXT, mapping(ANYTHING)), "what is asked: the name of a rubric, or a file"),
            "values": _option(mapping(TEXT), "what stands in the slots of the rubric", default={}),
            "threshold": _option(number(least=0, most=1), "from which probability a verdict is found", _WEAKER),
            "longest": _option(whole(2, MOST_LONGEST), "so many characters of a text are shown", _STRICTER),
            "vote": _option(one_of(VOTES), "how several are counted", default="majority"),
            "orders": _option(one_of(("given", "both")), "in which orders the verdicts are told", default="given"),
            "ignore_length": _option(FLAG, "tell the model that length makes no difference", default=False),
            "too_long": _option(one_of(TOO_LONG), "what becomes of a text that is not shown whole", default="cut"),
            "reasons": _option(FLAG, "findings have the model's own words, which may quote the text", default=False),
        },
        "language": {
            "allow": _option(listed(one_of(known_languages())), "the only languages, by their codes", only),
            "undetermined": _option(FLAG, "find what is in no language that can be told, too", _STRICTER, False),
            "confidence": _option(number(least=0.5, most=1), "how sure one must be of a language", default=CONFIDENCE),
        },
        "leakage": {
            "words": _option(whole(2, 1000), "so many words in succession are a copy", _WEAKER, WORDS),
            "characters": _option(whole(8, 100_000), "or so many letters and digits", _WEAKER, CHARACTERS),
        },
        "length": {
            "most": _option(_COUNTS, "nothing longer", limit),
            "least": _option(_COUNTS, "nothing shorter", _STRICTER),
        },
        "llama-guard": {**_ASKED, "version": _option(one_of((2, 3, 4)), "whose hazards", default=3)},
        "moderation": {
            "model": _option(one_of(MODELS), "which classifier", default=MODELS[0]),
            "categories": _option(listed(one_of(THRESHOLDS)), "which are reported", _STRICTER, list(THRESHOLDS)),
            "hysteresis": _option(number(least=0, most=1), "so much a score may fall before it has fallen",
                                  _STRICTER, HYSTERESIS),
        },
        "names": {"entities": _entities(_MANY_NAMES, NAMES)},
        "ner": {
            "engine": _option(one_of(ENGINES), "whose model it is", default="spacy"),
            "model": _option(TEXT, "a folder with a model, or the package of one"),
            "entities": _option(either(listed(TEXT), mapping(number(least=0, most=1), least=1)), "our labels", limit),
            "labels": _option(mapping(TEXT, least=1), "what the model's own labels mean here"),
        },
        "openai-moderation": {
            **_ASKED,
            "model": _option(TEXT, "OpenAI's name of one, or openai:BASE_URL#MODEL", default=MODERATION),
        },
        "phrases": _lists(FOLDS[:2], None),
        "pii": {
            "entities": _entities(ENTITIES, USUAL),
            "context": _option(
                mapping(listed(TEXT), one_of(ENTITIES)), "words beside which a weak form is one", _STRICTER, {}
            ),
            "encoded": _option(FLAG, "look through encodings", _STRICTER, True),
            "allow": _ALLOW,
            "on_undecided": _option(
                one_of(("find", "allow")), "what becomes of matches without an end", default="find"
            ),
        },
        "presidio": {
            "entities": _option(
                either(listed(TEXT), mapping(number(least=0, most=1), least=1)), "Presidio's entities", limit
            ),
            "language": _option(TEXT, "of the texts", default="en"),
            "phone_regions": _option(listed(TEXT), "whose telephones are found, by two letters", _STRICTER),
            "window": _option(whole(1), "so many characters at a time; without it the whole text"),
        },
        "profanity": _lists(FOLDS[:3], "profanity"),
        "qwen3guard": {**_ASKED, **_REFUSAL},
        "refusal": {},
        "repetition": {
            "times": _option(whole(2), "so often the same may be said", _WEAKER, TIMES),
            "phrase": _option(whole(1, 1000), "the longest phrase that is compared, in words", _STRICTER, PHRASE),
            "run": _option(whole(SHORTEST_RUN), "so often a character may stand in a row", _WEAKER, RUN),
        },
        "schema": {
            "schema": _option({"type": ["object", "boolean", "string"]}, "the JSON Schema that texts must fit"),
            "blocks": _option(FLAG, "each block between fences, in the place of the whole text", default=False),
        },
        "secrets": {
            "kinds": _option(
                listed(one_of(dict.fromkeys(kind.label for kind in SECRETS))), "which kinds",
                _STRICTER, list(dict.fromkeys(kind.label for kind in SECRETS)),
            ),
            "guess": _option(FLAG, "find what only its neighbours tell, too", _STRICTER, True),
            "allow": _ALLOW,
        },
        "shieldgemma": {
            **_ASKED,
            "guidelines": _option(
                either(listed(one_of(GUIDELINES)), mapping(TEXT, least=1)), "which guidelines, or one's own by label",
                _STRICTER, list(GUIDELINES),
            ),
        },
        "urls": {
            "allow": _option(listed(TEXT), "the only hosts", only),
            "deny": _option(listed(TEXT), "hosts that are found", _STRICTER, []),
            "schemes": _option(listed(TEXT), "the only schemes", only),
            "ports": _option(listed(whole(1, 65535)), "the only ports", only),
            "bare": _option(FLAG, "find hosts with nothing before them, too", _STRICTER, False),
            "ip": _option(FLAG, "find addresses of numbers", _STRICTER, False),
            "userinfo": _option(FLAG, "find what stands before a host", _STRICTER, False),
            "homographs": _option(FLAG, "find names that look like others", _STRICTER, False),
        },
        "wildguard": {**_ASKED, **_REFUSAL},
    }
)  # fmt: skip
"""By detector and option."""
