"""Exfiltration: what a program that shows Markdown or HTML would load, run or send, and could carry data away with."""
