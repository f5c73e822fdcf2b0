"""Why a JSON text left its schema: what it could have been there, in the words of JSON, and which keywords forbid it.

The source asks `blame`; nothing here is on the way of a token that is allowed.
"""
