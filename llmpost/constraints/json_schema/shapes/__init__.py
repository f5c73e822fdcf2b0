"""What a schema means: values by kind, arrays and objects by cases, closed under and, or and not.

Read `claim`, `keys` and `shape` first; `meaning` turns a schema's keywords into a shape, `boolean` combines shapes,
`inhabited` says whether one has any value. Nothing here knows how a value is spelled.
"""
