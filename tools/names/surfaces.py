"""Surfaces: what names, places, addresses, organisations and dates look like, drawn from lists and from forms."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

LISTS = Path(__file__).with_name("lists")
MONTHS = (
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
)
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
STATES = [
    "AL",
    "AK",
    "AZ",
    "AR",
    "CA",
    "CO",
    "CT",
    "DE",
    "FL",
    "GA",
    "HI",
    "ID",
    "IL",
    "IN",
    "IA",
    "KS",
    "KY",
    "LA",
    "ME",
    "MD",
    "MA",
    "MI",
    "MN",
    "MS",
    "MO",
    "MT",
    "NE",
    "NV",
    "NH",
    "NJ",
    "NM",
    "NY",
    "NC",
    "ND",
    "OH",
    "OK",
    "OR",
    "PA",
    "RI",
    "SC",
    "SD",
    "TN",
    "TX",
    "UT",
    "VT",
    "VA",
    "WA",
    "WV",
    "WI",
    "WY",
    "ON",
    "QC",
    "BC",
    "NSW",
    "VIC",
]
TITLES = [
    "Mr.",
    "Mrs.",
    "Ms.",
    "Miss",
    "Dr.",
    "Prof.",
    "Mr",
    "Mrs",
    "Ms",
    "Dr",
    "Prof",
    "Sir",
    "Madam",
    "Herr",
    "Frau",
    "Monsieur",
    "Madame",
    "Señor",
    "Señora",
    "Captain",
    "Professor",
    "Doctor",
    "Rev.",
    "Sgt.",
]
FORMS_OF_FIRMS = [
    "Inc",
    "Inc.",
    "Ltd",
    "Ltd.",
    "LLC",
    "Corp",
    "Corp.",
    "Corporation",
    "Company",
    "Co.",
    "GmbH",
    "AG",
    "SE",
    "S.A.",
    "SA",
    "SAS",
    "BV",
    "N.V.",
    "Oy",
    "AB",
    "AS",
    "ApS",
    "PLC",
    "plc",
    "Pty Ltd",
    "Group",
    "Holdings",
    "Partners",
    "Associates",
    "& Co",
    "and Sons",
    "& Sons",
    "Incorporated",
    "Limited",
    "e.V.",
    "S.r.l.",
    "SpA",
    "Kft",
    "Sp. z o.o.",
    "Ltda",
]
KINDS_OF_FIRMS = [
    "Bank",
    "Insurance",
    "Airlines",
    "Software",
    "Systems",
    "Technologies",
    "Solutions",
    "Consulting",
    "Energy",
    "Pharma",
    "Foods",
    "Motors",
    "Industries",
    "Media",
    "Records",
    "Press",
    "Studios",
    "Labs",
    "Analytics",
    "Capital",
    "Ventures",
    "Logistics",
    "Foundation",
    "Institute",
    "Hospital",
    "Clinic",
    "University",
    "College",
    "School",
    "Museum",
    "Orchestra",
    "Council",
    "Society",
    "Association",
    "Club",
    "FC",
    "United",
    "Hotel",
    "Restaurant",
    "Pharmacy",
    "Supermarket",
    "Church",
]
ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "sch",
    "sh",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
    "y",
    "z",
]
VOWELS = ["a", "e", "i", "o", "u", "ai", "ei", "ou", "á", "é", "í", "ö", "ü", "ø", "å", "ia", "io"]
CODAS = ["", "", "", "n", "r", "l", "s", "m", "nd", "rt", "ck", "x", "th"]
ENDINGS = [
    "son",
    "sen",
    "sson",
    "ski",
    "ska",
    "ová",
    "ov",
    "ova",
    "ev",
    "enko",
    "ić",
    "ez",
    "es",
    "i",
    "o",
    "a",
    "er",
    "mann",
    "berg",
    "stein",
    "ström",
    "dóttir",
    "akis",
    "opoulos",
    "yan",
    "ian",
    "oğlu",
    "escu",
    "ić",
    "ák",
    "quist",
    "ton",
    "ley",
    "man",
    "ford",
]


@cache
def _list(name: str, separator: str | None = ",") -> tuple[str, ...]:
    lines = (LISTS / f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(entry.strip() for line in lines for entry in line.split(separator) if entry.strip())


@cache
def _forms() -> tuple[str, ...]:
    return tuple(Path(__file__).with_name("streets_forms.txt").read_text("utf-8").split("\n")[:-1])


class Surfaces:
    """Draws; `known` adds what labelled sets hold, by label."""

    def __init__(self, dice: random.Random, known: dict[str, Sequence[str]] | None = None) -> None:
        self.dice = dice
        self.known = known or {}

    def draw(self, slot: str) -> tuple[str, str]:
        """What may stand in a slot of a template, and its label."""
        label, drawn = _SLOTS[slot]
        return drawn(self), label

    def pick(self, options: Sequence[str]) -> str:
        return options[self.dice.randrange(len(options))]

    def chance(self, probability: float) -> bool:
        return self.dice.random() < probability

    def known_of(self, label: str, probability: float) -> str | None:
        options = self.known.get(label)
        return self.pick(options) if options and self.chance(probability) else None

    def made_up(self, parts: int, ending: str = "") -> str:
        made = "".join(self.pick(ONSETS) + self.pick(VOWELS) + self.pick(CODAS) for _ in range(parts))
        return (made + ending).capitalize()

    def given(self) -> str:
        if self.chance(0.12):
            return self.made_up(2, self.pick(["", "a", "o", "e", "n", "us", "ie"]))
        name = self.pick(_list("given_names", None))
        return f"{name}-{self.pick(_list('given_names', None))}" if self.chance(0.02) else name

    def surname(self) -> str:
        dice = self.dice.random()
        if dice < 0.12:
            return self.made_up(self.dice.randint(1, 2), self.pick(ENDINGS))
        name = self.pick(_list("surnames", None))
        if dice < 0.15:
            return f"{name}-{self.pick(_list('surnames', None))}"
        return (
            f"{self.pick(['van', 'von', 'de', 'de la', 'da', 'dos', 'al', 'bin', 'van der', 'del', 'Mac', 'St.'])} {name}"
            if dice < 0.19
            else name
        )

    def person(self) -> str:
        known = self.known_of("PERSON", 0.3)
        if known is not None:
            return known
        given, surname, dice = self.given(), self.surname(), self.dice.random()
        if dice < 0.08:
            return f"{given} {self.initial()} {surname}"
        if dice < 0.16:
            return f"{given} {self.given()} {surname}"
        if dice < 0.21:
            return f"{given} {surname} {self.surname()}"
        if dice < 0.23:
            return f"{given} {surname} {self.pick(['Jr.', 'Sr.', 'III', 'Jr', 'II', 'PhD'])}"
        return f"{given} {surname}" if dice < 0.93 else given

    def initial(self) -> str:
        return self.pick("ABCDEFGHIJKLMNOPRSTVWYZ") + ("." if self.chance(0.8) else "")

    def city(self) -> str:
        known = self.known_of("LOCATION", 0.35)
        if known is not None:
            return known
        dice = self.dice.random()
        if dice < 0.08:
            return self.made_up(
                2, self.pick(["burg", "ville", "ton", "stad", "holm", "ino", "ów", "ice", "heim", "dorf", "by", "ham"])
            )
        city = self.pick(_list("cities"))
        if dice < 0.16:
            return f"{self.pick(['North', 'South', 'New', 'East', 'West', 'San', 'Saint', 'El', 'La', 'Port', 'Fort', 'Bad', 'Upper', 'Lake', 'Mount'])} {self.pick([city, self.surname()])}"
        return city

    def country(self) -> str:
        return self.pick(_list("countries"))

    def organisation(self) -> str:
        known = self.known_of("ORGANIZATION", 0.25)
        if known is not None:
            return known
        dice, form, kind = self.dice.random(), self.pick(FORMS_OF_FIRMS), self.pick(KINDS_OF_FIRMS)
        base = (
            self.pick(_list("organisations"))
            if self.chance(0.5)
            else self.pick(
                [
                    self.made_up(2),
                    self.made_up(3),
                    self.surname(),
                    self.made_up(2) + self.pick(["soft", "tech", "ware", "data", "bank", "cloud"]),
                ]
            )
        )
        base = base.removeprefix("the ") if dice < 0.75 else base
        if dice < 0.25:
            return f"{base} {form}"
        if dice < 0.45:
            return f"{base} {kind}" + (f" {form}" if self.chance(0.3) else "")
        if dice < 0.52:
            return (
                f"{self.surname()} & {self.surname()}"
                if self.chance(0.4)
                else f"{self.surname()}, {self.surname()} and {self.surname()}"
            )
        if dice < 0.56:
            return f"{self.surname()}-{self.surname()}"
        if dice < 0.62:
            return f"{self.city()} {kind}"
        if dice < 0.66:
            return f"{self.pick(['University', 'Bank', 'Institute', 'Museum', 'City', 'Port', 'Government'])} of {self.city()}"
        return base

    def number(self) -> str:
        return str(
            self.dice.choice([self.dice.randint(1, 99), self.dice.randint(1, 999), self.dice.randint(100, 99999)])
        ) + ("" if self.chance(0.95) else self.pick("abcAB"))

    def street(self) -> str:
        form = self.pick(_forms())
        fill: dict[str, Callable[[], str]] = {
            "n": self.number,
            "s": lambda: self.pick(_list("streets", None)),
            "l": self.surname,
            "f": self.given,
            "c": self.city,
        }
        for slot, drawn in fill.items():
            while "{" + slot + "}" in form:
                form = form.replace("{" + slot + "}", drawn(), 1)
        return form

    def short_street(self) -> str:
        street = self.street()
        bare = street.strip("0123456789 ,").strip()
        return bare if self.chance(0.3) and " " in bare else street

    def flat(self) -> str:
        return f"{self.pick(['Apt.', 'Apt', 'Suite', 'Unit', 'Flat', 'Floor', '#', 'Room', 'Top'])} {self.dice.randint(1, 999)}"

    def zip_code(self) -> str:
        number = self.dice.randint
        return self.pick(
            [
                f"{number(10000, 99999)}",
                f"{number(1000, 9999)}",
                f"{number(10000, 99999)}-{number(1000, 9999)}",
                f"{number(100, 999)} {number(10, 99)}",
                f"{number(10, 99)}-{number(100, 999)}",
                f"{number(1000, 9999)} {self.pick('ABCDEG')}{self.pick('ABCDEG')}",
                f"{self.pick(['SW', 'N', 'EC', 'M', 'LS', 'B'])}{number(1, 20)} {number(1, 9)}{self.pick('ABDEFG')}{self.pick('HJLN')}",
                f"K{number(1, 9)}A {number(1, 9)}B{number(1, 9)}",
                f"{number(10000, 99999)}-{number(100, 999)}",
            ]
        )

    def address(self, separator: str = ", ") -> str:
        known = self.known_of("STREET_ADDRESS", 0.2)
        if known is not None and separator == ", ":
            return known
        parts = [self.street()]
        parts += [self.flat()] if self.chance(0.25) else []
        dice = self.dice.random()
        if dice < 0.35:
            parts.append(f"{self.city()}, {self.pick(STATES)} {self.zip_code()}")
        elif dice < 0.6:
            parts.append(f"{self.zip_code()} {self.city()}")
        elif dice < 0.75:
            parts.append(f"{self.city()} {self.zip_code()}")
        elif dice < 0.9:
            parts.append(self.city())
        if dice < 0.9 and self.chance(0.25):
            parts.append(self.country())
        return separator.join(parts)

    def lines(self) -> str:
        return self.address(self.pick(["\n", "\n ", "\n    ", ",\n"]))

    def date(self, years: tuple[int, int] = (1950, 2030)) -> str:
        day, month, year = self.dice.randint(1, 28), self.dice.randint(1, 12), self.dice.randint(*years)
        names = MONTHS[self.dice.choice([0, 0, 0, 1, 1, 2, 3, 4])]
        name, nth = (
            names[month - 1],
            f"{day}{'st' if day in (1, 21) else 'nd' if day in (2, 22) else 'rd' if day in (3, 23) else 'th'}",
        )
        return self.pick(
            [
                f"{year}-{month:02}-{day:02}",
                f"{day:02}/{month:02}/{year}",
                f"{month}/{day}/{year}",
                f"{day}.{month}.{year}",
                f"{day:02}.{month:02}.{year}",
                f"{month:02}-{day:02}-{year}",
                f"{day}/{month}/{year % 100:02}",
                f"{day} {name} {year}",
                f"{name} {day}, {year}",
                f"{nth} of {name} {year}",
                f"{nth} {name} {year}",
                f"{name} {nth}, {year}",
                f"{day} de {name} de {year}" if names is MONTHS[3] else f"{day}. {name} {year}",
                f"{day}-{name[:3]}-{year}",
                f"{year}/{month:02}/{day:02}",
            ]
        )

    def loose_date(self) -> str:
        dice, month = self.dice.random(), self.pick(MONTHS[self.dice.randint(0, 1)])
        if dice < 0.1:
            return f"{self.date()} {self.dice.randint(0, 23):02}:{self.dice.randint(0, 59):02}:{self.dice.randint(0, 59):02}"
        if dice < 0.15:
            return f"{self.dice.randint(1990, 2030)}-{self.dice.randint(1, 12):02}-{self.dice.randint(1, 28):02}T{self.dice.randint(0, 23):02}:{self.dice.randint(0, 59):02}:{self.dice.randint(0, 59):02}Z"
        if dice < 0.25:
            return f"{month} {self.dice.randint(1, 28)}"
        if dice < 0.3:
            return f"{self.dice.randint(1, 28)} {month}"
        if dice < 0.35:
            return f"{self.pick(WEEKDAYS)}, {self.date()}"
        if dice < 0.4:
            return self.pick(WEEKDAYS)
        return f"{month} {self.dice.randint(1950, 2030)}" if dice < 0.45 else self.date()


_SLOTS: dict[str, tuple[str, Callable[[Surfaces], str]]] = {
    "P": ("PERSON", Surfaces.person),
    "F": ("PERSON", Surfaces.given),
    "L": ("PERSON", Surfaces.surname),
    "I": ("PERSON", Surfaces.initial),
    "A": ("STREET_ADDRESS", Surfaces.address),
    "M": ("STREET_ADDRESS", Surfaces.lines),
    "S": ("STREET_ADDRESS", Surfaces.short_street),
    "C": ("LOCATION", Surfaces.city),
    "K": ("LOCATION", Surfaces.country),
    "O": ("ORGANIZATION", Surfaces.organisation),
    "D": ("DATE_TIME", Surfaces.loose_date),
    "W": ("DATE_TIME", lambda self: self.pick(WEEKDAYS)),
    "V": ("DATE_TIME", lambda self: self.pick(MONTHS[0])),
    "Y": ("DATE_TIME", lambda self: str(self.dice.randint(1800, 2029))),
    "B": ("DATE_OF_BIRTH", lambda self: self.date((1930, 2012))),
    "G": ("AGE", lambda self: str(self.dice.randint(1, 99))),
    "N": ("NRP", lambda self: self.pick(_list("nationalities"))),
    "T": ("TITLE", lambda self: self.pick(TITLES)),
    "Z": ("ZIP_CODE", Surfaces.zip_code),
}
