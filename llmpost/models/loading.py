"""From a name to a model: weights, tokenizer and the model's own generation settings.

A name is a bundled model, a folder or a hub name; nothing is downloaded that was not named, and the hub is only asked
where the name is no folder. What is loaded is plain transformers; the engine sees a :class:`LoadedModel`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

from llmpost.contracts.model import Model
from llmpost.errors import LlmpostError, MissingExtra, ModelError, suggestion
from llmpost.models.transformers import TransformersModel
from llmpost.vocabulary import Prompts, Vocabulary

BUNDLED = ("tiny", "tiny-draft")


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How to load a model; the names are transformers' own where it has one."""

    device: str | None = None
    dtype: str | None = None
    """``float32``, ``bfloat16``, ``float16``; None: as stored, but bfloat16 and float16 are run in float32 on a CPU."""
    compile: bool = False
    adapter: str | None = None
    """A folder or hub name of a LoRA adapter (peft), merged into the weights."""
    quantization_config: Any = None
    """A transformers quantization config, handed on as it is."""
    attn_implementation: str | None = None
    revision: str | None = None
    trust_remote_code: bool = False

    @classmethod
    def of(cls, **options: Any) -> LoadOptions:
        """The options, their names checked."""
        names = [f.name for f in fields(cls)]
        for name in options:
            if name not in names:
                raise ModelError("model", f"'{name}'", "an option of Engine.load", suggestion(name, names))
        return cls(**options)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A steerable model and what belongs to it."""

    name: str
    model: Model
    vocabulary: Vocabulary
    prompts: Prompts
    context_length: int
    """How many tokens of prompt and output fit."""
    generation_config: Mapping[str, Any] = field(default_factory=dict)
    """The model's own generation settings, by transformers' names; only those it has."""


def load_model(name: str, options: LoadOptions) -> LoadedModel:
    """Load weights and tokenizer; :class:`ModelError` says what is missing."""
    source = _source(name)
    model = _weights(source, name, options)
    tokenizer = _tokenizer(source, name, options)
    return wrap_model(name, model, tokenizer, torch.compile(model, dynamic=True) if options.compile else None)


def wrap_model(name: str, model: PreTrainedModel, tokenizer: Any, forward: Any = None) -> LoadedModel:
    """A model and a tokenizer that are loaded already."""
    steerable = TransformersModel(model, forward)
    settings = _generation_settings(model)
    vocabulary = Vocabulary.from_tokenizer(tokenizer).padded(steerable.vocab_size)
    end_ids = settings.get("eos_token_id")
    if end_ids is not None:
        vocabulary = vocabulary.with_end_ids([end_ids] if isinstance(end_ids, int) else end_ids)
    text_config = model.config.get_text_config(decoder=True)
    length = getattr(text_config, "max_position_embeddings", None) or getattr(text_config, "n_positions", None)
    return LoadedModel(name, steerable, vocabulary, Prompts(tokenizer), int(length or 1 << 20), settings)


def _source(name: str) -> str:
    """The folder meant, or the name itself for the hub."""
    folder = Path(__file__).parent / "bundled" / name if name in BUNDLED else Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise ModelError(
                name, "a folder without config.json", "a model folder", "Name the folder that save_pretrained wrote."
            )
        return str(folder)
    if folder.is_absolute() or name.startswith((".", "~")):
        raise ModelError(name, "a path where nothing is", "a model folder", "Check the path.")
    return name


def _weights(source: str, name: str, options: LoadOptions) -> PreTrainedModel:
    dtype = _dtype(source, options)
    try:
        model = AutoModelForCausalLM.from_pretrained(
            source,
            dtype=dtype,
            revision=options.revision,
            trust_remote_code=options.trust_remote_code,
            **_given(attn_implementation=options.attn_implementation, quantization_config=options.quantization_config),
        )
    except LlmpostError:
        raise
    except Exception as cause:
        raise _unloadable(name, "weights", cause) from cause
    if options.adapter is not None:
        model = _with_adapter(model, options.adapter)
    return _on_device(model, options.device).requires_grad_(False)


def _tokenizer(source: str, name: str, options: LoadOptions) -> Any:
    try:
        return AutoTokenizer.from_pretrained(
            source, revision=options.revision, trust_remote_code=options.trust_remote_code
        )
    except Exception as cause:
        raise _unloadable(name, "tokenizer", cause) from cause


def _with_adapter(model: PreTrainedModel, adapter: str) -> PreTrainedModel:
    try:
        from peft import PeftModel
    except ImportError as cause:
        raise MissingExtra("adapter", "peft", "lora") from cause
    try:
        return PeftModel.from_pretrained(model, adapter).merge_and_unload()
    except Exception as cause:
        raise _unloadable(adapter, "LoRA adapter", cause) from cause


def _on_device(model: PreTrainedModel, device: str | None) -> PreTrainedModel:
    if device is None:
        return model
    try:
        return model.to(device)
    except (RuntimeError, AssertionError) as cause:  # torch raises either, by the kind of device
        reason = str(cause).splitlines()[0][:200]
        raise ModelError(
            "device", f"{device!r} ({reason})", "a device of this machine", "Use 'cpu', or leave it out."
        ) from cause


def _dtype(source: str, options: LoadOptions) -> torch.dtype | str:
    """As stored on a device; on a CPU float32, where the half precisions are slow and round differently by shape."""
    if options.dtype is not None:
        dtype = getattr(torch, options.dtype, None)
        if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
            raise ModelError(
                "dtype", repr(options.dtype), "one of float32, bfloat16, float16", "Leave it out to use what is stored."
            )
        return dtype
    on_cpu = options.device in (None, "cpu") and options.quantization_config is None
    return torch.float32 if on_cpu else "auto"


def _generation_settings(model: PreTrainedModel) -> dict[str, Any]:
    return {name: value for name, value in model.generation_config.to_dict().items() if value is not None}


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _unloadable(name: str, what: str, cause: Exception) -> ModelError:
    reason = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    return ModelError(
        name,
        f"a source whose {what} cannot be read ({reason[:200]})",
        "a model folder or a hub name",
        "A folder needs config.json, weights and tokenizer files, as save_pretrained writes them.",
    )
