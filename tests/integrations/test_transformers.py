"""llmpost inside ``model.generate``, and transformers' processors inside llmpost: both give what the original gives."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch
import transformers
from toy_constraints import WithTraps
from transformers import LogitsProcessor, PreTrainedModel

from llmpost.constraints import compile_constraint
from llmpost.engine import Engine
from llmpost.errors import DeadEnd, RequestError, StageError
from llmpost.integrations.transformers import ConstraintProcessor, StageProcessor, policy_generate
from llmpost.logits import MinLength, NoRepeatNgram, PresencePenalty, RepetitionPenalty, Temperature, TopK, TopP
from llmpost.models import LoadedModel, TransformersModel, loading
from llmpost.testing import LongestMatch
from llmpost.vocabulary import Prompts, Vocabulary

VOCAB = 97


@pytest.fixture(scope="module")
def model() -> PreTrainedModel:
    torch.manual_seed(3)
    config = transformers.LlamaConfig(
        vocab_size=VOCAB, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=128, bos_token_id=1, eos_token_id=2, pad_token_id=0,
    )  # fmt: skip
    model = transformers.LlamaForCausalLM(config).eval().requires_grad_(False)
    model.lm_head.weight.mul_(20)
    return model


PROMPTS = torch.tensor([[0, 0, 5, 6, 7], [1, 9, 9, 8, 4]])
LETTERS = Vocabulary.from_tokens([bytes([33 + i]) for i in range(VOCAB)], special_ids=[0, 1, 2], eos_ids=[2])
MASK = torch.tensor([[0, 0, 1, 1, 1], [1, 1, 1, 1, 1]])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([RepetitionPenalty(1.7)], {"repetition_penalty": 1.7}),
        ([NoRepeatNgram(2)], {"no_repeat_ngram_size": 2}),
        ([MinLength(6, frozenset({2, 30}))], {"min_new_tokens": 6, "eos_token_id": [2, 30]}),
    ],
)
def test_a_stage_as_a_processor_does_what_transformers_own_does(model: Any, ours: list, theirs: dict) -> None:
    """``generate()`` with our stage as a processor writes what it writes with its own option of that name."""
    prompt = PROMPTS[1:]
    extra = {"eos_token_id": theirs["eos_token_id"]} if "eos_token_id" in theirs else {}
    processors = [StageProcessor(stage, prompt_length=prompt.shape[1]) for stage in ours]
    got = model.generate(prompt, do_sample=False, max_new_tokens=20, logits_processor=processors, **extra)
    assert got.tolist() == model.generate(prompt, do_sample=False, max_new_tokens=20, **theirs).tolist()


def test_a_processor_does_not_touch_the_scores_it_is_given(model: Any) -> None:
    """transformers may keep the scores; our stages own what they are given, so the processor copies first."""
    scores = torch.randn(2, VOCAB)
    before = scores.clone()
    StageProcessor(RepetitionPenalty(2.0))(PROMPTS, scores)
    assert torch.equal(scores, before)


def test_padding_and_prompt_are_told_from_output() -> None:
    """With `prompt_length` and `pad_token_id` a stage sees the output alone, and padding as nothing."""
    processor = StageProcessor(PresencePenalty(1.0), prompt_length=5, pad_token_id=0)
    ids = torch.cat([PROMPTS, torch.tensor([[3], [4]])], dim=1)
    out = processor(ids, torch.zeros(2, VOCAB))
    assert out.nonzero().tolist() == [[0, 3], [1, 4]]
    everything = StageProcessor(RepetitionPenalty(2.0), pad_token_id=0)(ids, torch.ones(2, VOCAB))
    assert everything[0, 0] == 1.0


@pytest.mark.parametrize(
    "settings", [{}, {"repetition_penalty": 1.3}, {"no_repeat_ngram_size": 2, "min_new_tokens": 4}]
)
def test_custom_generate_greedy_equals_generate(model: Any, settings: dict) -> None:
    """The whole loop inside ``generate()``, left padding and all, returns what ``generate()`` returns."""
    common = {"attention_mask": MASK, "do_sample": False, "max_new_tokens": 24, **settings}
    theirs = model.generate(PROMPTS, **common)
    ours = model.generate(PROMPTS, custom_generate=policy_generate(), **common)
    assert ours.tolist() == theirs.tolist()


def test_custom_generate_samples_reproducibly(model: Any) -> None:
    """``torch.manual_seed`` before ``generate()`` decides the tokens; a seed of ours does so without it."""

    def sampled(**settings: Any) -> list[list[int]]:
        return model.generate(
            PROMPTS, attention_mask=MASK, do_sample=True, top_k=20, max_new_tokens=12,
            custom_generate=policy_generate(**settings),
        ).tolist()  # fmt: skip

    torch.manual_seed(1)
    first = sampled()
    torch.manual_seed(1)
    assert sampled() == first
    assert sampled() != first
    assert sampled(seed=4) == sampled(seed=4)


class Favour(LogitsProcessor):
    """Somebody's own processor: one token is always best."""

    def __init__(self, token: int) -> None:
        self.token = token

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        scores = scores.clone()
        scores[:, self.token] = scores.max() + input_ids.shape[1]
        return scores


def test_a_callers_processor_runs_in_the_custom_loop(model: Any) -> None:
    """Processors handed to ``generate()`` work in our loop as in theirs."""
    got = model.generate(PROMPTS, custom_generate=policy_generate(), logits_processor=[Favour(9)], max_new_tokens=3)
    assert got[:, 5:].tolist() == [[9, 9, 9], [9, 9, 9]]


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ({"return_dict_in_generate": True}, "return_dict_in_generate"),
        (
            {"stopping_criteria": [lambda ids, scores, **_: torch.zeros(len(ids), dtype=torch.bool)]},
            "stopping_criteria",
        ),
    ],
)
def test_what_the_loop_does_not_do_is_refused_by_name(model: Any, refused: dict, words: str) -> None:
    """An option of ``generate()`` that our loop would have to drop is an error."""
    with pytest.raises(RequestError, match=words):
        model.generate(PROMPTS, custom_generate=policy_generate(), max_new_tokens=3, **refused)


def test_a_guarded_policy_is_refused(model: Any) -> None:
    """Guards change text, and here ids leave: a policy that has guards would not be kept."""
    with pytest.raises(RequestError, match="a policy with guards"):
        model.generate(PROMPTS, custom_generate=policy_generate("default"), max_new_tokens=3)


def pinned(token: int) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    def processor(input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        return torch.full_like(scores, -torch.inf).index_fill_(1, torch.tensor([token]), 0.0)

    return processor


def test_a_foreign_processor_is_a_stage_of_ours(random_model_folder: Any) -> None:
    """Any callable over (input_ids, scores) runs in the engine, in the place where transformers would run it."""
    engine = Engine.load(str(random_model_folder))
    result = engine.generate("text", logits_processor=[pinned(70)], max_new_tokens=4, temperature=1.0, seed=1)
    assert result.token_ids == (70, 70, 70, 70)


def test_a_foreign_processor_that_raises_ends_its_request(random_model_folder: Any) -> None:
    """The error of somebody's processor comes back with its cause, not as a broken batch."""

    def broken(input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        raise KeyError("lost")

    with pytest.raises(StageError, match="lost") as caught:
        Engine.load(str(random_model_folder)).generate("text", logits_processor=[broken])
    assert isinstance(caught.value.__cause__, KeyError)


def test_transformers_warpers_after_ours_change_nothing(model: Any) -> None:
    """A tail of ours as processors keeps the ids that transformers' warpers keep."""
    scores = torch.randn(2, VOCAB, generator=torch.Generator().manual_seed(0)) * 4
    ours = scores
    for stage in (Temperature(0.7), TopK(20), TopP(0.8)):
        ours = StageProcessor(stage)(PROMPTS, ours)
    theirs = transformers.TemperatureLogitsWarper(0.7)(PROMPTS, scores)
    theirs = transformers.TopKLogitsWarper(20)(PROMPTS, theirs)
    theirs = transformers.TopPLogitsWarper(0.8)(PROMPTS, theirs)
    assert torch.equal(ours, theirs)


@pytest.mark.parametrize(
    "options", [{}, {"do_sample": True}, {"num_beams": 3}, {"do_sample": True, "num_return_sequences": 3}]
)
def test_a_constraint_as_a_processor_holds_every_row(model: Any, options: dict) -> None:
    """Greedy, sampled, with beams reordered and with several sequences: what is written is whole and allowed; and
    one processor serves one call after another."""
    constraint = compile_constraint(LETTERS, regex=r"[A-F]{2,4}(-[0-9]){1,3}")
    processor = ConstraintProcessor(LETTERS, constraint)
    for _ in range(2):
        torch.manual_seed(0)
        rows = model.generate(
            PROMPTS, attention_mask=MASK, max_new_tokens=20, eos_token_id=2, logits_processor=[processor], **options
        )
        for row in rows[:, PROMPTS.shape[1] :].tolist():
            assert 2 in row
            assert constraint.accepts(LETTERS.decode(row[: row.index(2)]))


@pytest.mark.parametrize("options", [{"do_sample": False}, {"do_sample": True, "temperature": 2.0}])
def test_a_schema_as_a_processor_holds_a_batch(tiny: Engine, options: dict) -> None:
    """With the bundled model, greedy and hot: every output is an instance of the schema."""
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 12},
            "age": {"type": ["integer", "null"], "maximum": 200},
        },
        "required": ["name", "age"],
        "additionalProperties": False,
    }
    bundled = transformers.AutoModelForCausalLM.from_pretrained(Path(loading.__file__).parent / "bundled" / "tiny")
    prompts = ["Extract name, age: I am Maria Chen and 34.", "Thank you!", "Extract age: Tom is 7."]
    ids = [torch.tensor(tiny.loaded.prompts.encode_chat([{"role": "user", "content": prompt}])) for prompt in prompts]
    batch = torch.nn.utils.rnn.pad_sequence(ids, batch_first=True, padding_value=-1, padding_side="left")
    vocabulary = tiny.loaded.vocabulary
    constraint = compile_constraint(vocabulary, json_schema=schema)
    torch.manual_seed(0)
    rows = bundled.generate(
        batch.clamp(min=0), attention_mask=(batch >= 0).long(), max_new_tokens=120, pad_token_id=0,
        logits_processor=[ConstraintProcessor(vocabulary, constraint)], **options,
    )  # fmt: skip
    (end,) = vocabulary.end_ids
    for row in rows[:, batch.shape[1] :].tolist():
        text = vocabulary.decode(row[: row.index(end)])
        jsonschema.validate(json.loads(text), schema)
        assert constraint.accepts(text)


def test_a_dead_end_in_a_processor_is_an_error() -> None:
    """It cannot go back, and says who can."""
    processor = ConstraintProcessor(LETTERS, WithTraps([], (), VOCAB, traps=[(5, 6)]))
    prompt = torch.tensor([[9]])
    processor(prompt, torch.zeros(1, VOCAB))
    processor(torch.tensor([[9, 5]]), torch.zeros(1, VOCAB))
    with pytest.raises(DeadEnd, match=r"use Engine\.generate, which goes back"):
        processor(torch.tensor([[9, 5, 6]]), torch.zeros(1, VOCAB))


def test_a_constraint_as_a_processor_is_the_engines_own(model: Any) -> None:
    """Greedy, it writes what the engine writes under the same pattern."""
    pattern = r"[A-F]{2,4}(-[0-9]){1,3}"
    processor = ConstraintProcessor(LETTERS, compile_constraint(LETTERS, regex=pattern))
    theirs = model.generate(PROMPTS[1:], max_new_tokens=20, eos_token_id=2, logits_processor=[processor])
    loaded = LoadedModel("m", TransformersModel(model), LETTERS, Prompts(LongestMatch(LETTERS)), 128)
    ours = Engine(loaded, "bare").generate(PROMPTS[1].tolist(), regex=pattern, max_new_tokens=20)
    assert theirs[0, PROMPTS.shape[1] :].tolist() == list(ours.token_ids)
