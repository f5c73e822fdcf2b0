"""Language: which language a text is written in."""
