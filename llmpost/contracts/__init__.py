"""The nouns and protocols that every room shares. Read this folder first.

Nothing here behaves: a contract says what a value holds and what a part must do, and where a law holds it says
which. Rooms on one floor never import each other; they meet here.
"""
