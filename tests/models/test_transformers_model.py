"""The transformers model against the plain forward of the same weights: every way of feeding gives the same rows."""

import copy
import random
from collections.abc import Callable

import pytest
import torch
import transformers
from transformers import PreTrainedModel

from llmpost.contracts.model import Feed, Slot
from llmpost.errors import ModelError
from llmpost.models import TransformersModel

VOCAB = 61
SMALL = {
    "vocab_size": VOCAB,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
}


def llama() -> PreTrainedModel:
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(**SMALL))


def llama_eager() -> PreTrainedModel:
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(**SMALL, attn_implementation="eager"))


def qwen3() -> PreTrainedModel:
    return transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**SMALL, head_dim=8))


def mistral_sliding() -> PreTrainedModel:
    return transformers.MistralForCausalLM(transformers.MistralConfig(**SMALL, sliding_window=5))


def gemma3_mixed() -> PreTrainedModel:
    config = transformers.Gemma3TextConfig(
        **SMALL, head_dim=8, sliding_window=5, layer_types=["sliding_attention", "full_attention", "sliding_attention"]
    )
    return transformers.Gemma3ForCausalLM(config)


def gpt2() -> PreTrainedModel:
    config = transformers.GPT2Config(
        vocab_size=VOCAB, n_embd=32, n_layer=3, n_head=4, n_positions=64, bos_token_id=0, eos_token_id=0
    )
    return transformers.GPT2LMHeadModel(config)


def bloom() -> PreTrainedModel:
    return transformers.BloomForCausalLM(
        transformers.BloomConfig(vocab_size=VOCAB, hidden_size=32, n_layer=2, n_head=4)
    )


def mamba() -> PreTrainedModel:
    config = transformers.MambaConfig(vocab_size=VOCAB, hidden_size=32, num_hidden_layers=2, state_size=8)
    return transformers.MambaForCausalLM(config)


ALL = [llama, llama_eager, qwen3, mistral_sliding, gemma3_mixed, gpt2, bloom, mamba]


def made(build: Callable[[], PreTrainedModel]) -> PreTrainedModel:
    torch.manual_seed(7)
    return build().eval().requires_grad_(False)


def reference(model: PreTrainedModel, tokens: list[int], rows: int) -> torch.Tensor:
    """The last rows of one plain forward over all tokens, without any cache."""
    return model(torch.tensor([tokens]), use_cache=False).logits[0, -rows:].float()


def close(ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    return torch.allclose(ours, theirs, atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("build", ALL)
def test_prefill_and_steps_of_unequal_prompts_equal_the_plain_forward(build: Callable[[], PreTrainedModel]) -> None:
    """A batch of unequal prompts, then steps together, gives each sequence the rows it would have alone."""
    weights = made(build)
    model = TransformersModel(copy.deepcopy(weights))
    texts = [[5, 6, 7, 8, 9, 10, 11, 12], [3], [20, 21, 22]]
    slots = [model.open() for _ in texts]
    rows = model.forward([(slot, Feed(tuple(text), 0)) for slot, text in zip(slots, texts, strict=True)])
    for step in range(6):
        for row, text in zip(rows, texts, strict=True):
            assert close(row, reference(weights, text, 1)[0]), f"step {step}"
        tokens = [(7 * step + n) % VOCAB for n in range(len(texts))]
        feeds = [(slot, Feed((t,), len(text))) for slot, t, text in zip(slots, tokens, texts, strict=True)]
        rows = model.forward(feeds)
        texts = [[*text, t] for text, t in zip(texts, tokens, strict=True)]


@pytest.mark.parametrize("build", ALL)
@pytest.mark.parametrize("seed", range(4))
def test_any_history_of_feeding_forking_trimming_and_closing(build: Callable[[], PreTrainedModel], seed: int) -> None:
    """However slots were opened, fed, cut back, forked and closed before, a feed's rows depend on its tokens alone."""
    weights = made(build)
    model = TransformersModel(copy.deepcopy(weights))
    chance = random.Random(seed)
    texts: dict[Slot, list[int]] = {}
    for _ in range(30):
        action = chance.choice(["open", "feed", "feed", "feed", "fork", "close"])
        if action == "open" or not texts:
            texts[model.open()] = []
        elif action == "fork":
            source = chance.choice(list(texts))
            texts[model.fork(source)] = list(texts[source])
        elif action == "close":
            slot = chance.choice(list(texts))
            model.close(slot)
            del texts[slot]
        else:
            some = chance.sample(list(texts), chance.randint(1, len(texts)))
            feeds = []
            for slot in some:
                keep = chance.randint(max(0, len(texts[slot]) - 3), len(texts[slot])) if len(texts[slot]) < 40 else 0
                new = [chance.randrange(VOCAB) for _ in range(chance.randint(1, 5))]
                texts[slot] = texts[slot][:keep] + new
                feeds.append((slot, Feed(tuple(new), keep, rows=chance.randint(1, len(new)))))
            rows = model.forward(feeds)
            expected = torch.cat([reference(weights, texts[slot], feed.rows) for slot, feed in feeds])
            assert close(rows, expected)


def test_growing_past_the_first_columns_keeps_what_was_there() -> None:
    """The cache grows while sequences run; nothing already in it changes."""
    torch.manual_seed(7)
    config = transformers.LlamaConfig(**{**SMALL, "max_position_embeddings": 512})
    weights = transformers.LlamaForCausalLM(config).eval().requires_grad_(False)
    model = TransformersModel(weights)
    slots, text = [model.open(), model.open()], [n % VOCAB for n in range(300)]
    model.forward([(slots[0], Feed(tuple(text[:120]), 0)), (slots[1], Feed(tuple(text[:50]), 0))])
    rows = model.forward([(slots[0], Feed(tuple(text[120:300]), 120)), (slots[1], Feed((1,), 50))])
    assert close(rows[0], reference(weights, text, 1)[0])
    assert close(rows[1], reference(weights, [*text[:50], 1], 1)[0])


@pytest.mark.parametrize(
    ("feed", "message"),
    [
        (Feed((1,), 5), "keep=5 is not between 0 and the 2 tokens"),
        (Feed((1,), -1), "keep=-1"),
        (Feed((VOCAB,), 2), f"token id {VOCAB} is not in the vocabulary"),
        (Feed((-1,), 2), "token id -1"),
        (Feed((1,), 2, rows=2), "rows=2 is not between 1 and the 1 tokens fed"),
    ],
)
def test_a_bad_feed_is_refused_before_any_slot_is_touched(feed: Feed, message: str) -> None:
    """An error in one feed leaves every slot of the batch as it was."""
    weights = made(llama)
    model = TransformersModel(weights)
    good, other = model.open(), model.open()
    model.forward([(good, Feed((1, 2), 0)), (other, Feed((3, 4), 0))])
    with pytest.raises(ModelError, match=message.replace("(", r"\(")):
        model.forward([(good, Feed((9,), 0)), (other, feed)])
    rows = model.forward([(good, Feed((5,), 2)), (other, Feed((6,), 2))])
    assert close(rows, torch.cat([reference(weights, [1, 2, 5], 1), reference(weights, [3, 4, 6], 1)]))


def test_a_slot_is_never_used_again() -> None:
    """A closed slot is refused, and a new one has another number."""
    model = TransformersModel(made(llama))
    slot = model.open()
    model.close(slot)
    with pytest.raises(ModelError, match="is not an open slot"):
        model.forward([(slot, Feed((1,), 0))])
    assert model.open() != slot


def test_rows_are_float32_whatever_the_weights_are() -> None:
    """bfloat16 weights give float32 rows that equal the reference's logits."""
    weights = made(llama).bfloat16()
    model = TransformersModel(copy.deepcopy(weights))
    slot = model.open()
    rows = model.forward([(slot, Feed((1, 2, 3), 0))])
    assert rows.dtype == torch.float32
    assert torch.equal(rows, reference(weights, [1, 2, 3], 1))
