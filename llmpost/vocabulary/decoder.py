"""The decoder section of a tokenizer.json, read as a rule from one piece to the bytes it adds to a text.

It knows each decoder of the `tokenizers` library and whether its effect on a piece depends on the pieces around it.
It does not know ids, special tokens or files.
The `backend` reader hands it the section and gets a `Reading`, or a refusal where a piece alone does not tell.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from llmpost.errors import VocabularyError
from llmpost.vocabulary.byte_level import byte_level_bytes
from llmpost.vocabulary.metaspace import fallback_byte
from llmpost.vocabulary.wordpiece import WordPiece

Section: TypeAlias = Mapping[str, Any]  # JSON of another project: its values are checked where they are used
TextRule: TypeAlias = Callable[[str], str]

WHERE = "tokenizer.decoder"
SUPPORTED = (
    "a decoder that tells a piece's text from the piece alone "
    "(ByteLevel, Metaspace, Replace, ByteFallback, Fuse, Strip at the start, WordPiece, or a Sequence of them)"
)
_REPLACE = "Set tokenizer.decoder to the one its model was trained with, or give the bytes to Vocabulary.from_tokens."


@dataclass(frozen=True, slots=True)
class Reading:
    """Piece to bytes as a continuation: the text rules in order, then bytes by the last of the four ways.

    `is_byte_level`: letters are bytes. `has_byte_pieces`: `<0x0A>` is one byte. Neither: UTF-8.
    """

    rules: tuple[TextRule, ...] = ()
    is_byte_level: bool = False
    has_byte_pieces: bool = False

    def __call__(self, piece: str) -> bytes:
        for rule in self.rules:
            piece = rule(piece)
        if self.is_byte_level:
            return byte_level_bytes(piece)
        if self.has_byte_pieces and (byte := fallback_byte(piece)) is not None:
            return byte
        return piece.encode()


def read_decoder(state: bytes | str) -> Reading:
    """The reading of a serialized decoder; VocabularyError for one whose pieces cannot be told one by one."""
    try:
        return _compiled(json.loads(state))
    except (ValueError, TypeError, RecursionError) as error:
        if isinstance(error, VocabularyError):
            raise
        raise refusal(f"a decoder that cannot be parsed ({type(error).__name__})") from None


def _compiled(section: object) -> Reading:
    rules: list[TextRule] = []
    seen: list[str] = []  # the decoders from the first that works on bytes or joins the pieces
    for step in _flat(section):
        kind = str(step.get("type"))
        if seen:
            _check_after(seen, kind, step)
            seen.append(kind)
        elif kind in ("ByteLevel", "ByteFallback", "Fuse"):
            seen.append(kind)
        else:
            rules.append(_rule(kind, step))
    return Reading(tuple(rules), is_byte_level="ByteLevel" in seen, has_byte_pieces="ByteFallback" in seen)


def refusal(given: str, hint: str = _REPLACE) -> VocabularyError:
    """The error for a decoder that is not `SUPPORTED`."""
    return VocabularyError(WHERE, given, SUPPORTED, hint)


def _flat(section: object) -> list[Section]:
    """The decoders in the order they run, sequences unfolded."""
    waiting, flat = [section], []
    while waiting:
        step = waiting.pop()
        if not isinstance(step, Mapping):
            raise refusal(f"the decoder {step!r:.80}")
        if step.get("type") == "Sequence":
            waiting.extend(reversed(step.get("decoders", [])))
        else:
            flat.append(step)
    return flat


def _check_after(seen: list[str], kind: str, step: Section) -> None:
    """Once pieces are bytes or joined, only joining them and cutting the text's very start leave a piece as it was."""
    is_joined = "Fuse" in seen or "ByteLevel" in seen
    if kind == "Fuse" or (kind == "Strip" and is_joined and not step.get("stop")):
        return
    raise refusal(f"a {kind} decoder after {', '.join(seen)}, which sees more than one piece,")


def _rule(kind: str, step: Section) -> TextRule:
    match kind:
        case "Metaspace":
            return _replacing(str(step.get("replacement", "▁")), " ")
        case "Replace":
            pattern = step.get("pattern")
            if not (isinstance(pattern, Mapping) and isinstance(pattern.get("String"), str)):
                raise refusal(f"a Replace decoder with the pattern {pattern!r:.80}, which is no plain string,")
            return _replacing(pattern["String"], str(step.get("content", "")))
        case "Strip":
            return _stripping(str(step.get("content", " ")), int(step.get("start", 0)), int(step.get("stop", 0)))
        case "WordPiece":
            return WordPiece(str(step.get("prefix", "##")), bool(step.get("cleanup", True)))
        case "BPEDecoder":
            raise refusal("a BPEDecoder, whose space is written only when another piece follows,")
        case "CTC":
            raise refusal("a CTC decoder, which drops a piece equal to the one before,")
        case _:
            raise refusal(f"the unknown decoder {kind!r}")


def _replacing(given: str, replacement: str) -> TextRule:
    return lambda piece: piece.replace(given, replacement)


def _stripping(content: str, start: int, stop: int) -> TextRule:
    """Cuts up to `start` letters equal to `content` before, and up to `stop` after."""

    def strip(piece: str) -> str:
        before = min(start, len(piece) - len(piece.lstrip(content)))
        piece = piece[before:]
        after = min(stop, len(piece) - len(piece.rstrip(content)))
        return piece[: len(piece) - after]

    return strip
