"""Records as lines, lists, tables and markup, without sentences.

It knows labels and values, no grammar. Each layout shows every field of the record once.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from .draw import Draw
from .record import Record, RecordKind

SEPARATORS = (
    ": ",
    ":",
    " = ",
    "=",
    " - ",
    " -> ",
    ": ",
    "\t",
    " | ",
    " : ",
    " – ",
    ":  ",
    " => ",
    ":\n",
    " .. ",
    " is ",
)
BULLETS = ("- ", "* ", "• ", "", "", "+ ", "> ", "– ", "  ", "o ", "# ", "~ ")
JOINS = ("; ", ", ", " | ", " / ", " - ", "  ", " ; ", " + ", " · ", "\n", " // ", " & ")
EMPTY = ("", "-", "n/a", "unknown", "none", "?", "N/A", "not given", "--", "(empty)", "missing", "tbd")
TITLES = (
    "{noun}",
    "{noun} details",
    "New {noun}",
    "{noun} form",
    "{noun} data",
    "About the {noun}",
    "Details",
    "Entry",
    "{noun} card",
    "{noun} sheet",
    "Sheet",
    "{noun} summary",
    "Copy of the {noun}",
    "Scan",
)


def _styled(draw: Draw) -> Callable[[str], str]:
    styles: tuple[Callable[[str], str], ...] = (
        str, str, str, str.lower, str.upper, str.title,
        lambda label: f"**{label}**", lambda label: label.lower().replace(" ", "_"),
    )  # fmt: skip
    return draw.any(styles)


def _pairs(draw: Draw, kind: RecordKind, record: Record) -> list[tuple[str, str]]:
    pairs = [(draw.form(kind.field(name).labels), value.text) for name, value in record.items()]
    if draw.chance(0.4):
        draw.rng.shuffle(pairs)
    return pairs


def _title(draw: Draw, kind: RecordKind) -> str:
    title = draw.sentence(TITLES, {"noun": draw.any(kind.nouns)}).capitalize()
    return draw.any((title, f"{title}:", f"# {title}", f"== {title} ==", title.upper(), f"**{title}**", f"[{title}]"))


def lines(draw: Draw, kind: RecordKind, record: Record) -> str:
    """One `label: value` in each line; a field that is not there may be shown as empty."""
    style, separator, bullet = _styled(draw), draw.form(SEPARATORS), draw.form(BULLETS)
    pairs = _pairs(draw, kind, record)
    absent = [one for one in kind.fields if one.name not in record]
    if absent and draw.chance(0.3):
        pairs.insert(draw.between(0, len(pairs)), (draw.form(draw.any(absent).labels), draw.form(EMPTY)))
    numbered = bullet == "" and draw.chance(0.15)
    rows = [
        f"{f'{i}. ' if numbered else bullet}{style(label)}{separator}{text}".rstrip()
        for i, (label, text) in enumerate(pairs, 1)
    ]
    if draw.chance(0.3):
        rows.insert(0, _title(draw, kind))
    return "\n".join(rows)


def one_line(draw: Draw, kind: RecordKind, record: Record) -> str:
    """All `label: value` pairs in one line."""
    style, separator = _styled(draw), draw.form(SEPARATORS[:6])
    return draw.form(JOINS).join(f"{style(label)}{separator}{text}" for label, text in _pairs(draw, kind, record))


def wide_table(draw: Draw, kind: RecordKind, record: Record) -> str:
    """A Markdown table with one column for each field."""
    pairs, style = _pairs(draw, kind, record), _styled(draw)
    rule = draw.any(("---", "--", ":--"))
    return "\n".join(
        f"| {' | '.join(cells)} |"
        for cells in ([style(a) for a, _ in pairs], [rule] * len(pairs), [b for _, b in pairs])
    )


def tall_table(draw: Draw, kind: RecordKind, record: Record) -> str:
    """A Markdown table with one row for each field."""
    style = _styled(draw)
    head = draw.any(("", "| Field | Value |\n|---|---|\n", "| | |\n|---|---|\n", "| Key | Value |\n| --- | --- |\n"))
    return head + "\n".join(f"| {style(label)} | {text} |" for label, text in _pairs(draw, kind, record))


def separated(draw: Draw, kind: RecordKind, record: Record) -> str:
    """A header line and a value line."""
    pairs, style, mark = _pairs(draw, kind, record), _styled(draw), draw.any((";", "\t", " | ", "; ", "|"))
    return mark.join(style(a) for a, _ in pairs) + "\n" + mark.join(b for _, b in pairs)


def markup(draw: Draw, kind: RecordKind, record: Record) -> str:
    """XML-like tags."""
    tags = [(label.lower().replace(" ", draw.any(("_", "-"))), text) for label, text in _pairs(draw, kind, record)]
    join = draw.any(("", "\n", " "))
    inner = join.join(f"<{tag}>{text}</{tag}>" for tag, text in tags)
    noun = kind.name.replace(" ", "_")
    return f"<{noun}>{join}{inner}{join}</{noun}>" if draw.chance(0.5) else inner


def other_json(draw: Draw, kind: RecordKind, record: Record) -> str:
    """JSON under other keys, every value a string as spelled."""
    pairs = {label.replace(" ", draw.any(("_", " ", ""))): text for label, text in _pairs(draw, kind, record)}
    return json.dumps(pairs, ensure_ascii=False, indent=draw.any((None, None, 2)))


def attributes(draw: Draw, kind: RecordKind, record: Record) -> str:
    """A log line with quoted attributes."""
    pairs = " ".join(f'{label.lower().replace(" ", "_")}="{text}"' for label, text in _pairs(draw, kind, record))
    return draw.any(("", f"<{kind.name.replace(' ', '-')} ", "INFO ", f"{kind.name}: ", f"new {kind.name} ")) + pairs


def bracketed(draw: Draw, kind: RecordKind, record: Record) -> str:
    """Values with the label behind, in brackets."""
    open_, close = draw.any((("(", ")"), ("[", "]"), ("<", ">")))
    return draw.form(JOINS).join(f"{text} {open_}{label.lower()}{close}" for label, text in _pairs(draw, kind, record))


def double_lines(draw: Draw, kind: RecordKind, record: Record) -> str:
    """The label in one line, the value in the next."""
    style, colon = _styled(draw), draw.any(("", ":", ""))
    return draw.any(("\n", "\n\n")).join(f"{style(label)}{colon}\n{text}" for label, text in _pairs(draw, kind, record))


def dotted(draw: Draw, kind: RecordKind, record: Record) -> str:
    """Labels filled up with dots or blanks to one width."""
    pairs, fill = _pairs(draw, kind, record), draw.any((".", " ", "_"))
    width = max(len(label) for label, _ in pairs) + draw.between(1, 4)
    return "\n".join(f"{label.ljust(width, fill)} {text}" for label, text in pairs)


def questions(draw: Draw, kind: RecordKind, record: Record) -> str:
    """A form with questions and answers."""
    question = draw.any(("{label}?", "What is the {lower}?", "{label}, please?", "Q: {label}?", "Your {lower}?"))
    answer = draw.any(("", "A: ", "> ", "- "))
    pairs = _pairs(draw, kind, record)
    return "\n".join(
        f"{question.replace('{label}', a).replace('{lower}', a.lower())}{draw.any((' ', chr(10)))}{answer}{b}"
        for a, b in pairs
    )


LAYOUTS: tuple[Callable[[Draw, RecordKind, Record], str], ...] = (
    lines, one_line, wide_table, tall_table, separated, markup, other_json, attributes, bracketed, double_lines,
    dotted, questions,
)  # fmt: skip
