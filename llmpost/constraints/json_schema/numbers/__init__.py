"""Sets of numbers as terms over the texts that spell them, exact in decimals: no float is ever made.

Read in this order: `limits` (which spellings there are), `interval` (what schemas say of numbers), `digits` (what is
asked of a set while a number is read, digit by digit), `grid` and `listed` (the two kinds of sets), `spelling` (a set
becomes a term), `numbers` (all of it together).
"""
