"""Measures the trained models on held-out forms and values: `python -m tools.bundled_model.evaluate --target FOLDER
--draft FOLDER`.

Prints the tables of the model card; with `--card` fills them into a copy of the card, with `--answers` writes fifty
answers of the support task for reading. Decoding is greedy. Without a constraint the first JSON object of an answer
counts; with one, llmpost holds the answer to an object with the record's keys, in their order, each value of its kind.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from llmpost import Engine

from . import chat_tokens, shapes
from .chat_tokens import Example
from .corpus import mixture
from .corpus.draw import Split
from .corpus.turns import Turn

SEED = 20_000
NUM_ROWS = 48
NUM_DRAFT_TOKENS = 4
MAX_NEW_TOKENS = 200
SIDES = {
    "seen forms, seen values": (Split.TRAIN, Split.TRAIN),
    "seen forms, held-out values": (Split.TRAIN, Split.HELD_OUT),
    "held-out forms, held-out values": (Split.ANY, Split.HELD_OUT),
    "nothing but held-out forms, held-out values": (Split.HELD_OUT, Split.HELD_OUT),
}
UNSEEN = "held-out forms, held-out values"
"""Each example takes the grammar's productions as they come, and at least one that training never used."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An example, what the model said at its last turn, and the tokens of both."""

    turns: list[Turn]
    said: str
    prompt_ids: list[int]
    said_ids: list[int]

    @property
    def wanted(self) -> str:
        return self.turns[-1].content


def first_object(text: str) -> dict[str, object] | None:
    """The first JSON object in a text, numbers kept as they are written in value."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def answer_all(model: LlamaForCausalLM, tokenizer: Tokenizer, conversations: Sequence[list[Turn]]) -> list[Answered]:
    """Greedy answers to the last turn of each conversation, rows of similar length together."""
    prompts = [
        [*example.ids, chat_tokens.ROLE_IDS["assistant"]]
        for example in chat_tokens.encode(tokenizer, [turns[:-1] for turns in conversations])
    ]
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    said: dict[int, list[int]] = {}
    for start in range(0, len(order), NUM_ROWS):
        rows = order[start : start + NUM_ROWS]
        said |= dict(zip(rows, _greedy(model, [prompts[i] for i in rows]), strict=True))
    return [
        Answered(turns, tokenizer.decode([t for t in said[i] if t != chat_tokens.END_ID]), prompts[i], said[i])
        for i, turns in enumerate(conversations)
    ]


@torch.inference_mode()
def _greedy(model: LlamaForCausalLM, prompts: Sequence[list[int]]) -> list[list[int]]:
    width = max(len(prompt) for prompt in prompts)
    ids = torch.tensor([[chat_tokens.PAD_ID] * (width - len(prompt)) + prompt for prompt in prompts])
    mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts])
    output = model.generate(input_ids=ids, attention_mask=mask, max_new_tokens=MAX_NEW_TOKENS, do_sample=False)
    rows = [row.tolist() for row in output[:, width:]]
    return [row[: row.index(chat_tokens.END_ID) + 1] if chat_tokens.END_ID in row else row for row in rows]


def constrained(engine: Engine, answers: Sequence[Answered]) -> list[Answered]:
    """The same prompts once more, each held to the shape of its record."""
    again: list[Answered] = []
    for start in range(0, len(answers), NUM_ROWS):
        rows = answers[start : start + NUM_ROWS]
        results = engine.generate(
            [one.prompt_ids for one in rows],
            regex=[shape_of(json.loads(one.wanted)) for one in rows],
            temperature=0,
            max_new_tokens=MAX_NEW_TOKENS,
        )
        again += [
            Answered(one.turns, result.text, one.prompt_ids, list(result.token_ids))
            for one, result in zip(rows, results, strict=True)
        ]
    return again


def shape_of(record: Mapping[str, object]) -> str:
    """A pattern of the objects with these keys in this order; a value may be `null`, or of the kind it is here.

    >>> re.fullmatch(shape_of({"a": 1, "b": "x"}), '{"a": 2.5, "b": null}') is not None
    True
    """
    fields = [f'"{re.escape(key)}": ({"|".join((*_kinds(value), "null"))})' for key, value in record.items()]
    return r"\{" + ", ".join(fields) + r"\}"


def _kinds(value: object) -> tuple[str, ...]:
    string, number = r'"([^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-f]{4})*"', r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
    return (string, number) if value is None else (string,) if isinstance(value, str) else (number,)


@dataclass(slots=True)
class Extraction:
    """Counts over records."""

    records: int = 0
    exact_records: int = 0
    fields: int = 0
    exact_fields: int = 0
    objects: int = 0

    def add(self, one: Answered) -> None:
        wanted, found = json.loads(one.wanted), first_object(one.said)
        self.records += 1
        self.objects += found is not None
        self.fields += len(wanted)
        if found is None:
            return
        self.exact_fields += sum(key in found and same(found[key], value) for key, value in wanted.items())
        self.exact_records += list(found) == list(wanted) and all(
            same(found[key], value) for key, value in wanted.items()
        )

    def row(self, name: str) -> str:
        fields, records = percent(self.exact_fields, self.fields), percent(self.exact_records, self.records)
        return f"| {name} | {fields} | {records} | {percent(self.objects, self.records)} | {self.records} |"

    @classmethod
    def of(cls, answers: Sequence[Answered]) -> Extraction:
        """The counts of these answers."""
        counts = cls()
        for one in answers:
            counts.add(one)
        return counts


def same(found: object, wanted: object) -> bool:
    """Equal, and a string is no number."""
    return found == wanted and isinstance(found, str) == isinstance(wanted, str)


def percent(part: float, whole: float) -> str:
    return f"{100 * part / max(1, whole):.1f} %"


def extraction_table(
    model: LlamaForCausalLM, tokenizer: Tokenizer, engine: Engine, count: int, errors: Path | None = None
) -> tuple[str, list[Answered]]:
    """Exact fields and records on each side of the splits, and the answers on the unseen side."""
    lines = ["| extraction | fields exact | records exact | an object at all | records |", "|---|--:|--:|--:|--:|"]
    unseen: list[Answered] = []
    for name, (forms, values) in SIDES.items():
        answers = answer_all(model, tokenizer, mixture.held_out("extraction", SEED, count, forms, values))
        lines.append(Extraction.of(answers).row(name))
        lines.append(Extraction.of(constrained(engine, answers)).row(f"{name}, held to the shape"))
        unseen = answers if name == UNSEEN else unseen
    if errors:
        wrong = [one for one in unseen if first_object(one.said) != json.loads(one.wanted)]
        errors.write_text(
            "\n\n".join(f"{one.turns[-2].content}\nWANTED {one.wanted}\nSAID   {one.said}" for one in wrong) + "\n"
        )
    return "\n".join(lines), unseen


def judging_table(
    model: LlamaForCausalLM, tokenizer: Tokenizer, count: int, errors: Path | None = None
) -> tuple[str, list[Answered]]:
    """How often the verdict is right, and how often also its reason."""
    lines = ["| judging | verdict right | verdict and reason right | answers |", "|---|--:|--:|--:|"]
    unseen: list[Answered] = []
    for name, (forms, values) in SIDES.items():
        answers = answer_all(model, tokenizer, mixture.held_out("judging", SEED, count, forms, values))
        right = sum(one.said.split(":")[0] == one.wanted.split(":")[0] for one in answers)
        exact = sum(one.said == one.wanted for one in answers)
        lines.append(
            f"| {name.replace('forms', 'wordings')} "
            f"| {percent(right, len(answers))} | {percent(exact, len(answers))} | {len(answers)} |"
        )
        unseen = answers if name == UNSEEN else unseen
    if errors:
        wrong = [one for one in unseen if one.said != one.wanted]
        errors.write_text(
            "\n\n".join(f"{one.turns[-2].content}\nWANTED {one.wanted}\nSAID   {one.said}" for one in wrong) + "\n"
        )
    return "\n".join(lines), unseen


@torch.inference_mode()
def perplexity(model: LlamaForCausalLM, examples: Sequence[Example]) -> float:
    """Of the assistant's tokens."""
    total, count = 0.0, 0
    for example in examples:
        logits = model(input_ids=torch.tensor([example.ids])).logits[0, :-1]
        taught = torch.tensor(example.taught[1:])
        losses = F.cross_entropy(logits[taught], torch.tensor(example.ids[1:])[taught], reduction="sum")
        total, count = total + float(losses), count + int(taught.sum())
    return math.exp(total / count)


@torch.inference_mode()
def agreement(draft: LlamaForCausalLM, one: Answered) -> list[bool]:
    """For each token that the target said, whether the draft would have said it after the same tokens."""
    ids = torch.tensor([one.prompt_ids + one.said_ids])
    guesses = draft(input_ids=ids).logits[0, len(one.prompt_ids) - 1 : -1].argmax(-1)
    return [bool(hit) for hit in guesses == ids[0, len(one.prompt_ids) :]]


def accepted(hits: Sequence[bool], num_draft_tokens: int) -> tuple[int, int, int]:
    """Accepted tokens, drafted tokens and blocks, when `num_draft_tokens` are drafted after each token of the target's
    own.

    Greedy speculation is exact here: drafted tokens count up to the first one that the target would not say, and
    after them the target says one token itself. At the end of the answer no more is drafted than there is left
    to say.

        >>> accepted([True, True, False, True, True], 4)
    (4, 6, 2)
    """
    place = num_accepted = num_drafted = num_blocks = 0
    while place < len(hits):
        block = hits[place : place + num_draft_tokens]
        run = block.index(False) if False in block else len(block)
        num_accepted, num_drafted, num_blocks = num_accepted + run, num_drafted + len(block), num_blocks + 1
        place += run + 1
    return num_accepted, num_drafted, num_blocks


def draft_table(draft: LlamaForCausalLM, answers: dict[str, list[Answered]]) -> str:
    """How much of what the draft proposes the target takes, at temperature 0."""
    lines = [
        f"| draft, {NUM_DRAFT_TOKENS} tokens drafted | accepted of drafted | tokens in a target pass | tokens alike |",
        "|---|--:|--:|--:|",
    ]
    everything = {**answers, "all": [one for part in answers.values() for one in part]}
    for name, part in everything.items():
        hits = [agreement(draft, one) for one in part]
        counts = [accepted(row, NUM_DRAFT_TOKENS) for row in hits]
        num_accepted, num_drafted, num_blocks = (sum(column) for column in zip(*counts, strict=True))
        length = sum(len(row) for row in hits)
        lines.append(
            f"| {name} | {percent(num_accepted, num_drafted)} | {length / num_blocks:.2f} "
            f"| {percent(sum(map(sum, hits)), length)} |"
        )
    return "\n".join(lines)


def perplexity_table(models: dict[str, LlamaForCausalLM], tokenizer: Tokenizer, count: int) -> str:
    lines = [
        "| perplexity, held-out forms and values | " + " | ".join(mixture.TASKS) + " |",
        "|---|" + "--:|" * len(mixture.TASKS),
    ]
    for name, model in models.items():
        numbers = [
            perplexity(model, chat_tokens.encode(tokenizer, mixture.held_out(task, SEED, count, *SIDES[UNSEEN])))
            for task in mixture.TASKS
        ]
        lines.append(f"| {name} | " + " | ".join(f"{number:.2f}" for number in numbers) + " |")
    return "\n".join(lines)


def size_table(folders: dict[str, Path], models: dict[str, LlamaForCausalLM]) -> str:
    lines = ["| | parameters | folder |", "|---|--:|--:|"]
    for name, model in models.items():
        size = sum(path.stat().st_size for path in folders[name].iterdir())
        lines.append(f"| {name} | {shapes.num_parameters(model):,} | {size / 1e6:.2f} MB |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, required=True)
    parser.add_argument("--draft", type=Path)
    parser.add_argument("--count", type=int, default=400, help="examples for each line")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--answers", type=Path, help="write fifty support answers here")
    parser.add_argument("--errors", type=Path, help="a folder for the wrong answers")
    parser.add_argument("--card", type=Path, help="write the filled model card here")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    tokenizer = chat_tokens.load(arguments.target)
    folders = {"tiny": arguments.target} | ({"tiny-draft": arguments.draft} if arguments.draft else {})
    models = {name: shapes.load(folder) for name, folder in folders.items()}
    if arguments.errors:
        arguments.errors.mkdir(parents=True, exist_ok=True)
    target, errors = models["tiny"], arguments.errors
    tables: dict[str, str] = {"sizes": size_table(folders, models)}
    tables["extraction"], records = extraction_table(
        target,
        tokenizer,
        Engine.load(str(arguments.target), policy="bare"),
        arguments.count,
        errors and errors / "extraction.txt",
    )
    tables["judging"], verdicts = judging_table(target, tokenizer, arguments.count, errors and errors / "judging.txt")
    tables["perplexity"] = perplexity_table(models, tokenizer, min(150, arguments.count))
    support = answer_all(
        target, tokenizer, mixture.held_out("support", SEED, max(50, min(150, arguments.count)), *SIDES[UNSEEN])
    )
    if arguments.draft:
        tables["draft"] = draft_table(
            models["tiny-draft"], {"extraction": records, "judging": verdicts, "support": support}
        )
    print("\n\n".join(tables.values()))
    if arguments.answers:
        arguments.answers.write_text(
            "\n\n".join(f"CUSTOMER {one.turns[-2].content}\nANSWER   {one.said}" for one in support[:50]) + "\n"
        )
    if arguments.card:
        card = Path(__file__).with_name("model_card.md").read_text()
        for name, table in tables.items():
            card = card.replace("{{" + name + "}}", table)
        arguments.card.write_text(card)


if __name__ == "__main__":
    main()
