"""A guard of one's own: ticket numbers of an inner tracker stay inside, also in a stream.

Run it: ``python examples/own_guard.py``.
"""

import re
from collections.abc import Sequence

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.guards.release_window import ReleaseWindow
from llmpost.guards.rule import Guarding, Rule
from llmpost.guards.tools import Tools
from llmpost.testing import check_guard

TICKET = re.compile(r"\b[A-Z]{2,5}-[0-9]{1,4}\b")


class Tickets:
    name = "tickets"
    reach = 10  # the longest, less its first character: 9, and one more for the `\b` behind it
    context = 1  # the `\b` before it

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        spans = (Span(*match.span()) for match in TICKET.finditer(text))
        return [Finding(self.name, "TICKET", span, reason="has the form of a ticket's number") for span in spans]


check_guard(Tickets(), ["Closed by ABCDE-1234.", "See AB-1 and AB-12."])
print("the guard keeps its promises")

window = ReleaseWindow(Guarding((Rule(Tickets(), Action("redact")),)), GuardContext(), Tools())
for piece in ("That was fixed in AB", "C-12", "34 last week, and", " nobody noticed."):
    print(f"{piece!r:24} -> {window.feed(piece)!r}")
print(f"{'':24} -> {window.close()!r}")
print(f"held back: {window.held.most} characters at most; {window.verdict.outcomes[0].status}")
