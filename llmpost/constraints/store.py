"""The store of masks: one for a vocabulary, shared by all its constraints, bounded by bytes.

A :class:`Cell` is the place of one mask. States hold cells, so a warm mask is one attribute away and takes no lock;
the store decides which cells stay full. It does not know what a mask is of, nor how it is made.
"""

from __future__ import annotations

from collections import deque
from threading import Lock

from llmpost.constraints.gate import NOT_KNOWN, Gate
from llmpost.constraints.mask import Mask


class Cell:
    """What all states of one mask share. The mask comes and goes with the store; the rest stays."""

    __slots__ = ("can_end", "enough", "gate", "mask", "was_used")  # few: what a warm mask reads lies side by side

    def __init__(self, can_end: bool) -> None:
        self.can_end = can_end
        self.mask: Mask | None = None
        self.was_used = False
        """Set by every hit; taken away by the hand that goes round when room is needed."""
        self.enough: int = NOT_KNOWN
        """So many tokens are left that none of the mask has to be kept back for the end: what the gate says."""
        self.gate = Gate()


class MaskStore:
    """Keeps masks until they need more than `max_bytes`, then empties cells that were not used since the last round.

    The newest mask always stays, however small the store.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.num_evicted = 0
        self._num_bytes = 0
        self._round: deque[Cell] = deque()
        self._lock = Lock()

    @property
    def num_bytes(self) -> int:
        return self._num_bytes

    def keep(self, cell: Cell, mask: Mask) -> Mask:
        """Put the mask into its cell; of two threads that made the same one, the first one's stays."""
        with self._lock:
            if cell.mask is not None:
                return cell.mask
            self._evict(self.max_bytes - mask.packed.nbytes)
            cell.mask = mask
            self._round.append(cell)
            self._num_bytes += mask.packed.nbytes
            return mask

    def _evict(self, allowed_bytes: int) -> None:
        while self._round and self._num_bytes > allowed_bytes:
            cell = self._round.popleft()
            if cell.was_used:
                cell.was_used = False
                self._round.append(cell)
            elif cell.mask is not None:
                self._num_bytes -= cell.mask.packed.nbytes
                self.num_evicted += 1
                cell.mask = None
