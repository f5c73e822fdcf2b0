"""Classifier: a sequence classifier of transformers' as a guard, by a map from its labels to ours, ``use: classifier``.

Each mapped label's score is told, high or low: the highest of the text's windows, with the window, or their mean. What
the model means by its labels is for whoever writes the map; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, cast

from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.errors import PolicyError
from llmpost.guards.guard_models.sequence_classifier import LEAST_WINDOW, Head, SequenceClassifier, Window, Windowing
from llmpost.guards.options import Options

POOLS = ("max", "mean")
HEADS = ("softmax", "sigmoid")
OVERLAP = 64
"""Tokens that two windows share."""
Pool: TypeAlias = Literal["max", "mean"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the scores of a model become ours."""

    labels: Mapping[str, str]
    """Ours by its own."""
    windowing: Windowing
    pool: Pool = "max"


class Classifier:
    """An empty text is not asked about."""

    reach = None
    context = 0
    whole_text = True

    def __init__(self, model: SequenceClassifier, reading: Reading, name: str = "classifier") -> None:
        self.name = name
        self.scores = MappingProxyType(dict.fromkeys(reading.labels.values(), (0.0, 1.0)))
        self._model = model
        self._reading = reading

    def inspect(self, text: str, context: GuardContext) -> tuple[Finding, ...]:
        windows = list(self._model.windows(text, self._reading.windowing, context.deadline))
        places = {label: place for place, label in enumerate(self._model.labels)}
        of_label: dict[str, tuple[float, Span]] = {}
        for own, label in self._reading.labels.items():
            if windows:
                told = self._pooled(windows, places[own], len(text))
                of_label[label] = max(of_label.get(label, told), told, key=lambda one: one[0])
        return tuple(
            Finding(self.name, label, span, score, "a classifier says so") for label, (score, span) in of_label.items()
        )

    def _pooled(self, windows: list[Window], place: int, length: int) -> tuple[float, Span]:
        if self._reading.pool == "mean":
            return sum(window.scores[place] for window in windows) / len(windows), Span(0, length)
        best = max(windows, key=lambda window: window.scores[place])  # the first of equals
        return best.scores[place], best.span if len(windows) > 1 else Span(0, length)


def build(options: Options) -> Classifier:
    """`model`, `labels`, `head`, `pool`, `window` and `overlap` in tokens, `device`."""
    name = options.text("model", "")
    head = options.one_of("head", HEADS, "softmax") if options.has("head") else None
    pool = cast("Pool", options.one_of("pool", POOLS, "max"))
    length = options.whole("window", None, low=LEAST_WINDOW)
    overlap = options.whole("overlap", OVERLAP)
    device = options.text("device", "cpu") if options.has("device") else None
    labels = _labels(options)
    options.finish()
    model = _loaded(options, name, cast("Head | None", head), device)
    _check_labels(options, labels, model.labels)
    room = model.room
    if length is not None and length > room:
        raise options.error("window", f"at most the {room} tokens that the model has room for", "Leave it out.")
    return Classifier(model, Reading(labels, Windowing(length or room, overlap or 0), pool))


def _labels(options: Options) -> Mapping[str, str]:
    given: Any = options.value("labels")
    is_map = isinstance(given, Mapping) and given and all(isinstance(v, str) and v for v in given.values())
    if not is_map:
        raise options.error("labels", "our labels by the model's own", "Write {LABEL_1: injection}.")
    return MappingProxyType({str(own): label for own, label in given.items()})


def _check_labels(options: Options, labels: Mapping[str, str], known: tuple[str, ...]) -> None:
    if not set(labels) <= set(known):
        given = f"a map of {', '.join(labels)}"
        hint = "Look at id2label in the model's config.json."
        raise PolicyError(f"{options.where}.labels", given, f"of the model's labels, {', '.join(known)}", hint)


def _loaded(options: Options, name: str, head: Head | None, device: str | None) -> SequenceClassifier:
    try:
        model = SequenceClassifier.load(name, head, device)
    except (RuntimeError, AssertionError) as error:  # torch raises either, by the kind of device
        option = "model" if device is None else "device"
        raise options.error(option, "one that can be had on this machine", "Use device: cpu.") from error
    except Exception as error:  # transformers raises whatever it likes
        allowed = f"a sequence classifier that can be loaded ({type(error).__name__})"
        raise options.error("model", allowed, "Name a folder that save_pretrained wrote, or a hub name.") from error
    if not model.tokenizer.is_fast:
        raise options.error("model", "a model with a fast tokenizer: windows need places", "Convert its tokenizer.")
    return model
