"""Secrets: keys, tokens and passwords, by the shapes that their issuers give them, or by what stands beside them.

Kinds are data (`tokens`, `beside`), randomness is a number (`randomness`), and `guard` finds them. An adapter of
detect-secrets (`detect_secrets`) is a guard of its own.
"""
