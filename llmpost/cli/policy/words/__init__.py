"""A policy in words, for whoever must decide whether it may go live. One part, one file; `sheet` sets them out."""
