"""A judge: a language model that is asked about a text by a rubric, and whose answer has a form that cannot be misread.

Flow: a `rubric` and a text make a question (`asking`), in which the text stands between marks that it cannot contain
(`fence`); a model's reply is read (`answer`), how sure the model was is read from its tokens (`likelihood`), several
models are counted (`vote`), and what they say is a finding (`guard`). No module here knows which model it asks.
"""
