"""The generated corpus: chat conversations about extraction, customer support and judging.

It knows nothing of tokenizers or models. `mixture.conversation` is the one way in; everything it makes follows from
a seed.
"""
