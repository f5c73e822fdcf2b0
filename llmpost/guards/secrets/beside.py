"""Beside: secrets that only what stands beside them tells: a name, an equals sign, a scheme.

Here shape says little, so a value must also look chosen or drawn (`randomness`); what is found is the value alone. A
password in a sentence, without a sign between the word and itself, is not found.
"""

from __future__ import annotations

from llmpost.automata.entities.bounds import OPEN
from llmpost.guards.secrets.kind import Kind
from llmpost.guards.secrets.randomness import is_chosen, is_drawn, is_no_placeholder, is_varied

_SET = r"""\\{0,2}["'`]?[ \t]{0,4}(?:=>|:=|={1,3}|:)[ \t]{0,4}"""
"""Between a name and its value, in most languages and formats."""
_QUOTED = r"""\\{0,2}(?:"[^"\s]{4,200}"|'[^'\s]{4,200}'|`[^`\s]{4,200}`)"""
_BARE = r"""[^\s"'`,;<>{}|\\]{6,200}"""
_VALUE = rf"{_SET}(?:{_QUOTED}|{_BARE})"
_IN_VALUE = r"""(?:=>|:=|=+|:)[ \t]*\\{0,2}["'`]?(?P<secret>[^\s"'`]+?)\\{0,2}(?:["'`]|$)"""

_PASSWORD = "(?:password|passwd|passphrase|pass_?phrase|passwort|contrase(?:ñ|n)a|mot_?de_?passe|[_-]pass|[_-]?pwd)"
_SECRET = (
    "(?:secret|token|credentials?|apikey|[_-]key|"
    "(?:api|access|auth|private|encryption|signing|master|service|account|client)[ _-]?key)"
)
_MORE = "(?:s|[0-9]{1,3}|[_-][a-z0-9_-]{1,20})?"


BESIDE = (
    Kind("AWS_SECRET_KEY", "a secret access key of Amazon Web Services, where its name stands before it",
         rf"(?:aws|secret|access)[A-Za-z0-9_ -]{{0,30}}key[A-Za-z0-9_ -]{{0,12}}{_SET}[\"'`]?[A-Za-z0-9+/]{{40}}",
         (("aws_secret_access_key = ", "q8Zr2Wv6Tn4Kx9Lb3Mh7Jd5Fc1Gs0Py8Rw6Ea4Ui"),
          ('"SecretAccessKey": "', "q8Zr2Wv6Tn4Kx9Lb3Mh7Jd5Fc1Gs/Py8Rw6Ea4+i")),
         ("aws_secret_access_key = q8Zr2Wv6Tn4Kx9Lb3Mh7", "q8Zr2Wv6Tn4Kx9Lb3Mh7Jd5Fc1Gs0Py8Rw6Ea4Ui"),
         secret="(?P<secret>[A-Za-z0-9+/]{40})$", is_secret=is_varied, ignore_case=True),
    Kind("BASIC_AUTH", "a password in a URL, before the host",
         r"://[^\s/:@\"'<>\\]{0,100}:[^\s/@\"'<>\\]{1,200}@[a-z0-9\[]",
         (("https://maria:", "Tn4Kx9Lb3@example.com"), ("postgres://app:", "s3cr3t-Wv6@db:5432/app")),
         ("https://example.com:80/a@b", "https://user@example.com", "https://user:password@example.com",
          "https://user:${PASSWORD}@example.com"),
         OPEN, secret="//[^:]*:(?P<secret>.+)@.$", is_secret=is_no_placeholder, score=0.8, ignore_case=True),
    Kind("BEARER_TOKEN", "what an Authorization header carries",
         rf"(?:bearer|(?:authorization|x-api-key|x-auth-token|api-key){_SET}[\"'`]?(?:basic|token|apikey|key)?)"
         r"[ \t]{0,4}[\"'`]?[A-Za-z0-9._~+/=-]{16,4096}",
         (("Authorization: Bearer ", "q8Zr2Wv6Tn4Kx9Lb3Mh7"), ("Authorization: Basic ", "bWFyaWE6VG40S3g5TGIz"),
          ("X-API-Key: ", "Tn4Kx9Lb3Mh7Jd5F")),
         ("Authorization: Bearer <token>", "bearer authentication", "Authorization: Bearer YOUR_ACCESS_TOKEN"),
         secret=r"(?P<secret>[A-Za-z0-9._~+/=-]+)$", is_secret=is_chosen, score=0.8, ignore_case=True),
    Kind("PASSWORD", "what a password is set to, in code, a configuration or a table of values",
         rf"{_PASSWORD}{_MORE}{_VALUE}",
         (("password = ", '"hunter2"'), ("DB_PASSWORD=", "Tn4Kx9Lb3"), ('"passwd": ', '"c0rrect-horse!"'),
          ("pwd: ", "'Wv6#Tn4K'")),
         ('password = ""', "password: required", 'password = "password"', "password = os.environ[0]",
          "password=<your password>", 'type="password"', "password: str = None"),
         OPEN, secret=_IN_VALUE, is_secret=is_chosen, score=0.6, ignore_case=True),
    Kind("SECRET", "what a key, token or secret without a shape of its own is set to",
         rf"{_SECRET}{_MORE}{_VALUE}",
         (("api_key = ", '"9f3bQ7ZR2WV6TN4K"'), ("CLIENT_SECRET=", "Tn4Kx9Lb3Mh7Jd5F"),
          ('"token": ', '"0f9e8d7c6b5a4938"'), ('\\"access_key\\": ', '\\"0f9e8d7c6b5a4938\\"')),
         ('token = "next_page"', "token: gpt-4o-mini", "tokenizer: llama-3-8b-instruct",
          "api_key = settings.api_key", "secret: true", 'key = "abc123"', "token: str"),
         OPEN, secret=_IN_VALUE, is_secret=is_drawn, score=0.6, ignore_case=True),
)  # fmt: skip
