"""``llmpost trace``: what one does with traces besides keeping them. One verb, one file, its options in another."""
