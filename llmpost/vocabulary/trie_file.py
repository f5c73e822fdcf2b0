"""The arrays of a trie on disk: one file for a vocabulary, written in one step, and believed only when it is whole.

It knows nothing of what the arrays mean. A file that is missing, cut off, altered or another vocabulary's is no
error: it is as if it were not there, and the trie is built again.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT = 1
"""Counts up when the arrays change their meaning: files of another format are built again."""


def save_arrays(path: Path, digest: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write beside the place, then move into it: a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    contents: dict[str, Any] = {"seal": np.frombuffer(_seal(digest, arrays), dtype=np.uint8), **arrays}
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        try:
            np.savez(file, **contents)
            file.close()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def load_arrays(path: Path, digest: str) -> dict[str, npt.NDArray[Any]] | None:
    """The arrays as they were saved for this vocabulary; None where there is no such file, or a damaged one."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        seal = arrays.pop("seal").tobytes()
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return arrays if seal == _seal(digest, arrays) else None


def _seal(digest: str, arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    content = hashlib.sha256(f"{FORMAT} {digest}".encode())
    for name in sorted(arrays):
        content.update(f"{name} {arrays[name].dtype.str} {arrays[name].shape}".encode())
        content.update(np.ascontiguousarray(arrays[name]).data)
    return content.digest()
