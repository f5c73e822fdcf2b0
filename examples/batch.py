"""A batch: every prompt has settings of its own, one fails alone, and each result says where the time went.

Run it: ``python examples/batch.py [MODEL]``.
"""

import sys

from llmpost import Engine

MODEL = sys.argv[1] if len(sys.argv) > 1 else "tiny"
PROMPTS = ["My order 4471-B is late.", "", "Can I change my address?"]

engine = Engine.load(MODEL, policy={"version": 1, "name": "calm", "decode": {"temperature": 0.3}})

results = engine.generate(PROMPTS, temperature=[None, 0.7, 1.2], top_p=0.9, seed=1, max_new_tokens=50)
for prompt, result in zip(PROMPTS, results, strict=True):
    print(f"{prompt!r}\n    {result.error or result.text}")

forward = results[0].timings.seconds_by_stage["forward"]
print(f"\n{results[0].trace.policy}: {forward / results[0].timings.total_seconds:.0%} of the time was the model's own")
