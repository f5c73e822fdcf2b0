"""Drawing: each recorded token held against what would have been drawn in its place, the ones before it as recorded.

A difference at a step says that the text would be another from there on, or from before. What is not certain is called
undecided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from llmpost.contracts.record import KeptTokens, Record
from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Context
from llmpost.engine.assemble import Recipe
from llmpost.engine.replaying.asked import NotKept
from llmpost.engine.replaying.drawing.bounds import drawn_token
from llmpost.engine.replaying.drawing.facts import Drawn, ModelFacts
from llmpost.engine.replaying.drawing.recipes import candidate_of, recipe_under
from llmpost.errors import TraceError
from llmpost.policy import Policy
from llmpost.traces import Sealer
from llmpost.traces.keeping import tokens_of


@dataclass(frozen=True, slots=True)
class Drawer:
    """Of one policy that is tried."""

    facts: ModelFacts
    policy: Policy
    old: Policy | None = None
    """Under which the answers may have been written."""
    sealer: Sealer | None = None

    def drawn(self, record: Record) -> Drawn | None:
        """None where no logits were kept; NotKept where the record does not tell enough."""
        tokens = self._tokens(record)
        if tokens is None or not any(row.token_ids for row in tokens.rows):
            return None
        if len(tokens.rows) != len(tokens.token_ids) or record.trace.seed is None:
            raise NotKept("not every token has its row")
        recipe = recipe_under(record, self.policy, self.old, self.facts)
        drawn = _drawn(tokens, recipe, record.trace.seed, candidate_of(record), self.facts)
        if drawn.kind != "differs" and _goes_on(record, len(tokens.token_ids), recipe):
            return replace(drawn, kind="differs", step=drawn.num_steps)
        return drawn

    def _tokens(self, record: Record) -> KeptTokens | None:
        try:
            return tokens_of(record, self.sealer)
        except TraceError:
            raise NotKept("it is sealed, and the key does not open it") from None


def _goes_on(record: Record, length: int, recipe: Recipe) -> bool:
    """Whether it ended at a number of tokens that is not the last any more."""
    most = record.trace.settings.get("max_new_tokens")
    return record.finish_reason == "length" and length == most != recipe.settings.max_new_tokens


def _drawn(tokens: KeptTokens, recipe: Recipe, seed: int, candidate: int, facts: ModelFacts) -> Drawn:
    context, length = Context.of(tokens.prompt_ids), len(tokens.rows)
    undecided: list[int] = []
    for number, (token, row) in enumerate(zip(tokens.token_ids, tokens.rows, strict=True)):
        if number == recipe.settings.max_new_tokens:
            return Drawn("differs", number, length, len(undecided))  # it would have ended here
        drawn = drawn_token(row, recipe.chain, Step(context, seed, candidate), facts.vocab_size)
        if drawn is None:
            undecided.append(number)
        elif drawn != token:
            return Drawn("differs", number, length, len(undecided))
        context = context.append(token)
    return Drawn("undecided" if undecided else "same", next(iter(undecided), None), length, len(undecided))
