"""Credentials by hand: tokens made of bytes, ids and digests computed again, edges of days, words to the letter."""

import base64
import hashlib
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.dcoc_samples import BODY, SAMPLE, SMALLEST, changed
from tests.formats.test_credential_rules import NOW, A, S, edit, exact, found_in, small

from jialiang.formats.credential import errors
from jialiang.formats.credential.codec import plain_credential, typed_credential
from jialiang.formats.credential.documents import check_structure, read_credential, write_json
from jialiang.formats.credential.making import CredentialWish, credential_from_dcoc
from jialiang.formats.credential.rules.times import day_of, moment_of
from jialiang.formats.credential.tokens import enveloped, public_key_of, read_token, verify_token
from jialiang.formats.dcoc.model import Contact, Named, Validity, texts
from jialiang.formats.json_documents.errors import JsonTooDeep, MemberRepeated
from jialiang.kernel.text import Text

DID = "did:web:body.example"
WISH = CredentialWish(issuer=DID)
KEY = ec.derive_private_key(7, ec.SECP256R1())


def b64(data):
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_of(payload, header=None, key=KEY):
    """A token made of bytes alone; a payload may be given as bytes."""
    head = b64(json.dumps(header or {"alg": "ES256", "typ": "vc+jwt"}).encode())
    body = b64(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    r, s = decode_dss_signature(key.sign(f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256())))
    return f"{head}.{body}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


# --- tokens ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("around", ["{}", "\n{}\n", "\ufeff{}", "  {}\t"])
def test_a_token_of_another_hand_is_read_and_holds(around):
    reading = read_credential(around.format(token_of(small())).encode())
    assert (reading.document, reading.secured, reading.findings) == (exact(small()), "token", ())
    verify_token(reading.token, KEY.public_key())


def test_an_envelope_of_another_hand_is_opened():
    token = token_of(small())
    reading = read_credential(json.dumps(enveloped(read_token(token))).encode())
    assert (reading.document, reading.token.text) == (exact(small()), token)


@pytest.mark.parametrize("at", [0, 31, 32, 63])
def test_every_byte_of_a_signature_counts(at):
    token = read_token(token_of(small()))
    signature = bytearray(token.signature)
    signature[at] ^= 1
    with pytest.raises(errors.TokenAltered):
        verify_token(replace(token, signature=bytes(signature)), KEY.public_key())


@pytest.mark.parametrize("signature", [b"", b"\x00" * 64, b"\xff" * 64, b"\x00" * 63, b"\x01" * 65])
def test_a_signature_of_another_size_or_of_nothing_is_altered(signature):
    with pytest.raises(errors.TokenAltered):
        verify_token(replace(read_token(token_of(small())), signature=signature), KEY.public_key())


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ({"alg": "none", "typ": "vc+jwt"}, errors.AlgorithmRefused),
        ({"alg": "es256", "typ": "vc+jwt"}, errors.AlgorithmRefused),
        ({"alg": ["ES256"], "typ": "vc+jwt"}, errors.AlgorithmRefused),
        ({"typ": "vc+jwt"}, errors.AlgorithmRefused),
        ({"alg": "ES256", "typ": "JWT"}, errors.NotAToken),
        ({"alg": "ES256"}, errors.NotAToken),
        ({"alg": "ES256", "typ": "vc+jwt", "crit": []}, errors.NotAToken),
    ],
)
def test_a_header_of_another_kind_is_refused_although_the_signature_holds(header, error):
    with pytest.raises(error):
        verify_token(read_token(token_of(small(), header)), KEY.public_key())


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (b'{"@context":1,"@context":2}', MemberRepeated), (b"[" * 100, JsonTooDeep),
        (b"[]", errors.NotAToken), (b'"x"', errors.NotAToken), (b"7", errors.NotAToken),
        (b"{}", errors.NotACredential), (b'{"iss": "x"}', errors.NotACredential),
    ],
)  # fmt: skip
def test_a_payload_that_is_no_credential_is_refused(payload, error):
    with pytest.raises(error):
        read_credential(token_of(payload).encode())


@pytest.mark.parametrize("text", ["a.b", "a.b.c.d", "a..c", ".b.c", "a b.c.d", "a=.b.c", "é.b.c", "A.AA.AA"])
def test_what_has_not_three_parts_of_whole_bytes_is_no_token(text):
    with pytest.raises((errors.NotAToken, errors.JialiangError)) as refused:
        read_token(text)
    assert refused.value.code in ("JL-VC-002", "JL-JSON-002")


def test_stray_bits_at_the_end_of_a_part_are_refused():
    """Of the last letter of a part only some bits belong to a byte; the others have to be zero (RFC 4648, 3.5)."""
    head, body, end = token_of(small()).split(".")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = letters[
        letters.index(end[-1]) + 1
    ]  # 64 bytes end in a letter with four bits that belong to nothing
    with pytest.raises(errors.NotAToken) as refused:
        read_token(f"{head}.{body}.{end[:-1]}{other}")
    assert refused.value.facts["reason"] == "stray bits in base64url"


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP256K1()])
def test_a_key_on_another_curve_checks_nothing(curve):
    with pytest.raises(errors.UnfitTokenKey):
        verify_token(read_token(token_of(small())), ec.derive_private_key(7, curve).public_key())


def test_a_key_in_pem_is_the_key():
    pem = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert public_key_of(pem).public_numbers() == KEY.public_key().public_numbers()
    with pytest.raises(errors.NotAPublicKey):
        public_key_of(pem.replace(b"PUBLIC", b"PRIVATE"))
    with pytest.raises(errors.NotAPublicKey):
        public_key_of(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")


# --- made of a certificate ------------------------------------------------------------------------------------------


def made(certificate=SAMPLE, **wish):
    """The credential of a certificate, ready for JSON."""
    return plain_credential(credential_from_dcoc(certificate, replace(WISH, **wish)))


def test_the_smallest_credential_to_the_letter():
    own = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{DID} 1 0')}"
    assert made(SMALLEST) == {
        "type": ["DigitalConformityCredential", "VerifiableCredential"],
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://test.uncefact.org/vocabulary/untp/dcc/working/",
        ],
        "id": own,
        "issuer": {"type": ["CredentialIssuer"], "id": DID, "name": "Body"},
        "validFrom": "2026-01-02T00:00:00Z",
        "validUntil": "2036-01-01T23:59:59Z",
        "credentialSubject": {
            "type": ["ConformityAttestation", "Attestation"],
            "id": f"{own}#attestation",
            "name": "1 MI-005",
            "assessorLevel": "3rdParty",
            "assessmentLevel": "Unspecified",
            "attestationType": "certification",
            "description": "It conforms.",
            "issuedToParty": {"id": f"{own}#manufacturer", "name": "Maker"},
            "assessment": [{
                "type": ["ConformityAssessment", "Declaration"],
                "assessmentDate": "2026-01-02",
                "id": f"{own}#assessment",
                "name": "1",
                "assessmentCriteria": [{
                    "type": ["Criterion"], "id": f"{own}#certificationCriteria-1", "name": "EN 1",
                    "description": "EN 1", "conformityTopic": "governance.compliance", "status": "active",
                }],
                "conformityTopic": "governance.compliance",
                "conformance": True,
                "assessedProduct": [{
                    "type": ["ProductVerification"],
                    "product": {"id": f"{own}#certObjectIDs-1", "name": "MI-005", "registeredId": "T-1"},
                }],
            }],
        },
    }  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en", "zh-Hans"])
def test_every_text_is_in_the_language_asked_for(language):
    subject = made(language=language, scheme_version="1", scheme_valid_from="2024-05-01")["credentialSubject"]
    found = {
        "statement": subject["description"],
        "maker": subject["issuedToParty"]["name"],
        "category": subject["name"].partition(" ")[2],
        "scheme": subject["scope"]["name"],
        "body": subject["scope"]["owner"]["name"],
        "product": subject["assessment"][0]["assessedProduct"][0]["product"]["name"],
    }
    chinese = {"statement": "符合上述依据的要求。", "maker": "示例衡器厂（虚构）", "category": "非自动衡器",
               "scheme": "型式检验", "body": "示例认证中心（虚构）", "product": "型号"}  # fmt: skip
    english = {"statement": "The types conform to the criteria above.", "maker": "Sample Scales Ltd (fictional)",
               "category": "Non-automatic weighing instrument", "scheme": "Type testing",
               "body": "Sample Certification Centre (fictional)", "product": "type"}  # fmt: skip
    assert found == (chinese if language.startswith("zh") else english)


@settings(deadline=None, max_examples=40)
@given(document=st.binary(max_size=64))
def test_the_digest_of_the_file_is_computed_again(document):
    link = made(document=document)["credentialSubject"]["conformityCertificate"]
    assert link["hashDigest"] == hashlib.sha256(document).hexdigest()
    assert (link["hashMethod"], link["linkURL"], link["linkName"]) == (
        "SHA-256", SAMPLE.identifier, SAMPLE.number,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("certificate", "document", "link"),
    [
        (SAMPLE, None, {"linkURL": SAMPLE.identifier}),
        (changed(identifier=""), b"x", {"linkURL": "#certificate", "hashMethod": "SHA-256"}),
        (changed(identifier=""), None, None),
    ],
)
def test_a_link_stands_where_there_is_something_to_link_to(certificate, document, link):
    found = made(certificate, document=document)["credentialSubject"].get("conformityCertificate")
    if link is None:
        assert found is None
    else:
        assert found["linkURL"].endswith(link["linkURL"])
        assert found.get("hashMethod") == link.get("hashMethod")


@pytest.mark.parametrize(
    ("version", "since", "stands"),
    [("", "", False), ("1", "", False), ("", "2024-05-01", False), ("1", "2024-05-01", True)],
)
def test_a_scheme_needs_its_version_and_its_day(version, since, stands):
    subject = made(scheme_version=version, scheme_valid_from=since)["credentialSubject"]
    assert ("scope" in subject) is stands
    if stands:
        scope = subject["scope"]
        assert (scope["version"], scope["validFrom"], scope["description"]) == (
            version,
            since,
            "1a Type testing",
        )
        assert scope["owner"]["id"] == BODY.url


@pytest.mark.parametrize(
    ("validity", "date", "begins", "until"),
    [
        (Validity("2026-07-01", "2027-06-30"), "2026-06-16", "2026-07-01T00:00:00Z", "2027-06-30T23:59:59Z"),
        (Validity("", "2027-06-30"), "2026-06-16", "2026-06-16T00:00:00Z", "2027-06-30T23:59:59Z"),
        (Validity(), "2026-06-16", "2026-06-16T00:00:00Z", None),
        (Validity("soon", "later"), "2026-06-16", None, None),
        (Validity("2026-02-30"), "2026-06-16", None, None),
        (Validity(), "June", None, None),
    ],
)  # fmt: skip
def test_days_become_moments(validity, date, begins, until):
    found = made(changed(validity=validity, date=date))
    assert (found.get("validFrom"), found.get("validUntil")) == (begins, until)
    assessed = found["credentialSubject"]["assessment"][0].get("assessmentDate")
    assert assessed == (date if date != "June" else None)


@pytest.mark.parametrize("identifier", ["https://a.example/c", "https://a.example/c#7"])
def test_parts_are_named_below_the_certificate_and_things_elsewhere_keep_their_names(identifier):
    joint = "-" if "#" in identifier else "#"
    objects = (Named("A", uri="https://maker.example/a"), Named("B", uri="not an address"), Named("C"))
    (assessment,) = made(changed(identifier=identifier, objects=objects))["credentialSubject"]["assessment"]
    assert [each["product"]["id"] for each in assessment["assessedProduct"]] == [
        "https://maker.example/a",
        f"{identifier}{joint}certObjectIDs-2",
        f"{identifier}{joint}certObjectIDs-3",
    ]
    assert assessment["id"] == f"{identifier}{joint}assessment"


@pytest.mark.parametrize(
    ("body", "known"),
    [
        (BODY, [{"id": BODY.url, "name": "Sample Certification Centre (fictional)", "registeredId": "CNAS C000"}]),
        (replace(BODY, identifier=""), [{"id": BODY.url, "name": "Sample Certification Centre (fictional)"}]),
        (replace(BODY, url=""), None),
    ],
)  # fmt: skip
def test_the_issuer_is_known_by_its_address_too(body, known):
    assert made(changed(body=body))["issuer"].get("issuerAlsoKnownAs") == known


@pytest.mark.parametrize("differs", [{"number": "2"}, {"revision": "2"}])
def test_another_number_or_revision_is_another_credential(differs):
    assert made(changed(**differs))["id"] != made()["id"]
    assert made()["id"] != made(issuer="did:web:other.example")["id"]
    assert made(credential_id="urn:uuid:1")["id"] == "urn:uuid:1"


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"number": ""}, "certNo"), ({"body": Contact(url="https://a.example/")}, "certificationBody/name"),
        ({"manufacturer": Contact()}, "manufacturer/name"), ({"objects": ()}, "certObjectIDs"),
        ({"criteria": ()}, "certificationCriteria"), ({"statement": ()}, "statementOfConformity"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_in_both_languages(changes, element):
    with pytest.raises(errors.MissingForCredential) as refused:
        made(changed(**changes))
    assert refused.value.what == Text(
        f"证书缺少 {element}，无法作成凭证。", f"The certificate lacks {element}, so no credential can be made of it."
    )  # fmt: skip


def test_a_long_issuer_is_cut_in_the_refusal():
    with pytest.raises(errors.IssuerNotADid) as refused:
        made(issuer="x" * 500)
    assert refused.value.facts["issuer"] == "x" * 80


# --- rules at their edges -------------------------------------------------------------------------------------------


def rules_at(path, value, now=NOW):
    """The rules that the small credential breaks with a member changed."""
    return {each.rule for each in found_in(edit(path, value), now=now)}


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_credential_holds_from_its_first_moment_with_five_minutes_of_grace(shift):
    now = datetime(2026, 6, 16, tzinfo=UTC) - timedelta(minutes=5, microseconds=shift)
    found = {each.rule for each in found_in(small(), now=now)}
    assert ("CREDENTIAL-NOT-YET-VALID" in found) is (shift == 1)


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_credential_holds_to_its_last_moment(shift):
    now = datetime(2036, 6, 15, 23, 59, 59, tzinfo=UTC) + timedelta(microseconds=shift)
    assert ("CREDENTIAL-EXPIRED" in {each.rule for each in found_in(small(), now=now)}) is (shift == 1)


@pytest.mark.parametrize(
    ("until", "is_reversed"),
    [
        ("2026-06-16T00:00:00Z", False), ("2026-06-15T23:59:59Z", True), ("2026-06-16T08:00:00+08:00", False),
        ("2026-06-16T07:59:59+08:00", True), ("2026-06-15T24:00:00Z", False), ("2026-06-15T19:00:00-05:00", False),
    ],
)  # fmt: skip
def test_moments_of_other_zones_are_compared_as_moments(until, is_reversed):
    assert ("CREDENTIAL-DATES-REVERSED" in rules_at("/validUntil", until)) is is_reversed


@pytest.mark.parametrize(
    ("day", "is_later"), [("2026-06-16", False), ("2026-06-17", False), ("2026-06-18", True)]
)
def test_an_assessment_may_be_of_the_next_day_somewhere(day, is_later):
    assert ("CREDENTIAL-ASSESSED-LATER" in rules_at(f"{A}/assessmentDate", day)) is is_later


@pytest.mark.parametrize(
    ("accuracy", "is_one"),
    [(0, True), (1, True), (0.05, True), (-0.0, True), (1.0001, False), (-1e-9, False)],
)
def test_an_accuracy_is_from_nothing_to_the_whole(accuracy, is_one):
    path = f"{A}/assessmentCriteria/0/thresholdValue/accuracy"
    assert ("CREDENTIAL-ACCURACY-RANGE" not in rules_at(path, accuracy)) is is_one


@pytest.mark.parametrize("method", ["SHA-256", "SHA-1"])
@pytest.mark.parametrize("letters", [0, 39, 40, 41, 63, 64, 65, 128])
def test_a_digest_has_the_letters_of_its_method(method, letters):
    link = {"hashDigest": "aF" * (letters // 2) + "0" * (letters % 2), "hashMethod": method}
    found = rules_at(f"{S}/conformityCertificate", link)
    fits = letters == hashlib.new(method.replace("-", "").lower()).digest_size * 2
    assert ("CREDENTIAL-HASH-MALFORMED" not in found) is fits
    assert ("CREDENTIAL-HASH-WEAK" in found) is (method == "SHA-1")


@pytest.mark.parametrize("digest", ["g" * 64, "ab" * 31 + " a", "é" * 64, "0x" + "a" * 62, "a" * 63 + "\n"])
def test_a_digest_is_hexadecimal(digest):
    path = f"{S}/conformityCertificate/hashDigest"
    assert rules_at(path, digest) == {"CREDENTIAL-HASH-MALFORMED"}


@pytest.mark.parametrize(
    ("path", "value", "en", "zh"),
    [
        ("/issuer/id", "urn:x", "The issuer “urn:x” is no DID.", "签发者“urn:x”不是 DID。"),
        ("/issuer/id", "did:key:z", "The DID of the issuer is of the method key; UNTP recommends did:web or did:webvh.",
         "签发者的 DID 方法是 key；UNTP 建议 did:web 或 did:webvh。"),
        ("/id", "7", "The id of the credential “7” is no URI.", "凭证的标识“7”不是 URI。"),
        (f"{A}/assessmentDate", "2026-02-30", "“2026-02-30” is no day of the calendar.",
         "“2026-02-30”不是日历上的日期。"),
        ("/validUntil", "2026-06-15T00:00:00Z",
         "It holds until 2026-06-15T00:00:00Z, which is before 2026-06-16T00:00:00Z.",
         "有效期止于 2026-06-15T00:00:00Z，早于 2026-06-16T00:00:00Z。"),
        (f"{A}/referenceRegulation/jurisdictionCountry", "XX", "“XX” is no code of two letters of ISO 3166-1.",
         "“XX”不是 ISO 3166-1 的两字母代码。"),
        (f"{S}/conformityCertificate/hashDigest", "ab", "The hashDigest is no hexadecimal digest of SHA-256.",
         "hashDigest 不是 SHA-256 的十六进制摘要。"),
    ],
)  # fmt: skip
def test_a_finding_says_its_facts_to_the_letter(path, value, en, zh):
    found = [each.text for each in found_in(edit(path, value), now=None)]
    assert found == [Text(zh, en)]


def test_places_are_json_pointers_even_of_odd_names():
    document = small()
    document["credentialSubject"]["issuedToParty"]["a/b~c"] = {"id": "no address"}
    assert [each.path for each in found_in(document)] == [f"{S}/issuedToParty/a~1b~0c/id"]


@settings(deadline=None)
@given(
    moment=st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)),
    hours=st.integers(-13, 13),
)
def test_a_moment_is_the_same_in_every_zone(moment, hours):
    shown = (moment + timedelta(hours=hours)).isoformat()
    assert moment_of(f"{shown}{'+' if hours >= 0 else '-'}{abs(hours):02}:00") == moment.replace(tzinfo=UTC)


@given(day=st.dates())
def test_a_day_is_read_as_it_is_written(day):
    assert day_of(day.isoformat()) == day


# --- nothing is lost ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["", S, f"{S}/issuedToParty", A, f"{A}/assessedProduct/0", f"{S}/scope"])
def test_members_of_ones_own_stay_where_an_object_is_open(place):
    document = edit(f"{place}/ownMember", {"deep": [1, None, True]})
    assert check_structure(document) == ()
    assert plain_credential(typed_credential(document)) == document
    assert json.loads(write_json(document)) == document


@pytest.mark.parametrize("place", ["/issuer", f"{S}/conformityCertificate", f"{A}/assessmentCriteria/0"])
def test_members_of_ones_own_are_no_part_of_a_closed_object(place):
    (found,) = check_structure(edit(f"{place}/ownMember", 1))
    assert (found.rule, found.path) == ("CREDENTIAL-STRUCTURE-UNKNOWN", f"{place}/ownMember")


def test_the_json_is_written_for_people():
    written = write_json({"a": "量", "b": [1]}).decode()
    assert written == '{\n  "a": "量",\n  "b": [\n    1\n  ]\n}\n'


@pytest.mark.parametrize(
    ("error", "en"),
    [
        (errors.NotACredential(found="x"), "“x” is no verifiable credential."),
        (errors.NotAToken(reason="r"), "The token cannot be read: r."),
        (errors.AlgorithmRefused(algorithm="none"), "The algorithm “none” is not accepted."),
        (errors.TokenAltered(), "The signature does not fit the token and the key."),
        (errors.UnfitTokenKey(), "The key is not on the curve P-256."),
        (errors.TokenSigningFailed(), "What the signer returned does not fit its certificate."),
        (errors.NotEnveloped(), "The credential is not enveloped in a token."),
        (errors.NotAPublicKey(), "The file holds no public key."),
    ],
)
def test_a_refusal_is_told_in_words(error, en):
    assert error.what.en == en
    assert all((error.what.zh, error.rule.zh, error.rule.en, error.way_out.zh, error.way_out.en))


def test_a_person_reads_names_that_stand_in_one_language_only():
    found = made(changed(manufacturer=Contact(name=texts({"zh": "厂"}))))
    assert found["credentialSubject"]["issuedToParty"]["name"] == "厂"
