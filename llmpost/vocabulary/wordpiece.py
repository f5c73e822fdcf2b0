"""The word families: WordPiece (BERT), where a prefix glues a piece to the word before, and plain words in a row.

It knows the prefix, the space that stands before every other piece, and the decoder's clean-up of that space.
It does not know the words.
The decoder reader and the slow-tokenizer reader use it.
"""

from dataclasses import dataclass

# What the decoder of `tokenizers` replaces in each piece when its clean-up is on, in its order.
_CLEANUP = (
    (" .", "."),
    (" ?", "?"),
    (" !", "!"),
    (" ,", ","),
    (" ' ", "'"),
    (" n't", "n't"),
    (" 'm", "'m"),
    (" do not", " don't"),
    (" 's", "'s"),
    (" 've", "'ve"),
    (" 're", "'re"),
)


@dataclass(frozen=True, slots=True)
class WordPiece:
    """Pieces as they continue a text: glued when they carry the prefix, else after a space.

    >>> read = WordPiece(prefix="##", has_cleanup=True)
    >>> read("word"), read("##ing"), read(".")
    (' word', 'ing', '.')
    """

    prefix: str
    has_cleanup: bool

    def __call__(self, piece: str) -> str:
        text = piece.removeprefix(self.prefix) if piece.startswith(self.prefix) else f" {piece}"
        return cleaned(text) if self.has_cleanup else text


def cleaned(text: str) -> str:
    """The text of one piece without the space before punctuation and English contractions."""
    for given, replacement in _CLEANUP:
        text = text.replace(given, replacement)
    return text


def spaced(piece: str) -> str:
    """A whole word in a row of words: every piece that continues a text comes after a space."""
    return f" {piece}"
