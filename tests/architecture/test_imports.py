"""What importing and running cost and touch: no torch before it is needed, no network at all."""

import subprocess
import sys
from pathlib import Path

import pytest

_NO_NETWORK = """
import sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError(f"the network was used: {event} {arguments}")
sys.addaudithook(refuse)
"""


def run(code: str, *words: object) -> str:
    """The output of a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "code",
    [
        "import llmpost",
        "import llmpost.policy; llmpost.policy.Policy.named('default')",
        "from llmpost.cli.main import main\ntry: main(['generate', '--help'])\nexcept SystemExit: pass",
        "from llmpost.cli.main import main\nassert main(['generate', 'Hello', '--top-p', '2']) == 2",
    ],
)
def test_torch_is_not_loaded_in_vain(code: str) -> None:
    """Importing the package, help and wrong use load neither torch nor transformers."""
    heavy = run(f"{code}\nimport sys; print('heavy:', {{'torch', 'transformers', 'numpy'}} & set(sys.modules))")
    assert heavy.endswith("heavy: set()\n")


def test_network_is_not_touched(random_model_folder: Path) -> None:
    """Everything is imported, and a local model generates, while every use of a socket is an error."""
    code = f"""{_NO_NETWORK}
import llmpost, llmpost.cli.generate, llmpost.testing
print(llmpost.Engine.load(sys.argv[1]).generate("hello", max_new_tokens=4).finish_reason)
"""
    assert run(code, random_model_folder) == "length\n"


def test_a_check_touches_neither_network_nor_torch(tmp_path: Path) -> None:
    """The default policy looks at texts, whole, as streams and from the command line, without a socket and without
    torch."""
    text = tmp_path / "text"
    text.write_text("maria.chen@example.com")
    code = f"""{_NO_NETWORK}
import llmpost
from llmpost.cli.main import main
print(llmpost.check("maria.chen@example.com").text)
print("".join(llmpost.Checker("default").check_stream(["maria.chen", "@example.com"])))
assert main(["check", sys.argv[1], "--json", "--schema", "true"]) == 0
print("heavy:", {{"torch", "transformers", "spacy", "presidio_analyzer"}} & set(sys.modules))
"""
    shown, streamed, told, heavy = run(code, text).splitlines()
    assert (shown, streamed, heavy) == ("[EMAIL_ADDRESS]", "[EMAIL_ADDRESS]", "heavy: set()")
    assert "maria" not in told


def test_the_refusal_works() -> None:
    """The test above has teeth: the same interpreter may not even open a socket."""
    code = f"{_NO_NETWORK}\nimport socket\ntry: socket.socket()\nexcept RuntimeError as error: print(error)"
    assert run(code).startswith("the network was used: socket.__new__")
