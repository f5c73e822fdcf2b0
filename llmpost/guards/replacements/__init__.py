"""Replacements: what stands in the place of what was found, one way a file, and the table of them.

None of them is empty, which would join what stood on either side, and what they write is made so that no detector finds
it in turn: labels and letters in square brackets, asterisks. They know neither the text around nor who found what.
"""
