"""An algebra through an account: what it may be asked for beyond the algebra itself.

Both algebras that a space may work with are of this kind, the compiled one and the plain one. It knows no constraint
and no text; who opens an account decides what it is for.
"""

from __future__ import annotations

from typing import Protocol, Self

from llmpost.automata.algebra import Algebra


class ChargedAlgebra(Algebra, Protocol):
    """Its members may be called from several threads at once."""

    def account(self, max_bytes: int, max_seconds: float) -> Self:
        """The same terms; what is added through it is charged: bytes for all calls together, time for each call.
        BudgetExceeded at the bound, and before that where it has taken more than what is left of the whole; a part is
        kept for small accounts. So nobody takes the room of others."""

    def keep_clock(self, is_kept: bool) -> None:
        """From now on, until it is taken back, all calls together have the time of one."""
