"""Trains `tiny` from one seed: `python -m tools.bundled_model.train --work FOLDER --out FOLDER`; run again, it resumes.

The matrices of the layers are trained with Muon, the rest with AdamW; the rate warms up and falls to zero: batches
are small, and a high rate (0.025) held the loss at twice of what it was at 0.004. `tiny-draft` is trained by the
same loop (`distill`), with another loss. While the file --pause-file exists, it waits.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import torch
import torch.nn.functional as F
from transformers import LlamaForCausalLM

from . import attention, batches, chat_tokens, shapes
from .batches import Batch

Loss = Callable[[torch.Tensor, Batch], torch.Tensor]  # (logits at the taught positions, the batch) → a number
LOG_EVERY_STEPS = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is trained."""

    seed: int = 0
    num_steps: int = 10_000
    warmup_steps: int = 100
    decay_fraction: float = 1.0  # the last part of the run, in which the rate falls to zero
    tokens_in_batch: int = 4096
    matrix_rate: float = 0.012
    other_rate: float = 2e-3
    checkpoint_seconds: float = 240.0

    def rate(self, step: int) -> float:
        """The factor on the learning rates at a step."""
        falling = (self.num_steps - step) / (self.num_steps * self.decay_fraction)
        return max(0.0, min(1.0, (step + 1) / self.warmup_steps, falling))


@dataclass(frozen=True, slots=True)
class Folders:
    """Where training reads and writes."""

    work: Path  # checkpoints and the log
    out: Path  # the model when done
    tokenizer: Path
    pause: Path  # while this file is there, training waits


class Trainer:
    """One run: a model, its optimizers, and where in the stream it is."""

    def __init__(self, model: LlamaForCausalLM, plan: Plan, folders: Folders) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model, self.plan, self.folders = model.to(self.device), plan, folders
        if self.device.type == "cpu":
            attention.use_plain(model)
        matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and ".layers." in name]
        others = [p for name, p in model.named_parameters() if p.ndim != 2 or ".layers." not in name]
        self.optimizers: list[tuple[torch.optim.Optimizer, float]] = [
            (
                torch.optim.Muon(matrices, lr=plan.matrix_rate, weight_decay=0.05, adjust_lr_fn="original"),
                plan.matrix_rate,
            ),
            (torch.optim.AdamW(others, lr=plan.other_rate, betas=(0.9, 0.95), weight_decay=0.0), plan.other_rate),
        ]
        self.step = self.chunk = self.done_in_chunk = self.tokens = 0
        self.seconds = 0.0
        self.stopping = False

    @property
    def checkpoint(self) -> Path:
        return self.folders.work / "checkpoint.pt"

    def resume(self) -> None:
        """Continues at the last checkpoint, if there is one."""
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        for (optimizer, _), stored in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(stored)
        self.step, self.chunk, self.done_in_chunk, self.tokens = state["place"]
        self.seconds = state["seconds"]

    def save(self) -> None:
        """A checkpoint, and beside it the model as it is now."""
        state = {
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer, _ in self.optimizers],
            "place": (self.step, self.chunk, self.done_in_chunk, self.tokens),
            "seconds": self.seconds,
        }
        unfinished = self.checkpoint.with_suffix(".new")
        torch.save(state, unfinished)
        unfinished.replace(self.checkpoint)
        shapes.save(self.model, self.folders.work / "latest", self.folders.tokenizer)

    def run(self, loss_of: Loss, until: int | None = None) -> None:
        """Trains to the end of the plan, or to an earlier step, and stores the model; a step is never done twice."""
        last = self.plan.num_steps if until is None else until
        self.folders.work.mkdir(parents=True, exist_ok=True)
        tokenizer, saved, losses = chat_tokens.load(self.folders.tokenizer), time.monotonic(), list[float]()
        while self.step < last:
            chunk = batches.chunk(tokenizer, self.plan.seed, self.chunk, self.plan.tokens_in_batch)
            for batch in chunk[self.done_in_chunk :][: last - self.step]:
                if self.stopping:
                    self.save()
                    raise SystemExit(f"stopped at step {self.step}; run it again to go on")
                self._wait_while_paused()
                losses.append(self._advance(batch, loss_of))
                if self.step % LOG_EVERY_STEPS == 0:
                    self._log(losses)
                    losses.clear()
                if time.monotonic() - saved > self.plan.checkpoint_seconds:
                    self.save()
                    saved = time.monotonic()
            if self.done_in_chunk == len(chunk):
                self.chunk, self.done_in_chunk = self.chunk + 1, 0
        self.save()
        shapes.save(self.model, self.folders.out, self.folders.tokenizer)

    def _advance(self, batch: Batch, loss_of: Loss) -> float:
        """One step."""
        started = time.monotonic()
        batch = batch.to(self.device)
        for optimizer, rate in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * self.plan.rate(self.step)
        with torch.autocast(self.device.type, torch.bfloat16):
            loss = loss_of(taught_logits(self.model, batch), batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer, _ in self.optimizers:
            optimizer.step()
            optimizer.zero_grad()
        self.step += 1
        self.done_in_chunk += 1
        self.tokens += batch.ids.numel()
        self.seconds += time.monotonic() - started
        return float(loss.detach())

    def _log(self, losses: list[float]) -> None:
        loss, pace = sum(losses) / len(losses), self.tokens / self.seconds
        line = f"step {self.step} loss {loss:.4f} tokens {self.tokens} seconds {self.seconds:.0f} tokens/s {pace:.0f}"
        with (self.folders.work / "log.txt").open("a") as log:
            print(line, file=log)

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Asks for a checkpoint and an end before the next step."""
        self.stopping = True

    def _wait_while_paused(self) -> None:
        while self.folders.pause.exists() and not self.stopping:
            time.sleep(1.0)


def taught_logits(model: LlamaForCausalLM, batch: Batch) -> torch.Tensor:
    """Logits at the taught positions only: the head is a tenth of the work."""
    hidden = model.model(input_ids=batch.ids, use_cache=False).last_hidden_state
    logits: torch.Tensor = model.lm_head(hidden.flatten(0, 1)[batch.positions])
    return logits.float()


def cross_entropy(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """The plain loss of a language model, over weighted tokens."""
    return (F.cross_entropy(logits, batch.targets, reduction="none") * batch.weights).sum() / batch.weights.sum()


def arguments_of(description: str, plan: Plan) -> argparse.Namespace:
    """The options of both training scripts."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--work", type=Path, required=True, help="checkpoints and log")
    parser.add_argument("--out", type=Path, required=True, help="the model")
    parser.add_argument("--tokenizer", type=Path, required=True, help="a folder written by train_tokenizer")
    parser.add_argument("--teacher", type=Path, help="distill only: the trained target")
    parser.add_argument(
        "--pause-file", type=Path, help="while it exists, training waits; PAUSE in the work folder if not given"
    )
    parser.add_argument("--seed", type=int, default=plan.seed)
    parser.add_argument("--steps", type=int, default=plan.num_steps)
    parser.add_argument("--matrix-rate", type=float, default=plan.matrix_rate)
    parser.add_argument("--other-rate", type=float, default=plan.other_rate)
    parser.add_argument(
        "--decay", type=float, default=plan.decay_fraction, help="the part of the run with a falling rate"
    )
    parser.add_argument("--tokens-in-batch", type=int, default=plan.tokens_in_batch)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


def trainer_for(make: Callable[[], LlamaForCausalLM], arguments: argparse.Namespace) -> Trainer:
    """A trainer for a new model, at its last checkpoint."""
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    plan = Plan(
        seed=arguments.seed,
        num_steps=arguments.steps,
        decay_fraction=arguments.decay,
        matrix_rate=arguments.matrix_rate,
        other_rate=arguments.other_rate,
        tokens_in_batch=arguments.tokens_in_batch,
    )
    pause = arguments.pause_file or arguments.work / "PAUSE"
    trainer = Trainer(make(), plan, Folders(arguments.work, arguments.out, arguments.tokenizer, pause))
    trainer.resume()
    signal.signal(signal.SIGTERM, trainer.stop)
    return trainer


def main() -> None:
    trainer_for(shapes.target, arguments_of(str(__doc__), Plan())).run(cross_entropy)


if __name__ == "__main__":
    main()
