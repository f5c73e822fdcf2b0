"""All kinds that the built-in guard knows, entity by entity, and which entities it looks for where nobody says.

Scores are of this table and were not fitted: 1.0 where a checksum and a structure leave next to nothing else, 0.85
where a form is rarely anything else, less than a half where it often is; those need a word beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from llmpost.automata.entities.bounds import WORD
from llmpost.automata.entities.entity import Form
from llmpost.automata.entities.network import SHORT_MAILBOX
from llmpost.automata.entities.table import ENTITIES, entity_named
from llmpost.automata.entities.written import written
from llmpost.guards.pii.forms import BARE_PASSPORT, BARE_SSN, GROUPED_PHONE, MAILBOX_IN_WORDS, SPELLED_MAILBOX
from llmpost.guards.pii.kind import Kind

CERTAIN: Final = 1.0
SURE: Final = 0.85
LIKELY: Final = 0.6
WEAK: Final = 0.3
"""Below any threshold that one would set."""

_CHECK = "its form and its checksum"
_FORM = "its form"

_PHONE = (
    "phone", "telephone", "tel", "telefon", "telefono", "teléfono", "téléphone", "rufnummer", "handy", "mobile",
    "mobil", "móvil", "mob", "cell", "cellphone", "landline", "hotline", "switchboard", "pager", "desk", "extension",
    "fax", "facsimile", "call", "called", "caller", "calling", "dial", "dialled", "dialed", "ring", "answering",
    "voicemail", "sms", "text me", "message", "whatsapp", "reach me", "reach us", "reach you", "reach him", "reach her",
)  # fmt: skip
_PHONE_BEHIND = ("office", "fax", "mobile", "cell", "phone", "home", "work", "desk", "landline", "direct", "main")
_MAIL = ("email", "e-mail", "mail", "mailbox", "write to", "contact", "reach")
_SSN = ("ssn", "social security", "soc sec", "tax id", "taxpayer")
_BANK = ("aba", "routing", "rtn", "bank", "wire", "transit")
_PASSPORT = ("passport", "travel document")
_MEDICAL = ("npi", "provider", "physician", "doctor", "prescriber")


def _kind(entity: str, score: float, why: str, forms: tuple[Form, ...] = (), longest: int = 64) -> Kind:
    return Kind(entity, forms or entity_named(entity).forms, score, why, longest=longest)


def _checked(entity: str, score: float, raised: float, words: tuple[str, ...]) -> Kind:
    """It has a check, of which many numbers get past."""
    return Kind(entity, entity_named(entity).forms, score, _CHECK, words, score_in_context=raised)


def _formed(entity: str, score: float, raised: float, words: tuple[str, ...], forms: tuple[Form, ...] = ()) -> Kind:
    """It has no check."""
    return Kind(entity, forms or entity_named(entity).forms, score, _FORM, words, score_in_context=raised)


_MAILBOX = (written(SHORT_MAILBOX, WORD),)
"""Also the last part of one whose local part is too long."""
_SEPARATED_SSN, _SPACED_SSN = entity_named("US_SSN").forms

_KINDS: Final = (
    _kind("CREDIT_CARD", CERTAIN, "its issuer, its length and its checksum"),
    _kind("IBAN_CODE", CERTAIN, "its country's structure and its checksum"),
    _kind("CRYPTO", SURE, _FORM, longest=90),
    _kind("EMAIL_ADDRESS", 0.95, _FORM, _MAILBOX, longest=800),
    _kind("EMAIL_ADDRESS", LIKELY, "its form, spelled out", SPELLED_MAILBOX, longest=500),
    Kind("EMAIL_ADDRESS", MAILBOX_IN_WORDS, WEAK, _FORM, _MAIL, score_in_context=LIKELY, longest=320),
    _kind("IP_ADDRESS", SURE, _FORM),
    _kind("MAC_ADDRESS", SURE, _FORM),
    _kind("URL", LIKELY, _FORM, longest=2048),
    _kind("PHONE_NUMBER", 0.7, _FORM),
    Kind("PHONE_NUMBER", GROUPED_PHONE, WEAK, _FORM, _PHONE, _PHONE_BEHIND, score_in_context=0.55),
    _kind("US_SSN", SURE, _FORM, (_SEPARATED_SSN,)),
    _formed("US_SSN", LIKELY, SURE, _SSN, (_SPACED_SSN,)),
    _formed("US_SSN", 0.1, SURE, _SSN, BARE_SSN),
    _formed("US_ITIN", LIKELY, SURE, ("itin", "taxpayer", "tax id")),
    _formed("US_PASSPORT", 0.2, SURE, _PASSPORT, (*entity_named("US_PASSPORT").forms, *BARE_PASSPORT)),
    _formed("US_MBI", LIKELY, SURE, ("medicare", "mbi", "beneficiary")),
    _checked("US_NPI", WEAK, SURE, _MEDICAL),
    _checked("MEDICAL_LICENSE", LIKELY, SURE, ("dea", "license", "licence", "certificate")),
    _checked("ABA_ROUTING_NUMBER", WEAK, SURE, _BANK),
    _checked("UK_NHS", WEAK, SURE, ("nhs", "national health", "patient", "health service")),
    _formed("UK_NINO", LIKELY, SURE, ("nino", "ni number", "ni no", "national insurance")),
    _checked("DE_TAX_ID", WEAK, SURE, ("steuer-id", "steuernummer", "idnr", "identifikationsnummer", "tin", "tax id")),
    _checked("ES_NIE", SURE, 0.95, ("nie", "extranjero", "identificación")),
    _checked("ES_NIF", SURE, 0.95, ("nif", "dni", "identidad", "identificación")),
    _checked("FI_PERSONAL_IDENTITY_CODE", 0.95, CERTAIN, ("hetu", "henkilötunnus", "personal identity")),
    _checked("IT_FISCAL_CODE", 0.95, CERTAIN, ("codice fiscale", "fiscal code")),
    _checked("IT_VAT_CODE", WEAK, SURE, ("iva", "partita iva", "p. iva", "vat", "piva")),
    _checked("PL_PESEL", 0.4, SURE, ("pesel",)),
    _checked("SE_PERSONNUMMER", LIKELY, 0.95, ("personnummer", "personal number", "samordningsnummer")),
    _checked("AU_ABN", 0.4, SURE, ("abn", "business number")),
    _checked("AU_ACN", WEAK, SURE, ("acn", "company number")),
    _checked("AU_MEDICARE", WEAK, SURE, ("medicare",)),
    _checked("AU_TFN", WEAK, SURE, ("tfn", "tax file")),
    _checked("IN_AADHAAR", 0.4, SURE, ("aadhaar", "aadhar", "uidai", "uid")),
    _formed("IN_PAN", LIKELY, SURE, ("pan", "permanent account", "income tax")),
    _checked("SG_NRIC_FIN", SURE, 0.95, ("nric", "fin", "identity card")),
)  # fmt: skip


def _by_entity() -> Mapping[str, tuple[Kind, ...]]:
    return MappingProxyType(
        {entity.name: tuple(kind for kind in _KINDS if kind.entity == entity.name) for entity in ENTITIES}
    )


KINDS: Final = _by_entity()
"""By entity, all of `automata.entities` in its order."""

DEFAULT: Final = ("CREDIT_CARD", "CRYPTO", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER", "US_SSN")
"""What is known by its form in every country, and the number that is asked for most."""
