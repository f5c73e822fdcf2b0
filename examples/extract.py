"""A text in, a typed object out: a dataclass, a pydantic model or any JSON Schema says what is wanted.

Run it: ``python examples/extract.py [MODEL]``.
"""

import sys
from dataclasses import dataclass

from llmpost import Engine

MODEL = sys.argv[1] if len(sys.argv) > 1 else "tiny"


@dataclass
class Order:
    order_id: str
    product: str
    quantity: int


engine = Engine.load(MODEL)

result = engine.generate(
    "Extract order_id, product, quantity: Hi, this is about 88-41207. I ordered 3 blue lamps last week.", schema=Order
)
print(result.parsed)
print(result.finish_reason, *result.trace.notes, sep="\n    ")
