"""Brief: what a replay is asked to do, as a value that can be handed to another process.

Here arguments are checked, policies and schemas among them, before anything is read. It runs nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib import import_module
from importlib.metadata import version
from os import PathLike
from types import ModuleType
from typing import Any

from llmpost.contracts.guard import Guard
from llmpost.engine.guarding import detectors_of
from llmpost.engine.json_document import JsonDocument
from llmpost.engine.policies import PolicyLike, as_policy
from llmpost.engine.replaying.drawing.facts import ModelFacts
from llmpost.engine.replaying.parts import PART_BYTES
from llmpost.engine.replaying.remembering import Spared, remembering
from llmpost.engine.replaying.report import PolicyName
from llmpost.engine.replaying.rerun import Rerun, Schemas
from llmpost.engine.replaying.retrial import Trial
from llmpost.errors import RequestError, suggestion
from llmpost.policy import Policy
from llmpost.policy.plain import thawed
from llmpost.traces import Sealer
from llmpost.traces.keys import key_name

RECORDED = PolicyName("as recorded", "")
Told = Callable[[int, int], None]
"""Is told how many bytes of how many are done."""


@dataclass(frozen=True, slots=True)
class Options:
    """What may be said of a replay besides traces and policies."""

    key: bytes = b""
    """What hashes and keyed pseudonyms depend on."""
    seal_key: bytes = b""
    """What opens sealed texts."""
    guards: Mapping[str, Guard] = field(default_factory=dict)
    """Guards of one's own, by the names that policies use; several workers need them to be picklable."""
    schemas: Sequence[Any] = ()
    """Of JSON documents in the traces."""
    sample: float = 1.0
    """So large a share of requests, chosen by their ids."""
    seed: int = 0
    """Of the sample."""
    limit: int | None = None
    """Read no more than so many records."""
    workers: int = 1
    resume: str | PathLike[str] | None = None
    """Where to keep how far it is, and to go on from."""
    examples: int = 5
    """So many of each kind of difference."""
    show_text: bool = False
    """Whether examples bear the beginning of their texts."""
    model: Any = None
    """Whose tokens are drawn once more where their logits were kept: a name, a loaded model or an engine."""
    progress: Told | None = None
    part_bytes: int = PART_BYTES
    """So much of a file is done at a time: what is lost by an interruption, and what each worker is handed."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Options:
        """Names and values checked."""
        names = [f.name for f in fields(cls)]
        for name in given:
            if name not in names:
                raise RequestError("replay", f"'{name}'", "a known keyword", suggestion(name, names))
        options = cls(**given)
        checks = {
            "sample": (_is_share(options.sample), "a share above 0 and at most 1"),
            "limit": (options.limit is None or _is_count(options.limit, 1), "a whole number from 1 up"),
            "workers": (_is_count(options.workers, 1), "a whole number from 1 up"),
            "examples": (_is_count(options.examples, 0), "a whole number from 0 up"),
            "part_bytes": (_is_count(options.part_bytes, 1), "a whole number from 1 up"),
            "seed": (_is_count(options.seed, None), "a whole number"),
        }
        for name, (is_one, allowed) in checks.items():
            if not is_one:
                raise RequestError(f"replay.{name}", f"{getattr(options, name)!r:.60}", allowed, "Leave it out.")
        return options


@dataclass(frozen=True, slots=True)
class Brief:
    """Plain data, guards of one's own apart."""

    after: Mapping[str, Any]
    """A policy in its canonical form."""
    before: Mapping[str, Any] | None
    """None: what was recorded."""
    key: bytes
    seal_key: bytes
    guards: Mapping[str, Guard]
    schemas: tuple[str, ...]
    sample: float
    seed: int
    examples: int
    show_text: bool
    facts: ModelFacts | None = None

    @classmethod
    def of(cls, policy: PolicyLike, against: PolicyLike | None, options: Options) -> Brief:
        """LlmpostError where a policy or a schema is none."""
        return cls(
            after=as_policy(policy).canonical,
            before=None if against is None else as_policy(against).canonical,
            key=options.key,
            seal_key=options.seal_key,
            guards=dict(options.guards),
            schemas=tuple(JsonDocument.of_schema(schema).output_type.schema for schema in options.schemas),
            sample=options.sample,
            seed=options.seed,
            examples=options.examples,
            show_text=options.show_text,
            facts=None if options.model is None else _drawing("loading").facts_of(options.model),
        )

    def trial(self) -> Trial:
        """The policies, ready to be asked; each process builds its own. LlmpostError where a policy's guards mean
        nothing together, or want what is not there."""
        after, before = self._policies()
        policies = [after] if before is None else [after, before]
        schemas = _accepting([*self.schemas, *_own_schemas(policies)])
        spared = Spared()
        sealer = Sealer(self.seal_key) if self.seal_key else None
        detectors = remembering(detectors_of(self.guards), spared)
        return Trial(
            after=Rerun.of(after, detectors, self.key, schemas),
            before=None if before is None else Rerun.of(before, detectors, self.key, schemas),
            spared=spared,
            sealer=sealer,
            drawer=None if self.facts is None else _drawing("drawing").Drawer(self.facts, after, before, sealer),
            before_digest="" if before is None else before.digest,
            num_examples=self.examples,
            shows_text=self.show_text,
            share=self.sample,
            seed=self.seed,
        )

    def names(self) -> tuple[PolicyName, PolicyName]:
        """Of before and after."""
        after, before = self._policies()
        recorded = RECORDED if before is None else PolicyName(before.name, before.digest)
        return recorded, PolicyName(after.name, after.digest)

    def _policies(self) -> tuple[Policy, Policy | None]:
        """After and before."""
        return Policy.from_dict(self.after), None if self.before is None else Policy.from_dict(self.before)

    @property
    def digest(self) -> str:
        """What makes one replay another; keys by their names."""
        told = [
            dict(self.after), None if self.before is None else dict(self.before), key_name(self.key),
            key_name(self.seal_key), sorted(self.guards), self.schemas, self.sample, self.seed, self.examples,
            self.show_text, version("llmpost"), None if self.facts is None else self.facts.name,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _drawing(module: str) -> ModuleType:
    """Most replays draw no tokens, and do not wait for torch."""
    return import_module(f"llmpost.engine.replaying.drawing.{module}")


def _accepting(schemas: Sequence[Any]) -> Schemas:
    """By the digests that traces name."""
    documents = map(JsonDocument.of_schema, schemas)
    return {f"sha256:{document.digest}": document.accepts for document in documents}


def _own_schemas(policies: Iterable[Policy]) -> Iterator[Any]:
    """What the policies hold their outputs to."""
    for policy in policies:
        if policy.constraint is not None and policy.constraint.kind == "json_schema":
            yield thawed(policy.constraint.content)


def _is_count(value: object, least: int | None) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1
