"""Laws that hold for every certificate: nothing that it says is lost or changed on the way to a reader."""

import json
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.made_up_content import contents
from tests.formats.sample_content import INSTITUTE, STANDARD, sample_content, sample_table
from tests.formats.sample_keys import CHECK_TIME, SIGNING_TIME, anchors, institute, issuing

from jialiang.formats.authenticity.examination import examine
from jialiang.formats.authenticity.verdict import judge
from jialiang.formats.canonical import canonical_json, from_plain, sha256_hex, to_plain
from jialiang.formats.content import CertificateContent, Identification, Item
from jialiang.formats.dcc.differences import LIMIT, difference
from jialiang.formats.dcc.errors import CoverageNotAllowed, MissingContent
from jialiang.formats.dcc.profile import TEMPERATURES, is_difference
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.pdf.pages import page_data
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.kernel.text import Text

NS = {"dcc": "https://ptb.de/dcc", "si": "https://ptb.de/si"}
bounded = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def is_valid(oracles):
    schema = etree.XMLSchema(etree.parse(str(oracles / "dcc" / "schema" / "dcc" / "v3.3.0" / "dcc.xsd")))

    def check(xml):
        schema.assertValid(etree.fromstring(xml))
        return True

    return check


# --- JSON ----------------------------------------------------------------------------------------------------


@bounded
@given(contents())
def test_any_certificate_goes_to_json_and_back_without_loss(content):
    stored = canonical_json(to_plain(content))
    again = from_plain(CertificateContent, json.loads(stored))
    assert again == content
    assert canonical_json(to_plain(again)) == stored


@bounded
@given(contents(), contents())
def test_two_certificates_have_one_digest_only_if_they_say_the_same(one, other):
    digests = [sha256_hex(canonical_json(to_plain(each))) for each in (one, other)]
    assert (digests[0] == digests[1]) == (one == other)


@bounded
@given(contents(), st.data())
def test_changing_any_one_text_of_a_certificate_changes_its_digest(content, data):
    names = [f.name for f in fields(content) if isinstance(getattr(content, f.name), str)]
    name = data.draw(st.sampled_from(names))
    changed = replace(content, **{name: getattr(content, name) + "x"})
    assert canonical_json(to_plain(changed)) != canonical_json(to_plain(content))


@pytest.mark.parametrize("kind", [tuple, list])
def test_a_float_hides_in_no_sequence(kind):
    with pytest.raises(TypeError, match="decimal text"):
        canonical_json({"a": kind([{"b": kind([1, 0.5])}])})


def test_nothing_empty_stands_in_the_json():
    plain = to_plain(sample_content(due_date="", conditions=(), conclusion=Text()))
    assert not {"due_date", "conditions", "conclusion"} & set(plain)
    assert plain["kind"] == "calibration"


def test_what_is_false_stands_in_the_json():
    assert to_plain(replace(STANDARD, is_reference=False))["is_reference"] is False


# --- writing and reading the DCC -----------------------------------------------------------------------------


def said(text):
    return (text.zh, text.en)


@bounded
@given(contents())
def test_any_certificate_is_valid_against_the_official_schema(is_valid, content):
    assert is_valid(dcc_xml(content))


@bounded
@given(contents())
def test_writing_the_same_certificate_again_gives_the_same_bytes(content):
    assert dcc_xml(content) == dcc_xml(from_plain(CertificateContent, to_plain(content)))


@bounded
@given(contents())
def test_every_number_unit_and_name_of_a_table_is_read_as_it_was_written(content):
    view = read_certificate(dcc_xml(content))
    assert len(view.results) == len(content.results)
    for table, read in zip(content.results, view.results, strict=True):
        assert (said(read.name), said(read.note)) == (said(table.name), said(table.note))
        for column, quantity in zip(table.columns, read.quantities, strict=True):
            celsius = column.unit == "\\degreecelsius"
            becomes_kelvin = (
                celsius and is_difference(column.ref_type) and column.ref_type not in TEMPERATURES
            )
            assert quantity.unit == ("\\kelvin" if becomes_kelvin else column.unit)
            assert quantity.quantity_values == column.quantity_values
            assert quantity.expanded_uncertainties == column.expanded_uncertainties
            assert quantity.coverage_factors == column.coverage_factors
            assert quantity.coverage_probability == column.coverage_probability
            assert quantity.distribution == column.distribution
            assert quantity.conformities == column.conformities
            assert (quantity.ref_type, said(quantity.name)) == (column.ref_type, said(column.name))


@bounded
@given(contents())
def test_every_column_leads_to_its_methods_and_equipment_and_the_table_to_all_others(content):
    root = etree.fromstring(dcc_xml(content))
    method_ids = {m.key: f"uM_{n}" for n, m in enumerate(content.methods, 1)}
    equipment_ids = {e.key: f"mE_{n}" for n, e in enumerate(content.equipment, 1)}
    lists = root.findall(".//dcc:result/dcc:data/dcc:list", NS)
    for table, written in zip(content.results, lists, strict=True):
        used = set()
        for column, quantity in zip(table.columns, written.findall("dcc:quantity", NS), strict=True):
            wanted = [method_ids[k] for k in column.method_keys] + [
                equipment_ids[k] for k in column.equipment_keys
            ]
            assert quantity.get("refId", "").split() == wanted
            used |= set(wanted)
        rest = {each for each in written.get("refId", "").split() if not each.startswith("iC_")}
        assert rest == (set(method_ids.values()) | set(equipment_ids.values())) - used


@bounded
@given(contents())
def test_parties_items_and_dates_are_read_as_they_were_written(content):
    view = read_certificate(dcc_xml(content))
    for party, read in ((content.institute, view.institute), (content.customer, view.customer)):
        assert (said(read.name), read.email, read.phone) == (said(party.name), party.email, party.phone)
        assert read.website == party.website
    assert view.institute.laboratory_code == content.institute.laboratory_code
    for item, read in zip(content.items, view.items, strict=True):
        assert (said(read.name), said(read.manufacturer), read.model) == (
            said(item.name), said(item.manufacturer), item.model,
        )  # fmt: skip
        assert item.serial_number in [i.number for i in read.identifications]
        assert {i.value for i in item.identifications} <= {i.number for i in read.identifications}
    same = ("number", "identifier", "check_code", "check_url", "receipt_date", "begin_date", "end_date", "issue_date",
            "kind")  # fmt: skip
    assert {name: getattr(view, name) for name in same} == {name: getattr(content, name) for name in same}
    assert view.replaces == content.supersedes_number
    assert view.due_date == content.due_date
    assert view.time_zone == (content.time_zone if content.performance_address else "UTC")
    assert view.performance_location == content.performance_location
    assert view.institute_seals is (content.trust.signer_kind == "institute_seal")


@bounded
@given(contents())
def test_equipment_keeps_its_certificate_and_that_one_its_own_to_the_last_link(content):
    view = read_certificate(dcc_xml(content))
    for equipment, read in zip(content.equipment, view.equipment, strict=True):
        assert (said(read.name), read.model) == (said(equipment.name), equipment.model)
        assert (read.ref_type == "basic_normalUsed") is equipment.is_reference
        numbers = [n for n in (equipment.serial_number, equipment.inventory_number) if n]
        assert [i.number for i in read.identifications] == numbers
        link, found = equipment.certificate, read.certificate
        while link is not None:
            assert (said(found.referral), found.number, found.procedure) == (
                said(link.referral), link.number, link.procedure,
            )  # fmt: skip
            assert found.digest == ("analogue" if link.procedure == "analogue" else link.digest)
            assert (found.in_validity, found.traceable) == (link.in_validity, True)
            link, found = link.linked, found.linked
        assert found is None


@bounded
@given(contents())
def test_persons_methods_and_conditions_are_read_as_they_were_written(content):
    view = read_certificate(dcc_xml(content))
    duties = {"calibrated": "jl_calibrated", "reviewed": "jl_reviewed", "approved": "jl_approved"}
    assert [(said(p.name), said(p.role), p.ref_type, p.main_signer) for p in view.persons] == [
        (said(p.name), said(p.role), duties[p.duty], p.main_signer) for p in content.persons
    ]
    personal = content.trust.signer_kind == "person_in_role"
    assert [p.signs for p in view.persons] == [p.main_signer and personal for p in content.persons]
    assert [(said(m.name), m.norms, m.ref_type) for m in view.methods] == [
        (
            said(m.name),
            (m.norm,) if m.norm else (),
            "basic_uncertainty" if m.is_uncertainty_method else "gp_method",
        )
        for m in content.methods
    ]
    conditions = [c for c in view.conditions if c.ref_type != "basic_adjustment"]
    assert [said(c.name) for c in conditions] == [said(c.name) for c in content.conditions]
    for condition, read in zip(content.conditions, conditions, strict=True):
        assert [q.quantity_values for q in read.quantities] == [(condition.minimum,), (condition.maximum,)]
        assert {q.unit for q in read.quantities} == {condition.unit}


@bounded
@given(contents())
def test_every_celsius_temperature_has_a_twin_in_kelvin_to_the_digit(content):
    root = etree.fromstring(dcc_xml(content))
    for hybrid in root.iterfind(".//si:hybrid", NS):
        kelvin, celsius = ([*h.itertext("{*}value", "{*}valueXMLList")][0].split() for h in hybrid)
        assert [Decimal(k) - Decimal(c) for k, c in zip(kelvin, celsius, strict=True)] == [
            Decimal("273.15")
        ] * len(celsius)


@settings(max_examples=20, deadline=None)
@given(contents())
def test_a_certificate_differs_from_itself_in_nothing_and_from_a_renumbered_one_in_its_number(content):
    issued = read_certificate(dcc_xml(content))
    assert difference(issued, issued) == ()
    other = read_certificate(dcc_xml(replace(content, number=content.number + "9")))
    assert [(d.issued, d.presented) for d in difference(issued, other)] == [
        (content.number, content.number + "9")
    ]


@settings(max_examples=15, deadline=None)
@given(contents(), contents())
def test_differences_of_any_two_certificates_are_mirror_images(one, other):
    first, second = read_certificate(dcc_xml(one)), read_certificate(dcc_xml(other))
    there, back = difference(first, second), difference(second, first)
    assert len(there) <= LIMIT
    if len(there) < LIMIT and len(back) < LIMIT:
        assert {(d.path, d.issued, d.presented) for d in there} == {
            (d.path, d.presented, d.issued) for d in back
        }


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents())
def test_any_certificate_signed_is_genuine_and_says_what_it_said_before(content):
    unsigned = dcc_xml(content)
    signed = sign_enveloped(unsigned, institute(), [issuing().certificate], SIGNING_TIME)
    assert signed == sign_enveloped(unsigned, institute(), [issuing().certificate], SIGNING_TIME)
    examination = examine(signed, trusted=anchors(), at=CHECK_TIME)
    assert examination.problem is None
    assert difference(read_certificate(unsigned), examination.view) == ()
    expected = "expired" if content.due_date and content.due_date < "2026-07-01" else "genuine"
    assert judge(examination, None, CHECK_TIME).verdict == expected


@pytest.mark.parametrize("factor", ["0.67", "0", "02.00", "2e0", "1E1"])
def test_a_coverage_factor_that_d_si_cannot_say_is_refused(factor):
    with pytest.raises(CoverageNotAllowed) as refused:
        dcc_xml(covered(factor, "0.95"))
    assert refused.value.facts["text"] == factor
    assert factor in refused.value.what.zh


@pytest.mark.parametrize("probability", ["95", "1.01", "9.5e-1", ".95"])
def test_a_coverage_probability_that_is_none_is_refused(probability):
    with pytest.raises(CoverageNotAllowed) as refused:
        dcc_xml(covered("2.00", probability))
    assert refused.value.facts["text"] == probability


@pytest.mark.parametrize(
    ("factor", "probability"), [("1", "0.68"), ("12.71", "0.9545"), ("2.00", "1.0"), ("", "0.95")]
)
def test_factors_and_probabilities_of_the_tables_stand_as_they_are(is_valid, factor, probability):
    xml = dcc_xml(covered(factor, probability))
    assert is_valid(xml)
    column = read_certificate(xml).results[0].quantities[0]
    assert set(column.coverage_factors) == {factor}
    assert column.coverage_probability == probability


def covered(factor, probability):
    """A certificate with one column of two rows, U = 0.1 and this k and p."""
    column = replace(
        sample_table().columns[1], quantity_values=("1.0", "2.0"), expanded_uncertainties=("0.1", "0.1"),
        coverage_factors=(factor, factor), coverage_probability=probability,
    )  # fmt: skip
    return sample_content(results=(replace(sample_table(), columns=(column,)),))


def test_a_key_shared_by_a_method_and_an_equipment_loses_neither():
    content = sample_content()
    method, equipment = replace(content.methods[0], key="same"), replace(STANDARD, key="same")
    table = replace(sample_table(), columns=(sample_table().columns[1],))
    root = etree.fromstring(
        dcc_xml(replace(content, methods=(method,), equipment=(equipment,), results=(table,)))
    )
    assert root.find(".//dcc:result/dcc:data/dcc:list", NS).get("refId") == "uM_1 mE_1"
    linked = replace(table, columns=(replace(table.columns[0], method_keys=("same",)),))
    root = etree.fromstring(
        dcc_xml(replace(content, methods=(method,), equipment=(equipment,), results=(linked,)))
    )
    assert root.find(".//dcc:result/dcc:data/dcc:list", NS).get("refId") == "mE_1"


# --- what has to be said -------------------------------------------------------------------------------------

BLANK = Text(" ", "\u3000\n")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"name": BLANK}, "器具 › 名称"),
        ({"name": Text()}, "器具 › 名称"),
        ({"manufacturer": BLANK}, "器具 › 制造商"),
    ],
)
def test_a_name_of_blanks_is_no_name(changes, place):
    with pytest.raises(MissingContent) as refused:
        dcc_xml(sample_content(items=(replace(sample_content().items[0], **changes),)))
    assert refused.value.facts["place"].zh == place


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_text_of_blanks_in_one_language_leaves_the_other_alone(language):
    name = replace(Text("温度计", "Thermometer"), **{language: " "})
    xml = dcc_xml(sample_content(items=(replace(sample_content().items[0], name=name),)))
    (read,) = read_certificate(xml).items
    kept = name.zh.strip() or name.en.strip()
    assert said(read.name) == (kept, kept)


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"persons": ()}, "责任人员"), ({"items": ()}, "器具"), ({"results": ()}, ""), ({"number": " "}, ""),
     ({"institute": replace(INSTITUTE, name=BLANK)}, "")],
)  # fmt: skip
def test_what_the_schema_asks_for_is_asked_for_by_us_first(changes, place):
    with pytest.raises(MissingContent) as refused:
        dcc_xml(sample_content(**changes))
    assert refused.value.facts["place"].zh.startswith(place)


def test_an_item_needs_a_number_but_any_number_will_do():
    bare = Item(Text("温度计", "Thermometer"), Text(), "", (), "")
    with pytest.raises(MissingContent):
        dcc_xml(sample_content(items=(bare,)))
    numbered = replace(bare, serial_number="7")
    (read,) = read_certificate(dcc_xml(sample_content(items=(numbered,)))).items
    assert (read.serial_number, said(read.manufacturer), read.model) == ("7", ("", ""), "")


def test_a_serial_number_that_is_listed_already_is_not_written_twice():
    serial = "A-1987-003"
    cases = (
        (Identification("manufacturer", serial), [serial]),
        (Identification("manufacturer", "B-2"), [serial, "B-2"]),
        (Identification("owner", serial), [serial, serial]),
    )
    for identification, numbers in cases:
        item = replace(sample_content().items[0], identifications=(identification,))
        (read,) = read_certificate(dcc_xml(sample_content(items=(item,)))).items
        assert [i.number for i in read.identifications] == numbers


# --- pages ---------------------------------------------------------------------------------------------------


def printed(data):
    """Every text of the page data."""
    if isinstance(data, dict):
        return [text for member in data.values() for text in printed(member)]
    if isinstance(data, list | tuple):
        return [text for member in data for text in printed(member)]
    return [data] if isinstance(data, str) else []


@bounded
@given(contents(), st.sampled_from(["zh", "en"]))
def test_every_number_of_the_tables_stands_on_the_page_with_its_own_digits(content, language):
    data = json.loads(json.dumps(page_data(content, language=language, xml_name="c.xml", preview=False)))
    shown = {"".join(c for c in text if c.isdigit()) for text in printed(data["results"])}
    for table in content.results:
        for column in table.columns:
            for text in (*column.quantity_values, *column.expanded_uncertainties):
                assert "".join(c for c in text if c.isdigit()) in shown


@bounded
@given(contents(), st.sampled_from(["zh", "en"]))
def test_names_persons_and_codes_stand_on_the_page_in_its_language(content, language):
    texts = printed(page_data(content, language=language, xml_name="c.xml", preview=False))
    for text in (content.institute.name, content.trust.authority, *(p.name for p in content.persons)):
        assert text.in_language(language) in texts
    assert content.number in texts
    assert content.identifier in texts
    for equipment in content.equipment:
        assert equipment.name.in_language(language) in texts
        if equipment.certificate:
            assert equipment.certificate.number in texts


@bounded
@given(contents())
def test_a_page_of_one_language_has_the_other_only_as_captions(content):
    here, there = (page_data(content, language=lang, xml_name="c.xml", preview=True) for lang in ("zh", "en"))
    assert here["title"]["main"] == there["title"]["caption"]
    assert here["title"]["caption"] == there["title"]["main"]
    assert here["preview"]
    assert here["cover"]["seal"] == {}
    assert len(here["results"]["tables"]) == len(content.results)
