"""A recipe and a seed: the same seed gives the same text, alone or in a batch.

Run it: ``python examples/generate.py [MODEL]``.
"""

from typing import Any

from random_model import given_or_random_model

from llmpost import Engine

RECIPE: dict[str, Any] = {"temperature": 0.8, "top_p": 0.9, "repetition_penalty": 1.1, "max_new_tokens": 20}

with given_or_random_model() as model:
    engine = Engine.load(model)

alone = engine.generate("The story of", seed=7, **RECIPE)
print(alone)

batch = engine.generate(["hello", "The story of", "a small model"], seed=[1, 7, 3], **RECIPE)
for result in batch:
    print(result)

print("the same text alone and in a batch:", batch[1].text == alone.text)
