"""Trains `tiny-draft` to say what `tiny` says: `python -m tools.bundled_model.distill --teacher FOLDER --work FOLDER
--out FOLDER`.

The first three quarters learn from the data alone, so they may run beside the training of the teacher. Then the loss is
the Kullback-Leibler divergence from the teacher's distribution on the same data, with a little of the plain loss. It
resumes and pauses in the same way.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from transformers import LlamaForCausalLM

from . import shapes
from .batches import Batch
from .train import Loss, Plan, arguments_of, cross_entropy, taught_logits, trainer_for

PLAIN_SHARE = 0.1
PLAN = Plan(num_steps=6000, matrix_rate=0.012, other_rate=2e-3)


def divergence_from(teacher: LlamaForCausalLM) -> Loss:
    """The loss of a draft that learns from this teacher."""

    def loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
        with torch.no_grad():
            wanted = F.log_softmax(taught_logits(teacher, batch), dim=-1)
        divergence = F.kl_div(F.log_softmax(logits, dim=-1), wanted, reduction="batchmean", log_target=True)
        return (1 - PLAIN_SHARE) * divergence + PLAIN_SHARE * cross_entropy(logits, batch)

    return loss


def main() -> None:
    arguments = arguments_of(str(__doc__), PLAN)
    trainer = trainer_for(shapes.draft, arguments)
    trainer.run(cross_entropy, until=arguments.steps * 3 // 4)
    teacher = shapes.load(arguments.teacher).to(trainer.device).eval()
    trainer.run(divergence_from(teacher))


if __name__ == "__main__":
    main()
