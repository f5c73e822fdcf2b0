"""A recipe and a seed: the same seed gives the same text, alone or in a batch.

Run it: ``python examples/generate.py [MODEL]``.
"""

import sys
from typing import Any

from llmpost import Engine

MODEL = sys.argv[1] if len(sys.argv) > 1 else "tiny"
RECIPE: dict[str, Any] = {"temperature": 0.8, "top_p": 0.9, "repetition_penalty": 1.1, "max_new_tokens": 60}
QUESTION = "Hello, my parcel has not arrived yet."

engine = Engine.load(MODEL)

alone = engine.generate(QUESTION, seed=7, **RECIPE)
print(alone.text)

batch = engine.generate(["Thank you!", QUESTION, "I forgot my password."], seed=[1, 7, 3], **RECIPE)
for result in batch:
    print(result)

print("the same text alone and in a batch:", batch[1].text == alone.text)
