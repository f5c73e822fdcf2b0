"""All entities in their order, and each by its name.

What Presidio knows and is missing here is either not regular text (names, places, dates in words) or so wide that it
would forbid every number: those are refused with the reason.
"""

from __future__ import annotations

from llmpost.automata.entities.asia import IN_AADHAAR, IN_PAN, SG_NRIC_FIN
from llmpost.automata.entities.australia import AU_ABN, AU_ACN, AU_MEDICARE, AU_TFN
from llmpost.automata.entities.cards import CREDIT_CARD
from llmpost.automata.entities.entity import Entity
from llmpost.automata.entities.europe import (
    DE_TAX_ID,
    ES_NIE,
    ES_NIF,
    FI_PERSONAL_IDENTITY_CODE,
    IT_FISCAL_CODE,
    IT_VAT_CODE,
    PL_PESEL,
    SE_PERSONNUMMER,
)
from llmpost.automata.entities.iban import IBAN_CODE
from llmpost.automata.entities.network import CRYPTO, EMAIL_ADDRESS, IP_ADDRESS, MAC_ADDRESS, URL
from llmpost.automata.entities.phones import PHONE_NUMBER
from llmpost.automata.entities.united_kingdom import UK_NHS, UK_NINO
from llmpost.automata.entities.united_states import (
    ABA_ROUTING_NUMBER,
    MEDICAL_LICENSE,
    US_ITIN,
    US_MBI,
    US_NPI,
    US_PASSPORT,
    US_SSN,
)
from llmpost.errors import ConstraintError, suggestion

ENTITIES = (
    CREDIT_CARD, CRYPTO, EMAIL_ADDRESS, IBAN_CODE, IP_ADDRESS, MAC_ADDRESS, PHONE_NUMBER, URL,
    US_SSN, US_ITIN, US_PASSPORT, US_MBI, US_NPI, MEDICAL_LICENSE, ABA_ROUTING_NUMBER,
    UK_NHS, UK_NINO,
    DE_TAX_ID, ES_NIE, ES_NIF, FI_PERSONAL_IDENTITY_CODE, IT_FISCAL_CODE, IT_VAT_CODE, PL_PESEL, SE_PERSONNUMMER,
    AU_ABN, AU_ACN, AU_MEDICARE, AU_TFN,
    IN_AADHAAR, IN_PAN, SG_NRIC_FIN,
)  # fmt: skip

_BY_NAME = {entity.name: entity for entity in ENTITIES}

_TOO_WIDE = {
    "US_BANK_NUMBER": "Any 8 to 17 digits are one: ABA_ROUTING_NUMBER has a checksum, or write a regex.",
    "US_DRIVER_LICENSE": "Each state has its own, some any digits at all: write a regex for the one you mean.",
}


def entity_named(name: str) -> Entity:
    """ConstraintError, with the closest name, where there is none.

    >>> entity_named("US_SSN").examples[0]
    '078-05-1120'
    """
    entity = _BY_NAME.get(name)
    if entity is None:
        hint = _TOO_WIDE.get(name) or suggestion(name, _BY_NAME)
        raise ConstraintError("entity", repr(name), "an entity that can be told by its characters", hint)
    return entity
