"""Facts: what one tokenizer says about its ids, before anything is filled in or checked.

It holds the bytes of the ids that write text, the names of the ids that do not, and the ids that end a text.
It does not know which library said so, nor which ids are missing.
Every reader in this room returns one, and `Vocabulary` is made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """An id is in `texts`, or in `special_names`, or is a hole; an id in both is special."""

    texts: Mapping[int, bytes]
    special_names: Mapping[int, str]
    end_ids: frozenset[int] = frozenset()
