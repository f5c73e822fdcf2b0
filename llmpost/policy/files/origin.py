"""Origin: where something was written, and so, what the names of other files in it mean.

A name is looked up beside what it stands in, then in the package. Data that came from no file names no files: whoever
lets strangers hand in a policy would let them read whatever this program may.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from llmpost.errors import PolicyError, suggestion
from llmpost.policy.files.library import ENDINGS
from llmpost.policy.files.node import Node
from llmpost.policy.files.shipped import rubric_names, shipped_folder, shipped_names

_NAME = re.compile(r"\w[\w-]*")


@dataclass(frozen=True, slots=True)
class Origin:
    """A file, a folder, or neither."""

    folder: Path | None = None
    """None: no file may be named."""
    file: Path | None = None

    @classmethod
    def of(cls, file: Path) -> Origin:
        return cls(file.parent, file)

    def path(self, word: Node) -> Path:
        """The file that a text names, which need not be there; PolicyError where none may be named."""
        given = str(word.content)
        if self.folder is None:
            hint = "Write its content here, or read the policy with folder=..., where files may be looked up."
            raise PolicyError(str(word.place), f"{given!r:.60}", "possible: this policy came from no file", hint)
        places = (self.folder / given, shipped_folder() / given)
        return next((path for path in places if _is_there(path)), places[0])

    def parent(self, word: Node) -> Path:
        """The policy that ``extends`` names: a file, one beside this one, or one that ships."""
        given = word.content
        if isinstance(given, str) and given.endswith(ENDINGS):
            return self.path(word)
        if isinstance(given, str) and _NAME.fullmatch(given):
            beside = None if self.folder is None else self.folder / f"{given}.yaml"
            if beside is not None and _is_there(beside) and not self._is_this(beside):
                return beside
            if given in shipped_names():
                return shipped_folder() / f"{given}.yaml"
        beside_this = "" if self.folder is None else " beside this one, or one"
        hint = suggestion(str(given)[:60], shipped_names())
        raise PolicyError(str(word.place), f"{given!r:.60}", f"a policy{beside_this} that ships with llmpost", hint)

    def rubric(self, word: Node) -> Path:
        """The rubric of a judge: a file, one in the folder `rubrics` beside this, or one that ships."""
        given = str(word.content)
        if given.endswith(ENDINGS):
            return self.path(word)
        file = Path("rubrics", f"{given}.yaml")
        if _NAME.fullmatch(given):
            beside = None if self.folder is None else self.folder / file
            if beside is not None and _is_there(beside):
                return beside
            if given in rubric_names():
                return shipped_folder() / file
        hint = suggestion(given[:60], rubric_names())
        raise PolicyError(str(word.place), f"{given!r:.60}", "a rubric that ships with llmpost, or a file", hint)

    def _is_this(self, path: Path) -> bool:
        return self.file is not None and os.path.realpath(path) == os.path.realpath(self.file)


def _is_there(path: Path) -> bool:
    """Whatever it is."""
    try:
        return os.path.lexists(path)
    except ValueError:
        return False
