"""Tokenizer facts: what each id of a vocabulary adds to a text, text from ids as they come, and ids from prompts.

This room knows the tokenizer families (byte-level, SentencePiece, WordPiece, rank tables) and nothing of models,
constraints or policies. A `Vocabulary` is made once per tokenizer and shared; a `Detokenizer` is a value handed on
from token to token; `Prompts` is used once per request.
"""

from llmpost.vocabulary.detokenizer import Detokenizer
from llmpost.vocabulary.prompts import ChatTokenizer, Message, Prompts
from llmpost.vocabulary.trie import Trie
from llmpost.vocabulary.vocabulary import Vocabulary

__all__ = ["ChatTokenizer", "Detokenizer", "Message", "Prompts", "Trie", "Vocabulary"]
