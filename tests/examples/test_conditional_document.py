"""docs/conditional.md: its example runs and comes out as it says."""

import re
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "conditional.md").read_text("utf-8")


def test_the_example_shows_what_the_text_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Masks write "ab" nine times out of ten, the law and the weights say "b"."""
    namespace: dict[str, Any] = {}
    (block,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    exec(block, namespace)
    assert "is_exact=True" in capsys.readouterr().out
    masked, given = ([result.text for result in namespace[name]].count("b") for name in ("plain", "given"))
    assert masked < 40 < 160 < given
    weights = namespace["weights"]
    assert 0.88 < weights["b"] / sum(weights.values()) < 0.95
