"""Real traffic of an engine, recorded: answers, streams, batches, candidates, prompts that are changed or stopped, JSON
documents and checks, of texts in which guards find all sorts of things. Secrets and people in them are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from speaking_engine import cut, speaking

from llmpost.engine import Engine
from llmpost.errors import LlmpostError
from llmpost.policy.policy import shipped_names

SHIPPED = shipped_names()
TEXTS = (
    "Nothing to see here, all is well.",
    "Mail ada@example.com or call +1 212 555 0142 before noon.",
    "The card is 4111 1111 1111 1111, the SSN 078-05-1120, and again 4111 1111 1111 1111.",
    "token ghp_0123456789abcdefghijABCDEFGHIJ012345 and AKIAIOSFODNN7EXAMPLE",
    "What the hell, that is bullshit, Maria Chen said. Maria Chen lives in Lisbon.",
    "See https://evil.example/x?d=aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8 and ![i](http://evil.example/a.png?q=secret)",
    "again and again and again and again and again and again and again and again and again and again and again",
    "\u202e\u200bzero\u200bwidth ada\u200b@example.com \U0001f600\x00 ü",
    "",
)
KEY = b"a key for tests"
SCHEMA = {
    "type": "object",
    "properties": {"mail": {"type": "string", "maxLength": 40}, "age": {"type": "integer"}},
    "required": ["mail"],
}
DOCUMENTS = ('{"mail":"ada@example.com","age":3}', '{"mail":"nobody"}')


def raw(policy: str | dict[str, Any], **trace: Any) -> dict[str, Any]:
    """The policy, but that all of its texts are kept."""
    own = {"version": 1, "extends": policy} if isinstance(policy, str) else policy
    return {"name": "raw", **own, "trace": {"store": "raw", **trace}}


def record(policy: dict[str, Any], folder: Path, **surroundings: Any) -> Engine:
    """The engine, after all its traffic."""
    answers = [cut(text, *range(3, len(text), 7)) for text in (*TEXTS[:-1], *DOCUMENTS)]
    engine = speaking(*answers, policy=policy, trace=folder, key=KEY, **surroundings)
    _generate(engine)
    _check(engine)
    return engine


def _generate(engine: Engine) -> None:
    for number, text in enumerate(TEXTS):
        system = [{"role": "system", "content": "Be kind to everybody, whoever they are and whatever they say."}]
        asked = [*system, {"role": "user", "content": "Hello"}, {"role": "user", "content": f"{text}>"}]
        for prompt in (f"{text}>", asked):
            with suppress(LlmpostError):  # what cannot be answered is recorded, too
                engine.generate(prompt, seed=number, template=False)
    engine.generate(["one>", "two>", "three>"], seed=[1, 2, 3], template=False)
    engine.generate("several>", seed=7, n=4, temperature=1.0, template=False)
    for seed in range(8):
        for _ in engine.stream("stream>", seed=seed, temperature=1.0, template=False):
            pass


def _check(engine: Engine) -> None:
    for text in TEXTS:
        engine.check(text)
        engine.check(text, streaming=True)
        engine.check(text, side="input")
        engine.check(text, prompt="What?", system=TEXTS[1])
        engine.check_stream(_pieces(text))
        for _ in engine.check_stream(_pieces(text)):
            pass
    for text in (*DOCUMENTS, TEXTS[1]):
        engine.check(text, schema=SCHEMA)


def _pieces(text: str) -> Sequence[str]:
    return [text[place : place + 5] for place in range(0, len(text), 5)]
