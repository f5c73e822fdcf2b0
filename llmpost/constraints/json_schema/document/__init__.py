"""What a schema says, in the vocabulary of draft 2020-12, whatever dialect it was written in.

`text` gives a tree of JSON, `survey` checks it in one pass and finds the places where schemas stand, `references` says
what refers to what, and `document` hands all of it out as nodes. Nothing here knows a byte of an instance.
"""
