"""Trains the moderation classifier that llmpost carries, and measures it on what it was not trained on.

Labelled sets lie in a folder that is named; sentences that fill the gaps between them were written for this. Nothing of
the texts is in what is trained but weights of hashed features.
"""
