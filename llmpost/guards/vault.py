"""The vault: which pseudonym stands for which value, so that it can be turned back where that is right.

It belongs to one request and is filled by it; a keyed pseudonym is the same in all of them, and still only a vault that
has seen the value knows it. It holds what is withheld: whoever keeps one keeps secrets. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from threading import Lock
from typing import Literal, TypeAlias

from llmpost.guards.replacements.fictions import fiction
from llmpost.guards.replacements.letters import keyed_letters
from llmpost.guards.replacements.mark import mark
from llmpost.guards.restoring import Restoring

Style: TypeAlias = Literal["numbered", "keyed", "realistic"]


class Vault:
    """Of one value there is one pseudonym, and one value behind each. A pseudonym stands for itself.

    >>> vault = Vault()
    >>> [vault.pseudonym("PERSON", name) for name in ("Maria", "Ann", "Maria")]
    ['[PERSON_1]', '[PERSON_2]', '[PERSON_1]']
    >>> vault.restore("[PERSON_2] met [PERSON_1].")
    'Ann met Maria.'
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        """`values` by pseudonym: those of a vault before (`values`)."""
        self._lock = Lock()
        self._values = dict(values or {})
        self._pseudonyms = {value: pseudonym for pseudonym, value in self._values.items()}
        self._numbers: dict[str, int] = {}

    @property
    def values(self) -> dict[str, str]:
        """What stands behind each pseudonym: all that a later vault needs."""
        with self._lock:
            return dict(self._values)

    def pseudonym(self, label: str, value: str, style: Style = "numbered", key: bytes = b"") -> str:
        """The value's other name. One that it had before it keeps, whatever label or style is asked for."""
        with self._lock:
            if value in self._values:
                return value
            known = self._pseudonyms.get(value)
            if known is None:
                known = next(name for name in self._names(label, value, style, key) if self._is_free(name))
                self._pseudonyms[value] = known
                self._values[known] = value
            return known

    def restore(self, text: str, spell: Callable[[str], str] = str) -> str:
        """The text with values where pseudonyms stood, each once: what a value says is not read again. `spell` writes a
        value as the text must have it, in JSON `fields.strings.json_written`."""
        restoring = self.restoring(spell)
        return restoring.push(text) + restoring.finish()

    def restoring(self, spell: Callable[[str], str] = str) -> Restoring:
        """The same for a text that comes in pieces; of the pseudonyms that there are now."""
        return Restoring({pseudonym: spell(value) for pseudonym, value in self.values.items()})

    def _is_free(self, name: str) -> bool:
        """Neither taken, nor somebody's value: that would turn one into the other."""
        return name not in self._values and name not in self._pseudonyms

    def _names(self, label: str, value: str, style: Style, key: bytes) -> Iterable[str]:
        """Names to try, the best first, without end."""
        if style == "keyed" and key:
            yield mark(label, keyed_letters(value, key))
        if style == "realistic":
            for number in count():
                name = fiction(label, number)
                if name is None:
                    break
                yield name
        for _ in count():
            self._numbers[label] = self._numbers.get(label, 0) + 1
            yield mark(label, str(self._numbers[label]))
