"""The command line: one file per command, and how its words become arguments of the engine.

`main` parses and picks the command; a command's options are in a file of their own, so that help is printed without
waiting for torch. Nothing here decides what is generated.
"""
