"""Fields: a JSON document checked inside its strings, and changed so that it stays JSON.

A reader finds the scalars and what they say, every guard is asked about each, and what is done is written back into the
document, whose other characters stay as they are. Knows nothing of schemas: whoever has one says what it accepts.
"""
