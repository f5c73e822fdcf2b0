"""Checking of JSON: every guard is asked about every string, key and number of a document, and it stays a document.

A guard that says of itself that it judges a whole text (`whole_text`) is asked about the document once, one that says
that it is separable (`joined`) about many fields at a time. A match that spans several scalars is not looked for. A
text that is no JSON is checked as plain text, and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.guards.checking import Checked, Found, Judging, ask, check, conclude, inspected, weighed_of
from llmpost.guards.fields.document import Document
from llmpost.guards.fields.joined import is_separable, worth_asking
from llmpost.guards.fields.reader import Field
from llmpost.guards.fields.unchangeable import Accepts, blocks_instead, left_alone, with_refused, with_unchangeable
from llmpost.guards.rule import Guarding, Rule
from llmpost.guards.tools import Tools
from llmpost.guards.weighed import judges_whole_text

NOT_JSON = "the text is no JSON: it was checked as plain text"
BLOCKED_INSTEAD = "what was found cannot be changed: the JSON would be invalid, and is blocked"


def check_fields(
    text: str, guarding: Guarding, context: GuardContext, tools: Tools, accepts: Accepts | None = None
) -> Checked:
    """The document as the policy leaves it: JSON if it was, and accepted if it was. Spans count in the document."""
    document = Document.of(text)
    if document is None:
        checked = check(text, guarding, context, tools)
        return replace(checked, notes=(*checked.notes, NOT_JSON))
    answers = ask(guarding, context.side, partial(_inspected, document, context), tools)
    found = weighed_of(answers)
    weighed = with_unchangeable(document, found)
    if accepts is not None and not any(answer.is_failed for answer in answers):
        weighed = with_refused(document, weighed, accepts, tools)
    checked = conclude(document, answers, weighed, Judging(guarding, context.side, tools))
    if blocks_instead(found, weighed):
        return replace(checked, notes=(*checked.notes, BLOCKED_INSTEAD))
    left = left_alone(found, weighed, context.side)
    return replace(checked, verdict=replace(checked.verdict, outcomes=(*checked.verdict.outcomes, *left)))


def _inspected(document: Document, context: GuardContext, rule: Rule, deadline: float | None) -> Found:
    if judges_whole_text(rule.guard):
        return inspected(document.text, context, rule, deadline)
    fields: Iterable[Field] = document.fields
    if is_separable(rule.guard):
        fields = worth_asking(document.fields, rule.guard, context)
    return tuple(
        _placed(finding, field)
        for field in fields
        for finding in inspected(field.text, _inside(context, field), rule, deadline)
    )


def _inside(context: GuardContext, field: Field) -> GuardContext:
    return GuardContext(context.side, context.prompt, context.system, field.path)


def _placed(finding: Finding, field: Field) -> Finding:
    return replace(finding, span=Span(field.place(finding.span.start), field.place(finding.span.end)))
