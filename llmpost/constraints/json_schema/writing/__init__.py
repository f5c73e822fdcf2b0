"""How shapes are written: the term of all texts of all their values, within the settings.

`layout` knows whitespace, `objects` and `arrays` what may come next in a container, `values` puts kinds together.
"""
