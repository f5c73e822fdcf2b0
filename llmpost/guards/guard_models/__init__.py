"""Guard models of the field: language models and classifiers that were trained to say what is harmful.

One file a family knows how its models are asked and what they can answer; `guard` asks, and reads the answer; none of
them knows where a model comes from or runs. Models that classify without words are in `classifier`, and OpenAI's
moderation in `openai_moderation`.
"""
