"""Text as it comes: no piece splits a character, and together they are the whole text.

Run it: ``python examples/stream.py [MODEL]``.
"""

from random_model import given_or_random_model

from llmpost import Engine, Finished, TextDelta

with given_or_random_model() as model:
    engine = Engine.load(model)

pieces = []
for event in engine.stream("The story of", temperature=0.8, seed=7, max_new_tokens=40, stop=["\n\n"]):
    match event:
        case TextDelta(text):
            pieces.append(text)
            print(repr(text), flush=True)
        case Finished(result):
            print(f"{result.finish_reason} after {result.usage.completion_tokens} tokens")

assert "".join(pieces) == result.text
