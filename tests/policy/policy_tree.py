"""Folders of policy files as tests write them down, and what an error says about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmpost.errors import PolicyError
from llmpost.policy import Policy

HEAD = "version: 1\nname: here\n"


def written(folder: Path, **files: str) -> Path:
    """The files of a folder, each under its name with two underscores for a dot; the path of the first."""
    paths = [folder / name.replace("__", ".") for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, "utf-8")
    return paths[0]


def read(folder: Path, **files: str) -> Policy:
    return Policy.read(written(folder, **files))


def refusal(folder: Path, **files: str) -> str:
    """What is said of the first of these files, without the folder; it has four parts."""
    path = written(folder, **files)
    with pytest.raises(PolicyError) as caught:
        Policy.read(path)
    assert all((caught.value.where, caught.value.given, caught.value.allowed, caught.value.hint))
    return str(caught.value).replace(f"{folder}/", "")
