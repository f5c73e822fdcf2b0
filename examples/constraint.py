"""A constraint without an engine: masks, states and rollback, for a loop of your own.

Run it: ``python examples/constraint.py [MODEL]``.
"""

import sys

import torch

from llmpost import Engine, compile_constraint
from llmpost.errors import TokenRejected

MODEL = sys.argv[1] if len(sys.argv) > 1 else "tiny"

engine = Engine.load(MODEL)
vocabulary = engine.loaded.vocabulary
constraint = compile_constraint(vocabulary, regex=r"([0-9]{4}-[0-9]{2}-[0-9]{2}|none)")

state = constraint.start()
mask = state.mask()
print(f"{mask.count} of {vocabulary.size} tokens may come first, such as", vocabulary.name_of(int(mask.ids()[0])))

written = []
logits = torch.randn(vocabulary.size, generator=torch.Generator().manual_seed(0))  # what a model would say
while not state.is_finished:
    allowed = torch.from_numpy(state.mask().to_bool())
    token = int(logits.where(allowed, -torch.inf).argmax())
    before, state = state, state.advance(token)  # `before` is still good: keeping it is the rollback
    written.append(token)
    if state.can_end:
        break
print(repr(vocabulary.decode(written)), "is a whole text:", constraint.accepts(vocabulary.decode(written)))

try:
    before.advance(vocabulary.token_id(b"x") or 0)
except TokenRejected as error:
    print(error)
