"""Loading: dtype, compiled forward, LoRA adapters, quantised weights; all by option, all plain transformers."""

from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, TorchAoConfig

from llmpost.contracts.model import Feed
from llmpost.engine import Engine
from llmpost.errors import ModelError
from llmpost.models import LoadOptions, load_model


def rows(folder: Path, **options: object) -> torch.Tensor:
    model = load_model(str(folder), LoadOptions.of(**options)).model
    return model.forward([(model.open(), Feed((5, 6, 7), 0))])


def test_half_precision_weights_run_in_float32_on_a_cpu(random_model_folder: Path, tmp_path: Path) -> None:
    """What is stored in bfloat16 is computed in float32 unless a dtype is named."""
    weights = AutoModelForCausalLM.from_pretrained(random_model_folder, dtype=torch.bfloat16)
    weights.save_pretrained(tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((random_model_folder / name).read_bytes())
    as_float32 = weights.float().eval()
    with torch.no_grad():
        expected = as_float32(torch.tensor([[5, 6, 7]])).logits[0, -1:]
    assert torch.allclose(rows(tmp_path), expected, atol=1e-5)
    assert not torch.allclose(rows(tmp_path, dtype="bfloat16"), expected, atol=1e-5)


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing.*:FutureWarning")  # peft asks transformers the old way
def test_a_lora_adapter_is_merged(random_model_folder: Path, tmp_path: Path) -> None:
    """With an adapter the rows are those of the adapted model."""
    base = AutoModelForCausalLM.from_pretrained(random_model_folder, dtype=torch.float32)
    torch.manual_seed(0)
    adapted = get_peft_model(base, LoraConfig(r=2, target_modules=["q_proj"], init_lora_weights=False)).eval()
    adapted.save_pretrained(tmp_path)
    with torch.no_grad():
        expected = adapted(torch.tensor([[5, 6, 7]])).logits[0, -1:]
    assert torch.allclose(rows(random_model_folder, adapter=str(tmp_path)), expected, atol=1e-4)
    assert not torch.allclose(rows(random_model_folder), expected, atol=1e-4)


def test_an_adapter_that_is_not_there(random_model_folder: Path, tmp_path: Path) -> None:
    """A folder without an adapter is named as such."""
    with pytest.raises(ModelError, match="LoRA adapter cannot be read"):
        load_model(str(random_model_folder), LoadOptions(adapter=str(tmp_path)))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the compiler's own
def test_a_compiled_forward_writes_the_same_text(random_model_folder: Path) -> None:
    """``compile=True`` changes the time, not the greedy text."""
    plain = Engine.load(str(random_model_folder)).generate(["one", "another two"], max_new_tokens=8)
    compiled = Engine.load(str(random_model_folder), compile=True).generate(["one", "another two"], max_new_tokens=8)
    assert [r.text for r in compiled] == [r.text for r in plain]


@pytest.mark.filterwarnings("ignore")  # torchao's own
def test_quantised_weights_are_run(random_model_folder: Path) -> None:
    """A transformers quantization config is handed on: the weights are int8, the rows close to the original's."""
    torchao = pytest.importorskip("torchao.quantization")
    config = TorchAoConfig(torchao.Int8WeightOnlyConfig())
    loaded = load_model(str(random_model_folder), LoadOptions(quantization_config=config))
    quantised = loaded.model.forward([(loaded.model.open(), Feed((5, 6, 7), 0))])
    plain = rows(random_model_folder)
    assert not torch.equal(quantised, plain)
    assert float((quantised - plain).abs().max() / plain.abs().max()) < 0.1


@pytest.mark.parametrize("device", ["cuda:99", "warp"])
def test_a_device_that_is_not_there(random_model_folder: Path, device: str) -> None:
    """A device this machine lacks, or nobody knows, is named with what torch says of it."""
    with pytest.raises(ModelError, match=f"device: '{device}' .* is not a device of this machine"):
        load_model(str(random_model_folder), LoadOptions(device=device))
