"""Text as it comes: no piece splits a character, and together they are the whole text.

Run it: ``python examples/stream.py [MODEL]``.
"""

import sys

from llmpost import Engine, Finished, TextDelta

MODEL = sys.argv[1] if len(sys.argv) > 1 else "tiny"
engine = Engine.load(MODEL)

pieces = []
for event in engine.stream("Hi, how can I return the lamp?", temperature=0.8, seed=7, max_new_tokens=60, stop=["\n\n"]):
    match event:
        case TextDelta(text):
            pieces.append(text)
            print(repr(text), flush=True)
        case Finished(result):
            print(f"{result.finish_reason} after {result.usage.completion_tokens} tokens")

assert "".join(pieces) == result.text
