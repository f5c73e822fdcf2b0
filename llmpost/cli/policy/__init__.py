"""``llmpost policy``: what one does with a policy besides running it. One verb, one file, its options in another."""
