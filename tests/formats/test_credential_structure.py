"""The structure of conformity credentials: the verdict of UNTP's JSON Schema on samples and on changed documents."""

import copy
import json
import os
import random

import jsonschema
import pytest

from jialiang.formats.credential.codec import (
    CREDENTIAL,
    credential_models,
    plain_credential,
    typed_credential,
)
from jialiang.formats.credential.documents import check_structure
from jialiang.formats.json_documents.checking import check_json

SEED = int(os.environ.get("TEST_SEED", "20260616"))
ROUNDS, A_ROUND = 8, 100
JUNK = [
    None, 0, 1.5, True, False, "x", "", [], {}, ["x"], [1], [[]], {"a": 1}, {"id": "x", "name": "y"}, "SHA-1", "sha-1",
    "2026-01-01T00:00:00Z", "2026-01-01", ["Link"], ["Link", "SecureLink"], ["SecureLink"], "active", "certification",
    "governance.ethics", -1, 10**20, "3rdParty", "GovtApproval",
]  # fmt: skip


@pytest.fixture(scope="module")
def untp(oracles):
    """A reader of the files of UNTP."""
    return lambda name: json.loads((oracles / "dcoc/untp" / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def sample(untp):
    """The credential that UNTP ships as an instance."""
    return untp("untp-dcc-instance.json")


@pytest.fixture(scope="module")
def official(untp):
    """The validator of the official schema; formats are annotations, as the draft has it."""
    return jsonschema.Draft202012Validator(untp("untp-dcc-schema.json"))


def spots(value, path=()):
    """Every place of a document."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from spots(each, (*path, key))


def at(document, path):
    """What stands at a place."""
    for step in path:
        document = document[step]
    return document


def changed(document, places, chance):
    """A copy of a document with one thing changed by chance."""
    made = copy.deepcopy(document)
    path = chance.choice(places)
    holder, last = at(made, path[:-1]), path[-1]
    deed = chance.choice(("drop", "retype", "rename", "again", "add", "empty"))
    if deed == "drop":
        del holder[last]
    elif deed == "rename" and isinstance(holder, dict):
        holder[f"{last}x"] = holder.pop(last)
    elif deed == "again" and isinstance(holder, list):
        holder.insert(chance.randrange(len(holder) + 1), copy.deepcopy(holder[last]))
    elif deed == "add" and isinstance(holder[last], dict):
        name = chance.choice(("id", "name", "type", "extra", "description", "value", "registeredId", "tag"))
        holder[last][name] = chance.choice(JUNK)
    elif deed == "empty" and isinstance(holder[last], list | dict):
        holder[last].clear()
    else:
        holder[last] = chance.choice(JUNK)
    return made


def test_both_instances_hold(sample, untp, official):
    assert official.is_valid(sample)
    assert check_structure(sample) == ()
    attestation = untp("ConformityAttestation-instance.json")
    assert check_json(attestation, credential_models(), "ConformityAttestation", "X") == ()
    assert check_structure({**sample, "credentialSubject": attestation}) == ()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_the_verdict_is_that_of_the_schema_on_changed_documents(round_, sample, official):
    chance = random.Random(f"{SEED} {round_}")
    places = [path for path in spots(sample) if path]
    invalid = 0
    for _ in range(A_ROUND):
        made = changed(sample, places, chance)
        if chance.random() < 0.2:
            made = changed(made, [path for path in spots(made) if path] or [("x",)], chance)
        expected = official.is_valid(made)
        assert (check_structure(made) == ()) is expected, json.dumps(made)[:2000]
        invalid += not expected
    assert A_ROUND * 0.15 < invalid < A_ROUND * 0.85


def definitions(untp):
    """Every object of the schema with its members, from the schema alone."""
    schema = untp("untp-dcc-schema.json")
    found = {CREDENTIAL: schema} | schema["$defs"]
    return {name: each for name, each in found.items() if each.get("type") == "object"}


def test_every_object_and_member_of_the_schema_has_a_model(untp):
    own = credential_models().objects
    for name, definition in definitions(untp).items():
        assert set(own[name].members) == set(definition["properties"]), name
        needed = {member.name for member in own[name].members.values() if member.is_needed}
        assert needed == set(definition.get("required", ())), name
        assert own[name].is_open == (definition.get("additionalProperties", True) is not False), name


def test_every_enumeration_is_that_of_the_schema(untp):
    values = credential_models().values
    for definition in definitions(untp).values():
        for name, member in definition["properties"].items():
            if "enum" in member:
                own = values["_topic" if name == "conformityTopic" else f"_{name}"]
                assert set(own.words) == set(member["enum"]), name


MEMBERS = ["@context", "id", "issuer", "type", "validFrom", "validUntil", "credentialSubject"]


@pytest.mark.parametrize("junk", JUNK, ids=[f"{number}" for number in range(len(JUNK))])
@pytest.mark.parametrize("name", MEMBERS)
def test_every_member_with_everything(name, junk, sample, official):
    made = {**sample, name: junk}
    assert (check_structure(made) == ()) is official.is_valid(made)


@pytest.mark.parametrize("junk", JUNK, ids=[f"{number}" for number in range(len(JUNK))])
@pytest.mark.parametrize(
    "name", ["assessorLevel", "attestationType", "issuedToParty", "assessment", "scope", "type"]
)
def test_every_member_of_the_attestation_with_everything(name, junk, sample, official):
    made = {**sample, "credentialSubject": {**sample["credentialSubject"], name: junk}}
    assert (check_structure(made) == ()) is official.is_valid(made)


V2, UNTP = "https://www.w3.org/ns/credentials/v2", "https://test.uncefact.org/vocabulary/untp/dcc/working/"
CONTEXTS = [
    ([V2, UNTP], None), ([UNTP, V2], "BEGINS"), ([V2], "BEGINS"), ([], "BEGINS"), ([V2, UNTP, "x"], None),
    ([V2, UNTP, V2], "TWICE"), ([V2, UNTP, "x", "x"], "TWICE"), ("x", "KIND"), ([V2, UNTP, {}], "KIND"),
    (["https://www.w3.org/2018/credentials/v1", UNTP], "BEGINS"), ([V2, UNTP.rstrip("/")], "BEGINS"), (None, "KIND"),
]  # fmt: skip


@pytest.mark.parametrize(("context", "kind"), CONTEXTS)
def test_contexts_stand_in_order(context, kind, sample, official):
    made = {**sample, "@context": context}
    found = check_structure(made)
    assert [each.rule for each in found] == ([f"CREDENTIAL-STRUCTURE-{kind}"] if kind else [])
    assert all(each.path == "/@context" for each in found)
    assert official.is_valid(made) is (kind is None)


MOMENTS = [
    "2024-03-15T12:00:00Z", "2024-03-15T12:00:00.5+08:00", "2024-03-15T24:00:00Z", "2024-03-15T24:00:01Z",
    "2024-03-15T12:00:00", "2024-03-15", "2024-3-15T12:00:00Z", "-0044-03-15T12:00:00Z", "2024-03-15T12:00Z",
    "12024-03-15T12:00:00Z", "02024-03-15T12:00:00Z", "2024-02-30T12:00:00Z", "2024-03-15T12:00:00+14:00",
    "2024-03-15T12:00:00+14:01", "2024-03-15t12:00:00z", " 2024-03-15T12:00:00Z", "2024-03-15T12:00:60Z",
]  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS)
def test_moments_are_those_of_the_schema(moment, sample, official):
    made = {**sample, "validFrom": moment}
    assert (check_structure(made) == ()) is official.is_valid(made)


FAULTS = [
    (lambda d: d.pop("id"), "MISSING", "/", "lacks the member id"),
    (lambda d: d["issuer"].update(extra=1), "UNKNOWN", "/issuer/extra", "possible: type, id, name"),
    (lambda d: d["issuer"].update(name=7), "KIND", "/issuer/name", "is 7; expected: a text"),
    (lambda d: d["credentialSubject"].update(assessorLevel="me"), "VALUE", "/credentialSubject/assessorLevel",
     "Self, Commercial"),
    (lambda d: d["type"].remove("VerifiableCredential"), "LACKS", "/type", "VerifiableCredential"),
    (lambda d: d["credentialSubject"]["assessment"][0].update(conformance="yes"), "KIND",
     "/credentialSubject/assessment/0/conformance", "true or false"),
    (lambda d: d.update(credentialSubject=[]), "KIND", "/credentialSubject", "an object {…}"),
    (lambda d: d["issuer"].update({"a/b~c": 1}), "UNKNOWN", "/issuer/a~1b~0c", "a/b~c"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "kind", "path", "words"), FAULTS)
def test_a_fault_is_told_with_its_place_in_both_languages(fault, kind, path, words, sample):
    made = copy.deepcopy(sample)
    fault(made)
    found = check_structure(made)
    assert [(each.rule, each.path) for each in found] == [(f"CREDENTIAL-STRUCTURE-{kind}", path)]
    assert words in found[0].text.en
    assert "{" not in found[0].text.zh.replace("{…}", "")


def test_nothing_is_lost_in_typed_values(sample):
    assert plain_credential(typed_credential(sample)) == sample


@pytest.mark.parametrize("round_", range(3))
def test_nothing_is_lost_of_any_valid_document(round_, sample):
    chance = random.Random(f"typed {SEED} {round_}")
    places = [path for path in spots(sample) if path]
    valid = 0
    for _ in range(60):
        made = changed(sample, places, chance)
        if not check_structure(made):
            valid += 1
            assert plain_credential(typed_credential(made)) == made
    assert valid > 10


def test_typed_values_are_named_as_this_house_names_them(sample):
    credential = typed_credential(sample)
    assert credential.issuer.id.startswith("did:web:")
    assessment = credential.credential_subject.assessment[0]
    assert assessment.conformance is True
    assert assessment.assessment_criteria[0].sub_criterion == ()
    assert assessment.assessment_criteria[0].threshold_value.metric_value.value == 10
    assert assessment.assessed_product[0].product.registered_id
    assert credential.issuer.issuer_also_known_as[0].extra["idScheme"]["type"] == ["IdentifierScheme"]


def test_a_document_of_nothing_but_faults_ends(sample):
    made = copy.deepcopy(sample)
    made["issuer"] |= {f"x{n}": n for n in range(5000)}
    assert len(check_structure(made)) == 500


@pytest.mark.parametrize("value", [None, 7, "x", [], [{}], True])
def test_what_is_no_object_is_no_credential(value):
    assert [each.rule for each in check_structure(value)] == ["CREDENTIAL-STRUCTURE-KIND"]
