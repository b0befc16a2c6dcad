"""Reading: what we wrote, what others wrote, and what differs between two certificates."""

import pytest
from tests.formats.sample_content import H3_CORRECTIONS, H3_READINGS, sample_content
from tests.formats.sample_keys import signed_sample

from jialiang.formats.dcc.differences import LIMIT, difference, leaves_of_view
from jialiang.formats.dcc.errors import NotACertificate, UnsupportedVersion
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xml.errors import DoctypeRefused
from jialiang.kernel.text import Text


def sample_view():
    return read_certificate(signed_sample())


def test_what_was_written_is_read_again():
    content, view = sample_content(), sample_view()
    assert (view.schema_version, view.number, view.identifier) == (
        "3.3.0",
        content.number,
        content.identifier,
    )
    assert (view.check_code, view.check_url) == (content.check_code, content.check_url)
    assert (view.kind, view.due_date, view.time_zone) == ("calibration", "2027-06-14", "Asia/Shanghai")
    assert view.languages == ("zh", "en")
    assert view.institute.name == content.institute.name
    assert view.institute.laboratory_code == "CNAS L00000"
    assert view.institute.address == Text("示例市嘉量路 9 号", "9 Jialiang Road, Sample City")
    assert view.customer.name == content.customer.name
    assert view.institute_seals
    assert view.software == ("Jialiang v0.1.0",)
    assert (view.receipt_date, view.begin_date, view.issue_date) == ("2026-06-10", "2026-06-15", "2026-06-16")


def test_items_persons_methods_equipment_and_conditions_are_read_again():
    view = sample_view()
    (item,) = view.items
    assert (item.serial_number, item.model) == ("A-1987-003", "WLB-11")
    assert dict(item.said)["jl_accuracyClass"] == Text("0.05", "0.05")
    assert [p.ref_type for p in view.persons] == ["jl_calibrated", "jl_reviewed", "jl_approved"]
    assert [p.main_signer for p in view.persons] == [False, False, True]
    assert view.persons[2].role == Text("授权签字人", "Signatory")
    assert view.methods[0].norms == ("JJG 130-2011",)
    reference = view.equipment[0].certificate
    assert (reference.number, reference.procedure, reference.in_validity) == (
        "NIM-2026-000001",
        "c14n-sha256",
        True,
    )
    assert reference.linked.procedure == "analogue"
    assert view.equipment[1].certificate is None
    assert view.conditions[0].quantities[0].quantity_values == ("19.8",)
    assert view.conditions[0].quantities[0].unit == "\\degreecelsius"


def test_results_are_read_to_the_digit():
    (table,) = sample_view().results
    reference, indication, correction = table.quantities
    assert reference.ref_ids == ("mE_1",)
    assert indication.quantity_values == H3_READINGS
    assert indication.unit == "\\degreecelsius"
    assert correction.quantity_values == H3_CORRECTIONS
    assert correction.expanded_uncertainties == ("0.018",) * 11
    assert correction.coverage_factors == ("2.00",) * 11
    assert (correction.coverage_probability, correction.distribution) == ("0.95", "normal")
    assert correction.conformities == ("pass",) * 11


@pytest.mark.parametrize(
    ("file", "number", "columns"),
    [
        ("v3.0.0_mass_singleweight", "unique Identifier", 1),
        ("v3.1.1_gp_temperature_extensive", "GP_DCC_temperature_extensive_1.2", 3),
        ("v3.1.1_gp_temperature_typical", "GP_DCC_temperature_typical_1.2", 3),
        ("v3.1.2_gp_humidity", "Id 123456789 HtW", 3),
        ("v3.2.0_gp_temperature_xades_signed", "GP_DCC_temperature_typical_1.2", 3),
        ("v3.3.0_gp_temperature_valid", "1234", 3),
        ("v3.3.0_gp_temperature_xmldsig_signed", "1234", 3),
    ],
)
def test_certificates_of_others_are_read(oracles, file, number, columns):
    view = read_certificate((oracles / "dcc" / "samples" / f"{file}.xml").read_bytes())
    assert view.number == number
    assert len(view.results[0].quantities) == columns
    assert all(quantity.quantity_values for table in view.results for quantity in table.quantities)
    assert view.items[0].name
    assert view.identifier == ""


def test_the_good_practice_example_is_read_with_its_uncertainty(oracles):
    view = read_certificate((oracles / "dcc" / "samples" / "v3.3.0_gp_temperature_valid.xml").read_bytes())
    reference, indication, measurement_error = view.results[0].quantities
    assert reference.quantity_values == ("33.098", "99.971", "175.103", "250.169", "320.004")
    assert indication.name == Text("", "Indicated measured value probe")
    assert measurement_error.expanded_uncertainties == ("0.061",) * 5
    assert measurement_error.coverage_factors == ("2",) * 5
    assert measurement_error.conformities == ("pass",)
    assert view.due_date == "1959-10-22"
    assert view.time_zone == "UTC"


@pytest.mark.parametrize("file", ["v2.3.0_example_multi_item", "v2.4.0_siliziumkugel"])
def test_version_2_is_named_and_refused(oracles, file):
    with pytest.raises(UnsupportedVersion) as refused:
        read_certificate((oracles / "dcc" / "samples" / f"{file}.xml").read_bytes())
    assert refused.value.facts["version"].startswith("2.")


@pytest.mark.parametrize(
    "document",
    [b"<a/>", b'<digitalCalibrationCertificate schemaVersion="3.3.0"/>', b'<x xmlns="https://ptb.de/dcc"/>'],
)
def test_other_xml_is_no_certificate(document):
    with pytest.raises(NotACertificate):
        read_certificate(document)


def test_a_bare_certificate_is_read_as_empty_and_not_as_an_error():
    view = read_certificate(
        b'<digitalCalibrationCertificate xmlns="https://ptb.de/dcc" schemaVersion="3.9.0"/>'
    )
    assert (view.number, view.items, view.results, view.due_date) == ("", (), (), "")


def test_a_doctype_is_refused_here_too():
    with pytest.raises(DoctypeRefused):
        read_certificate(b"<!DOCTYPE a>" + dcc_xml(sample_content()).split(b"\n", 1)[1])


def test_a_comment_cannot_cut_a_number_in_two():
    xml = dcc_xml(sample_content()).replace(b"A-1987-003", b"A-1987<!-- -->-003")
    assert read_certificate(xml).items[0].serial_number == "A-1987-003"


@pytest.mark.parametrize(
    ("issued", "presented", "zh", "en"),
    [
        ("-0.166", "-0.066", "22.346 ℃ 修正值", "22.346 °C Correction"),
        ("294.500", "295.500", "21.350 ℃ 参考温度", "21.350 °C Reference temperature"),
        ("WLB-11", "WLB-12", "水银温度计：型号", "Mercury-in-glass thermometer: model"),
        ("A-1987-003", "A-1987-004", "出厂编号", "Serial number"),
        ("2026-06-16", "2026-06-17", "签发日期", "date of issue"),
        ("JZ2026-000123", "JZ2026-000124", "证书编号", "certificate number"),
        ("0.95", "0.99", "修正值：包含概率 p", "Correction: coverage probability p"),
    ],
)
def test_a_difference_is_named_as_people_name_it(issued, presented, zh, en):
    xml = dcc_xml(sample_content())
    changed = xml.replace(f">{issued}<".encode(), f">{presented}<".encode(), 1)
    if changed == xml:
        changed = xml.replace(issued.encode(), presented.encode(), 1)
    (found,) = difference(read_certificate(xml), read_certificate(changed))
    assert found.name == Text(zh, en)
    assert (found.issued, found.presented) == (issued, presented)


def test_an_uncertainty_that_was_changed_is_named_with_its_row():
    xml = dcc_xml(sample_content())
    changed = xml.replace(b"0.018 0.018 0.018", b"0.018 0.018 0.008", 1)
    (found,) = difference(read_certificate(xml), read_certificate(changed))
    assert found.name == Text(
        "22.346 ℃ 修正值：扩展不确定度 U", "22.346 °C Correction: expanded uncertainty U"
    )


def test_what_was_added_and_what_is_gone_is_said():
    xml = dcc_xml(sample_content())
    shorter = xml.replace(b"<dcc:model>WLB-11</dcc:model>", b"")
    (gone,) = difference(read_certificate(xml), read_certificate(shorter))
    assert (gone.issued, gone.presented) == ("WLB-11", None)
    (added,) = difference(read_certificate(shorter), read_certificate(xml))
    assert (added.issued, added.presented) == (None, "WLB-11")


def test_a_certificate_does_not_differ_from_itself_signed_or_not():
    unsigned = read_certificate(dcc_xml(sample_content()))
    assert difference(unsigned, sample_view()) == ()


def test_every_text_and_attribute_counts():
    leaves = leaves_of_view(read_certificate(dcc_xml(sample_content())))
    assert len({leaf.path for leaf in leaves}) == len(leaves)
    assert all(leaf.name.zh and leaf.name.en for leaf in leaves)
    assert any(leaf.path.endswith("/@schemaVersion") for leaf in leaves)


def test_a_whole_other_certificate_is_cut_off_at_the_limit():
    other = sample_content(results=sample_content().results * 5)
    found = difference(read_certificate(dcc_xml(sample_content())), read_certificate(dcc_xml(other)))
    assert len(found) == LIMIT
