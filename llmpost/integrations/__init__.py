"""llmpost inside other engines: thin adapters, one file each, imported only by those who use them."""
