"""A light finder of names, places, addresses, organisations and dates, and language models that find them better.

Each word is told apart by a small network of whole numbers that sees four words to either side: what it finds depends
on nothing further away, so a stream is read as the whole text is. `ner` asks spaCy or transformers instead, where one
of them and a model are installed. Neither knows what is done about a finding.
"""
