from __future__ import annotations
from llmpost.guards.options import Options
from llmpost.contracts.guard import Guard


def build(options: Options) -> Guard:
    raise NotImplementedError
