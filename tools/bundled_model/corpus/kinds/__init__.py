"""One file per kind of record that the model learns to read; `extraction.KINDS` lists them."""
