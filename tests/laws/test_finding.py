"""A finder finds what brute force finds, however the text is cut, the table is kept, and whichever twin scans."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from finding_oracle import matches_of, sought, texts
from hypothesis import given
from hypothesis import strategies as st

from llmpost.automata.finding.finder import Finder, Limits
from llmpost.automata.finding.match import Match, Sought
from llmpost.automata.finding.tools import PLAIN, Tools, best_tools

TOOLS = pytest.mark.parametrize("tools", dict.fromkeys([PLAIN, best_tools()]), ids=lambda one: one.scan.__module__)


@TOOLS
@given(sought=sought, text=texts, reach=st.integers(0, 12))
def test_it_finds_what_brute_force_finds(tools: Tools, sought: Sequence[Sought], text: str, reach: int) -> None:
    """Of random languages within random bounds, in random texts, for any reach."""
    assert Finder(sought, reach, tools=tools).find(text) == matches_of(sought, reach, text)
