"""Servers that speak OpenAI's protocol, as text models: asked over HTTP, bounded in time and size, tried again.

`connection` and `caller` know HTTP and nothing of questions; `body` and `answer` know the protocol and nothing of HTTP;
`endpoint` joins them. Nothing here looks at what a text says, and no error quotes one.
"""
