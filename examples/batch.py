"""A batch: every prompt has settings of its own, one fails alone, and each result says where the time went.

Run it: ``python examples/batch.py [MODEL]``.
"""

from random_model import given_or_random_model

from llmpost import Engine

PROMPTS = ["hello world", "", "the story of a small model"]

with given_or_random_model() as model:
    engine = Engine.load(model, policy={"version": 1, "name": "calm", "decode": {"temperature": 0.3}})

results = engine.generate(PROMPTS, temperature=[None, 0.7, 1.2], top_p=0.9, seed=1, max_new_tokens=12)
for prompt, result in zip(PROMPTS, results, strict=True):
    print(f"{prompt!r}\n    {result.error or result}")

forward = results[0].timings.seconds_by_stage["forward"]
print(f"\n{results[0].trace.policy}: {forward / results[0].timings.total_seconds:.0%} of the time was the model's own")
