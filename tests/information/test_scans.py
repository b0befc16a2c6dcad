"""A scanned code opens its thing, lists several, or says why it leads to none; never what another may see only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from tests.formats.carriers.test_photographs import encoded, on_desk, symbol
from tests.functions.test_instrument_marks import SEAL, put
from tests.information.evidence_rows import certificate, record
from tests.ledger import PAPER, actor
from tests.pictures import nothing_changes

from jialiang.base.identifiers.records import RecordCode
from jialiang.base.identifiers.rows_read import stored
from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.identifiers.services import NewRecord, register
from jialiang.base.instrument_marks.selectors import marks_of
from jialiang.formats.carriers.photographs import FoundSymbol, NoSymbolFound
from jialiang.functions.identifier_answers import Changed, publish_records
from jialiang.functions.instrument_marks import remove
from jialiang.information import scans
from jialiang.information.scans import NothingScanned, recognise, recognise_photograph
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

HOME = settings.JIALIANG.public_url
PREFIX = settings.JIALIANG.identifier_prefix
READERS = ("receptionist", "technician", "reviewer", "signatory", "standards_keeper", "instrument_manager",
           "quality_manager", "auditor", "regulator", "system_administrator")  # fmt: skip


def customer(world, organization_id):
    return world.person("customer", organization_id=organization_id)


def led_to(scan):
    return [(hit.noun, hit.id) for hit in scan.found]


@pytest.fixture
def thermometer(world):
    row = world.instrument(inventory_number="INV-7")
    put(world, row, SEAL)
    return row


@pytest.fixture
def issued(world, thermometer):
    return certificate(world, thermometer, calibration=record(world, thermometer))


def keyed(world, code, *, system="GS1-Digital-Link", subject=None, suffix="gs1-7"):
    """A published record of a GS1 key."""
    new = NewRecord(
        f"{PREFIX}/{suffix}", (), codes=(RecordCode(system, code),), organization_id=world.dairy_id,
        subject_kind="instrument" if subject else "", subject_id=subject,
    )  # fmt: skip
    made = stored(register(new, actor=world.person("identifier_operator"), now=world.now))
    publish_records([Changed(made)], world.now)
    return made


@pytest.mark.parametrize("role", READERS)
def test_every_way_of_naming_an_instrument_opens_it(world, thermometer, role):
    me, name = world.person(role), identifier_of("instrument", thermometer.id).text
    ways = (
        name, name.upper(), f"{HOME}/{name}", f"hdl:{name}", f"https://hdl.handle.net/{name}",
        "2024-0317", " 2024-0317 ",
        "No. 2024-0317", "出厂编号：2024-0317", "INV-7", "inv-7", "F 0001", "f0001",
        f"{HOME}/instruments/{thermometer.id}/", "(21)2024-0317",
    )  # fmt: skip
    for text in ways:
        scan = recognise(me, text)
        assert (scan.outcome, led_to(scan)) == ("found", [("instrument", thermometer.id)]), text


@pytest.mark.parametrize("role", ["identifier_operator", ""])
def test_who_may_not_read_instruments_finds_none(world, thermometer, role):
    me = world.person(*([role] if role else []))
    for text in ("2024-0317", "F 0001", f"{HOME}/instruments/{thermometer.id}/"):
        assert (recognise(me, text).outcome, recognise(me, text).found) == ("unknown", ())


def test_who_reads_identifiers_alone_is_led_to_the_record(world, thermometer):
    held = identifier_of("instrument", thermometer.id)
    assert led_to(recognise(world.person("identifier_operator"), held.text)) == [("identifier", held.id)]


def test_a_certificate_opens_by_its_symbol_its_identifier_and_its_number(world, issued):
    me, name = world.person("technician"), issued.identifier.text
    for text in (f"{HOME}/c/{name}?k=ABC", f"{HOME}/c/{name}", name, issued.number, issued.number.lower(),
                 f"证书编号：{issued.number}", f"{HOME}/certificates/{issued.id}/"):  # fmt: skip
        assert led_to(recognise(me, text)) == [("certificate", issued.id)], text


def test_a_customer_opens_the_own_things_only(world, thermometer, issued):
    dairy, mill = customer(world, world.dairy_id), customer(world, world.mill_id)
    name = issued.identifier.text
    for text in ("2024-0317", "F 0001", issued.number, name):
        assert recognise(dairy, text).outcome == "found", text
        assert recognise(mill, text).found == (), text
    assert recognise(mill, f"{HOME}/instruments/{thermometer.id}/").outcome == "unknown"


def test_a_standard_opens_for_those_who_read_standards(world):
    row = world.standard(PAPER, serial_number="YZ-T-009", code="STD-9")
    for text in ("YZ-T-009", "yz-t-009", "STD-9", f"{HOME}/standards/{row.id}/"):
        assert led_to(recognise(world.person("standards_keeper"), text)) == [("measurement_standard", row.id)]
        assert recognise(customer(world, world.dairy_id), text).found == ()


def test_the_same_serial_number_of_two_makers_is_a_list_that_tells_them_apart(world, thermometer):
    other = world.instrument(manufacturer=Text("近水仪表厂", "Jinshui Instruments"), model="B-2")
    scan = recognise(world.person("technician"), "2024-0317")
    assert set(led_to(scan)) == {("instrument", thermometer.id), ("instrument", other.id)}
    assert len({hit.detail.zh for hit in scan.found}) == 2
    assert any("Jinshui" in hit.detail.en for hit in scan.found)


def test_of_very_many_with_one_number_twenty_are_listed(world, monkeypatch):
    monkeypatch.setattr(scans, "MOST_FOUND", 2)
    for maker in ("甲", "乙", "丙"):
        world.instrument(serial_number="7", manufacturer=Text(maker))
    assert len(recognise(world.person("technician"), "7").found) == 2


def test_a_number_within_another_number_is_not_that_number(world, thermometer):
    for text in ("2024-03", "0317", "2024-03170", "F 000"):
        assert recognise(world.person("technician"), text).outcome == "unknown", text


@pytest.mark.parametrize(
    "text",
    ["(01)09506000134352(21)S1", "]d2010950600013435221S1", "https://id.gs1.org/01/09506000134352/21/S1",
     f"{HOME}/01/09506000134352/21/S1", "(01)09506000134352(21)S1(17)261231"],
)  # fmt: skip
def test_a_gs1_symbol_opens_what_its_record_stands_for(world, thermometer, text):
    keyed(world, "/01/09506000134352/21/S1", subject=thermometer.id)
    assert led_to(recognise(world.person("technician"), text)) == [("instrument", thermometer.id)]


@pytest.mark.parametrize(
    ("system", "code", "text"),
    [("GIAI", "40123459", "(8004)40123459"), ("GRAI", "09506000134352A7", "]C1800309506000134352A7")],
)
def test_assets_by_giai_and_grai(world, system, code, text):
    made = keyed(world, code, system=system)
    assert led_to(recognise(world.person("instrument_manager"), text)) == [("identifier", made.id)]


def test_the_serial_number_in_a_gs1_symbol_of_the_maker_opens_the_instrument(world, thermometer):
    scan = recognise(world.person("technician"), "(01)09506000134352(21)2024-0317")
    assert led_to(scan) == [("instrument", thermometer.id)]


def test_the_record_of_a_kind_of_goods_answers_for_one_of_them(world):
    made = keyed(world, "09506000134352", system="GTIN-14")
    assert led_to(recognise(world.person("receptionist"), "(01)09506000134352(21)X9")) == [("identifier", made.id)]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("no-such-number", "unknown"), (f"{PREFIX}/no-such-thing", "unknown"), ("(8004)40129999", "unknown"),
     (f"{HOME}/nothing", "unknown"), ("https://example.org/7", "foreign"), ("https://hdl.handle.net/99.1/x", "foreign"),
     ("https://brand.example/01/09506000134352", "foreign"), ("WIFI:S:x;P:y;;", "not_a_code"),
     ("a\nb", "not_a_code"), ("%00", "unknown"), ("' OR ''='", "unknown")],
)  # fmt: skip
def test_what_leads_nowhere_is_told_apart(world, text, outcome):
    scan = recognise(world.person("technician"), text)
    assert (scan.outcome, scan.found, scan.text) == (outcome, (), text)
    assert bool(scan.host) == (outcome == "foreign")


@pytest.mark.parametrize("text", ["", " ", "\n\t", "x" * 5000])
def test_nothing_is_refused_in_both_languages(world, text):
    with pytest.raises(NothingScanned) as refused:
        recognise(world.person("technician"), text)
    assert "4096" in refused.value.rule.zh and "4096" in refused.value.rule.en


def stranger(tenant_id, now):
    return actor(tenant_id, now, "receptionist", "technician", "standards_keeper", "identifier_operator")


def test_of_another_institute_nothing_but_its_public_page_is_told(world, thermometer, issued):
    name, standard = identifier_of("instrument", thermometer.id).text, world.standard(PAPER, code="STD-9")
    keyed(world, "/8004/40123459")
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    private = (
        "2024-0317", "INV-7", "F 0001", issued.number, standard.serial_number, standard.code,
        f"{HOME}/instruments/{thermometer.id}/", f"{HOME}/certificates/{issued.id}/",
        f"{HOME}/standards/{standard.id}/",
    )  # fmt: skip
    with scope(other.id):
        me = stranger(other.id, world.now)
        for text in private:
            scan = recognise(me, text)
            assert (scan.outcome, scan.found, scan.public_url) == ("unknown", (), ""), text
        published = recognise(me, name)
        assert (published.outcome, published.found, published.public_url) == ("public", (), f"{HOME}/{name}")
        key = recognise(me, "(8004)40123459")
        assert (key.outcome, key.public_url) in (("public", f"{HOME}/8004/40123459"), ("unknown", ""))
        assert not key.found


def test_the_check_page_is_offered_alike_whether_a_certificate_exists_or_not(world, issued):
    mill = customer(world, world.mill_id)
    for name in (issued.identifier.text, f"{PREFIX}/c-none"):
        scan = recognise(mill, f"{HOME}/c/{name}?k=AB%26x=1")
        assert (scan.outcome, scan.found, scan.public_url) == ("public", (), f"{HOME}/c/{name}?k=AB%26x%3D1")
        assert recognise(mill, f"{HOME}/c/{name}").public_url == f"{HOME}/c/{name}"


def test_scanning_leaves_nothing_behind(world, thermometer):
    with nothing_changes():
        recognise(world.person("technician"), "2024-0317")


def test_a_scan_takes_few_queries(world, thermometer, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        recognise(world.person("technician"), "2024-0317")
    with django_assert_max_num_queries(12):
        recognise(world.person("technician"), f"{HOME}/c/{PREFIX}/none?k=A")


def test_every_symbol_of_a_photograph_is_recognised(world, thermometer, monkeypatch):
    symbols = (FoundSymbol("QR Code", "F 0001"), FoundSymbol("Code 128", "none"), FoundSymbol("Code 128", " "))
    monkeypatch.setattr(scans, "read_photograph", lambda _data: symbols)
    first, second = recognise_photograph(world.person("technician"), b"x")
    assert (first.symbol, led_to(first)) == ("QR Code", [("instrument", thermometer.id)])
    assert (second.symbol, second.outcome) == ("Code 128", "unknown")


def test_a_photograph_of_a_label_opens_the_instrument(world):
    row = world.instrument(serial_number="T2104-0387")
    [scan] = recognise_photograph(world.person("technician"), encoded(on_desk(symbol("code_128", 3))))
    assert (scan.symbol, led_to(scan)) == ("Code 128", [("instrument", row.id)])


def test_a_photograph_without_a_symbol_is_refused(world):
    with pytest.raises(NoSymbolFound):
        recognise_photograph(world.person("technician"), encoded(on_desk()))


def test_a_seal_that_was_taken_off_leads_nowhere(world, thermometer):
    [mark] = marks_of(thermometer.id)
    remove(actor=world.person("technician"), mark_id=mark.id, reason="破损", now=world.now)
    assert recognise(world.person("technician"), "F 0001").outcome == "unknown"
    put(world, world.instrument(serial_number="8"), replace(SEAL, code="F 0002"))
    assert recognise(world.person("technician"), "f0002").outcome == "found"
