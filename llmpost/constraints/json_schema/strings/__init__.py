"""Strings of JSON as languages: what may stand between the quotes, in every spelling that the settings allow.

Read in this order: `hexadecimal` and `escapes` (how one character is spelled), `spelling` (an algebra of characters
becomes one of spelled characters), `texts`, `patterns` and `formats` (sets of strings), `strings` (all of it, and the
way back from spelled bytes to strings). Nothing here knows a schema.
"""
