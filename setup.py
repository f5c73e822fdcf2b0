"""The compiled twins: optional, so that without a C compiler the package installs all the same and runs on Python.

All else about the package is in pyproject.toml.
"""

import os
from pathlib import Path

from setuptools import Extension, setup

HEADERS = sorted(str(path) for path in Path("llmpost").glob("*/*.h"))
OPTIONS = [] if os.name == "nt" else ["-std=c11", "-O3", "-g0", "-fvisibility=hidden", "-pthread"]


def twin(room: str) -> Extension:
    """The compiled twin of one room's reference, made of all C files there."""
    sources = sorted(str(path) for path in Path("llmpost", room).glob("*.c"))
    name = f"llmpost.{room}._native"
    return Extension(
        name, sources, include_dirs=["llmpost"], depends=HEADERS, extra_compile_args=OPTIONS, optional=True
    )


setup(ext_modules=[twin("automata"), twin("constraints")])
