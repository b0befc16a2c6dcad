"""The objects of a conformity credential one by one: every member, typed and back, and what each lacks or refuses."""

import dataclasses
import json

import jsonschema
import pytest

from jialiang.formats.credential import codec
from jialiang.formats.credential.codec import CREDENTIAL, credential_models
from jialiang.formats.json_documents.checking import check_json

PARTY = {"id": "https://a.example/", "name": "A"}
METRIC = {"metricName": "E", "metricValue": {"value": 0.5, "unit": "KGM"}}
CRITERION = {
    "id": "urn:c:1",
    "name": "C",
    "description": "c",
    "conformityTopic": "social.safety",
    "status": "active",
}
SMALLEST = {
    "CredentialIssuer": PARTY,
    "Party": PARTY,
    "DescribedParty": PARTY,
    "ConformityAttestation": {
        "id": "urn:a:1",
        "assessorLevel": "Self",
        "assessmentLevel": "Verified",
        "attestationType": "testing",
        "issuedToParty": PARTY,
    },
    "Endorsement": PARTY | {"issuingAuthority": PARTY},
    "BinaryFile": {},
    "Link": {},
    "SecureLink": {},
    "ConformityScheme": PARTY
    | {"description": "d", "version": "1", "validFrom": "2026-01-01", "owner": PARTY},
    "ConformityAssessment": {"id": "urn:a:1", "conformityTopic": "governance.ethics", "conformance": False},
    "Standard": {"issuingParty": PARTY},
    "Regulation": {"administeredBy": PARTY},
    "Criterion": CRITERION,
    "Metric": METRIC,
    "Measure": METRIC["metricValue"],
    "Classification": PARTY,
    "ProductVerification": {},
    "Product": PARTY,
    "FacilityVerification": {},
}
MORE = {
    "CredentialIssuer": {"type": ["CredentialIssuer", "Other"], "issuerAlsoKnownAs": [PARTY, PARTY]},
    "Party": {"registeredId": "7", "type": "anything", "idScheme": {"id": "x"}},
    "DescribedParty": {"registeredId": "7", "description": "d"},
    "ConformityAttestation": {
        "type": ["Attestation", "ConformityAttestation"],
        "name": "n",
        "description": "d",
        "authorisation": [SMALLEST["Endorsement"]],
        "conformityCertificate": {"linkURL": "urn:l:1"},
        "auditableEvidence": {},
        "scope": SMALLEST["ConformityScheme"],
        "assessment": [SMALLEST["ConformityAssessment"]],
        "other": [1, {"a": None}],
    },
    "Endorsement": {"type": ["Endorsement"], "trustmark": {}, "endorsementEvidence": {}, "more": True},
    "BinaryFile": {"type": ["BinaryFile"], "fileName": "n", "fileType": "image/png", "file": "AA=="},
    "Link": {"type": ["Link"], "linkURL": "urn:l:1", "linkName": "n", "linkType": "t"},
    "SecureLink": {
        "type": ["Link", "SecureLink"],
        "hashDigest": "ab",
        "hashMethod": "SHA-256",
        "linkURL": "",
    },
    "ConformityScheme": {"type": ["ConformityScheme"], "trustmark": {"fileName": "x"}, "extra": 1.5},
    "ConformityAssessment": {
        "type": ["Declaration", "ConformityAssessment"],
        "description": "d",
        "assessmentDate": "2026-01-01",
        "name": "n",
        "referenceStandard": {"issuingParty": PARTY},
        "referenceRegulation": {"administeredBy": PARTY},
        "assessmentCriteria": [CRITERION],
        "declaredValue": [METRIC],
        "assessedProduct": [{}],
        "assessedFacility": [{"facility": PARTY}],
        "assessedOrganisation": PARTY,
        "auditor": PARTY,
    },
    "Standard": {"type": ["Standard"], "id": "urn:s:1", "name": "S", "issueDate": "2020-01-01"},
    "Regulation": {
        "type": ["Regulation"],
        "id": "urn:r:1",
        "jurisdictionCountry": "CN",
        "effectiveDate": "2020",
    },
    "Criterion": {
        "type": ["Criterion"],
        "subCriterion": [CRITERION | {"subCriterion": []}],
        "thresholdValue": METRIC,
        "performanceLevel": "3",
        "category": [PARTY],
        "tag": ["a", "b"],
    },
    "Metric": {"type": ["Metric"], "score": "BB", "accuracy": 0},
    "Measure": {"type": ["Measure"], "value": 10},
    "Classification": {"type": ["Classification"], "code": "1", "schemeID": "urn:x:y", "schemeName": "s"},
    "ProductVerification": {
        "type": ["ProductVerification"],
        "product": PARTY,
        "IDverifiedByCAB": False,
        "x": 1,
    },
    "Product": {"registeredId": "1", "serialNumber": "2", "batchNumber": "3", "colour": "red"},
    "FacilityVerification": {"type": ["FacilityVerification"], "facility": PARTY, "IDverifiedByCAB": True},
}
KINDS = sorted(SMALLEST)


def found_in(value, kind):
    """What the structure of an object is wrong in."""
    return check_json(value, credential_models(), kind, "X")


@pytest.fixture(scope="module")
def official(oracles):
    """The validator of one definition of the official schema."""
    schema = json.loads((oracles / "dcoc/untp/untp-dcc-schema.json").read_text("utf-8"))

    def of(kind):
        named = {"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]}
        return jsonschema.Draft202012Validator(named) if kind in schema["$defs"] else None

    return of


def test_every_object_is_looked_at_here():
    assert {*SMALLEST, CREDENTIAL} == set(credential_models().objects)
    assert set(MORE) == set(SMALLEST)


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_and_the_whole_fit(kind, official):
    for value in (SMALLEST[kind], SMALLEST[kind] | MORE[kind]):
        assert found_in(value, kind) == ()
        assert official(kind) is None or official(kind).is_valid(value)


@pytest.mark.parametrize("kind", KINDS)
def test_typed_and_back_is_the_same(kind):
    for value in (SMALLEST[kind], SMALLEST[kind] | MORE[kind]):
        assert codec._plain(codec._typed(value, kind), kind) == value


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_of_the_vocabulary_is_kept_apart(kind):
    typed = codec._typed(SMALLEST[kind] | MORE[kind], kind)
    members = credential_models().objects[kind].members
    assert set(typed.extra) == set(MORE[kind]) - set(members)


@pytest.mark.parametrize("kind", KINDS)
def test_every_member_has_an_attribute_of_its_class(kind):
    names = {field.name for field in dataclasses.fields(codec._CLASSES[kind])}
    attributes = {codec._attribute(name) for name in credential_models().objects[kind].members}
    assert attributes <= names
    assert len(attributes) == len(credential_models().objects[kind].members)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in SMALLEST[kind]])
def test_what_is_needed_is_missed(kind, name, official):
    value = {key: each for key, each in SMALLEST[kind].items() if key != name}
    found = found_in(value, kind)
    assert [(each.rule, each.path) for each in found] == [("X-MISSING", "/")]
    assert name in found[0].text.en
    assert official(kind) is None or not official(kind).is_valid(value)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in KINDS for name in SMALLEST[kind] | MORE[kind]]
)
def test_a_member_of_no_kind_at_all(kind, name, official):
    """Null is no value of any member of the vocabulary; members beside it may be anything where that is allowed."""
    value = SMALLEST[kind] | MORE[kind] | {name: None}
    found = found_in(value, kind)
    is_known = name in credential_models().objects[kind].members
    assert [(each.rule, each.path) for each in found] == ([("X-KIND", f"/{name}")] if is_known else [])
    assert official(kind) is None or official(kind).is_valid(value) is not is_known


@pytest.mark.parametrize("kind", KINDS)
def test_a_member_beside_the_vocabulary(kind, official):
    value = SMALLEST[kind] | {"beside": 1}
    allowed = credential_models().objects[kind].is_open
    assert [each.rule for each in found_in(value, kind)] == ([] if allowed else ["X-UNKNOWN"])
    assert official(kind) is None or official(kind).is_valid(value) is allowed


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "type" in MORE[kind] and kind != "Party"])
def test_a_type_has_to_name_the_object(kind, official):
    wrong = (([], "X-LACKS"), (["Thing"], "X-LACKS"), (MORE[kind]["type"][0], "X-KIND"), ([7], "X-KIND"))
    for types, expected in wrong:
        value = SMALLEST[kind] | {"type": types}
        assert [(each.rule, each.path) for each in found_in(value, kind)] == [(expected, "/type")]
        assert official(kind) is None or not official(kind).is_valid(value)


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("@context", "context"), ("IDverifiedByCAB", "id_verified"), ("issuedToParty", "issued_to_party"),
        ("linkURL", "link_url"), ("schemeID", "scheme_id"), ("validFrom", "valid_from"), ("id", "id"),
        ("issuerAlsoKnownAs", "issuer_also_known_as"), ("hashDigest", "hash_digest"), ("subCriterion", "sub_criterion"),
    ],
)  # fmt: skip
def test_members_in_the_spelling_of_this_house(name, attribute):
    assert codec._attribute(name) == attribute


def test_values_are_frozen():
    typed = codec._typed(SMALLEST["Measure"], "Measure")
    with pytest.raises(dataclasses.FrozenInstanceError):
        typed.value = 7


def test_absent_is_not_empty():
    absent = codec._typed(CRITERION, "Criterion")
    empty = codec._typed(CRITERION | {"subCriterion": [], "tag": []}, "Criterion")
    assert (absent.sub_criterion, absent.tag) == (None, None)
    assert (empty.sub_criterion, empty.tag) == ((), ())
    assert absent != empty
