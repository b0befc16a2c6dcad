"""Checking signatures: separate findings, strict algorithms, wrapping kept out, chains and revocation at a time."""

import base64
import copy
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.formats.sample_content import sample_content
from tests.formats.sample_keys import (
    CHECK_TIME,
    END,
    SIGNING_TIME,
    START,
    authority,
    institute,
    issuing,
    key_usage,
    root,
    signed,
    signed_sample,
    signer,
    stranger,
)

from jialiang.formats.xades.port import PrivateKeySigner
from jialiang.formats.xades.verification import verify
from jialiang.formats.xml.errors import XmlNotWellFormed

DS = "{http://www.w3.org/2000/09/xmldsig#}"
DCC = "{https://ptb.de/dcc}"


def check(xml, trusted=None, at=CHECK_TIME, **more):
    return verify(xml, trusted if trusted is not None else [root().certificate], at, **more)


def codes(findings):
    names = ("integrity", "signer", "chain", "time", "revocation")
    return {name: (getattr(findings, name).outcome, getattr(findings, name).code) for name in names}


def test_our_own_certificate_holds():
    findings = check(signed_sample())
    assert findings.holds
    assert codes(findings)["revocation"] == ("not_checked", "JL-SIG-052")
    assert findings.signing_time == SIGNING_TIME
    assert [c.subject.rfc4514_string() for c in findings.path] == [
        "CN=Sample Institute of Metrology", "CN=Jialiang test issuing CA", "CN=Jialiang test root",
    ]  # fmt: skip
    assert b"ds:Signature" not in findings.signed_content


@pytest.mark.parametrize(
    ("file", "anchor", "helper", "expected"),
    [
        ("v3.3.0_gp_temperature_xmldsig_signed", "dcclib_ca.pem", None,
         {"integrity": "ok", "signer": "warning", "chain": "ok", "time": "warning"}),
        ("v3.3.0_gp_temperature_xmldsig_signed", "pydcc_root.crt", None,
         {"integrity": "ok", "signer": "warning", "chain": "failed", "time": "warning"}),
        ("v3.3.0_gp_temperature_xmldsig_tampered", "dcclib_ca.pem", None, {"integrity": "failed"}),
        ("v3.3.0_gp_temperature_valid", "dcclib_ca.pem", None, {"integrity": "failed"}),
        ("v3.2.0_gp_temperature_xades_signed", "pydcc_root.crt", "pydcc_sub.crt",
         {"integrity": "ok", "signer": "ok", "chain": "ok", "time": "warning"}),
        ("v3.2.0_gp_temperature_xades_signed", "pydcc_root.crt", None,
         {"integrity": "ok", "signer": "ok", "chain": "failed"}),
        ("v3.2.0_gp_temperature_xades_signed", "dcclib_ca.pem", "pydcc_sub.crt",
         {"integrity": "ok", "signer": "ok", "chain": "failed"}),
    ],
)  # fmt: skip
def test_certificates_that_others_signed(oracles, file, anchor, helper, expected):
    samples = oracles / "dcc" / "samples"

    def certificate(name):
        return x509.load_pem_x509_certificate((samples / "certs" / name).read_bytes())

    findings = check(
        (samples / f"{file}.xml").read_bytes(),
        [certificate(anchor)],
        intermediates=[certificate(helper)] if helper else [],
    )
    assert {name: codes(findings)[name][0] for name in expected} == expected


# --- integrity -----------------------------------------------------------------------------------------------


def edited(change):
    """The sample certificate after ``change(root, signature)``."""
    tree = etree.fromstring(signed_sample())
    change(tree, tree.find(f"{DS}Signature"))
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True)


def test_a_signature_removed_or_doubled_or_moved_is_seen():
    assert check(edited(lambda r, s: r.remove(s))).integrity.code == "JL-SIG-010"
    assert check(edited(lambda r, s: r.append(copy.deepcopy(s)))).integrity.code == "JL-SIG-011"
    assert check(edited(lambda r, s: r.insert(0, s))).integrity.code == "JL-SIG-012"
    assert check(edited(lambda r, s: r[0].append(s))).integrity.code == "JL-SIG-012"


def test_a_signature_of_another_certificate_does_not_fit():
    other = etree.fromstring(signed(sample_content(number="JZ2026-000999"))).find(f"{DS}Signature")
    transplanted = edited(lambda r, s: (r.remove(s), r.append(other)))
    assert check(transplanted).integrity.code == "JL-SIG-016"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("xmldsig-more#ecdsa-sha256", "xmldsig-more#ecdsa-sha1", "JL-SIG-014"),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
         "JL-SIG-014"),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
         "JL-SIG-014"),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
         "JL-SIG-014"),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1", "JL-SIG-014"),
        ("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/TR/1999/REC-xpath-19991116",
         "JL-SIG-014"),
        ("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/TR/1999/REC-xslt-19991116",
         "JL-SIG-014"),
        ("http://www.w3.org/2006/12/xml-c14n11", "http://www.w3.org/2006/12/xml-c14n11#WithComments", "JL-SIG-014"),
        ('URI=""', 'URI="#item_1"', "JL-SIG-015"),
        ('URI=""', 'URI="http://127.0.0.1/x"', "JL-SIG-015"),
        ('URI=""', 'URI="#xpointer(/)"', "JL-SIG-015"),
        ("2026-06-16T07:47:30Z", "2026-06-17T07:47:30Z", "JL-SIG-017"),
        ("text/xml</xades", "text/xmk</xades", "JL-SIG-017"),
        ('Target="#sig', 'Target="#sic', "JL-SIG-013"),
        ("2026-06-16T07:47:30Z", "yesterday", "JL-SIG-017"),
    ],
)  # fmt: skip
def test_what_is_refused_in_a_signature(old, new, code):
    text = signed_sample().decode()
    assert old in text
    findings = check(text.replace(old, new).encode())
    assert findings.integrity.outcome == "failed"
    assert findings.integrity.code == code
    assert findings.signed_content is None


def test_a_transform_with_members_is_refused_even_under_a_good_name():
    def add_prefix_list(_, signature):
        transform = next(signature.iter(f"{DS}Transform"))
        etree.SubElement(transform, f"{DS}XPath").text = "not(ancestor-or-self::x)"

    assert check(edited(add_prefix_list)).integrity.code == "JL-SIG-014"


def test_a_bare_key_instead_of_a_certificate_is_refused():
    def bare(_, signature):
        info = signature.find(f"{DS}KeyInfo")
        info.remove(info[0])
        etree.SubElement(info, f"{DS}KeyValue")

    assert check(edited(bare)).integrity.code == "JL-SIG-020"


def test_exchanging_an_embedded_certificate_breaks_integrity():
    theirs = base64.b64encode(stranger()[1].certificate.public_bytes(Encoding.DER)).decode()
    for position in (0, 1):

        def exchange(_, signature, position=position):
            list(signature.iter(f"{DS}X509Certificate"))[position].text = theirs

        assert check(edited(exchange)).integrity.code == "JL-SIG-019"


def test_base64_that_a_lenient_decoder_would_forgive_is_refused():
    """The last letter before padding has bits that do not count; changing them must be seen."""

    def last_letter(_, signature):
        value = signature.find(f"{DS}SignatureValue")
        assert value.text.endswith("==")
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        wrong = letters[letters.index(value.text[-3]) + 1]
        assert base64.b64decode(value.text[:-3] + wrong + "==") == base64.b64decode(value.text)
        value.text = value.text[:-3] + wrong + "=="

    assert check(edited(last_letter)).integrity.code == "JL-SIG-013"


def test_objects_with_other_content_are_refused():
    def add(_, signature):
        etree.SubElement(signature, f"{DS}Object").text = "x"

    assert check(edited(add)).integrity.code == "JL-SIG-013"


def test_xml_attributes_around_the_signature_are_refused_as_ambiguous():
    assert not check(edited(lambda r, _: r.set("{http://www.w3.org/XML/1998/namespace}base", "u"))).holds


def test_unreadable_xml_raises_and_is_no_finding():
    with pytest.raises(XmlNotWellFormed):
        check(signed_sample()[:-20])


# --- signature wrapping, the eight permutations, on the root and on administrativeData ----------------------


def forged(element):
    """A copy of the signed element with another serial number and without a signature in it."""
    evil = copy.deepcopy(element)
    for signature in list(evil.iter(f"{DS}Signature")):
        signature.getparent().remove(signature)
    for text in evil.iter(f"{DCC}value"):
        text.text = "FORGED"
    return evil


def xsw1(r, s):
    evil = forged(r)
    original = copy.deepcopy(r)
    original.remove(original.find(f"{DS}Signature"))
    s.append(original)
    evil.append(s)
    return evil


def xsw2(r, s):
    evil = forged(r)
    original = copy.deepcopy(r)
    original.remove(original.find(f"{DS}Signature"))
    evil.append(original)
    evil.append(s)
    return evil


def xsw3(r, s):
    r.insert(0, forged(r[0]))
    return r


def xsw4(r, s):
    evil = forged(r[0])
    evil.append(r[0])
    r.insert(0, evil)
    return r


def xsw5(r, s):
    evil = forged(r)
    evil.append(s)
    evil.append(forged(copy.deepcopy(r)))
    return evil


def xsw6(r, s):
    evil = forged(r)
    original = copy.deepcopy(r)
    original.remove(original.find(f"{DS}Signature"))
    evil.insert(0, s)
    s.insert(0, original)
    return evil


def xsw7(r, s):
    comment = etree.Element(f"{DCC}comment")
    comment.append(forged(r[0]))
    r.insert(2, comment)
    return r


def xsw8(r, s):
    evil = forged(r)
    original = copy.deepcopy(r)
    original.remove(original.find(f"{DS}Signature"))
    etree.SubElement(s, f"{DS}Object").append(original)
    evil.append(s)
    return evil


def whole_original_inside(r, s):
    """The signed document, with its own signature in it, as an extra child of a forged one."""
    evil = forged(r)
    evil.append(copy.deepcopy(r))
    return evil


@pytest.mark.parametrize("wrap", [xsw1, xsw2, xsw3, xsw4, xsw5, xsw6, xsw7, xsw8, whole_original_inside])
def test_signature_wrapping_is_refused(wrap):
    tree = etree.fromstring(signed_sample())
    wrapped = wrap(tree, tree.find(f"{DS}Signature"))
    findings = check(etree.tostring(wrapped))
    assert findings.integrity.outcome == "failed"
    assert not findings.holds


# --- chain and time ------------------------------------------------------------------------------------------


def test_a_signer_of_the_same_name_under_another_root_of_the_same_name_is_not_trusted():
    other, name_sake = stranger()
    xml = signed(by=name_sake, chain=[])
    assert codes(check(xml))["chain"] == ("failed", "JL-SIG-030")
    assert check(xml, [other.certificate]).holds


def test_nobody_is_trusted_where_no_root_is_given():
    assert check(signed_sample(), []).chain.outcome == "failed"


def test_an_intermediate_may_come_from_the_checker_instead_of_the_file():
    xml = signed(chain=[])
    assert check(xml).chain.outcome == "failed"
    assert check(xml, intermediates=[issuing().certificate]).holds


def test_an_intermediate_beyond_the_path_length_is_refused():
    third = authority("Third CA", issuing())
    deep = signer("Deep signer", third)
    xml = signed(by=deep, chain=[third.certificate, issuing().certificate])
    assert codes(check(xml))["chain"] == ("failed", "JL-SIG-030")


def test_a_signer_certificate_cannot_issue_others():
    private = institute()._private_key
    fake_ca = type("FakeAuthority", (), {"key": private, "certificate": institute().certificate})
    xml = signed(by=signer("Grandchild", fake_ca), chain=[institute().certificate, issuing().certificate])
    assert codes(check(xml))["chain"] == ("failed", "JL-SIG-030")


def test_a_ca_without_the_right_to_sign_certificates_is_refused():
    weak = authority("Weak CA", root(), usage=key_usage(signs=True))
    xml = signed(by=signer("Below weak", weak), chain=[weak.certificate])
    assert codes(check(xml))["chain"] == ("failed", "JL-SIG-030")


@pytest.mark.parametrize("made", ["ca", "usage"])
def test_a_certificate_that_may_not_sign_documents_is_refused(made):
    own = authority("CA that signs", issuing()) if made == "ca" else None
    unfit = (
        PrivateKeySigner(own.key, own.certificate)
        if own
        else signer("Encryption only", issuing(), usage=key_usage(issues=True))
    )
    xml = signed(by=unfit)
    assert codes(check(xml))["chain"] == ("failed", "JL-SIG-031")


@pytest.mark.parametrize(
    ("signing_time", "at", "outcome", "code"),
    [
        (SIGNING_TIME, CHECK_TIME, "ok", ""),
        (SIGNING_TIME, SIGNING_TIME - timedelta(minutes=4), "ok", ""),
        (SIGNING_TIME, SIGNING_TIME - timedelta(minutes=6), "failed", "JL-SIG-041"),
        (SIGNING_TIME, datetime(2029, 1, 1, tzinfo=UTC), "warning", "JL-SIG-043"),
        (datetime(2028, 6, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC), "failed", "JL-SIG-040"),
        (START - timedelta(days=1), CHECK_TIME, "failed", "JL-SIG-040"),
        (START, CHECK_TIME, "ok", ""),
        (SIGNING_TIME, None, "ok", ""),
        (END + timedelta(days=1), None, "failed", "JL-SIG-040"),
    ],
)
def test_the_claimed_time_has_to_fit(signing_time, at, outcome, code):
    findings = check(signed(at=signing_time), at=at)
    assert codes(findings)["time"] == (outcome, code)
    assert findings.integrity.outcome == findings.chain.outcome == "ok"


# --- revocation ----------------------------------------------------------------------------------------------


def revocation_list(issuer, revoked=None, *, when=SIGNING_TIME, reason=None, until=END):
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(START)
        .next_update(until)
    )
    if revoked is not None:
        entry = x509.RevokedCertificateBuilder().serial_number(revoked.serial_number).revocation_date(when)
        if reason:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256())


def revocation(*lists, at=CHECK_TIME):
    return codes(check(signed_sample(), at=at, revocation_lists=lists))["revocation"]


def test_current_lists_of_every_issuer_make_revocation_ok():
    assert revocation(revocation_list(issuing()), revocation_list(root())) == ("ok", "")
    assert revocation(revocation_list(issuing())) == ("not_checked", "JL-SIG-052")
    assert revocation(revocation_list(root())) == ("not_checked", "JL-SIG-052")


@pytest.mark.parametrize(
    ("when", "reason", "expected"),
    [
        (SIGNING_TIME - timedelta(days=1), None, ("failed", "JL-SIG-050")),
        (SIGNING_TIME, None, ("failed", "JL-SIG-050")),
        (SIGNING_TIME + timedelta(days=1), None, ("warning", "JL-SIG-051")),
        (SIGNING_TIME + timedelta(days=1), x509.ReasonFlags.superseded, ("warning", "JL-SIG-051")),
        (SIGNING_TIME + timedelta(days=1), x509.ReasonFlags.key_compromise, ("failed", "JL-SIG-050")),
    ],
)
def test_revocation_counts_by_time_and_reason(when, reason, expected):
    own = revocation_list(issuing(), institute().certificate, when=when, reason=reason)
    assert revocation(own, revocation_list(root())) == expected


def test_a_revoked_intermediate_counts_too():
    above = revocation_list(root(), issuing().certificate)
    assert revocation(revocation_list(issuing()), above) == ("failed", "JL-SIG-050")


def test_a_list_that_somebody_else_signed_or_that_ended_does_not_count():
    forged_list = revocation_list(
        type("F", (), {"key": stranger()[0].key, "certificate": issuing().certificate})
    )
    assert revocation(forged_list, revocation_list(root()))[0] == "not_checked"
    ended = revocation_list(issuing(), until=CHECK_TIME - timedelta(days=1))
    assert revocation(ended, revocation_list(root()))[0] == "not_checked"
