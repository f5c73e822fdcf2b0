"""Commands of two words: found, helped with and refused as those of one are."""

from collections.abc import Callable

import pytest

from llmpost.cli.command import Family
from llmpost.cli.main import _COMMANDS

FAMILIES = {name: family for name, family in _COMMANDS.items() if isinstance(family, Family)}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["policy"], "llmpost policy: nothing is not a command. Run `llmpost policy --help`."),
        (["policy", "lnt"], "llmpost policy: 'lnt' is not a command. Did you mean 'lint'?"),
        (["policy", "serve"], "llmpost policy: 'serve' is not a command. Known: "),
        (["policy", "lint"], "llmpost policy lint: nothing is not a policy file. Name a file, or a folder of them."),
        (["policy", "lint", "a", "--jsn"], "llmpost policy lint: '--jsn' is not an option. Did you mean '--json'?"),
        (["policy", "show"], "llmpost policy show: nothing is not a policy."),
        (["policy", "show", "default", "bare"], "llmpost policy show: 'bare' is not expected here. Put quotes around"),
        (["policy", "show", "bare", "--json", "--yaml"], "--yaml: --yaml beside --json is not possible."),
        (["policy", "show", "defualt"], "policy: 'defualt' is not a policy that ships with llmpost. Did you mean"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_of_two_words(words: list[str], message: str, run_here: Callable) -> None:
    """Exit code 2 and one message that names both words."""
    outcome = run_here(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    "words", [[name, *more] for name, each in FAMILIES.items() for more in ([], *([verb] for verb in each.members))]
)
def test_help_of_every_word(words: list[str], run_here: Callable, capsys: pytest.CaptureFixture[str]) -> None:
    """Each family and each of its commands says what it is for, with exit code 0."""
    with pytest.raises(SystemExit) as left:
        run_here(*words, "--help")
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: llmpost {' '.join(words)}")
