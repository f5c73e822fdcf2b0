"""OpenAIModeration: the scores of a moderation endpoint that speaks OpenAI's protocol, category by category.

A long text is asked about in overlapping pieces, and a category's score is its highest. It knows the protocol's
categories and no HTTP: who asks the server is handed in. What the server says is checked like any input from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from llmpost.contracts.guard import Finding, GuardContext, PossibleScores, Span
from llmpost.errors import LlmpostError, ModelError, PolicyError
from llmpost.guards.guard_models.pieces import pieces
from llmpost.guards.options import Options

Moderate: TypeAlias = Callable[[Sequence[str], float | None], Any]
"""From texts, and when an answer is of no use any more, to what the server says, as JSON has it."""

CATEGORIES = (
    *("harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent"),
    *("self-harm", "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors"),
    *("violence", "violence/graphic"),
)
"""As the protocol has them."""
LABELS: Mapping[str, str] = MappingProxyType(
    {category: category.replace("/", "_").replace("-", "_") for category in CATEGORIES}
)
MODEL = "omni-moderation-latest"
_PIECE, _OVERLAP = 8_000, 500
"""Characters."""
_AT_ONCE = 32


class OpenAIModeration:
    """Tells every category that the server tells; one that is new here is passed over. An empty text is not asked
    about."""

    reach = None
    context = 0
    whole_text = True
    scores: PossibleScores = MappingProxyType(dict.fromkeys(LABELS.values(), (0.0, 1.0)))

    def __init__(self, moderate: Moderate, name: str = "openai-moderation") -> None:
        self.name = name
        self._moderate = moderate

    def inspect(self, text: str, context: GuardContext) -> tuple[Finding, ...]:
        best: dict[str, Finding] = {}
        for finding in self._found(text, context.deadline):
            known = best.setdefault(finding.label, finding)
            if finding.score > known.score:
                best[finding.label] = finding
        return tuple(best[label] for label in LABELS.values() if label in best)

    def _found(self, text: str, deadline: float | None) -> Iterator[Finding]:
        cut = pieces(text, _PIECE, _OVERLAP)
        while some := [piece for _, piece in zip(range(_AT_ONCE), cut, strict=False)]:
            told = self._moderate([piece for _, piece in some], deadline)
            for (start, piece), scores in zip(some, _scores(told, len(some)), strict=True):
                for category, score in scores.items():
                    span = Span(start, start + len(piece))
                    yield Finding(self.name, LABELS[category], span, score, "the moderation endpoint says so")


def _scores(told: Any, num_texts: int) -> list[dict[str, float]]:
    """Of each text, by category; ModelError where the server says something else."""
    results = told.get("results") if isinstance(told, Mapping) else None
    if not isinstance(results, list) or len(results) != num_texts:
        raise _unusable("an answer without a result for each text")
    return [_known(result) for result in results]


def _known(result: Any) -> dict[str, float]:
    given = result.get("category_scores") if isinstance(result, Mapping) else None
    if not isinstance(given, Mapping):
        raise _unusable("a result without category_scores")
    known = {category: given[category] for category in CATEGORIES if given.get(category) is not None}
    if not known or not all(_is_probability(score) for score in known.values()):
        raise _unusable("a result whose scores are none from 0 to 1")
    return {category: float(score) for category, score in known.items()}


def _is_probability(score: Any) -> bool:
    return isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1


def _unusable(given: str) -> ModelError:
    return ModelError("openai-moderation", given, "of use", "Name a server that speaks OpenAI's /moderations.")


def build(find: Callable[[str, Mapping[str, Any]], Moderate], options: Options) -> OpenAIModeration:
    """`model`: OpenAI's name of one, or ``openai:BASE_URL#MODEL``; `endpoint`: options of a server."""
    model = options.text("model", MODEL)
    endpoint = options.value("endpoint", {})
    if not isinstance(endpoint, Mapping):
        raise options.error("endpoint", "options of an endpoint", "Write {api_key: {env: NAME}}.")
    options.finish()
    try:
        return OpenAIModeration(find(model, endpoint))
    except LlmpostError as error:
        raise PolicyError(f"{options.where}.model", error.given, error.allowed, error.hint) from error
