"""JSON Schema as a language over bytes: from a schema's text to one term of an algebra.

Read in this order: `document` (what a schema says, in one vocabulary), `strings` and `numbers` (sets of scalars as
terms), `shapes` (what a schema means: disjoint kinds, cases of objects and arrays, their Boolean algebra), `writing`
(a shape becomes the texts that spell it), `source` (all of it together).
"""
