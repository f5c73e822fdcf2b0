"""A text in, a typed object out: a dataclass, a pydantic model or any JSON Schema says what is wanted, and no other
text can come out. As it is written, each field is at hand when it is whole.

Run it: ``python examples/extract.py [MODEL]``.
"""

import sys
from dataclasses import dataclass

from llmpost import Engine, FieldDone, Finished

MODEL = sys.argv[1] if len(sys.argv) > 1 else "tiny"


@dataclass
class Order:
    order_id: str
    product: str
    quantity: int


engine = Engine.load(MODEL)

for event in engine.stream(
    "Extract order_id, product, quantity: Hi, this is about 88-41207. I ordered 3 blue lamps last week.", schema=Order
):
    match event:
        case FieldDone(path, value):
            print(path, repr(value), flush=True)
        case Finished(result):
            print(result.text)
            print(result.parsed)
            print(result.finish_reason, *result.trace.notes, sep="\n    ")
