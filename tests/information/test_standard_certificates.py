"""A DCC becomes the certificate of a standard: what is read, what is examined, what is refused."""

import hashlib
import io
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree
from tests.formats.sample_content import STANDARD, sample_content, sample_table
from tests.formats.sample_keys import CHECK_TIME, root, signed, signed_sample, stranger

from jialiang.base.measurement_standards import errors
from jialiang.base.measurement_standards.selectors import certificate_in_force, certificates_of, standard_view
from jialiang.base.traceability.selectors import standard_evidence_on
from jialiang.formats.dcc.errors import NotACertificate
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.functions.measurement_standards import add_digital_certificate
from jialiang.governance.storage.current import current_store
from jialiang.information.standard_certificates import canonical_digest, facts_from_dcc
from jialiang.kernel.text import Text

SERIAL = "A-1987-003"  # of the sample's item


@pytest.fixture
def standard(world):
    return standard_view(world.standard(serial_number=SERIAL).id)


def read(xml, standard, **more):
    return facts_from_dcc(xml, standard, trusted=[root().certificate], at=CHECK_TIME, **more)


def test_number_issuer_values_and_validity_are_read(standard):
    facts = read(signed_sample(), standard)
    assert (facts.number, facts.issuer.zh) == ("JZ2026-000123", "示例省计量科学研究院（虚构）")
    assert (facts.expanded_uncertainty, facts.coverage_factor, facts.unit) == ("0.018", "2.00", "\\degreecelsius")
    assert (facts.valid_from, facts.valid_until) == (date(2026, 6, 16), date(2027, 6, 14))
    assert len(facts.measured_values) == 11
    assert facts.measured_values[0] == {
        "nominal": "21.350", "measured": "-0.171", "expanded_uncertainty": "0.018", "coverage_factor": "2.00",
        "ref_type": "gp_correction", "unit": "\\kelvin",
    }  # fmt: skip


def test_the_link_upward_is_the_reference_s_certificate_and_not_the_bath_s(standard):
    above = read(signed_sample(), standard).upward
    assert (above.number, above.procedure, above.digest) == ("NIM-2026-000001", "c14n-sha256", "ab" * 32)
    assert (above.linked.number, above.linked.procedure, above.linked.digest) == ("T-1990", "analogue", "")


def test_the_digest_is_recomputable_from_the_bytes_alone(standard):
    xml, canonical = signed_sample(), io.BytesIO()
    etree.parse(io.BytesIO(xml)).write_c14n(canonical, with_comments=False)
    facts = read(xml, standard)
    assert facts.digest == hashlib.sha256(canonical.getvalue()).hexdigest()
    assert facts.stored_digest == hashlib.sha256(xml).hexdigest() != facts.digest


def test_the_digest_survives_what_canonicalization_removes():
    xml = signed_sample()
    assert canonical_digest(xml.replace(b"'", b'"', 2)) == canonical_digest(xml)
    assert canonical_digest(xml.replace(b"21.521", b"21.522", 1)) != canonical_digest(xml)


def test_a_signature_that_holds_is_kept_with_its_signer(standard):
    findings = read(signed_sample(), standard).signature_findings
    assert findings["holds"]
    assert findings["integrity"] == {"outcome": "ok", "code": "", "what": {}}
    assert findings["signed_by"] == "CN=Sample Institute of Metrology"
    assert findings["signing_time"] == "2026-06-16T07:47:30Z"


def test_a_changed_digit_is_refused(standard):
    forged = signed_sample().replace(b">0.018<", b">0.008<", 1).replace(b"0.018", b"0.008")
    assert forged != signed_sample()
    with pytest.raises(errors.CertificateNotGenuine) as refused:
        read(forged, standard)
    assert "JZ2026-000123" in refused.value.what.zh


def test_an_unsigned_file_and_an_unknown_signer_are_taken_and_said_so(standard):
    unsigned = read(dcc_xml(sample_content()), standard).signature_findings
    assert (unsigned["signed"], unsigned["holds"], unsigned["integrity"]["code"]) == (False, False, "JL-SIG-010")
    other, signer = stranger()
    foreign = read(signed(by=signer, chain=[other.certificate]), standard).signature_findings
    assert (foreign["integrity"]["outcome"], foreign["chain"]["outcome"], foreign["holds"]) == ("ok", "failed", False)
    assert foreign["chain"]["what"]["zh"]


def test_another_instrument_s_certificate_is_refused(world):
    other = standard_view(world.standard().id)
    with pytest.raises(errors.CertificateTells, match=f"{SERIAL}, not of YZ-T-001"):
        read(signed_sample(), other)


def test_values_in_another_quantity_s_unit_are_refused(world):
    weight = standard_view(
        world.standard(
            serial_number=SERIAL, quantity=Text("质量", "mass"), unit="\\gram", drift_half_width="",
            measuring_interval_minimum="", measuring_interval_maximum="",
        ).id
    )  # fmt: skip
    with pytest.raises(errors.CertificateTells, match="unit .gram"):
        read(signed_sample(), weight)


def test_a_chain_that_was_broken_when_it_was_calibrated_is_refused(standard):
    lapsed = replace(STANDARD, certificate=replace(STANDARD.certificate, in_validity=False))
    with pytest.raises(errors.CertificateTells, match="NIM-2026-000001"):
        read(dcc_xml(sample_content(equipment=(lapsed, *sample_content().equipment[1:]))), standard)


def test_the_largest_u_is_the_one_to_compute_with(standard):
    table = sample_table()
    spreads = ("0.018",) * 5 + ("0.021",) + ("0.018",) * 5
    factors = ("2.00",) * 5 + ("2.13",) + ("2.00",) * 5
    column = replace(table.columns[2], expanded_uncertainties=spreads, coverage_factors=factors)
    content = sample_content(results=(replace(table, columns=(*table.columns[:2], column)),))
    facts = read(dcc_xml(content), standard)
    assert (facts.expanded_uncertainty, facts.coverage_factor) == ("0.021", "2.13")


def test_u_is_written_in_the_unit_of_the_standard(world):
    row = world.standard(
        serial_number=SERIAL, unit="\\milli\\kelvin", measuring_interval_minimum="", measuring_interval_maximum=""
    )
    facts = read(signed_sample(), standard_view(row.id))
    assert (facts.expanded_uncertainty, facts.unit) == ("18", "\\milli\\kelvin")


def test_where_the_file_has_no_due_date_the_keeper_gives_it(world, standard):
    keeper, xml = world.person("standards_keeper"), dcc_xml(sample_content(due_date=""))
    said = {"actor": keeper, "standard_id": standard.id, "xml": xml, "now": CHECK_TIME}
    with pytest.raises(errors.StandardIncomplete) as refused:
        add_digital_certificate(**said)
    assert refused.value.facts["members"].zh == "有效期至"
    assert add_digital_certificate(**said, valid_until=date(2027, 6, 15)).valid_until == date(2027, 6, 15)


def test_what_is_no_certificate_is_refused_and_nothing_is_kept(world, standard):
    with pytest.raises(NotACertificate):
        add_digital_certificate(
            actor=world.person("standards_keeper"), standard_id=standard.id, xml=b"<invoice/>", now=CHECK_TIME
        )
    assert certificates_of(standard.id) == []


def test_an_uploaded_certificate_carries_the_standard_and_its_bytes_are_kept(world, standard):
    added = add_digital_certificate(
        actor=world.person("standards_keeper"), standard_id=standard.id, xml=signed_sample(), now=CHECK_TIME
    )
    view = certificate_in_force(standard.id, date(2026, 7, 1))
    assert (view.id, view.form, view.digest_procedure) == (added.id, "dcc", "c14n-sha256")
    assert view.reference(date(2026, 7, 1)).digest == canonical_digest(current_store().get(view.stored_digest))
    assert view.upward.linked.number == "T-1990"
    assert standard_evidence_on(standard.id, date(2026, 7, 1)).standard_certificate_id == added.id
    # No authority was made here: the chain leads to nobody trusted, and that is what is kept.
    assert view.signature_findings["chain"]["outcome"] == "failed"
    assert view.measured_values[0]["nominal"] == "21.350"
