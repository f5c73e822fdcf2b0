"""Python's types: whatever random tokens write under a type's schema, pydantic reads as the type."""

import dataclasses
import datetime
import decimal
import enum
import ipaddress
import pathlib
import uuid
from random import Random
from typing import Annotated, Any, Literal, NamedTuple

import pydantic
import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from llmpost.constraints import Constraint, compile_constraint
from llmpost.engine import Engine
from llmpost.engine.output_type import NotOfType, as_output_type
from llmpost.vocabulary import Vocabulary

NUM_TEXTS = 12
TOKENS = [
    *(bytes([octet]) for octet in range(256)),
    *(b"e9", b"19", b"00", b".0", b"-0", b"T1", b": ", b", ", b'": "', b'",', b'"}', b'"]', b"abc", b"<end>"),
]
VOCABULARY = Vocabulary.from_tokens(TOKENS, eos_ids=[len(TOKENS) - 1])
CLOSING = [TOKENS.index(token) for token in (b'"', b"}", b"]", b'"}', b'"]')]


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Size(enum.IntEnum):
    SMALL = 1
    LARGE = 2


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    name: str


class Owner(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]


class Node(BaseModel):
    value: Annotated[int, Field(ge=0, lt=10)]
    following: "Node | None" = None


class Options(TypedDict, total=False):
    name: str
    sizes: list[Size]


@dataclasses.dataclass
class Point:
    x: float
    y: bool = False


class Pair(NamedTuple):
    first: int
    second: str = "x"


class Renamed(BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    own_name: int = Field(alias="own name")


class Open(BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int]
    name: str = ""


TYPES: list[Any] = [
    datetime.datetime, datetime.date, datetime.time, datetime.timedelta, pydantic.AwareDatetime, pydantic.NaiveDatetime,
    Annotated[datetime.date, Field(ge=datetime.date(2019, 12, 31), lt=datetime.date(2020, 3, 1))],
    Annotated[datetime.date, Field(gt=datetime.date(999, 1, 9), le=datetime.date(1000, 1, 1))],
    decimal.Decimal, Annotated[decimal.Decimal, Field(gt=3)],
    Annotated[decimal.Decimal, Field(max_digits=5, decimal_places=2)],
    uuid.UUID, pydantic.UUID4, pydantic.UUID1,
    ipaddress.IPv4Address, ipaddress.IPv6Address, ipaddress.IPv4Network, ipaddress.IPv6Interface,
    int, float, complex, bool, None, str, bytes, Any, Annotated[float, Field(allow_inf_nan=False)],
    Annotated[int, Field(gt=2, multiple_of=3)], Annotated[int, Field(ge=-3, le=3)],
    Annotated[str, pydantic.StringConstraints(pattern="^[a-z]+$", max_length=4)],
    Annotated[str, pydantic.StringConstraints(strip_whitespace=True, min_length=1, max_length=3)],
    Colour, Size, Literal["a", 1, None, True],
    set[int], frozenset[str], Annotated[set[int], Field(min_length=2)], Annotated[list[int], Field(min_length=2)],
    tuple[int, str], tuple[bool, ...], dict[str, int], dict[int, int], dict[float, None], dict[Colour, int],
    dict[datetime.date, bool], dict[uuid.UUID, int], int | str, list[Point] | None,
    pathlib.Path, pydantic.SecretStr, pydantic.Base64Bytes, pydantic.AnyUrl, pydantic.HttpUrl,
    Owner, Node, Options, Point, Pair, Renamed, Open, list[Cat | Dog],
]  # fmt: skip


def random_text(constraint: Constraint, random: Random, patience: int = 40) -> str:
    """A text of the constraint: tokens drawn from masks, from some length on rather those that close something."""
    state, octets, length = constraint.start(), b"", 0
    while not (state.can_end and (length > patience or random.random() < 0.2)):
        mask = state.mask()
        closing = [token for token in CLOSING if mask.allows(token)]
        is_closing = closing and (length > patience or random.random() < 0.1)
        token = random.choice(closing) if is_closing else int(random.choice(mask.ids()))
        state, length = state.advance(token), length + 1
        if state.is_finished:
            break
        octets += TOKENS[token]
        assert length < 50 * patience, "no end was found"
    return octets.decode()


@pytest.mark.parametrize("given", TYPES, ids=lambda given: str(given).replace("typing.", "")[:50])
def test_whatever_is_written_is_of_the_type(given: Any) -> None:
    """No text that masks let through is refused when it is read."""
    output_type = as_output_type(given)
    constraint = compile_constraint(VOCABULARY, json_schema=output_type.schema)
    for seed in range(NUM_TEXTS):
        output_type.parse(random_text(constraint, Random(seed)))


VALUES: list[Any] = [
    datetime.datetime(2024, 2, 29, 23, 59, 59, tzinfo=datetime.UTC), datetime.date(1, 1, 1), datetime.timedelta(days=3),
    decimal.Decimal("-12.50"), uuid.UUID(int=5), ipaddress.IPv6Address("::1"), 2**60, -0.5, "né", b"text", Colour.RED,
    pydantic.HttpUrl("https://docs.example.org/a/b?c=d#e"), Owner(pet=Dog(name="Rex")),
    Node(value=1, following=Node(value=2)), Point(1.5, True), Renamed(**{"own name": 3}), Open(name="x", more=4),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_pydantic_prints_can_be_written(value: Any) -> None:
    """Narrowing takes away nothing that a program would say: a printed value is in the language, and comes back."""
    adapter = pydantic.TypeAdapter(type(value))
    output_type = as_output_type(type(value))
    text = adapter.dump_json(value, by_alias=True).decode()
    assert compile_constraint(VOCABULARY, json_schema=output_type.schema).accepts(text)
    assert output_type.parse(text) == value


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (datetime.date, '"0000-01-01"'), (datetime.datetime, '"2016-12-31T23:59:60Z"'), (datetime.time, '"23:59:60Z"'),
        (datetime.timedelta, '"P9999999Y"'), (int, "1e400"), (decimal.Decimal, '"NaN"'),
        (pydantic.UUID4, f'"{uuid.UUID(int=5)}"'),
        (Owner, '{"pet": {"lives": 3}}'), (Point, '{"x": 1, "z": 2}'), (pydantic.AnyUrl, '"http:"'),
        (Annotated[datetime.date, Field(ge=datetime.date(2020, 1, 1))], '"2019-12-31"'),
    ],
)  # fmt: skip
def test_what_pydantic_would_refuse_cannot_be_written(given: Any, text: str) -> None:
    """Nor can fields that the type does not have."""
    assert not compile_constraint(VOCABULARY, json_schema=as_output_type(given).schema).accepts(text)


def test_what_no_schema_can_say_is_found_when_it_is_read(tiny: Engine) -> None:
    """The text is kept, the reason is that of a failure, and the trace says why."""

    class Impossible(BaseModel):
        name: str

        @pydantic.field_validator("name")
        @classmethod
        def _never(cls, name: str) -> str:
            raise ValueError(name)

    with pytest.raises(NotOfType):
        as_output_type(Impossible).parse('{"name": "x"}')
    result = tiny.generate("Extract name: I am Maria Chen.", schema=Impossible)
    assert (result.parsed, result.finish_reason) == (None, "constraint_failed")
    assert result.trace.notes[-1].endswith("which takes less than its schema: /name: breaks 'value_error'")


@pytest.mark.parametrize("settings", [{}, {"temperature": 1.0, "seed": 5}, {"temperature": 3.0, "top_k": 0, "seed": 2}])
def test_the_bundled_model_writes_every_type(tiny: Engine, settings: dict[str, Any]) -> None:
    """At any temperature: what came to its end is of the type, whatever the model would rather say."""
    types = [
        Owner,
        Point,
        datetime.date,
        decimal.Decimal,
        Colour,
        tuple[bool, Size],
        Annotated[str, Field(max_length=9)],
    ]
    results = tiny.generate(["Extract the order."] * len(types), schema=types, max_new_tokens=90, **settings)
    for given, result in zip(types, results, strict=True):
        assert result.finish_reason in ("stop", "length")
        if result.finish_reason == "stop":
            pydantic.TypeAdapter(given).validate_python(result.parsed)
    assert sum(result.finish_reason == "stop" for result in results) >= 4
