"""Trains the finder of names that llmpost carries, and measures it on what it was not trained on.

Texts are drawn from templates and lists that were written for this, and from labelled sets that a folder holds.
Nothing of the texts is in what is trained but weights of hashed features.
"""
