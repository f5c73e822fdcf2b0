"""Sampling stages, one to a file, their chain, and the sampler that draws.

A stage edits rows of logits; :data:`ORDER` lists them in the default order. :class:`Chain` is a request's stages,
:class:`Sampler` draws for a batch of requests with different chains in one pass. Nothing here knows a model, a
tokenizer or text.
"""

from llmpost.logits.chain import ORDER, Chain
from llmpost.logits.constrained import Constrained
from llmpost.logits.forced_tokens import Forced, ForcedTokens
from llmpost.logits.foreign import ForeignStage
from llmpost.logits.frequency_penalty import FrequencyPenalty
from llmpost.logits.history import Window
from llmpost.logits.min_length import MinLength
from llmpost.logits.min_p import MinP
from llmpost.logits.no_repeat_ngram import NoRepeatNgram
from llmpost.logits.presence_penalty import PresencePenalty
from llmpost.logits.repetition_penalty import RepetitionPenalty
from llmpost.logits.sampler import Sampler
from llmpost.logits.sequence_bias import Biases, SequenceBias
from llmpost.logits.temperature import Temperature
from llmpost.logits.top_k import TopK
from llmpost.logits.top_p import TopP

__all__ = [
    "ORDER",
    "Biases",
    "Chain",
    "Constrained",
    "Forced",
    "ForcedTokens",
    "ForeignStage",
    "FrequencyPenalty",
    "MinLength",
    "MinP",
    "NoRepeatNgram",
    "PresencePenalty",
    "RepetitionPenalty",
    "Sampler",
    "SequenceBias",
    "Temperature",
    "TopK",
    "TopP",
    "Window",
]
