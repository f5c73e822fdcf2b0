"""Why something is not allowed: where a text stopped, what was expected there in a reader's words, and by which rule.

Nothing here is on the way of a token that is allowed; sources that know more than their own name say so by `Explains`.
"""
