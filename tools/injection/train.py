"""Trains what ships, on everything: `python -m tools.injection.train --data FOLDER --out FILE.npz`. Half a minute."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from llmpost.guards.injection.features import features
from llmpost.guards.injection.guard import SIZE

from .examples import examples
from .fitting import fit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/datasets"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)  # sums in one order
    given = examples(options.data)
    fit([(example, features(example.text[:SIZE])) for example in given]).save(options.out)
    print(f"taught {len(given)} examples; {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
