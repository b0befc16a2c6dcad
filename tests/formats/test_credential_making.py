"""Credentials made of certificates of conformity, and those made of certificates of this house."""

import hashlib
import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from tests.formats.dcoc_samples import CERTIFICATES, SAMPLE, SMALLEST, changed, rules_of, through
from tests.formats.sample_content import sample_content

from jialiang.formats.content import Statement
from jialiang.formats.credential.codec import plain_credential
from jialiang.formats.credential.documents import CredentialReading, check_structure
from jialiang.formats.credential.errors import IssuerNotADid, MissingForCredential
from jialiang.formats.credential.making import CredentialWish, credential_from_dcoc
from jialiang.formats.credential.rules.checking import check_credential
from jialiang.formats.dcoc.documents import write_dcoc
from jialiang.formats.dcoc.errors import NotConforming
from jialiang.formats.dcoc.making import dcoc_from_content
from jialiang.formats.dcoc.model import Contact, Named, Validity, texts
from jialiang.kernel.text import Text

DID = "did:web:body.example"
WISH = CredentialWish(issuer=DID, scheme_version="2.1", scheme_valid_from="2024-05-01")


def made(certificate=SAMPLE, wish=WISH):
    """The credential of a certificate, ready for JSON."""
    return plain_credential(credential_from_dcoc(certificate, wish))


@pytest.fixture(scope="module")
def official(oracles):
    """The validator of the official schema, formats asserted too as far as it knows them."""
    schema = json.loads((oracles / "dcoc/untp/untp-dcc-schema.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


WISHES = {
    "plain": CredentialWish(issuer=DID),
    "with its scheme": WISH,
    "in Chinese": replace(WISH, language="zh"),
    "with the file": replace(WISH, document=b"<a/>"),
    "named": replace(WISH, credential_id="urn:uuid:2a423366-a0d6-4855-ba65-2e0c926d09b0"),
    "of other levels": replace(
        WISH, assessment_level="GovtApproval", assessor_level="Self", topic="social.safety"
    ),
}
OTHERS = {
    "whole": SAMPLE,
    "smallest": SMALLEST,
    "without an address": changed(identifier=""),
    "unlimited": changed(validity=Validity("2026-06-16")),
    "with odd dates": changed(date="June", validity=Validity("soon", "late")),
    "in Chinese alone": changed(statement=texts({"zh": "合格"}), category=Named(title=texts({"zh": "衡器"}))),
    "with a fragment": changed(identifier="https://body.example/c#7"),
}


@pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES)
@pytest.mark.parametrize("certificate", OTHERS.values(), ids=OTHERS)
def test_every_credential_is_valid_by_the_official_schema_and_breaks_no_rule(certificate, wish, official):
    document = made(certificate, wish)
    assert list(official.iter_errors(document)) == []
    found = check_credential(CredentialReading(document, "token", check_structure(document)))
    allowed = {"CREDENTIAL-VALID-FROM-MISSING"} if certificate is OTHERS["with odd dates"] else set()
    assert {each.rule for each in found} == allowed


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(certificate=CERTIFICATES)
def test_any_certificate_makes_a_valid_credential_or_is_told_what_it_lacks(certificate, official):
    try:
        document = made(certificate)
    except MissingForCredential as missing:
        assert missing.facts["element"]
        return
    assert official.is_valid(document)
    assert check_structure(document) == ()


def test_it_says_what_the_certificate_says():
    document = made()
    subject = document["credentialSubject"]
    assert document["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert document["type"] == ["DigitalConformityCredential", "VerifiableCredential"]
    assert (document["validFrom"], document["validUntil"]) == ("2026-06-16T00:00:00Z", "2036-06-15T23:59:59Z")
    assert document["issuer"]["id"] == DID
    assert document["issuer"]["name"] == "Sample Certification Centre (fictional)"
    assert document["issuer"]["issuerAlsoKnownAs"][0]["registeredId"] == "CNAS C000"
    assert subject["id"] == SAMPLE.identifier
    assert subject["attestationType"] == "certification"
    assert subject["description"] == "The types conform to the criteria above."
    assert subject["issuedToParty"] == {
        "id": "https://maker.example/", "name": "Sample Scales Ltd (fictional)", "registeredId": "91350100M000100Y43",
    }  # fmt: skip
    assert subject["scope"]["version"] == "2.1"
    assert subject["scope"]["owner"]["name"] == document["issuer"]["name"]
    (assessment,) = subject["assessment"]
    assert assessment["conformance"] is True
    assert assessment["assessmentDate"] == "2026-06-16"
    assert [each["name"] for each in assessment["assessmentCriteria"]] == ["OIML R 76-1:2006"]
    assert [each["product"]["registeredId"] for each in assessment["assessedProduct"]] == ["S-30", "S-15"]


def test_the_language_is_the_one_asked_for():
    subject = made(wish=replace(WISH, language="zh"))["credentialSubject"]
    assert subject["description"] == "符合上述依据的要求。"
    assert subject["issuedToParty"]["name"] == "示例衡器厂（虚构）"


def test_the_file_is_bound_by_its_digest():
    file = write_dcoc(SAMPLE, "xml")
    link = made(wish=replace(WISH, document=file))["credentialSubject"]["conformityCertificate"]
    assert link["hashDigest"] == hashlib.sha256(file).hexdigest()
    assert (link["hashMethod"], link["linkURL"]) == ("SHA-256", SAMPLE.identifier)


def test_no_scheme_is_made_up():
    assert "scope" not in made(wish=CredentialWish(issuer=DID))["credentialSubject"]
    assert "scope" not in made(wish=CredentialWish(issuer=DID, scheme_version="1"))["credentialSubject"]


def test_the_same_certificate_gives_the_same_credential_and_another_one_another():
    assert made() == made()
    assert made()["id"].startswith("urn:uuid:")
    others = [
        made(changed(number="C-8")),
        made(changed(revision="2")),
        made(wish=replace(WISH, issuer="did:web:b")),
    ]
    assert len({each["id"] for each in (made(), *others)}) == 4


@pytest.mark.parametrize("issuer", ["", "https://body.example", "did:web:", "body"])
def test_an_issuer_has_to_be_a_did(issuer):
    with pytest.raises(IssuerNotADid) as refused:
        made(wish=replace(WISH, issuer=issuer))
    assert refused.value.facts == {"issuer": issuer}


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"number": ""}, "certNo"),
        ({"body": Contact()}, "certificationBody/name"),
        ({"manufacturer": Contact(email="a@b.example")}, "manufacturer/name"),
        ({"objects": ()}, "certObjectIDs"),
        ({"criteria": ()}, "certificationCriteria"),
        ({"statement": ()}, "statementOfConformity"),
    ],
)
def test_what_a_credential_needs(changes, element):
    with pytest.raises(MissingForCredential) as refused:
        made(changed(**changes))
    assert refused.value.facts == {"element": element}


SCHEME, CATEGORY = Named("1a", texts({"zh": "型式检验", "en": "Type testing"})), Named("JJG 130-2011")


def of_content(**changes):
    """The certificate of conformity of the sample content, changed."""
    return dcoc_from_content(sample_content(**changes), scheme=SCHEME, category=CATEGORY)


def test_a_content_that_conforms_becomes_a_certificate_of_conformity():
    found = of_content()
    assert found.number == "JZ2026-000123"
    assert found.body.identifier == "CNAS L00000"
    assert text_of(found.statement) == {
        "zh": "符合最大允许误差 ±0.3 ℃。",
        "en": "Complies with the MPE of ±0.3 °C.",
    }
    assert [each.identifier for each in found.objects] == ["WLB-11", "A-1987-003", "TI-301"]
    assert [each.identifier for each in found.criteria] == ["JJG 130-2011", "JJF 1059.1-2012"]
    assert (found.validity.begins, found.validity.until) == ("2026-06-16", "2027-06-14")
    assert [text_of(each.role)["en"] for each in found.responsibles] == [
        "Technician",
        "Reviewer",
        "Signatory",
    ]
    assert found.reference_numbers == ("R2026-0456-1", "W2026-0456")
    assert (found.revision, found.previous, found.modifications) == ("0", (), ())


def text_of(words):
    return dict(words)


@pytest.mark.parametrize("form", ["xml", "rdfxml", "jsonld", "json"])
def test_it_breaks_no_rule_but_that_the_makers_address_is_not_known(form):
    assert rules_of(of_content(), form) == ["DCOC-MANUFACTURER-CONTACT"]
    assert through(of_content(), form).certificate == of_content()


def test_an_amendment_follows_what_it_replaces():
    found = of_content(
        supersedes_number="JZ2026-000100",
        supersedes_identifier="10.9999/x",
        amendment_reason=Text("改正", "corrected"),
    )
    assert (found.revision, found.previous[0].number) == ("1", "JZ2026-000100")
    assert text_of(found.modifications) == {"zh": "改正", "en": "corrected"}
    assert rules_of(found) == ["DCOC-MANUFACTURER-CONTACT"]


def test_criteria_of_ones_own_leave_the_methods_as_applied_documents():
    found = dcoc_from_content(sample_content(), scheme=SCHEME, category=CATEGORY, criteria=[Named("R 76")])
    assert found.criteria == (Named("R 76"),)
    assert [each.identifier for each in found.applied_documents] == ["JJG 130-2011", "JJF 1059.1-2012"]


def said(*conformities):
    """Statements with these conformities."""
    return tuple(
        Statement("basic_conformity", Text(), Text("一", "one"), conformity=each) for each in conformities
    )


@pytest.mark.parametrize(
    "conformities", [(), (None,), ("fail",), ("pass", "fail"), ("conditionalFail",), ("noPass",)]
)
def test_what_does_not_conform_gets_none(conformities):
    with pytest.raises(NotConforming) as refused:
        of_content(statements=said(*conformities))
    assert refused.value.facts == {"number": "JZ2026-000123"}


@pytest.mark.parametrize(
    "conformities", [("pass",), ("pass", None), ("conditionalPass",), ("noFail", "pass")]
)
def test_what_conforms_gets_one(conformities):
    assert of_content(statements=said(*conformities)).statement


def test_the_way_from_content_to_credential(official):
    document = made(of_content(), CredentialWish(issuer="did:web:institute.example"))
    assert official.is_valid(document)
    products = document["credentialSubject"]["assessment"][0]["assessedProduct"]
    assert [each["product"]["registeredId"] for each in products] == ["WLB-11", "A-1987-003", "TI-301"]
