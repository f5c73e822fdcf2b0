"""Views: a text as somebody reads it who sees through escapes, spaced letters, accents and signs for letters.

Each is a `guards.view.View`: a value that reads piece by piece, waits for a bounded number of characters, and says of
each character that it shows where it stood. What is looked for in a view is somebody else's task.
"""
