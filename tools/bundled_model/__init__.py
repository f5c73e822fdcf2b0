"""How the bundled models `tiny` and `tiny-draft` are made: a generated corpus, a tokenizer, training, distillation,
evaluation.

Nothing here is shipped in the wheel and nothing in llmpost imports it. Every script is run from the repository root,
for example `python -m tools.bundled_model.generate`.
"""
