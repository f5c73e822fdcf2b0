"""Shows samples of the corpus: `python -m tools.bundled_model.generate --count 5 --task judging --held-out`."""

from __future__ import annotations

import argparse
import random

from .corpus import mixture
from .corpus.draw import Draw, Split


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--task", choices=[*mixture.TASKS, "mixture"], default="mixture")
    parser.add_argument("--held-out", action="store_true", help="forms and values that training never uses")
    arguments = parser.parse_args()
    side = Split.HELD_OUT if arguments.held_out else Split.TRAIN
    draw = Draw(random.Random(arguments.seed), side, side)
    example = mixture.TASKS.get(arguments.task, mixture.conversation)
    for _ in range(arguments.count):
        for turn in example(draw):
            print(f"<{turn.role}> {turn.content}")
        print("-" * 20)


if __name__ == "__main__":
    main()
