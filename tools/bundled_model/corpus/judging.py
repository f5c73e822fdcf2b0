"""Task three: does an answer keep to a rubric? `yes` or `no`, and a line that says why.

The four `rubrics` are worded in many ways. An answer is put together from harmless sentences of the support
task, from sentences that break a rubric, and from sentences that come close without breaking it; the verdict follows
from the parts.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import support, values
from .draw import Draw
from .kinds import event, ticket
from .reasons import REASONS
from .rubrics import RUBRICS, Rubric
from .turns import Turn, assistant, system, user

ASKS = (
    "Rubric: {rubric}\nAnswer: {answer}", "Rubric: {rubric}\nAnswer: {answer}", "Rubric: {rubric}\n\nAnswer:\n{answer}",
    "Rubric: {rubric}\nAnswer: {answer}\nDoes the answer [comply|keep to the rubric|meet the rubric]?",
    "Rubric: {rubric}\nAnswer: {answer}\nyes or no?",
    "Does this answer [comply with|meet|keep to] the rubric \"{rubric}\"?\n{answer}",
    "Judge the answer.\nRubric: {rubric}\nAnswer: {answer}",
    "Check this answer against the [rule|rubric]: {rubric}.\n\n{answer}",
    "[Rule|Policy|Criterion]: {rubric}\n[Reply|Response|Text|Message]: {answer}", "Answer: {answer}\nRubric: {rubric}",
    "Answer: {answer}\n\nRubric: {rubric}\nVerdict?", "Answer to judge: {answer}\nRule: {rubric}\nyes/no?",
    "Does the following [reply|text] [comply|pass]? Rubric: {rubric}. Text: {answer}", "Judge: {rubric}\n{answer}",
    "Is this [okay|allowed] under the rule \"{rubric}\"? {answer}",
    "{answer}\n\nDoes it [comply with|satisfy]: {rubric}?",
    "Given the rubric ({rubric}), judge: {answer}", "Criterion: {rubric}\nCandidate: {answer}\nPass?",
    "Review this answer. It must satisfy: {rubric}\n\"{answer}\"",
    "Rubric: {rubric}\nQuestion: {question}\nAnswer: {answer}",
    "Rubric: {rubric}\nQuestion: {question}\nAnswer: {answer}\nDoes the answer comply? Say yes or no and why.",
    "Customer: {question}\nAgent: {answer}\nRubric: {rubric}",
    "[Grade|Assess] the answer [by|with] this rubric: {rubric}\n\n{answer}",
    "Requirement: {rubric}\nText: {answer}\nFulfilled?",
)  # fmt: skip
SYSTEM = (
    "You are a judge. [Say|Answer] yes or no and give a reason.",
    "You check answers against a rubric. Reply yes or no with a one-line reason.", "You judge answers.",
    "You are a strict judge of support answers.", "Answer yes if the text complies with the rubric, else no.",
    "Judge each answer: yes or no, then why.", "You review texts.", "yes = complies, no = does not comply",
)  # fmt: skip


def slots_for(draw: Draw) -> dict[str, str]:
    """Values that answers mention."""
    return support.slots_for(draw) | {
        "name": values.full_name(draw),
        "email": values.email(draw),
        "phone": values.phone(draw),
        "street": values.street(draw),
        "postcode": values.postcode(draw),
        "number": str(draw.between(2, 40)),
        "card": draw.value(_card),
        "iban": draw.value(_iban),
        "title": draw.value(event.title),
        "time": values.time(draw),
        "issue": draw.value(ticket.issue),
    }


def _digits(draw: Draw, count: int) -> str:
    return "".join(str(draw.between(0, 9)) for _ in range(count))


def _card(draw: Draw) -> str:
    return draw.any((" ", "-", "")).join(
        (f"{draw.between(3, 6)}{_digits(draw, 3)}", *(_digits(draw, 4) for _ in range(3)))
    )


def _iban(draw: Draw) -> str:
    return (
        draw.any(("DE", "PT", "FR", "ES", "GB", "NL", "AT"))
        + _digits(draw, 2)
        + draw.any((" ", "")).join(("", *(_digits(draw, 4) for _ in range(4))))
    )


def harmless(draw: Draw, slots: dict[str, str]) -> tuple[str, list[str]]:
    """A customer's question, and sentences of an answer that keep every rubric."""
    reason = draw.any(REASONS)
    own = {name: slots[name] for name in ("order", "product", "date", "city", "amount", "code")} | {
        "name": slots["name"].split()[0]
    }
    question, mentioned = support.message(draw, reason, own)
    return question, support.reply(draw, reason, mentioned, own, promise_rate=0.0)


def breaching(draw: Draw, rubric: Rubric, slots: dict[str, str]) -> tuple[str, str]:
    """A sentence that breaks the rubric, and why."""
    breach = draw.any(rubric.breaches)
    return support.stopped(
        draw.sentence(breach.sentences, slots).strip(), draw.any((".", ".", ".", "!"))
    ), breach.reason


def answer_for(draw: Draw, rubric: Rubric, *, keeps: bool) -> tuple[str, str, str]:
    """A customer's question, an answer that keeps or breaks the rubric, and the reason."""
    slots = slots_for(draw)
    question, sentences = harmless(draw, slots)
    sentences = draw.any((sentences, sentences[:1], sentences[:2], sentences[1:], []))
    reason = rubric.kept
    if keeps and (not sentences or draw.chance(0.5)):
        sentences = _with(draw, sentences, support.stopped(draw.sentence(rubric.close, slots)))
    if not keeps:
        sentence, reason = breaching(draw, rubric, slots)
        sentences = _with(draw, sentences, sentence)
        if draw.chance(0.12):
            sentences = _with(draw, sentences, support.stopped(draw.sentence(rubric.close, slots)))
    if draw.chance(0.2):  # what breaks another rubric is no breach of this one
        other = draw.any([one for one in RUBRICS if one is not rubric])
        sentence = (
            breaching(draw, other, slots)[0] if draw.chance(0.6) else support.stopped(draw.sentence(other.close, slots))
        )
        sentences = _with(draw, sentences, sentence)
    return question, " ".join(sentences), reason


def _with(draw: Draw, sentences: Sequence[str], sentence: str) -> list[str]:
    result = list(sentences)
    result.insert(draw.between(0, len(result)), sentence)
    return result


def example(draw: Draw) -> list[Turn]:
    """One verdict."""
    rubric, keeps = draw.any(RUBRICS), draw.chance(0.5)
    question, answer, reason = answer_for(draw, rubric, keeps=keeps)
    wording = draw.sentence(rubric.wordings)
    wording = draw.any((wording, wording, wording[:1].upper() + wording[1:], wording + "."))
    slots: dict[str, str] = {"rubric": wording, "answer": answer, "question": question}
    turns = [user(draw.sentence(ASKS, slots)), assistant(f"{'yes' if keeps else 'no'}: {reason}")]
    return [system(draw.sentence(SYSTEM)), *turns] if draw.chance(0.3) else turns
