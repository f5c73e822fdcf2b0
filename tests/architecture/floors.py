"""The floors of the house as data, and the rules that hold over the syntax tree of every module.

A module imports from lower floors, its own package, and `errors`. Packages on one floor never import each other:
they meet in `contracts`. Each broken rule is one sentence that names the import and the remedy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

FLOORS: dict[str, int] = {
    "contracts": 0, "errors": 0,
    "automata": 1, "vocabulary": 1, "policy": 1,
    "constraints": 2, "logits": 2, "decoding": 2, "models": 2, "guards": 2, "selection": 2, "tuning": 2,
    "traces": 2, "pages": 2,
    "engine": 3,
    "cli": 4, "server": 4, "integrations": 4, "testing": 4,
    "__main__": 5, "": 5,
}  # fmt: skip
"""Every room and its floor; the empty name is the package root."""

OPTIONAL = {
    "cryptography", "detect_secrets", "mistral_common", "peft", "presidio_analyzer", "sentencepiece", "spacy",
    "tiktoken",
}  # fmt: skip
"""Packages of an extra: imported inside a function, where they are needed."""

BY_NAME = {
    "llmpost", "llmpost.cli.main", "llmpost.engine", "llmpost.engine.replaying.brief", "llmpost.engine.text_models",
    "llmpost.models", "llmpost.vocabulary.optional",
}  # fmt: skip
"""Modules that import by a name in a string: public names, commands, models and optional packages, when first used."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Import:
    """One module imported by another."""

    importer: str
    line: int
    name: str
    is_in_function: bool

    @property
    def where(self) -> str:
        return f"{self.importer}:{self.line}: imports {self.name}"


def room_of(module: str) -> str:
    """The name of a module's room: `llmpost.logits.top_p` lives in `logits`."""
    return module.partition(".")[2].partition(".")[0]


def imports_of(sources: Mapping[str, str]) -> list[Import]:
    """All imports of the modules, by full name."""
    return [found for module, source in sources.items() for found in _imports(module, source, sources)]


def broken_rules(sources: Mapping[str, str]) -> list[str]:
    """One sentence for each broken rule; `sources` are modules' texts by full name."""
    imports = imports_of(sources)
    own = [found for found in imports if found.name.split(".")[0] == "llmpost"]
    return [
        *(sentence for found in own if (sentence := _broken_floor(found))),
        *(sentence for found in imports if (sentence := _broken_place(found))),
        *_imports_by_name(sources),
        *_cycles(own),
    ]


def _broken_floor(found: Import) -> str | None:
    here, there = room_of(found.importer), room_of(found.name)
    for room in (here, there):
        if room not in FLOORS:
            return f"{found.where}, but '{room}' is on no floor. Give it one in tests/architecture/floors.py."
    if here == there or there == "errors":
        return None
    if there == "":
        return f"{found.where}, the package root. Import the module that defines the name."
    if there == "testing":
        return f"{found.where}, the test kit. Move what is needed into the room that owns it."
    if FLOORS[there] < FLOORS[here]:
        return None
    if FLOORS[there] == FLOORS[here]:
        return f"{found.where}, a sibling on floor {FLOORS[here]}. Let both meet in llmpost.contracts."
    return f"{found.where}, from floor {FLOORS[here]} up to {FLOORS[there]}. Move it down, or have it passed in."


def _broken_place(found: Import) -> str | None:
    is_optional = found.name.split(".")[0] in OPTIONAL
    if found.is_in_function and not is_optional:
        return f"{found.where} inside a function. Move it to the top of the file."
    if is_optional and not found.is_in_function:
        return f"{found.where}, an optional package, at the top of the file. Import it where it is needed."
    return None


def _imports_by_name(sources: Mapping[str, str]) -> Iterator[str]:
    for module, source in sources.items():
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
        names = {ast.unparse(call.func).rpartition(".")[2] for call in calls}
        if module not in BY_NAME and names & {"import_module", "__import__"}:
            yield f"{module}: imports by a name in a string. Write an import statement."


def _cycles(own: list[Import]) -> Iterator[str]:
    """One sentence for each cycle, found by walking on from every module."""
    graph: dict[str, list[str]] = {}
    for found in own:
        graph.setdefault(found.importer, []).append(found.name)
    done: set[str] = set()
    for start in sorted(graph):
        yield from _cycles_from(start, graph, [], done)


def _cycles_from(module: str, graph: Mapping[str, list[str]], path: list[str], done: set[str]) -> Iterator[str]:
    if module in path:
        circle = " -> ".join([*path[path.index(module) :], module])
        yield f"{circle}: a circle of imports. Move what both need into a module of its own."
    elif module not in done:
        for name in graph.get(module, ()):
            yield from _cycles_from(name, graph, [*path, module], done)
        done.add(module)


def _imports(module: str, source: str, sources: Mapping[str, str]) -> Iterator[Import]:
    for node, is_in_function in _statements(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif node.level:
            names = [f"llmpost.{'.' * node.level}{node.module or ''}"]  # on no floor: write the full name
        else:
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in sources else str(node.module) for name in full]
        for name in dict.fromkeys(names):
            yield Import(module, node.lineno, name, is_in_function)


def _statements(node: ast.AST, is_in_function: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, is_in_function
        else:
            yield from _statements(child, is_in_function or isinstance(child, _FUNCTIONS))
