"""What an output must never contain: patterns and phrases, as languages that any other language is held against."""
