"""Tokens: secrets that say by their first characters who issued them.

The lengths are those of the issuers' own documents, with room where they promise none. No checksum is asked.
"""

from __future__ import annotations

from llmpost.automata.entities.bounds import ALPHANUMERIC, OPEN, Bounds, characters
from llmpost.guards.secrets.kind import Kind

_RANDOM = "q8Zr2Wv6Tn4Kx9Lb3Mh7Jd5Fc1Gs0Py8Rw6Ea4Ui2Ot9Qz7Xk5Vn3Bm1HjKt8"
_CAPITALS = "Q7ZR2WV6TN4KX3LB"
_HEX = "0f9e8d7c6b5a49382716f5e4d3c2b1a0"
_DIGITS = "739518264078"
_URL_SAFE = "[A-Za-z0-9_-]"
_KEY_NAME = "(?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?"
_LINE_END = r"(?:\s|\\[rn])"
_JWT_BOUNDS = Bounds((*characters("_-"), *ALPHANUMERIC))

TOKENS = (
    Kind("AWS_ACCESS_KEY", "an access key id of Amazon Web Services, lasting or temporary",
         "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",
         (("AKIA", _CAPITALS), ("ASIA", _CAPITALS)), ("AKIA" + "X" * 16, "AKIA" + _CAPITALS[:15], "akia" + _CAPITALS)),
    Kind("GITHUB_TOKEN", "a token of GitHub: personal, OAuth, app, refresh or fine-grained",
         "gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
         (*((f"gh{one}_", _RANDOM[:36]) for one in "pousr"), ("github_pat_", f"{_RANDOM[:22]}_{_RANDOM[:59]}")),
         ("ghp_" + _RANDOM[:35], "ghx_" + _RANDOM[:36], "ghp_" + "x" * 36)),
    Kind("GITLAB_TOKEN", "a token of GitLab: personal, deploy, runner, trigger, agent and others",
         rf"(?:gl(?:agent|cbt|dt|feed|ffct|ft|imt|oas|pat|ptt|rt|rtr|soat|wt)-{_URL_SAFE}{{20,300}}"
         rf"(?:\.[0-9a-z]{{2}}\.[0-9a-z]{{7,9}})?|GR1348941{_URL_SAFE}{{20,50}})",
         (("glpat-", _RANDOM[:20]), ("GR1348941", _RANDOM[:20]), ("glpat-", _RANDOM[:27] + ".01.0w1c2x3ab")),
         ("glpat-" + _RANDOM[:19], "glove-" + _RANDOM[:20])),
    Kind("SLACK_TOKEN", "a token of Slack: bot, user, app, refresh or legacy",
         "(?:xoxe\\.)?xox[abceoprs]-(?:[0-9]{1,13}-){1,3}[A-Za-z0-9-]{20,250}|xox[abceoprs]-[A-Za-z0-9-]{24,250}"
         "|xapp-[0-9]-[A-Z0-9]{8,14}-[0-9]{8,14}-[0-9a-f]{60,64}|xoxe-[0-9]-[A-Za-z0-9]{100,200}",
         (("xoxb-", f"{_DIGITS}-{_DIGITS}-{_RANDOM[:24]}"), ("xoxp-", f"{_DIGITS}-{_DIGITS}-{_HEX}"),
          ("xapp-1-", f"A{_CAPITALS[:10]}-{_DIGITS}-{_HEX}{_HEX}")),
         ("xoxb-1234", "xoxz-" + _RANDOM[:24])),
    Kind("SLACK_WEBHOOK", "the address of an incoming webhook of Slack",
         "https://hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/_-]{20,250}",
         (("https://hooks.slack.com/services/", f"T{_CAPITALS[:8]}/B{_CAPITALS[:8]}/{_RANDOM[:24]}"),),
         ("https://hooks.slack.com/services/", "https://slack.com/services/" + _RANDOM[:24])),
    Kind("STRIPE_KEY", "a secret or restricted key of Stripe, or the secret of a webhook; a publishable key is none",
         "[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9+/]{32,64}",
         (("sk_live_", _RANDOM[:24]), ("rk_test_", _RANDOM[:24]), ("whsec_", _RANDOM[:32])),
         ("pk_live_" + _RANDOM[:24], "sk_live_" + _RANDOM[:12])),
    Kind("OPENAI_KEY", "an API key of OpenAI, or of those who give out keys of the same shape",
         f"sk-(?:(?:proj|svcacct|admin|or-v1)-{_URL_SAFE}{{20,250}}|[A-Za-z0-9]{{32,64}})",
         (("sk-", _RANDOM[:48]), ("sk-", _RANDOM[:20] + "T3BlbkFJ" + _RANDOM[20:40]),
          ("sk-proj-", _RANDOM + "_-" + _RANDOM)),
         ("sk-learn", "sk-" + _RANDOM[:31], "sk-" + "0" * 48)),
    Kind("ANTHROPIC_KEY", "an API key of Anthropic", f"sk-ant-{_URL_SAFE}{{20,250}}",
         (("sk-ant-api03-", _RANDOM + "-" + _RANDOM[:30]),), ("sk-ant-" + _RANDOM[:10],)),
    Kind("GOOGLE_API_KEY", "an API key, OAuth token or client secret of Google",
         f"AIza{_URL_SAFE}{{35}}|GOCSPX-{_URL_SAFE}{{28}}|ya29\\.{_URL_SAFE}{{20,500}}",
         (("AIza", "Sy" + _RANDOM[:33]), ("GOCSPX-", _RANDOM[:28]), ("ya29.", "a0" + _RANDOM)),
         ("AIza" + _RANDOM[:34], "AIzb" + _RANDOM[:35])),
    Kind("HUGGING_FACE_TOKEN", "a token of Hugging Face", "(?:hf|api_org)_[A-Za-z0-9]{30,40}",
         (("hf_", _RANDOM[:34]),), ("hf_" + _RANDOM[:20], "hf_hub_download")),
    Kind("NPM_TOKEN", "a token of npm", "npm_[A-Za-z0-9]{36}",
         (("npm_", _RANDOM[:36]),), ("npm_" + _RANDOM[:35], "npm_config_registry")),
    Kind("PYPI_TOKEN", "a token of PyPI or its test instance", f"pypi-AgE{_URL_SAFE}{{50,1000}}",
         (("pypi-AgE", "IcHlwaS5vcmcC" + _RANDOM),), ("pypi-" + _RANDOM[:20],)),
    Kind("SENDGRID_KEY", "an API key of SendGrid", f"SG\\.{_URL_SAFE}{{22}}\\.{_URL_SAFE}{{43}}",
         (("SG.", f"{_RANDOM[:22]}.{_RANDOM[:43]}"),), ("SG." + _RANDOM[:22],)),
    Kind("TWILIO_KEY", "an API key or account of Twilio", "(?:SK|AC)[0-9a-f]{32}",
         (("SK", _HEX), ("AC", _HEX)), ("SK" + _HEX[:31], "SK" + _HEX.upper())),
    Kind("TELEGRAM_TOKEN", "the token of a Telegram bot", f"[0-9]{{8,10}}:AA{_URL_SAFE}{{33}}",
         (("739518264:AA", _RANDOM[:33]),), ("739518264:AA" + _RANDOM[:30], "12:30:45")),
    Kind("DISCORD_TOKEN", "the token of a Discord bot, or a webhook's address",
         f"[MNO][A-Za-z0-9]{{23,25}}\\.{_URL_SAFE}{{6}}\\.{_URL_SAFE}{{27,38}}"
         f"|https://(?:[a-z]{{1,10}}\\.)?discord(?:app)?\\.com/api/webhooks/[0-9]{{17,20}}/{_URL_SAFE}{{60,80}}",
         (("M", f"{_RANDOM[:23]}.{_RANDOM[:6]}.{_RANDOM[:27]}"),), ("M" + _RANDOM[:23],)),
    Kind("AZURE_KEY", "the key of an account of Azure in a connection string, or the secret of a client",
         "(?:AccountKey|SharedAccessKey|AccessKey)=[A-Za-z0-9+/]{42,86}={0,2}"
         "|[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}",
         (("AccountKey=", (_RANDOM * 2)[:86] + "=="), ("abc8Q~", _RANDOM[:34])),
         ("AccountKey=short", "SharedAccessKeyName=RootManageSharedAccessKey"),
         secret=r"(?:Key=)?(?P<secret>[^=].*)"),
    Kind("JWT", "a JSON web token, signed or not",
         f"eyJ{_URL_SAFE}{{8,2000}}\\.eyJ{_URL_SAFE}{{8,4000}}\\.{_URL_SAFE}{{0,1000}}",
         (("eyJ", f"{_RANDOM[:30]}.eyJ{_RANDOM}.{_RANDOM[:43]}"), ("eyJ", f"{_RANDOM[:30]}.eyJ{_RANDOM}.")),
         ("eyJ" + _RANDOM, f"eyJ{_RANDOM}.{_RANDOM}"), _JWT_BOUNDS),
    Kind("PRIVATE_KEY", "a private key in PEM: the block as far as it is there, its end or not",
         rf"-----BEGIN {_KEY_NAME}-----(?:{_LINE_END}{{1,8}}[A-Za-z-]{{4,20}}: [^\r\n\\]{{1,80}}){{0,4}}"
         rf"(?:{_LINE_END}{{0,8}}[A-Za-z0-9+/=]{{16,}})+(?:{_LINE_END}{{0,8}}[A-Za-z0-9+/=]{{1,15}})?"
         rf"(?:{_LINE_END}{{0,8}}-----END {_KEY_NAME}-----)?",
         (("-----BEGIN RSA PRIVATE ", f"KEY-----\n{_RANDOM}\n{_RANDOM[:20]}==\n-----END RSA PRIVATE KEY-----"),
          ("-----BEGIN PRIVATE ", f"KEY-----\\n{_RANDOM}\\n-----END PRIVATE KEY-----"),
          ("-----BEGIN EC PRIVATE ", f"KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,{_HEX}\n\n{_RANDOM}")),
         ("-----BEGIN PUBLIC KEY-----\n" + _RANDOM,
          "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY", "BEGIN PRIVATE KEY"), OPEN),
)  # fmt: skip
