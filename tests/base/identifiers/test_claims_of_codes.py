"""What codes take on the whole installation: themselves and the paths at which a GS1 resolver answers for them."""

from __future__ import annotations

from itertools import permutations

import pytest

from jialiang.base.identifiers.code_claims import GS1_PLACE, KEYS, claims_of, gs1_paths
from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.handle.published import gs1_key

GTIN_14 = RecordCode("GTIN-14", "06901234567892")
GTIN_13 = RecordCode("GTIN-13", "6901234567892")
LINK = RecordCode("GS1-Digital-Link", "/01/06901234567892")
ELEMENT = RecordCode("GS1-Element-String", "(01)06901234567892")
OID = RecordCode("OID", "1.2.156.112")

PATHS = {
    "GTIN-8": ("96385074", "01/00000096385074"),
    "GTIN-12": ("036000291452", "01/00036000291452"),
    "GTIN-13": ("6901234567892", "01/06901234567892"),
    "GTIN-14": ("06901234567892", "01/06901234567892"),
    "GLN": ("6901234567892", "414/6901234567892"),
    "SSCC": ("106141412345678908", "00/106141412345678908"),
    "GIAI": ("40123459", "8004/40123459"),
    "OID": ("1.2.156.112", ""),
    "something else": ("x", ""),
}


@pytest.mark.parametrize("system", PATHS)
def test_the_path_of_a_code_by_its_system(system: str):
    code, path = PATHS[system]
    assert gs1_paths([RecordCode(system, code)]) == ((path,) if path else ())


@pytest.mark.parametrize("code", [GTIN_13, GTIN_14, LINK, ELEMENT], ids=lambda code: code.system)
def test_four_spellings_of_one_article_take_one_place(code: RecordCode):
    claims = claims_of([code])
    assert claims == {(code.system, code.code): code, (GS1_PLACE, gs1_key("01/06901234567892")): code}


def test_a_code_without_a_place_takes_itself_alone():
    assert claims_of([OID]) == {("OID", "1.2.156.112"): OID}
    assert claims_of([]) == {}


def test_codes_of_one_record_may_lead_to_one_place_which_the_first_of_them_takes():
    claims = claims_of([GTIN_13, GTIN_14, OID])
    assert len(claims) == 4
    assert claims[GS1_PLACE, gs1_key("01/06901234567892")] == GTIN_13


@pytest.mark.parametrize("order", list(permutations([GTIN_13, LINK, OID])))
def test_what_is_taken_does_not_depend_on_the_order_of_the_codes(order: tuple[RecordCode, ...]):
    assert claims_of(order).keys() == claims_of([GTIN_13, LINK, OID]).keys()


def test_the_system_of_places_can_be_no_system_of_codes():
    assert " " in GS1_PLACE
    assert not any(" " in system for system in KEYS)


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("40123/459", "8004/40123%2F459"), ("40123+459", "8004/40123%2B459"), ("40123-459", "8004/40123-459"),
        ("40123.459", "8004/40123.459"), ("40123_459", "8004/40123_459"),
    ],
)  # fmt: skip
def test_signs_of_a_code_are_written_in_its_path_as_an_address_writes_them(code: str, path: str):
    assert gs1_paths([RecordCode("GIAI", code)]) == (path,)


@pytest.mark.parametrize("code", ["", "温度计", "x" * 400])
def test_what_the_syntax_of_addresses_does_not_take_has_no_place_and_breaks_nothing(code: str):
    assert gs1_paths([RecordCode("GIAI", code)]) == ()
