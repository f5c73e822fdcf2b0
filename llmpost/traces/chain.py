"""The chain: whether each line of a file follows from the one before, told line by line.

It knows lines that were taken apart, and no files; what is wrong it says in words, and goes on from what stands there,
so that one change is told once or twice and not for the rest of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from llmpost.traces.damage import What
from llmpost.traces.envelope import BEGINNING, Envelope, Link
from llmpost.traces.header import FORMAT, Header, read_end, read_header
from llmpost.traces.keys import derived, key_name

Remark = tuple[What, str]


@dataclass(slots=True)
class Chain:
    """What is known of a writer's lines so far. Handed from file to file."""

    key: bytes = b""
    last: Link | None = BEGINNING
    """None where what came before is not known, and the next line is taken at its word."""
    header: Header | None = None
    goes_on: bool = False
    """Whether the last line said that another file follows."""
    num_doubtful: int = 0
    """Edited lines since `last`."""
    _chain_key: bytes | None = field(init=False)
    """None where lines are hashed under a key that is not known."""

    def __post_init__(self) -> None:
        self._chain_key = derived(self.key, "chain")

    def follow(self, line: Envelope) -> list[Remark]:
        """What is wrong with the line. An edited line is not what others are measured by."""
        remarks: list[Remark] = []
        if line.kind == "header":
            remarks = self._header_remarks(line)
        elif self.header is None and self.last is None:
            remarks = [("missing", "the header that the file should begin with is not here")]
        if not self._is_whole(line):
            self.num_doubtful += 1
            return [*remarks, ("edited", f"line {line.number} is not what it was when it was written")]
        remarks += self._link_remarks(line)
        self.last = line.link
        self.num_doubtful = 0
        end = read_end(line.body) if line.kind == "end" else None
        self.goes_on = end is not None and end.goes_on
        return remarks

    def begin_under(self, header: Envelope | None) -> None:
        """Begin in the middle of a file that has this for its first line."""
        if header is not None and header.kind == "header":
            self._header_remarks(header)

    def _is_whole(self, line: Envelope) -> bool:
        return self._chain_key is None or line.is_whole(self._chain_key)

    def _header_remarks(self, line: Envelope) -> list[Remark]:
        self.header = read_header(line.body)
        if self.header is None:
            return [("no record", "a header that cannot be understood")]
        remarks: list[Remark] = []
        if self.header.format > FORMAT:
            remarks.append(("format", f"format {self.header.format}, written by llmpost {self.header.llmpost:.40}"))
        self._chain_key = derived(self.key, "chain") if self.header.key == key_name(self.key) else None
        if self._chain_key is None:
            self._chain_key = None if self.header.key else b""
            remarks.append(("key", _of_keys(self.header.key, key_name(self.key))))
        return remarks

    def _link_remarks(self, line: Envelope) -> list[Remark]:
        last = self.last
        if last is None or (line.number == last.number + 1 and line.prev == last.hash):
            return []
        skipped = line.number - last.number - 1
        if skipped == self.num_doubtful > 0:
            return []  # it follows from a line that was edited
        if skipped > 0:
            first, final = last.number + 1, line.number - 1
            which = f"line {first} is" if first == final else f"lines {first} to {final} are"
            return [("missing", f"{which} not here")]
        if skipped < 0:
            return [("moved", f"line {line.number} stands behind line {last.number}")]
        return [("broken", f"line {line.number} does not follow from the line before")]


def _of_keys(written: str, given: str) -> str:
    if not written:
        return "hashed without a key: anyone could have made it"
    return f"hashed under the key {written:.40}, and {f'the key {given}' if given else 'none'} was given"
