"""Pages: plain values as self-contained HTML that is read without a network and without a script. Knows no file."""
