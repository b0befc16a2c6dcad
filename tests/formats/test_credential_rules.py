"""The rules for conformity credentials as a table: what breaks each of them and nothing else, and where."""

import copy
import json
import string
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from jialiang.formats.credential.dids import did_web, is_did, method_of
from jialiang.formats.credential.documents import CredentialReading, check_structure
from jialiang.formats.credential.errors import IssuerNotADid
from jialiang.formats.credential.rules.catalogue import rules
from jialiang.formats.credential.rules.checking import LIMIT, check_credential
from jialiang.formats.credential.rules.times import day_of, moment_of
from jialiang.formats.findings import holds

NOW = datetime(2026, 7, 1, tzinfo=UTC)
S, A = "/credentialSubject", "/credentialSubject/assessment/0"


def exact(document):
    """A document as it is read back: numbers as decimals."""
    return json.loads(json.dumps(document), parse_float=Decimal)


def small():
    """A credential without a fault, by hand."""
    party = {"id": "https://maker.example/", "name": "Maker"}
    document = {
        "type": ["DigitalConformityCredential", "VerifiableCredential"],
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://test.uncefact.org/vocabulary/untp/dcc/working/",
        ],
        "id": "https://body.example/credentials/1",
        "issuer": {"id": "did:web:body.example", "name": "Body"},
        "validFrom": "2026-06-16T00:00:00Z",
        "validUntil": "2036-06-15T23:59:59Z",
        "credentialSubject": {
            "id": "https://body.example/certificates/1",
            "assessorLevel": "3rdParty",
            "assessmentLevel": "Accredited",
            "attestationType": "certification",
            "issuedToParty": party,
            "conformityCertificate": {
                "linkURL": "https://body.example/certificates/1.xml",
                "hashDigest": "ab" * 32,
                "hashMethod": "SHA-256",
            },
            "scope": {
                "id": "https://body.example/schemes/1a", "name": "1a", "description": "Type testing",
                "version": "1", "validFrom": "2020-01-01", "owner": party,
            },
            "assessment": [{
                "id": "https://body.example/certificates/1#assessment",
                "conformityTopic": "governance.compliance",
                "conformance": True,
                "assessmentDate": "2026-06-15",
                "referenceStandard": {"issuingParty": party, "issueDate": "2006-01-01"},
                "referenceRegulation": {"administeredBy": party, "jurisdictionCountry": "CN"},
                "assessmentCriteria": [{
                    "id": "https://oiml.example/r76", "name": "R 76", "description": "Scales",
                    "conformityTopic": "governance.compliance", "status": "active",
                    "thresholdValue": {"metricName": "E", "metricValue": {"value": 1, "unit": "KGM"}, "accuracy": 0.1},
                }],
                "assessedProduct": [{"product": {"id": "https://maker.example/s-30", "name": "S-30"}}],
            }],
        },
    }  # fmt: skip
    return json.loads(json.dumps(document))  # every part its own


def found_in(document, secured="token", now=NOW):
    """What is found in a document."""
    return check_credential(CredentialReading(document, secured, check_structure(document)), now)


def edit(path, value=...):
    """A change of the small credential at a JSON Pointer; without a value it is dropped."""
    document = small()
    *around, last = [int(step) if step.isdecimal() else step for step in path.split("/")[1:]]
    holder = document
    for step in around:
        holder = holder[step]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return document


CRITERION = f"{A}/assessmentCriteria/0"
BROKEN = [
    ("no type", edit("/type"), "CREDENTIAL-TYPE-MISSING", "error", "/"),
    ("no subject", edit("/credentialSubject"), "CREDENTIAL-SUBJECT-MISSING", "error", "/"),
    ("a web address as issuer", edit("/issuer/id", "https://body.example"), "CREDENTIAL-ISSUER-NOT-DID", "error",
     "/issuer/id"),
    ("a DID without its end", edit("/issuer/id", "did:web:"), "CREDENTIAL-ISSUER-NOT-DID", "error", "/issuer/id"),
    ("a DID URL as issuer", edit("/issuer/id", "did:web:a#k"), "CREDENTIAL-ISSUER-NOT-DID", "error", "/issuer/id"),
    ("an unusual method", edit("/issuer/id", "did:key:z6Mk"), "CREDENTIAL-ISSUER-METHOD", "hint", "/issuer/id"),
    ("an issuer without a name", edit("/issuer/name", " "), "CREDENTIAL-ISSUER-NAMELESS", "warning", "/issuer/name"),
    ("an id that is a number", edit("/id", "7"), "CREDENTIAL-ID-NOT-URI", "error", "/id"),
    ("an id with a blank", edit("/id", "urn:a b"), "CREDENTIAL-ID-NOT-URI", "error", "/id"),
    ("a party without a URI", edit(f"{S}/issuedToParty/id", "maker"), "CREDENTIAL-URI-FORMAT", "warning",
     f"{S}/issuedToParty/id"),
    ("a link to nowhere", edit(f"{S}/conformityCertificate/linkURL", "file.xml"), "CREDENTIAL-URI-FORMAT", "warning",
     f"{S}/conformityCertificate/linkURL"),
    ("a day that is none", edit("/validFrom", "2026-02-30T00:00:00Z"), "CREDENTIAL-DATE-FORMAT", "error",
     "/validFrom"),
    ("an assessment on no day", edit(f"{A}/assessmentDate", "2026-02-30"), "CREDENTIAL-DATE-FORMAT", "error",
     f"{A}/assessmentDate"),
    ("a scheme since no day", edit(f"{S}/scope/validFrom", "2020"), "CREDENTIAL-DATE-FORMAT", "error",
     f"{S}/scope/validFrom"),
    ("a standard of no day", edit(f"{A}/referenceStandard/issueDate", "May"), "CREDENTIAL-DATE-FORMAT", "error",
     f"{A}/referenceStandard/issueDate"),
    ("a regulation of no day", edit(f"{A}/referenceRegulation/effectiveDate", "1.1.26"), "CREDENTIAL-DATE-FORMAT",
     "error", f"{A}/referenceRegulation/effectiveDate"),
    ("an end before the beginning", edit("/validFrom", "2036-06-16T00:00:00+00:00") | {"validUntil":
     "2026-07-02T00:00:00Z"}, "CREDENTIAL-DATES-REVERSED", "error", "/validUntil"),
    ("no beginning", edit("/validFrom"), "CREDENTIAL-VALID-FROM-MISSING", "hint", "/"),
    ("assessed later", edit(f"{A}/assessmentDate", "2026-06-18"), "CREDENTIAL-ASSESSED-LATER", "warning",
     f"{A}/assessmentDate"),
    ("not yet", edit("/validFrom", "2026-07-01T00:06:00Z"), "CREDENTIAL-NOT-YET-VALID", "warning", "/validFrom"),
    ("no more", edit("/validUntil", "2026-06-30T23:59:59Z"), "CREDENTIAL-EXPIRED", "warning", "/validUntil"),
    ("no assessment", edit(f"{S}/assessment"), "CREDENTIAL-ASSESSMENT-MISSING", "warning", S),
    ("an empty list of them", edit(f"{S}/assessment", []), "CREDENTIAL-ASSESSMENT-MISSING", "warning", S),
    ("nothing assessed", edit(f"{A}/assessedProduct"), "CREDENTIAL-ASSESSED-MISSING", "warning", A),
    ("it does not conform", edit(f"{A}/conformance", False), "CREDENTIAL-NOT-CONFORMING", "warning",
     f"{A}/conformance"),
    ("a digest of no method", edit(f"{S}/conformityCertificate/hashMethod"), "CREDENTIAL-HASH-UNNAMED", "error",
     f"{S}/conformityCertificate"),
    ("a digest too short", edit(f"{S}/conformityCertificate/hashDigest", "ab"), "CREDENTIAL-HASH-MALFORMED", "error",
     f"{S}/conformityCertificate/hashDigest"),
    ("a digest in Base64", edit(f"{S}/conformityCertificate/hashDigest", "+" * 64), "CREDENTIAL-HASH-MALFORMED",
     "error", f"{S}/conformityCertificate/hashDigest"),
    ("a weak digest", edit(f"{S}/auditableEvidence", {"hashDigest": "ab" * 20, "hashMethod": "SHA-1"}),
     "CREDENTIAL-HASH-WEAK", "warning", f"{S}/auditableEvidence/hashMethod"),
    ("an accuracy in percent", edit(f"{CRITERION}/thresholdValue/accuracy", 5), "CREDENTIAL-ACCURACY-RANGE",
     "warning", f"{CRITERION}/thresholdValue/accuracy"),
    ("a country of no list", edit(f"{A}/referenceRegulation/jurisdictionCountry", "EU"),
     "CREDENTIAL-COUNTRY-UNKNOWN", "warning", f"{A}/referenceRegulation/jurisdictionCountry"),
]  # fmt: skip


def test_the_small_one_has_no_fault():
    assert found_in(small()) == ()


def test_the_sample_of_untp_is_only_unsigned_and_expired_one_day(oracles):
    sample = json.loads((oracles / "dcoc/untp/untp-dcc-instance.json").read_text("utf-8"))
    assert [each.rule for each in found_in(sample, "none")] == ["CREDENTIAL-NOT-SECURED"]
    later = found_in(sample, "none", datetime(2034, 3, 16, tzinfo=UTC))
    assert [each.rule for each in later] == ["CREDENTIAL-EXPIRED", "CREDENTIAL-NOT-SECURED"]


@pytest.mark.parametrize(
    ("document", "rule", "severity", "path"), [each[1:] for each in BROKEN], ids=[each[0] for each in BROKEN]
)
def test_a_fault_breaks_its_rule_and_no_other(document, rule, severity, path):
    assert check_structure(document) == ()
    found = [
        each for each in found_in(document) if each.rule != "CREDENTIAL-NOT-YET-VALID" or rule == each.rule
    ]
    assert [(each.rule, each.severity, each.path) for each in found] == [(rule, severity, path)]
    assert holds(found) is (severity != "error")


def test_an_assessment_against_nothing():
    document = small()
    for name in ("referenceStandard", "referenceRegulation", "assessmentCriteria"):
        del document["credentialSubject"]["assessment"][0][name]
    assert [(each.rule, each.path) for each in found_in(document)] == [("CREDENTIAL-REFERENCE-MISSING", A)]


def test_declared_values_and_criteria_below_are_looked_at():
    document = small()
    assessment = document["credentialSubject"]["assessment"][0]
    metric = {"metricName": "E", "metricValue": {"value": 1, "unit": "KGM"}, "accuracy": -0.1}
    assessment["declaredValue"] = [metric]
    below = copy.deepcopy(assessment["assessmentCriteria"][0])
    below["thresholdValue"]["accuracy"] = 1.5
    assessment["assessmentCriteria"][0]["subCriterion"] = [below]
    assert {each.path for each in found_in(document)} == {
        f"{A}/declaredValue/0/accuracy",
        f"{CRITERION}/subCriterion/0/thresholdValue/accuracy",
    }


@pytest.mark.parametrize(("secured", "told"), [("none", True), ("token", False), ("proof", False)])
def test_an_unsigned_credential_is_hinted_at(secured, told):
    assert bool(found_in(small(), secured)) is told


def test_rules_wait_for_the_structure():
    document = small() | {"id": 7}
    document["issuer"]["id"] = "no did"
    assert [each.rule for each in found_in(document)] == ["CREDENTIAL-STRUCTURE-KIND"]


@pytest.mark.parametrize("begins", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T24:00:00Z"])
@pytest.mark.parametrize("assessed", ["9999-12-31", "0001-01-01"])
def test_the_ends_of_the_calendar_are_no_faults_of_ours(begins, assessed):
    document = edit("/validFrom", begins)
    document["credentialSubject"]["assessment"][0]["assessmentDate"] = assessed
    document["validUntil"] = "9999-12-31T23:59:59Z"
    assert check_structure(document) == ()
    later = {each.rule for each in found_in(document)}
    assert ("CREDENTIAL-ASSESSED-LATER" in later) is (begins[0] == "0" and assessed[0] == "9")


def test_without_a_clock_nothing_is_expired():
    assert found_in(edit("/validUntil", "2026-06-20T00:00:00Z"), now=None) == ()


def test_no_more_findings_than_help():
    assessment = small()["credentialSubject"]["assessment"][0] | {"conformance": False}
    assert len(found_in(edit(f"{S}/assessment", [assessment] * (2 * LIMIT)))) == LIMIT


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("did:web:a.example", True), ("did:web:a.example%3A8443", True), ("did:web:a.example:b:c", True),
        ("did:webvh:Qm1:a.example", True), ("did:key:z6Mk", True), ("did:x:a:b::c", True), ("did:web", False),
        ("did:web:", False), ("did:Web:a", False), ("DID:web:a", False), ("did:web:a b", False), ("", False),
        ("did:web:a/b", False), ("did:web:a?b", False), ("did:web:a#b", False), ("did:web:a%3", False),
        ("did:web:量", False), ("urn:a:b", False), ("did::a", False),
    ],
)  # fmt: skip
def test_what_is_a_did(text, is_one):
    assert is_did(text) is is_one


@pytest.mark.parametrize(
    ("words", "did"),
    [
        (("a.example",), "did:web:a.example"),
        (("a.example:8443",), "did:web:a.example%3A8443"),
        (("a.example", "bodies", "7"), "did:web:a.example:bodies:7"),
        (("a.example", "x y"), "did:web:a.example:x%20y"),
    ],
)
def test_a_domain_as_a_did(words, did):
    assert did_web(*words) == did
    assert is_did(did)
    assert method_of(did) == "web"


@pytest.mark.parametrize("domain", ["", "a\x00b~"])
def test_no_domain_no_did(domain):
    with pytest.raises(IssuerNotADid):
        did_web(domain)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-16T00:00:00Z", datetime(2026, 6, 16, tzinfo=UTC)),
        ("2026-06-16T08:00:00+08:00", datetime(2026, 6, 16, tzinfo=UTC)),
        ("2026-06-15T24:00:00Z", datetime(2026, 6, 16, tzinfo=UTC)),
        ("2026-06-15T24:00:00.000Z", datetime(2026, 6, 16, tzinfo=UTC)),
        ("2026-06-16T00:00:00.1234567891Z", datetime(2026, 6, 16, 0, 0, 0, 123456, tzinfo=UTC)),
        ("2026-06-16T00:00:00.5Z", datetime(2026, 6, 16, 0, 0, 0, 500000, tzinfo=UTC)),
        ("2026-02-30T00:00:00Z", None), ("-0044-03-15T00:00:00Z", None), ("12026-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None), ("9999-12-31T24:00:00Z", None), ("0000-01-01T00:00:00Z", None),
        (None, None), ("", None),
    ],
)  # fmt: skip
def test_moments(text, moment):
    assert moment_of(text) == moment


@pytest.mark.parametrize(
    "text", ["2026-6-1", "20260601", "2026-06-01Z", "", None, "2026-02-29", "2026-W23-1"]
)
def test_what_is_no_day(text):
    assert day_of(text) is None


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_a_rule_has_words_in_both_languages_with_the_same_facts(rule):
    for words in (rule.title, rule.text, rule.why):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words.zh)
        named = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (words.zh, words.en)
        ]
        assert words.en and named[0] == named[1]
    assert rule.id.startswith("CREDENTIAL-")


def test_every_rule_is_broken_somewhere_in_these_tests():
    elsewhere = {"CREDENTIAL-REFERENCE-MISSING", "CREDENTIAL-NOT-SECURED", "CREDENTIAL-SIGNATURE-UNCHECKED"}
    assert set(rules()) == {each[2] for each in BROKEN} | elsewhere
