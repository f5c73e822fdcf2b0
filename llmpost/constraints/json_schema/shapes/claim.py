"""Claims: what may be asked of a value, without yet saying what that means; a demand is several at once.

Cases of arrays and objects hold demands for what is inside them. So a schema's parts are looked into only when a text
reaches them, and a schema that contains itself is no special case: there are finitely many demands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from llmpost.constraints.json_schema.document.node import Node


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """To equal this value. Two are the same claim only if they are the same object."""

    value: Any


@dataclass(frozen=True, slots=True)
class Whole:
    """To meet all of a demand, as one claim: so that it can be denied."""

    demand: Demand


@dataclass(frozen=True, slots=True)
class Either:
    """To meet one of these demands, or several."""

    demands: tuple[Demand, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asserted, or, where `holds` is false, denied."""

    of: Node | Constant | Whole | Either
    holds: bool = True


Demand: TypeAlias = tuple[Claim, ...]
"""Claims that a value has to meet, all of them; in the order in which the schema makes them."""

ANY: Demand = ()
NOTHING: Demand = (Claim(Either(())),)


def claimed(node: Node) -> Demand:
    """What a schema asks; its Boolean ones are known at once, and two that refer to one schema ask the same."""
    while (other := node.alias) is not None:
        node = other
    if node.boolean is None:
        return (Claim(node),)
    return ANY if node.boolean else NOTHING


def both(demands: Iterable[Demand]) -> Demand:
    """
    >>> both([ANY, NOTHING, NOTHING]) == NOTHING
    True
    """
    joined = tuple(dict.fromkeys(claim for demand in demands for claim in demand))
    return NOTHING if len(joined) > 1 and _contradicts_itself(joined) else joined


def denied(demand: Demand) -> Demand:
    """What meets not all of it."""
    if len(demand) == 1:
        claim = demand[0]
        if isinstance(claim.of, Whole) and not claim.holds:
            return claim.of.demand
        return (Claim(claim.of, not claim.holds),) if demand != NOTHING else ANY
    return (Claim(Whole(demand), holds=False),) if demand else NOTHING


def either(demands: Iterable[Demand]) -> Demand:
    """What meets one of them."""
    distinct = tuple(demand for demand in dict.fromkeys(demands) if demand != NOTHING)
    if len(distinct) == 1:
        return distinct[0]
    return ANY if ANY in distinct else (Claim(Either(distinct)),)


def _contradicts_itself(claims: Demand) -> bool:
    if NOTHING[0] in claims:
        return True
    known = set(claims)
    return any(Claim(claim.of, not claim.holds) in known for claim in claims)
