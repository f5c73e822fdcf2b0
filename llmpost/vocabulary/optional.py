"""Libraries that llmpost can do without, imported when something needs them.

It knows how a missing library becomes an error that names the extra to install.
It does not know what the libraries do.
The file reader calls it; tokenizers handed in as objects need no import at all.
"""

import importlib
from types import ModuleType

from llmpost.errors import MissingExtra


def optional_module(name: str, where: str, extra: str) -> ModuleType:
    """The module called `name`; MissingExtra naming `extra` where its package is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingExtra(where, name.partition(".")[0], extra) from None
