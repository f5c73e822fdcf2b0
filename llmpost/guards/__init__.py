"""Guards: what finds something in a text, how it is decided what to do about it, and how that is done.

Finding is not acting: a detector returns findings, `decide` and `apply` are small pure functions, the runner gives each
detector its time and writes down how it fared, and the release window lets out of a stream what nobody can object to
any more. Knows nothing of models, tokens and policies' files.
"""
