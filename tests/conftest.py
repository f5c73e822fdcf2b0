"""What tests of several rooms share: the bundled model, and small random ones on disk, made once for a test run."""

from pathlib import Path

import pytest
import torch
from random_model import save_random_model

from llmpost.engine import Engine

torch.set_num_threads(1)  # models here are so small that threads only wait for each other


@pytest.fixture(scope="session")
def random_model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random Llama with a byte-level tokenizer, without a chat template."""
    return save_random_model(tmp_path_factory.mktemp("random-model"))


@pytest.fixture(scope="session")
def random_chat_model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model with a chat template: a string is one user turn."""
    return save_random_model(tmp_path_factory.mktemp("random-chat-model"), chat=True)


@pytest.fixture(scope="session")
def tiny() -> Engine:
    """The bundled model: trained, so what it writes makes sense."""
    return Engine.load("tiny")
