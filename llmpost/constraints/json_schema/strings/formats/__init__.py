"""Formats: the names of `format`, each a set of strings as its standard writes it down; one family a file.

`table` knows them all by name. A format is built in an algebra of spelled characters and knows nothing of JSON.
"""

from llmpost.constraints.json_schema.strings.formats.table import BEYOND, FORMATS

__all__ = ["BEYOND", "FORMATS"]
