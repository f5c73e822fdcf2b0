"""Entities against Presidio's recognisers, where they are installed: the same, or wider or narrower for a reason."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from entity_twins import TWINS, nearly
from hypothesis import given
from hypothesis import strategies as st

from llmpost.automata.entities.table import entity_named
from llmpost.automata.reference import ReferenceAlgebra

pytestmark = pytest.mark.filterwarnings("ignore")  # of what Presidio imports

SAME = {
    "AU_ACN": "AuAcnRecognizer",
    "AU_TFN": "AuTfnRecognizer",
    "MAC_ADDRESS": "MacAddressRecognizer",
    "MEDICAL_LICENSE": "MedicalLicenseRecognizer",
    "PL_PESEL": "PlPeselRecognizer",
    "UK_NINO": "UkNinoRecognizer",
    "US_PASSPORT": "UsPassportRecognizer",
}
NARROWER = {
    "ABA_ROUTING_NUMBER": "AbaRoutingRecognizer",  # there, any district
    "IN_AADHAAR": "InAadhaarRecognizer",  # there, two kinds of separators too; a palindrome is none there
    "IN_PAN": "InPanRecognizer",  # there, also any ten letters and digits
    "SE_PERSONNUMMER": "SePersonnummerRecognizer",  # there, six to eight digits before the last four
    "SG_NRIC_FIN": "SgFinRecognizer",  # there without the check letter
    "UK_NHS": "NhsRecognizer",  # there, each separator for itself
    "US_ITIN": "UsItinRecognizer",  # there, with one separator too
    "US_MBI": "UsMbiRecognizer",  # there, the first digit may be a zero
    "US_NPI": "UsNpiRecognizer",  # there, two kinds of separators too
}
WIDER = {
    "AU_ABN": "AuAbnRecognizer",  # with hyphens
    "AU_MEDICARE": "AuMedicareRecognizer",  # with the person's line
    "CRYPTO": "CryptoRecognizer",  # by the form alone, and Ethereum
    "ES_NIE": "EsNieRecognizer",  # with a hyphen behind the first letter
    "ES_NIF": "EsNifRecognizer",  # with a space before the letter
    "FI_PERSONAL_IDENTITY_CODE": "FiPersonalIdentityCodeRecognizer",  # on 31 November too
    "IT_VAT_CODE": "ItVatCodeRecognizer",  # with the country before it
}


@pytest.fixture(scope="module")
def recognisers() -> ModuleType:
    return pytest.importorskip("presidio_analyzer.predefined_recognizers", reason="Presidio is not installed here")


def finds_whole(recogniser: Any, name: str, text: str) -> bool:
    found = recogniser.analyze(text, [name], None)
    return any((one.start, one.end) == (0, len(text)) and one.score > 0 for one in found)


@pytest.mark.parametrize("name", [*SAME, *NARROWER, *WIDER])
@given(data=st.data())
def test_it_is_what_presidio_finds(recognisers: ModuleType, name: str, data: st.DataObject) -> None:
    """A number is the entity exactly when Presidio finds it, or in one direction alone where a reason is given."""
    entity, recogniser = entity_named(name), getattr(recognisers, (SAME | NARROWER | WIDER)[name])()
    algebra = ReferenceAlgebra()
    text = data.draw(nearly(entity, TWINS.get(name, bool)))
    is_here = algebra.can_end(algebra.after(entity.language(algebra), text.encode()))
    is_there = finds_whole(recogniser, name, text)
    assert is_there or not is_here or name in WIDER
    assert is_here or not is_there or name in NARROWER
