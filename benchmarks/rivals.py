"""The engines that `masks.py` and `schemas.py` compare, behind one face.

Each rival is taken if it is installed, else left out by name.

    pip install llguidance xgrammar outlines-core lm-format-enforcer

A walker's `mask()` finds the mask of the next token in the form in which its library hands it to a user for least (a
packed buffer; llmpost: its shared, read-only mask); `advance()` takes a token. Everything here runs on one thread.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from llmpost import compile_constraint
from llmpost.constraints.compiling import Budget, compile_in
from llmpost.constraints.constraint import Constraint
from llmpost.constraints.space import Space
from llmpost.errors import TokenRejected
from llmpost.vocabulary import Vocabulary


class Walker(Protocol):
    """One text under a pattern."""

    def mask(self) -> object:
        """Find the mask of the next token."""

    def advance(self, token: int) -> object:
        """Take a token; False where it is not allowed. An exception is a fault of the library."""

    def can_end(self) -> bool:
        """Whether the text may end here."""


class Engine(Protocol):
    """One library and one vocabulary."""

    def fresh(self) -> None:
        """Forget every pattern seen before, as far as the library can."""

    def compile(self, pattern: str) -> Callable[[], Walker]:
        """A maker of walkers for the pattern. Raises where the library refuses it."""

    def compile_schema(self, schema: Any, any_order: bool = False) -> Callable[[], Walker]:
        """The same for a JSON schema, with keys in any order where the library leaves a choice."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a rival wants to know of a vocabulary."""

    vocabulary: Vocabulary
    end_id: int

    @property
    def bits(self) -> Any:
        return np.zeros((self.vocabulary.size + 31) // 32, dtype=np.int32)


class Llmpost:
    """llmpost through the space of a vocabulary, so that a pattern can be met with nothing in store."""

    def __init__(self, tokens: Tokens) -> None:
        self._vocabulary = tokens.vocabulary
        self.fresh()

    def fresh(self) -> None:
        self._space = self._vocabulary.companions[Space] = Space(self._vocabulary)

    def compile(self, pattern: str) -> Callable[[], Walker]:
        return self._walkers(compile_in(self._space, Budget(), regex=pattern))

    def compile_schema(self, schema: Any, any_order: bool = False) -> Callable[[], Walker]:
        key_order = "any" if any_order else "schema"
        return self._walkers(compile_constraint(self._vocabulary, json_schema=schema, key_order=key_order, strict=True))

    def _walkers(self, constraint: Constraint) -> Callable[[], Walker]:
        class Here:
            def __init__(self) -> None:
                self.state = constraint.start()

            def mask(self) -> object:
                return self.state.mask()

            def advance(self, token: int) -> object:
                try:
                    self.state = self.state.advance(token)
                except TokenRejected:
                    return False
                return True

            def can_end(self) -> bool:
                return self.state.can_end

        return Here


class _Wrapped:
    """A vocabulary as llguidance wants to see it."""

    bos_token_id = None

    def __init__(self, tokens: Tokens) -> None:
        vocabulary = tokens.vocabulary
        self._vocabulary = vocabulary
        self.eos_token_id = tokens.end_id
        self.tokens = [token or vocabulary.name_of(i).encode() for i, token in enumerate(vocabulary.tokens)]
        self.special_token_ids = sorted(vocabulary.special_ids)

    def __call__(self, text: str | bytes) -> list[int]:
        return longest_matches(self._vocabulary, text.encode() if isinstance(text, str) else text)


class Llguidance:
    """llguidance; it keeps no masks, so it is as new for every pattern."""

    def __init__(self, tokens: Tokens) -> None:
        self._library: Any = importlib.import_module("llguidance")
        self._tokenizer = self._library.LLTokenizer(self._library.TokenizerWrapper(_Wrapped(tokens)))
        self.bits = tokens.bits

    def fresh(self) -> None:
        pass

    def compile(self, pattern: str) -> Callable[[], Walker]:
        return self._walkers(self._library.LLMatcher.grammar_from_regex(pattern))

    def compile_schema(self, schema: Any, any_order: bool = False) -> Callable[[], Walker]:
        return self._walkers(self._library.LLMatcher.grammar_from_json_schema(json.dumps(schema)))

    def _walkers(self, grammar: Any) -> Callable[[], Walker]:
        matcher, bits = self._library.LLMatcher(self._tokenizer, grammar, log_level=0), self.bits
        if matcher.is_error():
            raise ValueError(matcher.get_error())

        class Here:
            def __init__(self) -> None:
                self._matcher = matcher.deep_copy()

            def mask(self) -> object:
                return self._matcher.unsafe_compute_mask_ptr(bits.ctypes.data, bits.nbytes)

            def advance(self, token: int) -> object:
                return self._matcher.consume_token(token)

            def can_end(self) -> bool:
                return bool(self._matcher.is_accepting())

        return Here


class Xgrammar:
    """XGrammar, one thread; `fresh` empties its cache of compiled patterns."""

    def __init__(self, tokens: Tokens) -> None:
        self._library: Any = importlib.import_module("xgrammar")
        vocabulary = tokens.vocabulary
        texts = [vocabulary.name_of(i).encode() if i == tokens.end_id else t for i, t in enumerate(vocabulary.tokens)]
        info = self._library.TokenizerInfo(
            texts, self._library.VocabType.RAW, vocab_size=vocabulary.size, stop_token_ids=[tokens.end_id]
        )
        self._compiler = self._library.GrammarCompiler(info, max_threads=1)
        self.bits, self._end_id = self._library.allocate_token_bitmask(1, vocabulary.size), tokens.end_id

    def fresh(self) -> None:
        self._compiler.clear_cache()

    def compile(self, pattern: str) -> Callable[[], Walker]:
        return self._walkers(self._compiler.compile_regex(pattern))

    def compile_schema(self, schema: Any, any_order: bool = False) -> Callable[[], Walker]:
        """What the schema says, with any whitespace: not the library's stricter default."""
        return self._walkers(
            self._compiler.compile_json_schema(json.dumps(schema), any_whitespace=True, strict_mode=False)
        )

    def _walkers(self, compiled: Any) -> Callable[[], Walker]:
        make, bits, end_id = self._library.GrammarMatcher, self.bits, self._end_id

        class Here:
            def __init__(self) -> None:
                self._matcher = make(compiled)

            def mask(self) -> object:
                return self._matcher.fill_next_token_bitmask(bits)

            def advance(self, token: int) -> object:
                return self._matcher.accept_token(token)

            def can_end(self) -> bool:
                return bool(self._matcher.accept_token(end_id))

        return Here


class OutlinesCore:
    """outlines-core: an index of the whole pattern over the whole vocabulary, made at compile time."""

    def __init__(self, tokens: Tokens) -> None:
        self._library: Any = importlib.import_module("outlines_core")
        importlib.import_module("outlines_core.json_schema")
        ids: dict[bytes, list[int]] = {}
        for token_id, token in enumerate(tokens.vocabulary.tokens):
            if token:
                ids.setdefault(token, []).append(token_id)
        self._vocabulary = self._library.Vocabulary(tokens.end_id, ids)
        self.bits = tokens.bits

    def fresh(self) -> None:
        pass

    def compile_schema(self, schema: Any, any_order: bool = False) -> Callable[[], Walker]:
        return self.compile(self._library.json_schema.build_regex_from_schema(json.dumps(schema)))

    def compile(self, pattern: str) -> Callable[[], Walker]:
        index, make, bits = self._library.Index(pattern, self._vocabulary), self._library.Guide, self.bits

        class Here:
            def __init__(self) -> None:
                self._guide = make(index)

            def mask(self) -> object:
                return self._guide.write_mask_into(bits.ctypes.data, bits.size, 4)

            def advance(self, token: int) -> object:
                try:
                    self._guide.advance(token, False)
                except ValueError:  # its word for a token that is not allowed
                    return False
                return True

            def can_end(self) -> bool:
                return bool(self._guide.is_finished())

        return Here


class LmFormatEnforcer:
    """lm-format-enforcer with packed masks; whole UTF-8 tokens are declared word starts, which spares it work."""

    def __init__(self, tokens: Tokens) -> None:
        self._library: Any = importlib.import_module("lmformatenforcer")
        module: Any = importlib.import_module("lmformatenforcer.tokenenforcer")
        vocabulary = tokens.vocabulary
        regular = [(i, *_as_text(token)) for i, token in enumerate(vocabulary.tokens) if token]
        decode = lambda ids: vocabulary.decode(ids).rstrip("\ufffd")  # noqa: E731
        self._end_id = tokens.end_id
        self._data = module.TokenEnforcerTokenizerData(regular, decode, tokens.end_id, True, vocabulary.size)

    def fresh(self) -> None:
        pass

    def compile(self, pattern: str) -> Callable[[], Walker]:
        return self._walkers(self._library.RegexParser(pattern))

    def compile_schema(self, schema: Any, any_order: bool = False) -> Callable[[], Walker]:
        return self._walkers(self._library.JsonSchemaParser(schema))

    def _walkers(self, parser: Any) -> Callable[[], Walker]:
        enforcer, end_id = self._library.TokenEnforcer(self._data, parser), self._end_id

        class Here:
            def __init__(self) -> None:
                self._tokens: list[int] = []
                self._allowed: Any = None

            def mask(self) -> object:
                self._allowed = enforcer.get_allowed_tokens(self._tokens)
                return self._allowed

            def advance(self, token: int) -> object:
                self._tokens.append(token)
                return self._allowed.is_token_allowed(token)

            def can_end(self) -> bool:
                return bool(enforcer.get_allowed_tokens(self._tokens).is_token_allowed(end_id))

        return Here


ENGINES: dict[str, Callable[[Tokens], Engine]] = {
    "llmpost": Llmpost,
    "llguidance": Llguidance,
    "xgrammar": Xgrammar,
    "outlines_core": OutlinesCore,
    "lmformatenforcer": LmFormatEnforcer,
}
"""By the name under which Python imports them."""


def longest_matches(vocabulary: Vocabulary, text: bytes) -> list[int]:
    """The text as tokens, the longest that fits again and again: one tokenisation for all engines."""
    ids: list[int] = []
    while text:
        sizes = range(min(len(text), 64), 0, -1)
        found = next((i for size in sizes if (i := vocabulary.token_id(text[:size])) is not None), None)
        if found is None:
            raise ValueError(f"no token begins {text[:8]!r}")
        ids.append(found)
        text = text[len(vocabulary.bytes_of(found)) :]
    return ids


def read_vocabulary(path: str, num_tokens: int | None = None) -> Tokens:
    """A list of tokens, or its beginning, in the format of the vocabularies that the benchmarks are run with
    (`lengths`, `data`, `special`, `eos`)."""
    stored = np.load(path)
    lengths = stored["lengths"][:num_tokens]
    ends = np.cumsum(lengths, dtype=np.int64)
    data, starts = stored["data"].tobytes(), ends - lengths
    texts = [data[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    specials = np.flatnonzero(np.unpackbits(stored["special"])[: len(texts)]).tolist()
    end_id = int(stored["eos"][0])
    return Tokens(Vocabulary.from_tokens(texts, special_ids=specials, eos_ids=[end_id]), end_id)


def _as_text(token: bytes) -> tuple[str, bool]:
    try:
        return token.decode(), True
    except UnicodeDecodeError:
        return token.decode("utf-8", "replace"), False
