"""Which revocation lists count: whole, of the right issuer with the right to sign lists, strong, current."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.sample_keys import (
    CHECK_TIME,
    END,
    SIGNING_TIME,
    START,
    Authority,
    institute,
    issuing,
    key,
    key_usage,
    name,
    root,
    signed_sample,
    stranger,
)

from jialiang.formats.xades.chain import certificate_path
from jialiang.formats.xades.errors import UnfitSignerCertificate
from jialiang.formats.xades.revocation import revocation_finding
from jialiang.formats.xades.verification import verify

DAY = timedelta(days=1)
LEAF = institute().certificate
PATH = (LEAF, issuing().certificate, root().certificate)
STRANGE = ObjectIdentifier("1.2.3.4.5")


def a_list(
    issuer=None, *revoked, key_=None, hash_=None, extensions=(), begin=START, until=END, issuer_name=None
):
    """A list by ``issuer``: pairs of certificate and moment, or of serial number and moment."""
    issuer = issuer or issuing()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer_name or issuer.certificate.subject)
        .last_update(begin)
        .next_update(until)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    for each, moment in revoked:
        serial = each if isinstance(each, int) else each.serial_number
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key_ or issuer.key, hash_ or hashes.SHA256())


def found(*lists, path=PATH, at=CHECK_TIME):
    return revocation_finding(path, lists, signing_time=SIGNING_TIME, at=at)


ROOTS_LIST = a_list(root())
BEFORE = SIGNING_TIME - DAY
AFTER = SIGNING_TIME + DAY


def scope(**members) -> x509.IssuingDistributionPoint:
    facts = {
        "full_name": None, "relative_name": None, "only_contains_user_certs": False,
        "only_contains_ca_certs": False, "only_some_reasons": None, "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }  # fmt: skip
    return x509.IssuingDistributionPoint(**{**facts, **members})


EXTENSIONS = {
    "none": ((), "ok"),
    "a number": (((x509.CRLNumber(7), False),), "ok"),
    "a strange one that may be ignored": (((x509.UnrecognizedExtension(STRANGE, b"\x05\x00"), False),), "ok"),
    "a strange critical one": (((x509.UnrecognizedExtension(STRANGE, b"\x05\x00"), True),), "not_checked"),
    "changes only": (((x509.DeltaCRLIndicator(6), True),), "not_checked"),
    "authorities only": (((scope(only_contains_ca_certs=True), True),), "not_checked"),
    "some reasons only": (
        ((scope(only_some_reasons=frozenset({x509.ReasonFlags.superseded})), True),), "not_checked"),
    "certificates of others": (((scope(indirect_crl=True), True),), "not_checked"),
}  # fmt: skip


@pytest.mark.parametrize(("extensions", "outcome"), EXTENSIONS.values(), ids=EXTENSIONS)
def test_only_a_whole_list_says_that_somebody_is_not_on_it(extensions, outcome):
    assert found(a_list(extensions=extensions), ROOTS_LIST).outcome == outcome


@pytest.mark.parametrize(
    "extensions", [((x509.DeltaCRLIndicator(6), True),), ((scope(indirect_crl=True), True),)]
)
def test_a_partial_list_beside_the_whole_one_changes_nothing(extensions):
    partial = a_list(None, (LEAF, AFTER), extensions=extensions)
    assert found(partial, a_list(), ROOTS_LIST).outcome == "ok"
    assert found(partial, a_list(None, (LEAF, BEFORE)), ROOTS_LIST).outcome == "failed"


HASHES = {
    "SHA-256": (hashes.SHA256(), "ok"),
    "SHA-384": (hashes.SHA384(), "ok"),
    "SHA-512": (hashes.SHA512(), "ok"),
    "SHA-224": (hashes.SHA224(), "not_checked"),
    "SHA3-256": (hashes.SHA3_256(), "not_checked"),
}


@pytest.mark.parametrize(("hash_", "outcome"), HASHES.values(), ids=HASHES)
def test_a_list_is_signed_with_a_strong_hash_as_certificates_are(hash_, outcome):
    assert found(a_list(hash_=hash_), ROOTS_LIST).outcome == outcome


SIGNERS = {
    "the issuer": ({}, "ok"),
    "another key under the issuer's name": ({"key_": key("nobody")}, "not_checked"),
    "the issuer under another name": ({"issuer_name": name("Nobody")}, "not_checked"),
    "the root for the issuer": ({"key_": root().key}, "not_checked"),
    "an authority of the same name as the root": ({"key_": stranger()[0].key}, "not_checked"),
    "an RSA key under the issuer's name": ({"key_": rsa.generate_private_key(65537, 2048)}, "not_checked"),
    "a key on another curve": ({"key_": ec.generate_private_key(ec.SECP384R1())}, "not_checked"),
}


@pytest.mark.parametrize(("members", "outcome"), SIGNERS.values(), ids=SIGNERS)
def test_a_list_counts_only_if_the_issuer_of_the_certificate_signed_it(members, outcome):
    assert found(a_list(**members), ROOTS_LIST).outcome == outcome
    revoked = a_list(None, (LEAF, BEFORE), **members)
    assert found(revoked, ROOTS_LIST).outcome == ("failed" if outcome == "ok" else "not_checked")


def an_authority(usage: x509.KeyUsage | None) -> tuple[Authority, x509.Certificate]:
    """An authority below the root with a right to its key, and a certificate that it issued."""
    own = key("authority of lists")
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("Authority of lists"))
        .issuer_name(root().certificate.subject)
        .public_key(own.public_key())
        .serial_number(41)
        .not_valid_before(START)
        .not_valid_after(END)
        .add_extension(x509.BasicConstraints(True, None), critical=True)
    )
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    made = Authority(own, builder.sign(root().key, hashes.SHA256()))
    return made, leaf_of(made)


def leaf_of(issuer: Authority, *purposes: ObjectIdentifier, critical: bool = True) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("Leaf"))
        .issuer_name(issuer.certificate.subject)
        .public_key(key("leaf of lists").public_key())
        .serial_number(42)
        .not_valid_before(START)
        .not_valid_after(END)
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    return builder.sign(issuer.key, hashes.SHA256())


def usage(**wanted) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**{**dict.fromkeys(names, False), **wanted})


@pytest.mark.parametrize(
    ("right", "outcome"),
    [
        (None, "ok"),
        (usage(key_cert_sign=True, crl_sign=True), "ok"),
        (usage(key_cert_sign=True), "not_checked"),
        (usage(key_cert_sign=True, digital_signature=True), "not_checked"),
    ],
)
def test_an_authority_needs_the_right_to_sign_lists(right, outcome):
    issuer, leaf = an_authority(right)
    path = (leaf, issuer.certificate, root().certificate)
    assert found(a_list(issuer), ROOTS_LIST, path=path).outcome == outcome
    assert found(a_list(issuer, (leaf, BEFORE)), ROOTS_LIST, path=path).outcome == (
        "failed" if outcome == "ok" else outcome
    )


def test_an_authority_with_a_key_on_edwards_curve_may_sign_lists_but_no_hash_of_theirs_is_known():
    """Ed25519 names no hash: certificates of such an authority are not followed, nor are its lists."""
    own = ed25519.Ed25519PrivateKey.generate()
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuing().certificate.subject)
    made = builder.last_update(START).next_update(END).sign(own, None)
    assert found(made, ROOTS_LIST).outcome == "not_checked"


# --- several lists, times, serial numbers --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lists", "outcome"),
    [
        ((), "not_checked"),
        ((a_list(),), "not_checked"),
        ((ROOTS_LIST,), "not_checked"),
        ((a_list(), ROOTS_LIST), "ok"),
        ((a_list(), a_list(), ROOTS_LIST), "ok"),
        ((a_list(until=CHECK_TIME - DAY), a_list(), ROOTS_LIST), "ok"),
        ((a_list(until=CHECK_TIME - DAY), ROOTS_LIST), "not_checked"),
        ((a_list(None, (LEAF, BEFORE), until=CHECK_TIME - DAY), a_list(), ROOTS_LIST), "ok"),
        ((a_list(), a_list(None, (LEAF, BEFORE)), ROOTS_LIST), "failed"),
        ((a_list(None, (LEAF, AFTER)), ROOTS_LIST), "warning"),
        ((a_list(None, (LEAF, BEFORE)),), "failed"),
        ((a_list(), a_list(root(), (issuing().certificate, BEFORE))), "failed"),
        ((a_list(), a_list(root(), (issuing().certificate, AFTER))), "warning"),
        ((a_list(root(), (issuing().certificate, BEFORE)),), "failed"),
        ((a_list(None, (issuing().certificate, BEFORE)), ROOTS_LIST), "ok"),
        ((a_list(), a_list(root(), (LEAF, BEFORE))), "ok"),
        ((a_list(root(), (root().certificate, BEFORE)), a_list()), "ok"),
    ],
)
def test_what_several_lists_say_together(lists, outcome):
    assert found(*lists).outcome == outcome
    assert found(*reversed(lists)).outcome == outcome


@pytest.mark.parametrize("distance", [-1, 1, 2**32])
def test_a_neighbouring_serial_number_is_somebody_else(distance):
    assert found(a_list(None, (LEAF.serial_number + distance, BEFORE)), ROOTS_LIST).outcome == "ok"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-100, 100), min_size=1, max_size=4, unique=True))
def test_whichever_lists_name_the_signer_the_gravest_one_counts(days):
    lists = [a_list(None, (LEAF, SIGNING_TIME + day * DAY)) for day in days]
    expected = "failed" if min(days) <= 0 else "warning"
    assert found(lists[0], ROOTS_LIST).outcome == ("failed" if days[0] <= 0 else "warning")
    assert found(*lists, ROOTS_LIST).outcome == expected


def test_the_whole_check_says_what_the_lists_say():
    def outcome(*lists):
        findings = verify(signed_sample(), [root().certificate], CHECK_TIME, revocation_lists=lists)
        return findings.revocation.outcome, findings.revocation.code, findings.holds

    assert outcome() == ("not_checked", "JL-SIG-052", True)
    assert outcome(a_list(), ROOTS_LIST) == ("ok", "", True)
    assert outcome(a_list(extensions=((x509.DeltaCRLIndicator(1), True),)), ROOTS_LIST)[:2] == (
        "not_checked", "JL-SIG-052",
    )  # fmt: skip
    assert outcome(a_list(None, (LEAF, AFTER)), ROOTS_LIST) == ("warning", "JL-SIG-051", True)
    assert outcome(a_list(None, (LEAF, BEFORE)), ROOTS_LIST) == ("failed", "JL-SIG-050", False)


# --- purposes of a signer's certificate ----------------------------------------------------------------------

PURPOSES = {
    "none": ((), True),
    "any": ((ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,), True),
    "e-mail": ((ExtendedKeyUsageOID.EMAIL_PROTECTION,), True),
    "documents (RFC 9336)": ((ObjectIdentifier("1.3.6.1.5.5.7.3.36"),), True),
    "a person at a server": ((ExtendedKeyUsageOID.CLIENT_AUTH,), True),
    "a server and documents": (
        (ExtendedKeyUsageOID.SERVER_AUTH, ObjectIdentifier("1.3.6.1.5.5.7.3.36")),
        True,
    ),
    "a web server": ((ExtendedKeyUsageOID.SERVER_AUTH,), False),
    "programs": ((ExtendedKeyUsageOID.CODE_SIGNING,), False),
    "time stamps": ((ExtendedKeyUsageOID.TIME_STAMPING,), False),
    "answers on revocation": ((ExtendedKeyUsageOID.OCSP_SIGNING,), False),
    "a web server and programs": ((ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CODE_SIGNING), False),
    "something strange": ((STRANGE,), False),
}


@pytest.mark.parametrize("critical", [True, False], ids=["critical", "not critical"])
@pytest.mark.parametrize(("purposes", "may"), PURPOSES.values(), ids=PURPOSES)
def test_a_certificate_for_other_purposes_signs_no_documents(purposes, may, critical):
    leaf = leaf_of(root(), *purposes, critical=critical)
    if may:
        assert certificate_path(leaf, [root().certificate], [], SIGNING_TIME)[0] == leaf
        return
    with pytest.raises(UnfitSignerCertificate) as refused:
        certificate_path(leaf, [root().certificate], [], SIGNING_TIME)
    assert refused.value.facts == {"subject": "CN=Leaf", "part": "extKeyUsage"}


def test_the_usual_right_of_test_authorities_includes_lists():
    assert key_usage(issues=True).crl_sign
