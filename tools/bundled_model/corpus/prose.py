"""Sentences about a record, composed from the tables of its kind.

It knows neither JSON nor questions. Each text says every field of the record exactly once; other sentences, with
names and numbers that are not asked for, may stand between them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from . import values
from .draw import Draw
from .record import Field, Record, RecordKind, slots_of, spellings

FILLERS = (
    "[Thanks|Thank you|Many thanks] for [your help|your time|looking into this]",
    "[Please|Kindly] [note|be aware] that this is [urgent|only a draft|confidential|new]",
    "[As discussed|As agreed|As we said] [yesterday|last week|on the phone|this morning]",
    "[Let me know|Tell me|Write back] if [anything is missing|you need more|something is unclear]",
    "[The weather is lovely|It has been raining|It is very hot] [today|this week|here]",
    "[Everything else|All the rest] [stays as it was|is fine|is unchanged|can wait]",
    "[I hope|We hope] [you are well|this helps|all is well|this finds you well]",
    "[Nothing else|No other details] [was said|is known|were given|has been recorded]",
    "[More|Further details|The rest] will follow [soon|later|next week|tomorrow]",
    "[This|That] was [checked|confirmed|typed in|written down] by the [office|team|front desk|night shift]",
    "[Sorry|Apologies] for the [short notice|long mail|delay|confusion]",
    "[The office|Our team|The shop] [is closed|is open|was busy] [today|on Sundays|all week]",
    "[Just so you know|By the way|For the record], [nobody has called back|the printer is broken|we moved desks]",
    "[There is|We have] [no rush|plenty of time|some time left]",
    "[Call|Ring] me when you [can|have a minute|are back]",
    "[See|Read] the notes [below|above|attached] for [context|the background|the rest]",
)
GREETINGS = (
    "Hi", "Hello", "Dear team", "Hi there", "Good morning", "Hello all", "Hey", "Dear Sir or Madam", "Good evening",
    "Hi team",
    "Hello support", "Greetings", "To whom it may concern", "Hey folks", "Dear colleagues", "Good afternoon",
)  # fmt: skip
CLOSINGS = (
    "Best regards", "Thanks", "Kind regards", "Best", "Cheers", "Many thanks", "Yours sincerely", "Regards",
    "Thank you",
    "All the best", "Warm regards", "Sincerely", "Talk soon", "With best wishes", "Greetings", "BR",
)  # fmt: skip
NOTES = (
    "Note",
    "FYI",
    "Memo",
    "Update",
    "New entry",
    "For the file",
    "Summary",
    "Message",
    "From the desk",
    "Info",
    "Record",
    "Subject",
)


def other_slots(draw: Draw) -> dict[str, str]:
    """Values for sentences that say nothing about the record."""
    return {
        "other_name": values.full_name(draw),
        "other_first": values.first_name(draw),
        "other_city": values.city(draw),
        "other_number": str(draw.between(2, 99)),
        "other_date": values.date(draw),
        "other_product": values.product(draw),
        "other_code": values.code(draw),
        "other_company": values.company(draw),
        "other_amount": values.amount(draw).text,
    }


def opened(text: str, record: Record) -> str:
    """With a capital at the start, unless a value stands there: values are copied as written."""
    if text.startswith(tuple(value.text for value in record.values())):
        return text
    return text[:1].upper() + text[1:]


def _aside(draw: Draw, kind: RecordKind) -> str:
    """A sentence that says nothing about the record."""
    if draw.chance(0.6):
        return draw.sentence(kind.distractors, other_slots(draw))
    return draw.sentence(FILLERS, other_slots(draw))


def _pick_opening(draw: Draw, openings: Sequence[str], record: Record) -> str | None:
    fitting = [one for one in openings if slots_of(one) <= set(record)]
    return draw.form(fitting) if fitting else None


def _one_verb(subject: str, verbs: list[str], _tails: list[str]) -> str:
    return f"{subject} {verbs[0]}"


def _two_verbs(subject: str, verbs: list[str], _tails: list[str]) -> str:
    return f"{subject} {verbs[0]} and {verbs[1]}"


def _three_verbs(subject: str, verbs: list[str], _tails: list[str]) -> str:
    return f"{subject} {verbs[0]}, {verbs[1]} and {verbs[2]}"


def _three_verbs_run_on(subject: str, verbs: list[str], _tails: list[str]) -> str:
    return f"{subject} {verbs[0]}, {verbs[1]}, and {verbs[2]}"


def _two_verbs_also(subject: str, verbs: list[str], _tails: list[str]) -> str:
    return f"{subject} {verbs[0]} and also {verbs[1]}"


def _two_verbs_semicolon(subject: str, verbs: list[str], _tails: list[str]) -> str:
    return f"{subject} {verbs[0]}; it also says here: {verbs[1]}"


def _tail_between(subject: str, verbs: list[str], tails: list[str]) -> str:
    return f"{subject}, {tails[0]}, {verbs[0]}"


def _tail_in_brackets(subject: str, verbs: list[str], tails: list[str]) -> str:
    return f"{subject} ({tails[0]}) {verbs[0]}"


def _two_tails_in_brackets(subject: str, verbs: list[str], tails: list[str]) -> str:
    return f"{subject} ({tails[0]}, {tails[1]}) {verbs[0]}"


def _tail_after(subject: str, verbs: list[str], tails: list[str]) -> str:
    return f"{subject} {verbs[0]}, {tails[0]}"


def _two_verbs_tail(subject: str, verbs: list[str], tails: list[str]) -> str:
    return f"{subject}, {tails[0]}, {verbs[0]} and {verbs[1]}"


def _dash_tail(subject: str, verbs: list[str], tails: list[str]) -> str:
    return f"{subject} - {tails[0]} - {verbs[0]}"


Shape = Callable[[str, list[str], list[str]], str]
SHAPES: tuple[tuple[Shape, int, int], ...] = (  # a shape, how many verbs and how many tails it takes
    (_one_verb, 1, 0), (_two_verbs, 2, 0), (_three_verbs, 3, 0), (_three_verbs_run_on, 3, 0), (_two_verbs_also, 2, 0),
    (_tail_between, 1, 1), (_tail_in_brackets, 1, 1), (_two_tails_in_brackets, 1, 2), (_tail_after, 1, 1),
    (_two_verbs_tail, 2, 1), (_dash_tail, 1, 1), (_two_verbs_semicolon, 2, 0),
)  # fmt: skip


class _Teller:
    """Tells a record sentence by sentence, keeping the fields that are still to be said."""

    def __init__(self, draw: Draw, kind: RecordKind, record: Record) -> None:
        self.draw, self.kind, self.record = draw, kind, record
        self.slots = spellings(record)
        self.left = [name for name in record if name != kind.head]
        self.named = False
        draw.rng.shuffle(self.left)

    def open(self, openings: Sequence[str]) -> list[str]:
        """A first sentence with several fields, if one fits."""
        opening = _pick_opening(self.draw, openings, self.record)
        if opening is None:
            return []
        said = slots_of(opening)
        self.left = [name for name in self.left if name not in said]
        self.named = self.kind.head in said or self.kind.head not in self.record
        return [self.draw.template(opening, self.slots)]

    def subject(self) -> str:
        if self.named:
            return self.draw.sentence(self.kind.again)
        self.named = True
        fitting = [
            one for one in self.kind.subject if (slots_of(one) == {self.kind.head}) == (self.kind.head in self.record)
        ]
        return self.draw.sentence(fitting, self.slots)

    def next_sentence(self) -> str:
        """A sentence about one to three of the fields that are left."""
        fields = [self.kind.field(name) for name in self.left]
        if fields[0].apart and self.draw.chance(0.3 if fields[0].verb else 1.0):
            self.left.pop(0)
            return self.draw.sentence(fields[0].apart, self.slots)
        with_verb = [one for one in fields if one.verb]
        if not with_verb:
            self.left.pop(0)
            return self.draw.sentence(fields[0].apart, self.slots)
        shape, num_verbs, num_tails = self._pick_shape(fields)
        tails = [one for one in fields if one.tail][:num_tails]
        verbs = [one for one in with_verb if one not in tails][:num_verbs]
        for one in (*tails, *verbs):
            self.left.remove(one.name)
        return shape(
            self.subject(),
            [self.draw.sentence(one.verb, self.slots) for one in verbs],
            [self.draw.sentence(one.tail, self.slots) for one in tails],
        )

    def _pick_shape(self, fields: list[Field]) -> tuple[Shape, int, int]:
        def fits(num_verbs: int, num_tails: int) -> bool:
            tails = [one for one in fields if one.tail][:num_tails]
            return (
                len(tails) == num_tails and len([one for one in fields if one.verb and one not in tails]) >= num_verbs
            )

        fitting = {shape: (shape, v, t) for shape, v, t in SHAPES if fits(v, t)}
        return fitting[self.draw.form(list(fitting))]


def third_person(draw: Draw, kind: RecordKind, record: Record) -> list[str]:
    """Sentences by somebody who knows the record."""
    teller = _Teller(draw, kind, record)
    sentences = teller.open(kind.openings) if draw.chance(0.5) else []
    while teller.left:
        sentences.append(teller.next_sentence())
    if not teller.named and kind.head in record:
        sentences.insert(0, draw.sentence(kind.field(kind.head).apart, teller.slots))
    return sentences


def first_person(draw: Draw, kind: RecordKind, record: Record) -> list[str]:
    """Sentences by the person concerned."""
    slots = spellings(record)
    opening = _pick_opening(draw, kind.said_openings, record) if draw.chance(0.6) else None
    said = slots_of(opening) if opening else set()
    sentences = [draw.template(opening, slots)] if opening else []
    left = [name for name in record if name not in said]
    draw.rng.shuffle(left)
    for name in left:
        one = kind.field(name)
        sentences.append(draw.sentence(one.said or one.apart, slots))
    return sentences


def _with_asides(draw: Draw, kind: RecordKind, sentences: list[str]) -> list[str]:
    """With up to two sentences between them that say nothing about the record."""
    result = list(sentences)
    while draw.chance(0.25) and len(result) < len(sentences) + 2:
        result.insert(draw.between(0, len(result)), _aside(draw, kind))
    return result


def _stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else sentence + "."


def paragraph(draw: Draw, sentences: list[str], record: Record) -> str:
    """Sentences joined: mostly as good prose, sometimes with commas, dashes or new lines."""
    style = draw.between(0, 13)
    if style == 0:
        return "\n".join(opened(one, record) for one in sentences)
    if style == 1:
        return "; ".join(sentences)
    if style == 2:
        return " - ".join(sentences)
    if style == 3:
        return ", ".join(sentences)
    if style == 4:
        return "\n".join(_stop(opened(one, record)) for one in sentences)
    return " ".join(_stop(opened(one, record)) for one in sentences)


def told(draw: Draw, kind: RecordKind, record: Record) -> str:
    """A paragraph in the third person."""
    text = paragraph(draw, _with_asides(draw, kind, third_person(draw, kind, record)), record)
    return f"{draw.form(NOTES)}: {text}" if draw.chance(0.08) else text


def tight(draw: Draw, kind: RecordKind, record: Record) -> str:
    """A short text without a verb, if the kind has one for exactly these fields; else a paragraph."""
    fitting = [one for one in kind.tight if slots_of(one) == set(record)]
    return draw.sentence(fitting, spellings(record)) if fitting else told(draw, kind, record)


def mail(draw: Draw, kind: RecordKind, record: Record) -> str:
    """A letter; where the kind's head is a person it may sign with that name."""
    signed_by_head = kind.head in ("name", "customer") and kind.head in record and draw.chance(0.6)
    body = {name: value for name, value in record.items() if not (signed_by_head and name == kind.head)}
    if kind.head in record and kind.head not in ("name", "customer") and draw.chance(0.5):
        sentences = third_person(draw, kind, body)
    else:
        sentences = first_person(draw, kind, body)
    greeting = f"{draw.form(GREETINGS)}{draw.any((',', '!', '', ' -'))}"
    signature = record[kind.head].text if signed_by_head else (values.first_name(draw) if "name" not in record else "")
    closing = f"{draw.form(CLOSINGS)}{draw.any((',', '', ','))}{draw.any((chr(10), ' ', chr(10)))}{signature}".strip()
    text = paragraph(draw, _with_asides(draw, kind, sentences), record)
    return f"{greeting}{draw.any((' ', chr(10), chr(10) * 2))}{text}{draw.any((chr(10), chr(10) * 2, ' '))}{closing}"


def chat(draw: Draw, kind: RecordKind, record: Record) -> str:
    """A transcript in which an agent asks and the person answers."""
    agent, person = draw.any(
        (("Agent", "Customer"), ("A", "B"), ("Bot", "User"), ("Support", "Guest"), ("Clerk", "Caller"), ("Q", "A"))
    )
    lines = []
    for sentence in first_person(draw, kind, record):
        if draw.chance(0.5):
            lines.append(f"{agent}: {draw.form(CHAT_PROMPTS)}")
        lines.append(f"{person}: {_stop(opened(sentence, record)) if draw.chance(0.7) else sentence}")
    return "\n".join(lines)


CHAT_PROMPTS = (
    "Anything else?", "Go on.", "Thanks, what else?", "And then?", "Okay.", "Could you tell me more?", "Got it.",
    "How can I help?",
    "Noted, please continue.", "Right.", "Sure, next?", "Hello!", "I see.", "Yes?", "All right, and?",
    "Please go ahead.",
)  # fmt: skip
