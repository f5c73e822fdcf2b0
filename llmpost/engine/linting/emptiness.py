"""Whether anything can be written at all: a language that has a text, and one that nothing in it is forbidden in.

If not, every request under the policy would fail, and the rule at fault is named with a text that it forbids.
"""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.engine.linting.effort import example_of
from llmpost.engine.linting.remark import Remark
from llmpost.engine.linting.subject import Subject

_MOST_ASKED = 32
"""Rules that are asked one by one."""
_NOTHING = Forbidden(())


def emptiness(subject: Subject) -> Iterator[Remark]:
    """Nothing, or one remark."""
    if subject.language is None:
        return  # of free text the empty one is left
    algebra = subject.effort.account()
    if algebra.is_live(subject.texts(algebra)):
        return
    where = f"constraint.{'json_schema' if subject.is_json else subject.language.kind}"
    bare = subject.texts(algebra, _NOTHING)
    if not algebra.is_live(bare):
        yield Remark(where, "error", "a language without any text", "one that can be written", "Allow something.")
        return
    example = example_of(algebra, bare)
    for place, rule in enumerate(subject.rules[:_MOST_ASKED]):
        if not algebra.is_live(subject.texts(algebra, rule)):
            given = f"{rule}, which every text of {where} contains,"
            yield _nothing_left(f"forbid[{place}]", given, example)
            return
    yield _nothing_left("forbid", f"a list of rules of which every text of {where} breaks one", example)


def _nothing_left(where: str, given: str, example: str) -> Remark:
    return Remark(where, "error", given, "a rule that leaves any text", "Forbid less, or allow other texts.", example)
