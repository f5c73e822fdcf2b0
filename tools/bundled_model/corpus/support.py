"""Task two: short messages from customers and answers in two or three sentences.

It puts messages and replies together from the table of `reasons`. What the message mentions (a
name, the number of an order, a product) the answer may copy; what it does not mention the answer never invents.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import values
from .draw import Draw
from .reasons import REASONS, Reason
from .record import slots_of
from .turns import Turn, assistant, system, user

OPENERS = (
    "Hi",
    "Hello",
    "Hey",
    "Good morning",
    "Hi there",
    "Hello team",
    "Good evening",
    "Dear support",
    "Hello support team",
    "Hey there",
    "Dear team",
    "Good day",
)
INTRODUCTIONS = (
    "my name is {name}",
    "I am {name}",
    "this is {name}",
    "{name} here",
    "I'm {name}",
    "it's {name}",
    "{name} speaking",
    "you can call me {name}",
)
EXTRAS = (
    "please help", "can you help me", "this is [urgent|important|annoying]", "I need an answer [soon|today|quickly]",
    "thanks [in advance|a lot|for your help]", "I am [very unhappy|not amused|a bit worried|really angry]",
    "what [can I|should I] do", "please answer [soon|today]", "it is [for a birthday|a present|for my office]",
    "I already wrote [twice|last week|yesterday]",
    "your [website|app] did not help", "nobody [answers|picked up] the phone", "I hope you can help",
    "sorry to bother you", "I have been a customer for years", "can you look into it",
)  # fmt: skip
ORDER_NOTES = (
    "my order number is {order}",
    "the order number is {order}",
    "order number: {order}",
    "it is order {order}",
    "order {order}",
    "the number is {order}",
    "see order {order}",
    "it's about order {order}",
    "ref {order}",
)
SIGN_OFFS = (
    "{name}",
    "Thanks, {name}",
    "Best, {name}",
    "Regards, {name}",
    "Kind regards, {name}",
    "- {name}",
    "Cheers, {name}",
    "Thank you, {name}",
    "Best wishes, {name}",
)
FOLLOW_UPS = (
    "Please let us know if you need anything else.", "If anything is unclear, just reply to this message.",
    "Please reply here if you have more questions.", "We are here if you need more help.",
    "Thank you for your patience.", "Just write to us if there is anything else.", "We will keep you informed.",
    "Is there anything else that we can do for you?",
    "Thank you for your understanding.", "Have a nice day.", "We hope that this helps.",
    "Feel free to ask if you have another question.",
)  # fmt: skip
ADDRESSES = (
    "Hi {name},",
    "Hello {name},",
    "Dear {name},",
    "Thank you, {name}.",
    "Hi {name}!",
    "Hello {name}!",
    "Thanks for writing, {name}.",
    "Good day, {name}.",
)
SYSTEM = (
    "You are a support agent.", "You answer customers of a shop.", "You are a friendly support assistant.",
    "Answer customers politely.", "You work for a shop. Answer in two or three sentences.", "You are the help desk.",
    "Support chat", "Be polite and short.", "You are a helpful assistant.", "[Answer|Reply to] the customer.",
)  # fmt: skip
FRAMES = (
    "{text}", "{text}", "{text}", "{text}", "{text}", "{text}", "{text}", "{text}", "Customer: {text}",
    "Answer this customer: {text}", "Reply to this message: {text}", "A customer writes: {text}\nWrite a reply.",
    "[Write|Draft] an answer to: {text}", "Customer message: {text}", "Help this customer: {text}",
    "{text}\n\nWrite the reply.", "Customer says: \"{text}\" What do we answer?", "Message from a customer:\n{text}",
)  # fmt: skip

THANKS = (
    "Thanks!",
    "thank you",
    "Great, thanks",
    "ok",
    "Perfect, thank you!",
    "Okay, I will do that",
    "That helps, thanks",
)
WELCOMES = (
    "You are welcome. Have a nice day.",
    "You're welcome! Just write to us if there is anything else.",
    "Glad to help. Have a nice day.",
    "You are welcome. We are here if you need more help.",
)


def slots_for(draw: Draw) -> dict[str, str]:
    """Values that a message may mention."""
    return {
        "order": draw.any(("#", "", "", "no. ")) + values.code(draw),
        "product": values.product(draw),
        "name": values.full_name(draw) if draw.chance(0.5) else draw.value(values.first_name),
        "date": values.date(draw),
        "city": values.city(draw),
        "amount": values.amount(draw).text,
        "code": draw.value(lambda inner: values.syllables(inner, 1).upper() + str(inner.between(5, 99))),
    }


def stopped(text: str, mark: str = ".") -> str:
    """A sentence with a capital and a stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else mark)


def _fitting(templates: Sequence[str], mentioned: set[str]) -> list[str]:
    return [one for one in templates if slots_of(one) <= mentioned]


def _pick(draw: Draw, templates: Sequence[str], mentioned: set[str], slots: dict[str, str]) -> str:
    """A sentence that mentions nothing new; rather one that takes up what was mentioned."""
    fitting = _fitting(templates, mentioned)
    taking_up = [one for one in fitting if slots_of(one)]
    return draw.template(draw.any(taking_up if taking_up and draw.chance(0.6) else fitting), slots)


def reply(draw: Draw, reason: Reason, mentioned: set[str], slots: dict[str, str], *, promise_rate: float) -> list[str]:
    """Two or three sentences that answer."""
    heard = stopped(_pick(draw, reason.heard, mentioned, slots))
    promised = _fitting(reason.promises, mentioned) and draw.chance(promise_rate)
    done = [stopped(_pick(draw, reason.promises if promised else reason.done, mentioned, slots))]
    sentences = [heard, *done]
    if "name" in mentioned and draw.chance(0.5):
        address = draw.template(draw.any(ADDRESSES), slots)
        sentences[0] = (
            sentences[0]
            if sentences[0].startswith(("I ", "I'")) or address[-1] in ".!"
            else sentences[0][:1].lower() + sentences[0][1:]
        )
        sentences.insert(0, address)
    if draw.chance(0.55):
        sentences.append(draw.any(FOLLOW_UPS))
    return sentences


def message(draw: Draw, reason: Reason, slots: dict[str, str]) -> tuple[str, set[str]]:
    """What the customer writes, and the slots it mentions."""
    said = draw.form(reason.said)
    mentioned = slots_of(said)
    question = said.startswith(
        (
            "where",
            "when",
            "how",
            "can",
            "is ",
            "do ",
            "what",
            "why",
            "are",
            "at what",
            "until",
            "who",
            "does",
            "will",
            "did",
        )
    )
    sentences = [_written(draw, draw.template(said, slots), "?" if question else ".")]
    if "order" not in mentioned and draw.chance(0.2):
        sentences.append(_written(draw, draw.sentence(ORDER_NOTES, slots), "."))
        mentioned = mentioned | {"order"}
    if draw.chance(0.35):
        sentences.insert(draw.between(0, len(sentences)), _written(draw, draw.sentence(EXTRAS), "."))
    if draw.chance(0.22):
        sentences.insert(0, _written(draw, draw.sentence(INTRODUCTIONS, slots), "."))
        mentioned = mentioned | {"name"}
    if draw.chance(0.35):
        sentences.insert(0, draw.form(OPENERS) + draw.any((",", "!", "", ".")))
    if "name" not in mentioned and draw.chance(0.15):
        sentences.append(draw.any(("\n", "", "\n\n")) + draw.sentence(SIGN_OFFS, slots))
        mentioned = mentioned | {"name"}
    return " ".join(sentences).replace(" \n", "\n"), mentioned


def _written(draw: Draw, text: str, mark: str) -> str:
    if draw.chance(0.12):
        return text
    return stopped(text, draw.any((mark, mark, mark, mark, "!", "")))


def example(draw: Draw) -> list[Turn]:
    """A message with its answer, sometimes with thanks and a second answer."""
    reason, slots = draw.any(REASONS), slots_for(draw)
    draw.typo_rate = 0.12 if draw.chance(0.12) else 0.0
    text, mentioned = message(draw, reason, slots)
    draw.typo_rate = 0.0
    turns = [
        user(draw.template(draw.form(FRAMES)).replace("{text}", text)),
        assistant(" ".join(reply(draw, reason, mentioned, slots, promise_rate=0.5))),
    ]
    if draw.chance(0.08):
        turns += [user(draw.any(THANKS)), assistant(draw.any(WELCOMES))]
    return [system(draw.sentence(SYSTEM)), *turns] if draw.chance(0.15) else turns
