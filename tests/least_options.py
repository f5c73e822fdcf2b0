"""What each detector must be told at least."""

from __future__ import annotations

from typing import Any

LEAST: dict[str, dict[str, Any]] = {
    "classifier": {"model": "no-such-model", "labels": {"LABEL_1": "injection"}},
    "competitors": {"phrases": ["Acme"]},
    "detect-secrets": {},
    "exfiltration": {},
    "gibberish": {},
    "groundedness": {"sources": ["There is nothing to see here, says the text."]},
    "injection": {},
    "judge": {
        "model": "tiny",
        "rubric": {"version": 1, "rule": "polite", "verdicts": {"yes": "fine", "no": "IMPOLITE"}},
    },
    "language": {"allow": ["en"]},
    "leakage": {},
    "length": {"most": {"words": 200}},
    "llama-guard": {"model": "openai:http://127.0.0.1:9/v1#guard"},
    "moderation": {},
    "names": {},
    "ner": {"engine": "spacy", "model": "no-such-model"},
    "openai-moderation": {},
    "phrases": {"phrases": ["one"]},
    "pii": {},
    "presidio": {"entities": ["US_PASSPORT"]},
    "profanity": {},
    "qwen3guard": {"model": "openai:http://127.0.0.1:9/v1#guard"},
    "refusal": {},
    "repetition": {},
    "schema": {"schema": {"type": "object"}},
    "secrets": {},
    "shieldgemma": {"model": "openai:http://127.0.0.1:9/v1#guard"},
    "urls": {"allow": ["example.com"]},
    "wildguard": {"model": "openai:http://127.0.0.1:9/v1#guard"},
}
