"""llmpost inside transformers: stages as logits processors, and the whole loop as ``custom_generate=``.

    model.generate(**inputs, logits_processor=[StageProcessor(PresencePenalty(0.5))])
    model.generate(**inputs, logits_processor=[ConstraintProcessor(vocabulary, constraint)])
    model.generate(**inputs, custom_generate=policy_generate(policy="default", seed=7), temperature=0.8, do_sample=True)

The other way round, anyone's ``LogitsProcessor`` goes into ``Engine.generate(logits_processor=[…])``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import GenerationConfig, PreTrainedModel

from llmpost.contracts.constraint import Constraint, ConstraintState
from llmpost.contracts.stage import LogitsStage, Step
from llmpost.contracts.tokens import Context, TokenId
from llmpost.engine import Engine, PolicyLike
from llmpost.errors import DeadEnd, RequestError
from llmpost.logits.masking import mask_rows
from llmpost.models import LoadedModel, TransformersModel
from llmpost.vocabulary import Prompts, Vocabulary


@dataclass(frozen=True, slots=True)
class StageProcessor:
    """A stage as a transformers ``LogitsProcessor``.

    transformers does not say where a prompt ends; `prompt_length` (of the padded batch) tells a stage that looks at
    the output alone. Padding at the left is cut off when `pad_token_id` is given.
    """

    stage: LogitsStage
    prompt_length: int | None = None
    pad_token_id: int | None = None

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        steps = [self._step(row) for row in input_ids.tolist()]
        return self.stage.apply(scores.float().clone(), steps).to(scores.dtype)

    def _step(self, ids: list[int]) -> Step:
        cut = len(ids) if self.prompt_length is None else self.prompt_length
        padding = 0
        while padding < cut and ids[padding] == self.pad_token_id:
            padding += 1
        return Step(Context.of(ids[padding:cut], ids[cut:]))


class ConstraintProcessor:
    """A constraint as a transformers ``LogitsProcessor``: also under sampling, beams and several sequences a prompt.

    It goes by the rows it is shown: one that continues a row of the call before continues its state; rows that
    continue nothing are prompts, and begin. So one processor may serve several calls of ``generate()``, one after
    another. A row that is finished is left nothing but the end ids. Told the `max_new_tokens` of ``generate()``,
    it keeps room for the end: every text is complete when they have run out.
    """

    def __init__(self, vocabulary: Vocabulary, constraint: Constraint, max_new_tokens: int | None = None) -> None:
        if max_new_tokens is not None and not constraint.start().can_end_within(max_new_tokens):
            raise _too_short(max_new_tokens, constraint.start().tokens_needed)
        self._constraint = constraint
        self._max_new_tokens = max_new_tokens
        self._num_drawn = 0
        self._ends = sorted(vocabulary.end_ids)
        self._states: dict[tuple[TokenId, ...], ConstraintState] = {}

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        rows = list(map(tuple, input_ids.tolist()))
        goes_on = all(row[:-1] in self._states for row in rows)
        self._states = {row: self._after(row) if goes_on else self._constraint.start() for row in rows}
        self._num_drawn = self._num_drawn + 1 if goes_on else 0
        left = None if self._max_new_tokens is None else self._max_new_tokens - self._num_drawn
        open_rows = {i: state for i, row in enumerate(rows) if not (state := self._states[row]).is_finished}
        masks = {i: state.mask(left) for i, state in open_rows.items()}
        if not all(mask.count for mask in masks.values()):
            raise _dead_end()
        masked = mask_rows(scores.float().clone(), masks)
        for i in set(range(len(rows))) - open_rows.keys():
            masked[i] = torch.full_like(masked[i], -torch.inf).index_fill(0, self._end_ids(masked), 0.0)
        return masked.to(scores.dtype)

    def _after(self, row: tuple[TokenId, ...]) -> ConstraintState:
        before = self._states[row[:-1]]
        return before if before.is_finished else before.advance(row[-1])

    def _end_ids(self, scores: torch.Tensor) -> torch.Tensor:
        return torch.tensor(self._ends, device=scores.device, dtype=torch.long)


def _too_short(given: int, needed: int) -> RequestError:
    allowed = f"enough to complete what the constraint asks for, which takes {needed} tokens"
    return RequestError("ConstraintProcessor.max_new_tokens", str(given), allowed, f"Give it {needed} or more.")


def _dead_end() -> DeadEnd:
    return DeadEnd(
        "ConstraintProcessor", "a row that no token can go on", "possible to repair here",
        "The report calls a part of the constraint sound: use Engine.generate, which goes back, or ask for less there.",
    )  # fmt: skip


def policy_generate(policy: PolicyLike = "bare", **settings: Any) -> Callable[..., torch.Tensor]:
    """A function for ``model.generate(custom_generate=…)``: transformers prepares, llmpost decodes.

    What ``generate()`` was told counts as the model's own configuration: `policy` and `settings` override it, and
    logits processors of the caller's run as foreign stages. Without a seed one is drawn from torch's generator, so
    ``torch.manual_seed`` and ``set_seed`` mean what they always meant.
    """

    def decode(
        model: PreTrainedModel,
        input_ids: torch.Tensor,
        logits_processor: Sequence[Any] = (),
        stopping_criteria: Sequence[Any] = (),
        generation_config: GenerationConfig | None = None,
        **model_kwargs: Any,
    ) -> torch.Tensor:
        config = generation_config or model.generation_config
        _refuse_what_is_not_done(stopping_criteria, config, model_kwargs)
        prompts = _without_padding(input_ids, model_kwargs.get("attention_mask"))
        engine = Engine(_loaded(model, config, model_kwargs.get("tokenizer")), policy)
        if engine.policy.guards:
            raise _not_done("policy", "a policy with guards", "They change text, not ids: use Engine.generate.")
        arguments: dict[str, Any] = {"max_new_tokens": _num_new(config, input_ids.shape[1]), **settings}
        arguments.setdefault("seed", int(torch.randint(2**62, ())))
        arguments["logits_processor"] = [p for p in logits_processor if _is_of_the_caller(p)]
        if config.stop_strings:
            arguments.setdefault("stop", config.stop_strings)
        results = engine.generate(prompts, **arguments)
        for result in results:
            if result.error is not None:
                raise result.error
        return _padded(input_ids, [result.token_ids for result in results], _pad_id(config))

    return decode


def _loaded(model: PreTrainedModel, config: GenerationConfig, tokenizer: Any) -> LoadedModel:
    """The model at hand as the engine wants it. Without a tokenizer tokens have no text, which nobody asks for."""
    steerable = TransformersModel(model)
    if tokenizer is None:
        everything = range(steerable.vocab_size)
        vocabulary = Vocabulary.from_tokens([b""] * steerable.vocab_size, special_ids=everything)
    else:
        vocabulary = Vocabulary.from_tokenizer(tokenizer).padded(steerable.vocab_size)
    ends = config.eos_token_id
    vocabulary = vocabulary.with_end_ids([] if ends is None else [ends] if isinstance(ends, int) else ends)
    own = {name: value for name, value in config.to_dict().items() if value is not None}
    name = model.name_or_path or type(model).__name__
    return LoadedModel(
        name, steerable, vocabulary, Prompts(_NoTokenizer() if tokenizer is None else tokenizer), 1 << 30, own
    )


class _NoTokenizer:
    """Stands where a tokenizer would: prompts are ids here, and text was never asked for."""

    chat_template = None

    def __call__(self, text: str) -> Any:
        raise RequestError("prompt", "text", "possible without a tokenizer", "Pass tokenizer= to model.generate.")

    def apply_chat_template(self, conversation: Any, **options: Any) -> Any:
        return self("")


def _refuse_what_is_not_done(criteria: Sequence[Any], config: GenerationConfig, model_kwargs: dict[str, Any]) -> None:
    foreign = [type(c).__name__ for c in criteria if not type(c).__module__.startswith("transformers.")]
    if foreign:
        raise _not_done("stopping_criteria", foreign[0], "Use stop strings, end ids, max_new_tokens or max_time.")
    if config.return_dict_in_generate:
        raise _not_done("return_dict_in_generate", "True", "Use Engine.generate(logprobs=True) for scores.")
    if model_kwargs.get("streamer") is not None:
        raise _not_done("streamer", "a streamer", "Use Engine.stream.")


def _not_done(where: str, given: str, hint: str) -> RequestError:
    return RequestError(f"custom_generate.{where}", given, "done by llmpost's loop yet", hint)


def _is_of_the_caller(processor: Any) -> bool:
    """transformers adds its own processors from the generation config, which llmpost reads itself."""
    return not type(processor).__module__.startswith("transformers.")


def _without_padding(input_ids: torch.Tensor, mask: torch.Tensor | None) -> list[list[int]]:
    keep = torch.ones_like(input_ids, dtype=torch.bool) if mask is None else mask.bool()
    return [row[kept].tolist() for row, kept in zip(input_ids, keep, strict=True)]


def _num_new(config: GenerationConfig, prompt_length: int) -> int:
    if config.max_new_tokens is not None:
        return int(config.max_new_tokens)
    return max(1, int(config.max_length) - prompt_length)


def _pad_id(config: GenerationConfig) -> int:
    if config.pad_token_id is not None:
        return int(config.pad_token_id)
    ends = config.eos_token_id
    return 0 if ends is None else int(ends if isinstance(ends, int) else ends[0])


def _padded(input_ids: torch.Tensor, outputs: Sequence[tuple[int, ...]], pad_id: int) -> torch.Tensor:
    """Prompt and output of each row, as wide as the longest, as ``generate()`` returns them."""
    longest = max(map(len, outputs))
    rows = [[*output, *[pad_id] * (longest - len(output))] for output in outputs]
    return torch.cat([input_ids, torch.tensor(rows, device=input_ids.device, dtype=input_ids.dtype)], dim=1)
