"""One request as a person reads it on a terminal: the same account that a page shows, in lines.

Marks are coloured where there are colours and stand in guillemets where there are none, with the number of their row.
Characters that nobody sees are written by name, so that no text moves the terminal's cursor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from llmpost.cli.cells import beside, cut, wrapped
from llmpost.cli.grid import Heading, grid
from llmpost.cli.ink import Line, Run
from llmpost.contracts.result import MaskedToken
from llmpost.pages.account import Account, Answer
from llmpost.pages.looks import Look, Row
from llmpost.pages.marks import Mark, begun, pieces
from llmpost.pages.quantities import counted, duration, place, share
from llmpost.pages.stages import Stage
from llmpost.pages.texts import ShownText
from llmpost.pages.tones import SIGNS, STRENGTH, Tone
from llmpost.pages.unseen import in_line, seen

_MOST_CHARACTERS = 20_000
_MOST_ROWS = 200
"""Of a text and of a table are written: more is read on a page."""
_BAR = 24
_RULER = 60
_NAME = 20
"""Cells for the name of a fact."""
_BESIDE = 100
"""Texts stand side by side from so many columns on."""
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_FOUND = (
    Heading("", is_right=True), Heading("label"), Heading("guard"), Heading("done"), Heading("from–to", is_right=True),
    Heading("now at", is_right=True), Heading("score", is_right=True), Heading("why"),
)  # fmt: skip
_STAGES = (
    Heading("part"), Heading("stage"), Heading("", most=_BAR), Heading("took", is_right=True), Heading("how it went"),
)  # fmt: skip
_MASKED = (
    Heading("step", is_right=True), Heading("token"), Heading("probability", is_right=True), Heading("why not allowed"),
)  # fmt: skip


def lines_of_request(account: Account, columns: int, has_colours: bool) -> Iterator[Line]:
    """Every word of the account, in lines no wider than so many columns where that can be."""
    return _Sheet(columns, has_colours).request(account)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is written on: so wide, with colours or without."""

    columns: int
    has_colours: bool

    def request(self, account: Account) -> Iterator[Line]:
        yield (Run(f"{account.title} · {in_line(account.id)}", "strong"),)
        for answer in account.answers:
            words = answer.words
            told = Run(f"  {answer.title}: {words.sentence}")
            yield from self._wrapped([Run(f"{SIGNS[words.tone]} {words.word}", words.tone), told])
        yield ()
        yield from self._facts(account.facts)
        for answer in account.answers:
            yield from self._answer(answer, f"{answer.title}: " if len(account.answers) > 1 else "")
        if account.settings:
            yield from self._part("Settings of decoding", self._facts(account.settings))

    def _answer(self, answer: Answer, before: str) -> Iterator[Line]:
        contents: dict[str, Iterator[Line]] = {
            "Texts": self._texts(answer.texts),
            "Before the model": self._texts(answer.inputs),
            "What guards found, and what was done": (line for look in answer.looks for line in self._look(look)),
            "Where the time went": self._stages(answer.stages),
            "How it ended": self._facts(answer.facts),
            "What the model wanted and was not allowed": self._masked(answer.masked),
            "Notes": (line for each in answer.notes for line in self._wrapped([Run(f"- {each}")])),
        }
        for title, lines in contents.items():
            yield from self._part(f"{before}{title}", lines)

    def _part(self, title: str, lines: Iterator[Line]) -> Iterator[Line]:
        """Nothing where there are no lines."""
        for number, line in enumerate(lines):
            if not number:
                yield from ((), (Run(title, "strong"),))
            yield line

    def _facts(self, facts: Mapping[str, str]) -> Iterator[Line]:
        for name, fact in facts.items():
            lines = list(wrapped([Run(_laid_out(fact))], self.columns - _NAME))
            yield from beside([(Run(cut(in_line(name), _NAME - 2), "soft"),)], lines, _NAME)

    def _texts(self, texts: Sequence[ShownText]) -> Iterator[Line]:
        if len(texts) == 2 and self.columns >= _BESIDE:
            half = self.columns // 2
            first, second = (list(self._text(text, half - 2)) for text in texts)
            yield from beside(first, second, half)
        else:
            for text in texts:
                yield from self._text(text, self.columns)

    def _text(self, text: ShownText, columns: int) -> Iterator[Line]:
        yield (Run(text.title, "soft"),)
        if text.text is not None:
            marks = () if text.apart else begun(text.marks, len(text.text), _MOST_CHARACTERS)
            runs = list(self._marked(text.text[:_MOST_CHARACTERS], marks))
            for line in wrapped(runs or [Run("(empty)", "soft")], columns - 2):
                yield (Run("│ ", "soft"), *line)
            rest = len(text.text) - _MOST_CHARACTERS
            if rest > 0:
                yield (Run(f"… and {counted(rest, 'character')} more: see --html or --json", "soft"),)
        if text.text is None or text.apart:
            yield _ruler(text.characters, text.marks, min(columns, _RULER))
        yield from wrapped([Run(text.note, "soft")], columns)

    def _marked(self, text: str, marks: Sequence[Mark]) -> Iterator[Run]:
        for piece in pieces(len(text), marks):
            numbers = ",".join(str(mark.number) for mark in piece.begins).translate(_RAISED)
            inside = _laid_out(text[piece.start : piece.end])
            if piece.over is None:
                yield Run(f"{numbers}{inside}")
            elif self.has_colours:
                yield from (Run(numbers), Run(inside, piece.over.tone))
            else:
                yield Run(f"«{numbers}{inside}»")

    def _look(self, look: Look) -> Iterator[Line]:
        words = look.words
        sign = Run(f"{SIGNS[words.tone]} {words.word}", words.tone)
        yield from self._wrapped([Run(f"{look.title}  "), sign, Run(f"  {words.sentence}")])
        yield from self._grid(_FOUND, list(map(_found, look.rows[:_MOST_ROWS])), look.num_rows)

    def _stages(self, stages: Sequence[Stage]) -> Iterator[Line]:
        return self._grid(_STAGES, list(map(_stage, stages[:_MOST_ROWS])), len(stages))

    def _masked(self, masked: Sequence[MaskedToken]) -> Iterator[Line]:
        rows = [
            (Run(str(each.step)), Run(in_line(each.name)), Run(share(each.probability)), Run(in_line(each.why)))
            for each in masked[:_MOST_ROWS]
        ]
        return self._grid(_MASKED, rows, len(masked))

    def _grid(self, headings: Sequence[Heading], rows: Sequence[Sequence[Run]], number: int) -> Iterator[Line]:
        if rows:
            yield from grid(headings, rows, self.columns)
        if number > len(rows):
            yield (Run(f"… and {number - len(rows):,} more: see --html or --json", "soft"),)

    def _wrapped(self, runs: Sequence[Run]) -> Iterator[Line]:
        return wrapped([Run(in_line(run.text), run.look) for run in runs], self.columns)


def _laid_out(text: str) -> str:
    """Lines stay lines; a tab is as wide as it is counted."""
    return seen(text).replace("\t", "    ")


def _found(row: Row) -> Sequence[Run]:
    after = "" if row.after is None else place(row.after)
    score = "" if row.score is None else f"{row.score:.3g}"
    done = Run(f"{SIGNS[row.tone]} {row.done}", row.tone)
    return (
        Run(str(row.number)), Run(in_line(row.label)), Run(in_line(row.guard)), done, Run(place(row.before)),
        Run(after), Run(score), Run(in_line(row.reason)),
    )  # fmt: skip


def _stage(stage: Stage) -> Sequence[Run]:
    length = Run(_bar(stage.start, stage.length))
    return Run(stage.part), Run(in_line(stage.name)), length, Run(duration(stage.seconds)), Run(in_line(stage.told))


def _bar(start: float, length: float) -> str:
    """What there is takes a cell at least."""
    cells = max(round(_BAR * length), 1) if length > 0 else 0
    before = min(round(_BAR * start), _BAR - cells)
    return f"{'·' * before}{'█' * cells}{'·' * (_BAR - before - cells)}"


def _ruler(length: int, marks: Sequence[Mark], cells: int) -> Line:
    """Where the marks lie in a text that is not there: of each part of it the strongest."""
    inside = cells - 2
    tones: list[Tone | None] = [None] * inside
    for piece in pieces(length, marks):
        if piece.over is not None:
            first, last = piece.start * inside // length, (piece.end * inside - 1) // length
            for cell in range(first, last + 1):
                tones[cell] = max(tones[cell] or piece.over.tone, piece.over.tone, key=STRENGTH.__getitem__)
    runs = ((tone, len(list(own))) for tone, own in groupby(tones))
    return Run("├"), *(Run("─" * n, "soft") if tone is None else Run("█" * n, tone) for tone, n in runs), Run("┤")
