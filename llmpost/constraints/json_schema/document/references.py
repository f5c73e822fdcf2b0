"""What refers to what: the places that references mean, which of them the root reaches, and circles without progress.

It works on a survey and extends it: to keywords nobody knows, where a pointer leads into them, and to metaschemas. What
cannot be followed is kept as the error it would be, for whoever gets there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from llmpost.constraints.json_schema.document.metaschemas import metaschema
from llmpost.constraints.json_schema.document.place import IN_PLACE, Place, Resource
from llmpost.constraints.json_schema.document.pointers import fault_at, steps_of
from llmpost.constraints.json_schema.document.survey import Survey, joined
from llmpost.errors import ConstraintError


class References:
    """Built from a survey that has begun; complete for all that the root reaches."""

    def __init__(self, survey: Survey, root: Place) -> None:
        self._survey = survey
        self._by_meaning: dict[tuple[int, str], Place] = {}
        self._targets: dict[tuple[Place, str], Place | ConstraintError] = {}
        self._reached: set[Place] = {root.home}
        self._follow(root.home)
        if self._targets:
            self._refuse_circles()

    def target(self, place: Place, word: str) -> Place:
        """Where it leads to by address alone; the ConstraintError where it leads nowhere, or back without progress."""
        found = self._targets.get((place, word))
        if found is None:
            self._follow(place.home)
            found = self._targets[place, word]
        if isinstance(found, ConstraintError):
            raise found
        return found

    def is_reached(self, place: Place) -> bool:
        """Whether the root leads there, by what can be told without looking at values."""
        return place.home in self._reached

    def refused(self) -> list[tuple[str, ConstraintError]]:
        """Reached references that cannot be followed, by the pointer of the keyword."""
        found = self._targets.items()
        return [
            (f"{place.pointer}/{word}", error) for (place, word), error in found if isinstance(error, ConstraintError)
        ]

    def _follow(self, start: Place) -> None:
        """From home to home."""
        todo = [start]
        while todo:
            for place, word in self._survey.references.get(todo.pop(), ()):
                for target in self._followed(place, word):
                    if target.home not in self._reached:
                        self._reached.add(target.home)
                        todo.append(target.home)

    def _followed(self, place: Place, word: str) -> Iterator[Place]:
        try:
            self._targets[place, word] = target = self._resolved(place, word)
        except ConstraintError as error:
            self._targets[place, word] = error
            return
        yield target
        if word != "$ref":
            yield from self._survey.dynamic_anchors.get(dynamic_name(place.raw[word]), ())

    def _resolved(self, place: Place, word: str) -> Place:
        key = (id(place.resource), place.raw[word])
        found = self._by_meaning.get(key)
        if found is None:
            found = self._by_meaning[key] = self._found(place, word)
        return found

    def _found(self, place: Place, word: str) -> Place:
        reference = place.raw[word]
        address, fragment = joined(place, word)
        resource = place.resource if reference[:1] in ("#", "") else self._resource(place, word, address)
        if not fragment:
            return resource.root
        fragment = unquote(fragment)
        found = self._at(resource, steps_of(fragment)) if fragment[0] == "/" else resource.anchors.get(fragment)
        if found is None:
            hint = "Check its spelling; a pointer begins with '#/'."
            raise _fault(place, word, "a reference to anything in the schema", hint)
        return found

    def _resource(self, place: Place, word: str, address: str) -> Resource:
        resource = self._survey.resources.get(address)
        if resource is not None:
            return resource
        bundled = metaschema(address)
        if bundled is None:
            hint = "Put what it refers to into '$defs', with its address as '$id'."
            raise _fault(place, word, "a reference within the document, and no other is ever opened", hint)
        return self._survey.begin(bundled, address, is_bundled=True).resource

    def _at(self, resource: Resource, steps: list[str]) -> Place | None:
        """The place that a pointer leads to; one where no schema was expected is surveyed now."""
        value, nearest, num_taken = resource.root.raw, resource.root, 0
        for number, step in enumerate(steps, 1):
            value = _member(value, step)
            if type(value) is dict and id(value) in self._survey.places:
                nearest, num_taken = self._survey.places[id(value)], number
        if num_taken == len(steps):
            return nearest
        if type(value) is not dict and type(value) is not bool:
            return None
        place = Place(value, nearest, tuple(steps[num_taken:]), nearest.resource)
        place.home = place
        if type(value) is dict:
            self._survey.visit(place)
        return place

    def _refuse_circles(self) -> None:
        """An error for every `$ref` that leads back to itself while it looks at one and the same value."""
        found = self._targets.items()
        targets = {place: to for (place, word), to in found if word == "$ref" and isinstance(to, Place)}
        wanted = set(targets.values())
        beneath: dict[Place, list[Place]] = {}
        for place in targets:
            for above in _in_place(place):
                if above in wanted:
                    beneath.setdefault(above, []).append(place)
        for place in _closing({place: beneath.get(target, []) for place, target in targets.items()}):
            self._targets[place, "$ref"] = no_progress(place, "$ref")


def no_progress(place: Place, word: str) -> ConstraintError:
    """The error for a reference that comes back to itself."""
    allowed = "one that gets anywhere: it comes back to itself, at the same value"
    return _fault(place, word, allowed, "Refer to it from inside of a property or an item.")


def dynamic_name(reference: str) -> str:
    """The anchor that a dynamic reference looks for in its scope."""
    return unquote(reference.partition("#")[2])


def _fault(place: Place, word: str, allowed: str, hint: str) -> ConstraintError:
    return fault_at(f"{place.pointer}/{word}", f"{place.raw[word]!r:.80}", allowed, hint)


def _member(value: Any, step: str) -> Any:
    if type(value) is dict:
        return value.get(step)
    if type(value) is list and step.isascii() and step.isdigit() and (step == "0" or step[0] != "0"):
        return value[int(step)] if len(step) < 10 and int(step) < len(value) else None
    return None


def _in_place(place: Place) -> Iterator[Place]:
    """It and the places around it that look at the same value."""
    yield place
    while place.parent is not None and place.steps[0] in IN_PLACE and not place.parent.is_hiding:
        place = place.parent
        yield place


def _closing(edges: dict[Place, list[Place]]) -> list[Place]:
    """Those without which no walk along the edges comes back to where it was."""
    closing, state = [], dict.fromkeys(edges, 0)  # 0: not seen, 1: on the way here, 2: done
    for start in edges:
        way = [(start, iter(edges[start]))] if not state[start] else []
        state[start] = state[start] or 1
        while way:
            here, followers = way[-1]
            follower = next(followers, None)
            if follower is None:
                state[here] = 2
                way.pop()
            elif state[follower] == 1:
                closing.append(here)
            elif not state[follower]:
                state[follower] = 1
                way.append((follower, iter(edges[follower])))
    return closing
