"""Languages over bytes, lazily built: a hash-consed algebra with derivatives, and the readers that feed it.

It knows nothing of tokens, masks or JSON. A language is a number that one :class:`~llmpost.automata.algebra.Algebra`
gave out; what may follow after some bytes is another number.
"""
