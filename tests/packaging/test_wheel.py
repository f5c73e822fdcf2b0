"""The wheel, installed where there is no checkout, is the whole program."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT_FROM = ["llmpost", "policies", "pyproject.toml", "setup.py", "README.md", "LICENSE"]

pytestmark = pytest.mark.slow


def run(*words: object, cwd: Path) -> str:
    """Standard output of a command that must succeed."""
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that the checkout stays as it is."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, source, cwd=source)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with this wheel, which borrows its dependencies from the one that runs the tests.

    A path that is added in a `.pth` file is searched for packages, but the `.pth` files in it are not read: the
    borrowed folder's editable llmpost stays out of sight.
    """
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    (own / "borrowed.pth").write_text("\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}))
    return folder


def test_what_is_inside(wheel: Path) -> None:
    """Every module, the mark that says it is typed, the shipped policies with their cases, the licence; no tests."""
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "llmpost").rglob("*.py")}
    policies = {f"llmpost/{path.relative_to(ROOT)}" for path in (ROOT / "policies").rglob("*.yaml")}
    assert policies
    assert modules | policies | {"llmpost/py.typed"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"llmpost"}


def test_program_runs(environment: Path, random_model_folder: Path, tmp_path: Path) -> None:
    """`llmpost generate` on a model folder, from an empty directory."""
    words = ["generate", "hello", "--model", random_model_folder, "--seed", "1", "--max-new-tokens", "4"]
    assert run(environment / "bin" / "llmpost", *words, cwd=tmp_path).strip()
    assert list(tmp_path.iterdir()) == []


def test_policies_are_found(environment: Path, tmp_path: Path) -> None:
    """The package is the installed one, and what ships with it loads by name and is tried on the cases beside it."""
    code = """
import llmpost
print(llmpost.__file__)
for name in ("default", "bare"):
    print(llmpost.Policy.named(name).name)
"""
    where, *names = run(environment / "bin" / "python", "-c", code, cwd=tmp_path).splitlines()
    assert Path(where).is_relative_to(environment)
    assert names == ["default", "bare"]
    tried = run(environment / "bin" / "llmpost", "policy", "test", "bare", cwd=tmp_path)
    assert tried.startswith("bare: 4 of 4 cases passed")
