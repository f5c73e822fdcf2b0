"""Cases of arrays and objects: two at once, and what one of them is not.

What a case is not takes several cases, one for each way to break it. Cases that contradict themselves at a glance
are left out; whether the others have any value is `inhabited`'s question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llmpost.constraints.json_schema.shapes.claim import ANY, NOTHING, Demand, both, denied, either
from llmpost.constraints.json_schema.shapes.keys import ALL_KEYS, Keys, united
from llmpost.constraints.json_schema.shapes.shape import ArrayCase, Breach, Containment, KeyRule, ObjectCase


def both_objects(one: ObjectCase, other: ObjectCase) -> ObjectCase | None:
    """Objects of both cases; None where there are plainly none."""
    named = dict(one.named)
    for name, demand in other.named:
        named[name] = both([named.get(name, ANY), demand])
    case = ObjectCase(
        order=tuple(dict.fromkeys(one.order + other.order)),
        named=tuple(named.items()),
        rules=tuple(dict.fromkeys(one.rules + other.rules)),
        required=one.required | other.required,
        least=max(one.least, other.least),
        most=_smaller(one.most, other.most),
        breaches=tuple(dict.fromkeys(one.breaches + other.breaches)),
        evaluated=united([one.evaluated, other.evaluated]),
    )
    is_full = case.most is not None and max(case.least, len(case.required)) > case.most
    return None if is_full or any(named.get(name) == NOTHING for name in case.required) else case


def both_arrays(one: ArrayCase, other: ArrayCase) -> ArrayCase | None:
    """Arrays of both cases; None where there are plainly none."""
    size = max(len(one.prefix), len(other.prefix))
    evaluated = (one.num_evaluated, other.num_evaluated)
    case = ArrayCase(
        prefix=tuple(both([one.item(place), other.item(place)]) for place in range(size)),
        rest=both([one.rest, other.rest]),
        least=max(one.least, other.least),
        most=_smaller(one.most, other.most),
        containments=tuple(dict.fromkeys(one.containments + other.containments)),
        is_unique=one.is_unique or other.is_unique,
        has_twins=one.has_twins or other.has_twins,
        num_evaluated=None if None in evaluated else max(evaluated),  # type: ignore[type-var]
        evaluated_by=tuple(dict.fromkeys(one.evaluated_by + other.evaluated_by)),
    )
    is_full = case.most is not None and case.least > case.most
    return None if is_full or (case.is_unique and case.has_twins) else case


def other_objects(case: ObjectCase) -> Iterator[ObjectCase]:
    """All objects that are not of the case: they break what it says, or break none of what it wants broken."""
    named = (KeyRule(Keys(frozenset({name})), denied(demand)) for name, demand in case.named if demand != ANY)
    rules = (KeyRule(rule.keys, denied(rule.demand)) for rule in case.rules if rule.demand != ANY)
    breach = Breach((*named, *rules), case.required, case.least, case.most)
    if breach != Breach():
        yield ObjectCase(breaches=(breach,))
    for one in case.breaches:
        kept = tuple(KeyRule(rule.keys, denied(rule.demand)) for rule in one.rules)
        yield ObjectCase(rules=kept, required=one.missing, least=one.fewer_than, most=one.more_than)


def other_arrays(case: ArrayCase) -> Iterator[ArrayCase]:
    """All arrays that are not of the case, by the way in which they are not."""
    for place, demand in enumerate(case.prefix):
        if demand != ANY:
            yield ArrayCase(prefix=(ANY,) * place + (denied(demand),), least=place + 1)
    if case.rest != ANY:
        strangers = Containment(denied(case.rest), 1, None, start=len(case.prefix))
        yield ArrayCase(least=len(case.prefix) + 1, containments=(strangers,))
    for one in case.containments:
        if one.least:
            yield ArrayCase(containments=(Containment(one.demand, 0, one.least - 1, one.start),))
        if one.most is not None:
            yield ArrayCase(containments=(Containment(one.demand, one.most + 1, None, one.start),))
    if case.least:
        yield ArrayCase(most=case.least - 1)
    if case.most is not None:
        yield ArrayCase(least=case.most + 1)
    if case.is_unique:
        yield ArrayCase(has_twins=True, least=2)
    if case.has_twins:
        yield ArrayCase(is_unique=True)


def without_unevaluated_keys(case: ObjectCase, demand: Demand) -> ObjectCase:
    """The case where every key that nothing has spoken of yet meets a demand, and is spoken of by that."""
    keys = case.evaluated
    if keys.is_everything:
        return case
    rule = KeyRule(Keys(keys.names, keys.patterns, others=True), demand)
    return replace(case, rules=(*case.rules, rule), evaluated=ALL_KEYS)


def without_unevaluated_items(case: ArrayCase, demand: Demand) -> ArrayCase:
    """The same of items; those that met a `contains` have been spoken of."""
    start = case.num_evaluated
    if start is None:
        return case
    demand = either([*case.evaluated_by, demand])
    size = max(len(case.prefix), start)
    prefix = tuple(both([case.item(place), demand if place >= start else ANY]) for place in range(size))
    return replace(case, prefix=prefix, rest=both([case.rest, demand]), num_evaluated=None, evaluated_by=())


def _smaller(one: int | None, other: int | None) -> int | None:
    return min((most for most in (one, other) if most is not None), default=None)
