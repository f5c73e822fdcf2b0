"""A small classifier of what texts say: hate, harassment, violence, self-harm, sexual content, insults and profanity.

Sentence by sentence, in whole numbers and without a model of language: it knows words, their neighbours and some
thousand entries of a lexicon. It decides nothing: what a score leads to is a rule's business. Where its weights come
from is `tools/moderation`.
"""
