"""One search: numbers first, names too, and nothing that the person may not see."""

import pytest
from tests.information.evidence_rows import certificate, record
from tests.ledger import PAPER

from jialiang.base.identifiers.selectors import identifier_of
from jialiang.information.search import search


@pytest.fixture
def filled(world):
    thermometer = world.instrument()
    world.instrument(owner_id=world.mill_id, serial_number="M-7")
    world.standard(PAPER)
    issued = certificate(world, thermometer, calibration=record(world, thermometer))
    return {"instrument": thermometer, "certificate": issued}


def nouns(found):
    return [hit.noun for hit in found]


def test_a_serial_number_finds_the_instrument_first_and_its_papers_after(world, filled):
    found = search(world.person("receptionist"), " 2024-0317 ")
    assert (found[0].noun, found[0].id, found[0].exact) == ("instrument", filled["instrument"].id, True)
    assert set(nouns(found[1:])) == {"certificate", "commission", "calibration"}
    assert [hit.exact for hit in found[1:]] == [False] * 3


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("YZ-W-2026-000001", "commission"), ("yz-t-001", "measurement_standard"), ("白杨", "organization"),
        ("SPRT", "measurement_standard"), ("Poplar", "organization"), ("M-7", "instrument"),
    ],
)  # fmt: skip
def test_numbers_and_names_of_every_noun_are_found(world, filled, text, noun):
    assert nouns(search(world.person("receptionist"), text))[0] == noun


def test_a_certificate_is_found_by_its_number_and_by_its_identifier(world, filled):
    issued = filled["certificate"]
    for text in (issued.number.lower(), issued.identifier.text, issued.identifier.text.upper()):
        hit = search(world.person("signatory"), text)[0]
        assert (hit.noun, hit.id, hit.exact) == ("certificate", issued.id, True)


def test_an_instrument_is_found_by_its_identifier_once(world, filled):
    code = identifier_of("instrument", filled["instrument"].id).text
    (hit,) = search(world.person("technician"), code)
    assert (hit.noun, hit.id) == ("instrument", filled["instrument"].id)


def test_a_customer_finds_the_own_things_only(world, filled):
    dairy = world.person("customer", organization_id=world.dairy_id)
    mill = world.person("customer", organization_id=world.mill_id)
    code = identifier_of("instrument", filled["instrument"].id).text
    assert nouns(search(dairy, "2024-0317")) == ["instrument", "certificate", "commission"]
    for text in ("2024-0317", code, filled["certificate"].number, filled["certificate"].identifier.text, "晨星"):
        assert search(mill, text) == ()
    assert nouns(search(mill, "M-7")) == ["instrument"]
    assert search(dairy, "SPRT") == ()


def test_a_customer_without_an_organization_finds_nothing(world, filled):
    assert search(world.person("customer"), "2024-0317") == ()


def test_somebody_without_a_role_finds_nothing(world, filled):
    assert search(world.person(), filled["certificate"].identifier.text) == ()


@pytest.mark.parametrize("text", ["", " ", "2", "%", "没有这样的东西"])
def test_too_little_and_what_is_not_there_gives_nothing(world, filled, text):
    assert search(world.person("receptionist"), text) == ()


def test_a_search_costs_at_most_twelve_queries(world, filled, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        search(world.person("receptionist"), "2024")
