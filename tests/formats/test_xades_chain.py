"""From a signer to a root: which certificates may stand on the way, and that no bag of them makes the search long."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from tests.formats.sample_keys import (
    CHECK_TIME,
    END,
    SIGNING_TIME,
    START,
    Authority,
    authority,
    certificate,
    institute,
    issuing,
    key,
    key_usage,
    name,
    root,
    signer,
)

from jialiang.formats.xades.chain import MAXIMUM_LENGTH, certificate_path, is_issued_by, not_valid_at
from jialiang.formats.xades.errors import NoTrustedRoot, UnfitSignerCertificate
from jialiang.formats.xades.findings import NOT_CHECKED, OK, Finding, SignatureFindings
from jialiang.formats.xades.revocation import revocation_finding
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.formats.xades.structure import MAXIMUM_CERTIFICATES
from jialiang.formats.xades.verification import verify

DAY = timedelta(days=1)
STRANGE = x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")


def path_of(leaf, trusted, helpers=(), at=SIGNING_TIME):
    return certificate_path(leaf, trusted, helpers, at)


def built(subject, own, issuer, *, extensions=(), hash_=None, serial=7, start=START, end=END):
    """A certificate with exactly these extensions, critical or not, signed with any hash."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(issuer.certificate.subject if issuer else name(subject))
        .public_key(own.public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer.key if issuer else own, hash_ or hashes.SHA256())


def tower(height, *, length=None):
    """A root and ``height`` authorities below it, each issued by the one before."""
    floors = [authority(f"floor 0 of {height}", length=length)]
    for level in range(1, height + 1):
        floors.append(authority(f"floor {level} of {height}", floors[-1]))
    return floors


# --- the way up ----------------------------------------------------------------------------------------------


def test_the_path_runs_from_the_signer_to_the_root_in_order():
    helpers = [root().certificate, issuing().certificate]
    path = path_of(institute().certificate, [root().certificate], helpers)
    assert path == (institute().certificate, issuing().certificate, root().certificate)


@pytest.mark.parametrize("height", range(0, MAXIMUM_LENGTH))
def test_a_path_has_at_most_six_certificates(height):
    floors = tower(height)
    leaf = signer("leaf", floors[-1]).certificate
    helpers = [floor.certificate for floor in floors[1:]]
    if height + 2 <= MAXIMUM_LENGTH:
        assert len(path_of(leaf, [floors[0].certificate], helpers)) == height + 2
    else:
        with pytest.raises(NoTrustedRoot):
            path_of(leaf, [floors[0].certificate], helpers)


@pytest.mark.parametrize(
    ("length", "below", "holds"), [(0, 0, True), (0, 1, False), (1, 1, True), (1, 2, False)]
)
def test_a_path_length_counts_the_authorities_below_it(length, below, holds):
    floors = tower(below, length=length)
    leaf = signer("leaf", floors[-1]).certificate
    helpers = [floor.certificate for floor in floors[1:]]
    if holds:
        assert path_of(leaf, [floors[0].certificate], helpers)[-1] == floors[0].certificate
    else:
        with pytest.raises(NoTrustedRoot):
            path_of(leaf, [floors[0].certificate], helpers)


def test_the_error_names_the_signer_and_who_should_have_been_trusted():
    with pytest.raises(NoTrustedRoot) as refused:
        path_of(institute().certificate, [root().certificate])
    assert refused.value.facts == {
        "subject": "CN=Sample Institute of Metrology",
        "issuer": "CN=Jialiang test issuing CA",
    }


def test_a_signer_is_not_its_own_root_even_if_it_is_trusted():
    own = key("own root")
    alone = certificate("own root", own, None)
    with pytest.raises(NoTrustedRoot):
        path_of(alone, [alone])


def test_an_authority_with_the_right_name_and_another_key_has_issued_nothing():
    namesake = authority("Jialiang test issuing CA", root(), secret="another key")
    assert not is_issued_by(institute().certificate, namesake.certificate)
    assert is_issued_by(institute().certificate, issuing().certificate)
    with pytest.raises(NoTrustedRoot):
        path_of(institute().certificate, [root().certificate], [namesake.certificate])


def test_an_authority_with_the_right_key_and_another_name_has_issued_nothing():
    renamed = authority("somebody else", root(), secret="Jialiang test issuing CA")
    assert not is_issued_by(institute().certificate, renamed.certificate)


@pytest.mark.parametrize(
    ("hash_", "strong"),
    [(hashes.SHA224(), False), (hashes.SHA3_256(), False), (hashes.SHA256(), True), (hashes.SHA384(), True),
     (hashes.SHA512(), True)],
)  # fmt: skip
def test_only_strong_hashes_of_the_list_make_an_issue(hash_, strong):
    leaf = built("leaf", key("leaf"), root(), hash_=hash_)
    assert is_issued_by(leaf, root().certificate) is strong


def test_of_two_certificates_of_one_authority_the_one_valid_at_the_time_is_taken():
    own = key("renewed")
    old = Authority(own, certificate("renewed", own, root(), ca=True, end=START + DAY))
    fresh = built(
        "renewed", own, root(),
        extensions=[(x509.BasicConstraints(True, None), True), (key_usage(issues=True), True)],
        start=SIGNING_TIME - DAY,
    )  # fmt: skip
    leaf = signer("leaf", old).certificate
    for order in ([old.certificate, fresh], [fresh, old.certificate]):
        assert path_of(leaf, [root().certificate], order)[1] == fresh
    only_old = path_of(leaf, [root().certificate], [old.certificate])
    assert not_valid_at(only_old, SIGNING_TIME) == old.certificate


@pytest.mark.parametrize(
    ("moment", "valid"),
    [(START - timedelta(seconds=1), False), (START, True), (END, True), (END + timedelta(seconds=1), False)],
)
def test_a_certificate_is_valid_from_its_first_to_its_last_second(moment, valid):
    assert (not_valid_at([root().certificate], moment) is None) is valid


# --- who may issue and who may sign --------------------------------------------------------------------------

AUTHORITIES = {
    "as it should be": ([(x509.BasicConstraints(True, None), True), (key_usage(issues=True), True)], True),
    "without a word on the use of its key": ([(x509.BasicConstraints(True, None), True)], True),
    "without basic constraints": ([(key_usage(issues=True), True)], False),
    "that is none by its constraints": ([(x509.BasicConstraints(False, None), True)], False),
    "that may only sign documents": (
        [(x509.BasicConstraints(True, None), True), (key_usage(signs=True), True)], False),
    "with a strange critical extension": ([(x509.BasicConstraints(True, None), True), (STRANGE, True)], False),
    "with a strange extension that may be ignored": (
        [(x509.BasicConstraints(True, None), True), (STRANGE, False)], True),
    "with an alternative name": (
        [(x509.BasicConstraints(True, None), True),
         (x509.SubjectAlternativeName([x509.DNSName("ca.example")]), True)], True),
    "with name constraints that nobody here looks at": (
        [(x509.BasicConstraints(True, None), True),
         (x509.NameConstraints([x509.DNSName("example")], None), True)], False),
}  # fmt: skip


@pytest.mark.parametrize(("extensions", "may"), AUTHORITIES.values(), ids=AUTHORITIES)
@pytest.mark.parametrize("as_root", [True, False], ids=["root", "intermediate"])
def test_which_authorities_may_issue(extensions, may, as_root):
    own = key("tested authority")
    made = Authority(own, built("tested", own, None if as_root else root(), extensions=extensions))
    leaf = signer("leaf", made).certificate
    trusted = [made.certificate] if as_root else [root().certificate]
    helpers = [] if as_root else [made.certificate]
    if may:
        assert made.certificate in path_of(leaf, trusted, helpers)
    else:
        with pytest.raises(NoTrustedRoot):
            path_of(leaf, trusted, helpers)


def usage(**wanted):
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**{**dict.fromkeys(names, False), **wanted})


SIGNERS = {
    "no extension": ([], ""),
    "digital signature alone": ([(usage(digital_signature=True), True)], ""),
    "content commitment alone": ([(usage(content_commitment=True), True)], ""),
    "encryption only": ([(usage(key_encipherment=True), True)], "keyUsage"),
    "issuing only": ([(usage(key_cert_sign=True), True)], "keyUsage"),
    "an authority": ([(x509.BasicConstraints(True, None), True)], "basicConstraints"),
    "an authority that may sign": (
        [(x509.BasicConstraints(True, 0), True), (usage(digital_signature=True), True)], "basicConstraints"),
    "a strange critical extension": ([(STRANGE, True)], "1.2.3.4.5"),
    "a strange extension": ([(STRANGE, False)], ""),
    "an extended use": ([(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), True)], ""),
}  # fmt: skip


@pytest.mark.parametrize(("extensions", "wrong"), SIGNERS.values(), ids=SIGNERS)
def test_which_certificates_may_sign_documents(extensions, wrong):
    leaf = built("leaf", key("leaf"), root(), extensions=extensions)
    if not wrong:
        assert path_of(leaf, [root().certificate]) == (leaf, root().certificate)
        return
    with pytest.raises(UnfitSignerCertificate) as refused:
        path_of(leaf, [root().certificate])
    assert refused.value.facts == {"subject": "CN=leaf", "part": wrong}


# --- hostile bags of certificates ----------------------------------------------------------------------------


def circle(count):
    """Certificates of one authority that issues itself, again and again."""
    own = key("mallory")
    constraints = [(x509.BasicConstraints(True, None), True)]
    return own, [built("mallory", own, None, extensions=constraints, serial=n + 1) for n in range(count)]


def signed_with(bag):
    own, certificates = bag
    leaf = signer("leaf", Authority(own, certificates[0]))
    return sign_enveloped(b"<a/>", leaf, certificates, SIGNING_TIME)


def test_certificates_that_issue_one_another_end_the_search_at_once():
    xml = signed_with(circle(MAXIMUM_CERTIFICATES - 1))
    start = time.perf_counter()
    findings = verify(xml, [root().certificate], CHECK_TIME)
    assert time.perf_counter() - start < 1
    assert (findings.integrity.outcome, findings.chain.code) == ("ok", "JL-SIG-030")


def test_more_certificates_than_a_path_can_need_are_refused():
    findings = verify(signed_with(circle(MAXIMUM_CERTIFICATES)), [root().certificate], CHECK_TIME)
    assert (findings.integrity.outcome, findings.integrity.code) == ("failed", "JL-SIG-013")


def test_two_authorities_that_certify_each_other_still_lead_to_the_root():
    one, two = key("one"), key("two")
    constraints = [(x509.BasicConstraints(True, None), True)]
    one_by_root = Authority(one, built("one", one, root(), extensions=constraints))
    two_by_one = Authority(two, built("two", two, one_by_root, extensions=constraints))
    one_by_two = built("one", one, two_by_one, extensions=constraints)
    leaf = signer("leaf", two_by_one).certificate
    helpers = [one_by_two, two_by_one.certificate, one_by_root.certificate]
    path = path_of(leaf, [root().certificate], helpers)
    assert path == (leaf, two_by_one.certificate, one_by_root.certificate, root().certificate)


# --- revocation lists ----------------------------------------------------------------------------------------


def path():
    return (institute().certificate, issuing().certificate, root().certificate)


def crl(issuer, *revoked, until=END, reason=None):
    """A list of ``issuer`` with (certificate, moment) pairs."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(START)
        .next_update(until)
    )
    for each, when in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.serial_number).revocation_date(when)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256())


def found(*lists, at=CHECK_TIME, signing_time=SIGNING_TIME):
    return revocation_finding(path(), lists, signing_time=signing_time, at=at)


LATER = SIGNING_TIME + DAY


def test_a_failure_outranks_a_missing_list_and_that_outranks_a_warning():
    warned = crl(issuing(), (institute().certificate, LATER))
    assert found(warned, crl(root())).outcome == "warning"
    assert found(warned).outcome == "not_checked"
    failed = crl(root(), (issuing().certificate, START + DAY))
    assert found(failed).outcome == "failed"
    assert found(warned, failed).outcome == "failed"


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [(x509.ReasonFlags.key_compromise, "failed"), (x509.ReasonFlags.ca_compromise, "failed"),
     (x509.ReasonFlags.aa_compromise, "failed"), (x509.ReasonFlags.superseded, "warning"),
     (x509.ReasonFlags.cessation_of_operation, "warning"), (x509.ReasonFlags.affiliation_changed, "warning"),
     (x509.ReasonFlags.unspecified, "warning"), (None, "warning")],
)  # fmt: skip
def test_only_a_lost_key_reaches_back_before_the_revocation(reason, outcome):
    lists = (crl(issuing(), (institute().certificate, LATER), reason=reason), crl(root()))
    assert found(*lists).outcome == outcome


@pytest.mark.parametrize(("late", "outcome"), [(-1, "failed"), (0, "failed"), (1, "warning")])
def test_the_second_of_signing_is_on_the_side_of_caution(late, outcome):
    when = SIGNING_TIME + timedelta(seconds=late)
    finding = found(crl(issuing(), (institute().certificate, when)), crl(root()))
    assert finding.outcome == outcome
    assert finding.problem.facts["subject"] == "CN=Sample Institute of Metrology"
    assert finding.problem.facts["revoked_at"] == when.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(("seconds", "outcome"), [(-1, "not_checked"), (0, "ok"), (1, "ok")])
def test_a_list_counts_up_to_the_second_at_which_the_next_one_is_due(seconds, outcome):
    ends = CHECK_TIME + timedelta(seconds=seconds)
    assert found(crl(issuing(), until=ends), crl(root())).outcome == outcome
    assert found(crl(issuing(), until=ends), crl(root()), at=None).outcome == "ok"


def test_another_certificate_on_the_list_does_not_matter():
    assert found(crl(issuing(), (root().certificate, START + DAY)), crl(root())) == OK


def test_a_missing_list_names_the_authority_that_should_have_one():
    finding = found(crl(issuing()))
    assert finding.problem.facts == {"issuer": "CN=Jialiang test root"}


def test_the_root_itself_needs_no_list_and_a_path_of_one_is_ok():
    assert revocation_finding((root().certificate,), (), signing_time=SIGNING_TIME, at=CHECK_TIME) == OK


# --- what all findings together mean -------------------------------------------------------------------------

WHOLE = SignatureFindings(integrity=OK, signer=OK, chain=OK, time=OK, revocation=OK)
BAD = Finding("failed")


@pytest.mark.parametrize(
    ("changes", "holds"),
    [({}, True), ({"revocation": NOT_CHECKED}, True), ({"revocation": Finding("warning")}, True),
     ({"revocation": BAD}, False), ({"time": Finding("warning")}, True), ({"time": NOT_CHECKED}, False),
     ({"time": BAD}, False), ({"chain": NOT_CHECKED}, False), ({"chain": BAD}, False), ({"integrity": BAD}, False),
     ({"signer": Finding("warning")}, True)],
)  # fmt: skip
def test_a_signature_holds_if_integrity_chain_and_time_do_and_nothing_is_revoked(changes, holds):
    assert replace(WHOLE, **changes).holds is holds
