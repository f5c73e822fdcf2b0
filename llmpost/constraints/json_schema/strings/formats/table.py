"""All formats by the names that JSON Schema gives them, and what each leaves out.

A name that is not here is unknown, and asserts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from llmpost.constraints.json_schema.strings.formats.addresses import IPV4, IPV6
from llmpost.constraints.json_schema.strings.formats.calendar import DATE, DATE_TIME, DURATION, TIME
from llmpost.constraints.json_schema.strings.formats.expressions import REGEX
from llmpost.constraints.json_schema.strings.formats.format import Format
from llmpost.constraints.json_schema.strings.formats.hostname import HOSTNAME
from llmpost.constraints.json_schema.strings.formats.international import IDN_HOSTNAME
from llmpost.constraints.json_schema.strings.formats.mail import EMAIL, IDN_EMAIL
from llmpost.constraints.json_schema.strings.formats.pointers import JSON_POINTER, RELATIVE_JSON_POINTER, UUID
from llmpost.constraints.json_schema.strings.formats.resources import (
    IRI,
    IRI_REFERENCE,
    URI,
    URI_REFERENCE,
    URI_TEMPLATE,
)

FORMATS: Mapping[str, Format] = {
    "date": DATE,
    "time": TIME,
    "date-time": DATE_TIME,
    "duration": DURATION,
    "email": EMAIL,
    "idn-email": IDN_EMAIL,
    "hostname": HOSTNAME,
    "idn-hostname": IDN_HOSTNAME,
    "ipv4": IPV4,
    "ipv6": IPV6,
    "uri": URI,
    "uri-reference": URI_REFERENCE,
    "iri": IRI,
    "iri-reference": IRI_REFERENCE,
    "uri-template": URI_TEMPLATE,
    "uuid": UUID,
    "regex": REGEX,
    "json-pointer": JSON_POINTER,
    "relative-json-pointer": RELATIVE_JSON_POINTER,
}

BEYOND: Mapping[str, str] = {
    "hostname": "labels in Punycode (xn--) are refused",
    "idn-hostname": "labels in Punycode (xn--) are refused; that the Punycode of a label has at most 63 characters is "
    "asked for only where its length alone tells",
    "idn-email": "as in idn-hostname",
    "regex": "back-references, a second group with a name, and some escapes and ranges of characters are refused",
}
"""In words, where a format is not exactly its standard."""
