"""Signatures that are built otherwise, each signed anew so that every digest fits: which hold, which are refused."""

import base64
import copy
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.formats.resigning import DS, XADES, Signed, resigned, use_certificates
from tests.formats.sample_keys import (
    CHECK_TIME,
    END,
    START,
    anchors,
    institute,
    issuing,
    key,
    name,
    root,
    stranger,
)

from jialiang.formats.xades.names import DIGESTS, ECDSA_METHODS, RSA_METHODS
from jialiang.formats.xades.verification import verify
from jialiang.formats.xml.canonicalization import C14N_10, C14N_11, C14N_EXCLUSIVE

WAYS = {"1.0": C14N_10, "1.1": C14N_11, "exclusive": C14N_EXCLUSIVE}
MORE = "http://www.w3.org/2001/04/xmldsig-more#"


def findings_of(xml: bytes):
    return verify(xml, anchors().roots, CHECK_TIME)


def outcome(change, **more) -> str:
    """``ok``, or the code of the problem of integrity."""
    finding = findings_of(resigned(change, **more)).integrity
    return finding.code or finding.outcome


def part(change, **more) -> str:
    return findings_of(resigned(change, **more)).integrity.problem.facts["part"]


def remove(element: etree._Element) -> None:
    element.getparent().remove(element)


def double(element: etree._Element) -> None:
    element.addnext(copy.deepcopy(element))


def rename(element: etree._Element) -> None:
    element.tag = etree.QName(etree.QName(element).namespace, "Renamed")


def other_namespace(element: etree._Element) -> None:
    element.tag = etree.QName("urn:example:other", etree.QName(element).localname)


def add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, tag, **attributes)
    child.text = text or None
    return child


def test_the_skilled_signer_makes_signatures_that_hold():
    findings = findings_of(resigned())
    assert findings.holds
    assert findings.signer.outcome == "ok"
    assert findings.signer_certificate == institute().certificate


def test_without_fresh_digests_every_change_of_the_content_shows():
    def change(signed: Signed) -> None:
        signed.root[0].tail = " "

    assert outcome(change, fresh_digests=False) == "JL-SIG-016"
    assert outcome(change) == "ok"


# --- every element removed, doubled, renamed, moved to another namespace -------------------------------------

PLACES = {
    # path below ds:Signature: code when it is removed, doubled, renamed, in another namespace
    "SignedInfo": ("JL-SIG-013", "JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "SignatureValue": ("JL-SIG-013", "JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "KeyInfo": ("JL-SIG-013", "JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "Object": ("JL-SIG-015", "JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "SignedInfo/CanonicalizationMethod": ("JL-SIG-013", "JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "SignedInfo/SignatureMethod": ("JL-SIG-013", "JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "SignedInfo/Reference": ("JL-SIG-015", "JL-SIG-015", "JL-SIG-015", "JL-SIG-015"),
    "SignedInfo/Reference/Transforms": ("JL-SIG-014", "JL-SIG-013", "JL-SIG-014", "JL-SIG-014"),
    "SignedInfo/Reference/Transforms/Transform": ("JL-SIG-014", "JL-SIG-014", "JL-SIG-014", "JL-SIG-014"),
    "SignedInfo/Reference/DigestMethod": ("JL-SIG-013", "JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "SignedInfo/Reference/DigestValue": ("JL-SIG-013", "JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "KeyInfo/X509Data": (
        "JL-SIG-020",
        "ok",
        "JL-SIG-020",
        "JL-SIG-020",
    ),  # the same certificates twice are the same
    "KeyInfo/X509Data/X509Certificate": ("JL-SIG-019", "ok", "JL-SIG-019", "JL-SIG-019"),
}
DEEDS = {"removed": remove, "doubled": double, "renamed": rename, "elsewhere": other_namespace}
CASES = [
    (place, deed, code) for place, codes in PLACES.items() for deed, code in zip(DEEDS, codes, strict=True)
]


@pytest.mark.parametrize(("place", "deed", "code"), CASES, ids=[f"{p} {d}" for p, d, _ in CASES])
def test_every_part_of_a_signature_is_there_once_under_its_name(place, deed, code):
    assert outcome(lambda s: DEEDS[deed](s.ds(place))) == code


PROPERTIES = {
    # element of XAdES: code when it is removed, doubled, renamed
    "QualifyingProperties": ("JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "SignedProperties": ("JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "SigningTime": ("ok", "JL-SIG-013", "ok"),
    "SigningCertificateV2": ("ok", "ok", "ok"),
    "Cert": ("JL-SIG-018", "ok", "ok"),  # the next one named is then the signer, and did not sign
    "CertDigest": ("JL-SIG-013", "JL-SIG-013", "JL-SIG-013"),
    "SignedDataObjectProperties": ("ok", "ok", "ok"),
}
PROPERTY_CASES = [
    (element, deed, code)
    for element, codes in PROPERTIES.items()
    for deed, code in zip(("removed", "doubled", "renamed"), codes, strict=True)
]


@pytest.mark.parametrize(
    ("element", "deed", "code"), PROPERTY_CASES, ids=[f"{e} {d}" for e, d, _ in PROPERTY_CASES]
)
def test_every_part_of_the_signed_properties_is_there_once_under_its_name(element, deed, code):
    assert outcome(lambda s: DEEDS[deed](s.xades(element))) == code


def test_a_signature_without_properties_is_plain_xml_dsig_and_says_neither_signer_nor_time():
    def change(signed: Signed) -> None:
        remove(signed.ds("Object"))
        remove(signed.reference(1))

    findings = findings_of(resigned(change))
    assert (findings.integrity.outcome, findings.chain.outcome) == ("ok", "ok")
    assert (findings.signer.outcome, findings.signer.code) == ("warning", "JL-SIG-022")
    assert (findings.time.outcome, findings.time.code) == ("warning", "JL-SIG-042")
    assert findings.signing_time is None


def test_properties_that_no_reference_covers_are_refused():
    assert outcome(lambda s: remove(s.reference(1))) == "JL-SIG-015"


def test_unsigned_properties_beside_the_signed_ones_are_left_alone():
    """A time stamp added later (level B-T) is no change of what was signed."""

    def change(signed: Signed) -> None:
        unsigned = etree.SubElement(signed.xades("QualifyingProperties"), f"{{{XADES}}}UnsignedProperties")
        etree.SubElement(unsigned, f"{{{XADES}}}UnsignedSignatureProperties")

    assert findings_of(resigned(change)).holds


@pytest.mark.parametrize(
    ("own", "target", "code"),
    [
        ("sig-1", "#sig-1", "ok"),
        ("sig-1", "#sig-2", "JL-SIG-013"),
        ("sig-1", "sig-1", "JL-SIG-013"),
        ("sig-1", "", "JL-SIG-013"),
        ("sig-1", None, "JL-SIG-013"),
        (None, "#None", "JL-SIG-013"),
        (None, None, "JL-SIG-013"),
        ("", "#", "JL-SIG-013"),
    ],
)
def test_the_properties_point_to_their_own_signature(own, target, code):
    def change(signed: Signed) -> None:
        for element, attribute, value in [
            (signed.signature, "Id", own), (signed.xades("QualifyingProperties"), "Target", target),
        ]:  # fmt: skip
            element.attrib.pop(attribute, None)
            if value is not None:
                element.set(attribute, value)

    assert outcome(change) == code


def test_an_object_that_holds_anything_beside_the_properties_is_refused():
    assert part(lambda s: add(s.ds("Object"), "{urn:example:other}note", "x")) == "ds:Object"
    assert part(lambda s: add(s.signature, f"{{{DS}}}Object", "x")) == "ds:Object"
    assert part(lambda s: add(s.signature, "{urn:example:other}note", "x")) == "ds:Signature"


# --- algorithms ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of_properties", WAYS.values(), ids=[f"properties {w}" for w in WAYS])
@pytest.mark.parametrize("of_document", WAYS.values(), ids=[f"document {w}" for w in WAYS])
@pytest.mark.parametrize("of_info", WAYS.values(), ids=[f"info {w}" for w in WAYS])
def test_each_of_the_three_canonicalizations_may_stand_in_each_place(of_info, of_document, of_properties):
    def change(signed: Signed) -> None:
        signed.ds("SignedInfo/CanonicalizationMethod").set("Algorithm", of_info)
        list(signed.reference(0).iter(f"{{{DS}}}Transform"))[1].set("Algorithm", of_document)
        list(signed.reference(1).iter(f"{{{DS}}}Transform"))[0].set("Algorithm", of_properties)

    assert findings_of(resigned(change)).holds


REFUSED_CANONICALIZATIONS = [
    "", "c14n", f"{C14N_10}#WithComments", f"{C14N_11}#WithComments", f"{C14N_EXCLUSIVE}WithComments",
    "http://www.w3.org/2010/xml-c14n2", C14N_11.upper(), f"{C14N_11} ", "http://www.w3.org/2000/09/xmldsig#base64",
]  # fmt: skip


@pytest.mark.parametrize("algorithm", REFUSED_CANONICALIZATIONS)
@pytest.mark.parametrize("place", ["info", "document", "properties"])
def test_other_canonicalizations_are_refused_wherever_they_stand(place, algorithm):
    def change(signed: Signed) -> None:
        element = {
            "info": lambda: signed.ds("SignedInfo/CanonicalizationMethod"),
            "document": lambda: list(signed.reference(0).iter(f"{{{DS}}}Transform"))[1],
            "properties": lambda: next(signed.reference(1).iter(f"{{{DS}}}Transform")),
        }[place]()
        element.set("Algorithm", algorithm)

    assert outcome(change) == "JL-SIG-014"


@pytest.mark.parametrize("algorithm", DIGESTS)
@pytest.mark.parametrize("number", [0, 1], ids=["document", "properties"])
def test_each_strong_digest_may_be_used(algorithm, number):
    change = lambda s: s.reference(number).find(f"{{{DS}}}DigestMethod").set("Algorithm", algorithm)  # noqa: E731
    assert findings_of(resigned(change)).holds


WEAK_DIGESTS = [
    "http://www.w3.org/2000/09/xmldsig#sha1", f"{MORE}md5", f"{MORE}sha224", "http://www.w3.org/2001/04/xmlenc#ripemd160",
    "http://www.w3.org/2007/05/xmldsig-more#sha3-256", "", "sha256",
]  # fmt: skip


@pytest.mark.parametrize("algorithm", WEAK_DIGESTS)
@pytest.mark.parametrize("number", [0, 1], ids=["document", "properties"])
def test_no_other_digest_is_used_even_if_it_fits(algorithm, number):
    change = lambda s: s.reference(number).find(f"{{{DS}}}DigestMethod").set("Algorithm", algorithm)  # noqa: E731
    assert outcome(change) == "JL-SIG-014"


def certified(public_key, subject="Another signer") -> x509.Certificate:
    """A certificate of any key, issued by the issuing authority."""
    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(issuing().certificate.subject)
        .public_key(public_key)
        .serial_number(99)
        .not_valid_before(START)
        .not_valid_after(END)
        .sign(issuing().key, hashes.SHA256())
    )


def of_key(private_key, method: str) -> str:
    """What is said of a signature by a key under a method, everything else as it should be."""

    def change(signed: Signed) -> None:
        use_certificates(certified(private_key.public_key()), issuing().certificate)(signed)
        signed.ds("SignedInfo/SignatureMethod").set("Algorithm", method)

    signing = private_key if isinstance(private_key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) else None
    return outcome(change, private_key=signing)


CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}


@pytest.mark.parametrize("method", ECDSA_METHODS, ids=lambda m: m.rpartition("#")[2])
@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
def test_curves_of_nist_sign_with_every_strong_hash(curve, method):
    assert of_key(ec.generate_private_key(curve), method) == "ok"


@pytest.mark.parametrize(
    "curve", [ec.SECP256K1(), ec.SECP224R1(), ec.BrainpoolP256R1()], ids=lambda c: c.name
)
def test_other_curves_do_not(curve):
    try:
        private_key = ec.generate_private_key(curve)
    except Exception as absent:  # noqa: BLE001 some builds of OpenSSL leave curves out
        pytest.skip(str(absent))
    assert of_key(private_key, f"{MORE}ecdsa-sha256") == "JL-SIG-014"


@pytest.fixture(scope="module")
def rsa_2048() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize("method", RSA_METHODS, ids=lambda m: m.rpartition("#")[2])
def test_rsa_of_2048_bits_signs_with_every_strong_hash(rsa_2048, method):
    assert of_key(rsa_2048, method) == "ok"


def test_rsa_of_1024_bits_does_not():
    assert of_key(rsa.generate_private_key(65537, 1024), f"{MORE}rsa-sha256") == "JL-SIG-014"


@pytest.mark.parametrize(
    "method",
    [
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1", f"{MORE}rsa-md5", f"{MORE}rsa-ripemd160", f"{MORE}rsa-sha224",
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", f"{MORE}ecdsa-sha256", "", f"{MORE}hmac-sha256",
    ],
)  # fmt: skip
def test_no_other_method_is_used_with_an_rsa_key(rsa_2048, method):
    assert of_key(rsa_2048, method) == "JL-SIG-014"


@pytest.mark.parametrize("make", [ed25519.Ed25519PrivateKey.generate, lambda: dsa.generate_private_key(2048)])
@pytest.mark.parametrize(
    "method", [f"{MORE}ecdsa-sha256", "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519"]
)
def test_keys_of_other_kinds_are_refused(make, method):
    assert of_key(make(), method) == "JL-SIG-014"


def test_a_method_with_members_is_refused():
    change = lambda s: add(s.ds("SignedInfo/SignatureMethod"), f"{{{DS}}}HMACOutputLength", "1")  # noqa: E731
    assert outcome(change) == "JL-SIG-014"


VALUES = {
    "zeros": bytes(64),
    "one byte less": bytes(63),
    "one byte more": bytes(65),
    "r and s of one byte each": b"\x01\x01",
    "the largest numbers": b"\xff" * 64,
    "DER instead of r and s": bytes.fromhex("3006020101020101"),
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_that_is_no_signature_is_wrong(value):
    tree = Signed(etree.fromstring(resigned()))
    tree.ds("SignatureValue").text = base64.b64encode(value).decode()
    assert findings_of(etree.tostring(tree.root)).integrity.code == "JL-SIG-018"


def test_the_negative_of_s_fits_as_ecdsa_allows_but_changes_the_bytes():
    """ECDSA takes s and n - s; whoever flips it shows in the bytes and not in what was signed."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    tree = Signed(etree.fromstring(resigned()))
    value = base64.b64decode(tree.ds("SignatureValue").text)
    flipped = value[:32] + (order - int.from_bytes(value[32:], "big")).to_bytes(32, "big")
    tree.ds("SignatureValue").text = base64.b64encode(flipped).decode()
    assert findings_of(etree.tostring(tree.root)).integrity.outcome == "ok"


# --- references and transforms -------------------------------------------------------------------------------


def new_reference(signed: Signed, uri: str | None, **attributes: str) -> None:
    reference = copy.deepcopy(signed.reference(1))
    reference.attrib.clear()
    for attribute, value in attributes.items():
        reference.set(attribute, value)
    if uri is not None:
        reference.set("URI", uri)
    signed.ds("SignedInfo").append(reference)


@pytest.mark.parametrize(
    "uri",
    [None, "#item_1", "#xpointer(/)", "#xpointer(id('a'))", "http://127.0.0.1/x", "file:///etc/passwd", "a.xml",
     " ", "#"],
)  # fmt: skip
def test_a_further_reference_to_anything_else_is_refused(uri):
    assert outcome(lambda s: new_reference(s, uri)) == "JL-SIG-015"


def test_a_second_reference_to_the_document_or_to_the_properties_is_refused():
    assert outcome(lambda s: new_reference(s, "")) == "JL-SIG-015"
    assert outcome(lambda s: new_reference(s, s.reference(1).get("URI"))) == "JL-SIG-015"


def test_the_key_information_may_be_signed_too():
    def change(signed: Signed) -> None:
        signed.ds("KeyInfo").set("Id", "ki")
        new_reference(signed, "#ki")

    assert findings_of(resigned(change)).holds
    changed = resigned(change).replace(b'Id="ki"', b'Id="ki" x="y"')
    assert findings_of(changed).integrity.code == "JL-SIG-017"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("http://uri.etsi.org/01903#SignedProperties", "ok"),
        ("http://uri.etsi.org/01903/v1.1.1#SignedProperties", "JL-SIG-015"),
        ("http://www.w3.org/2000/09/xmldsig#Manifest", "JL-SIG-015"),
        ("", "JL-SIG-015"),
        (None, "JL-SIG-015"),
    ],
)
def test_the_reference_to_the_properties_says_what_it_is(kind, code):
    def change(signed: Signed) -> None:
        del signed.reference(1).attrib["Type"]
        if kind is not None:
            signed.reference(1).set("Type", kind)

    assert outcome(change) == code


def transforms(number: int, *algorithms: str):
    def change(signed: Signed) -> None:
        group = signed.reference(number).find(f"{{{DS}}}Transforms")
        group[:] = []
        for algorithm in algorithms:
            add(group, f"{{{DS}}}Transform", Algorithm=algorithm)

    return change


ENVELOPED = f"{DS}enveloped-signature"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"


@pytest.mark.parametrize(
    ("number", "algorithms", "code"),
    [
        (0, (ENVELOPED,), "ok"),
        (0, (ENVELOPED, C14N_10), "ok"),
        (0, (), "JL-SIG-014"),
        (0, (C14N_11,), "JL-SIG-014"),
        (0, (C14N_11, ENVELOPED), "JL-SIG-014"),
        (0, (ENVELOPED, ENVELOPED), "JL-SIG-014"),
        (0, (ENVELOPED, C14N_11, C14N_11), "JL-SIG-014"),
        (0, (ENVELOPED, XPATH), "JL-SIG-014"),
        (0, (XPATH, C14N_11), "JL-SIG-014"),
        (0, (ENVELOPED, "http://www.w3.org/2002/06/xmldsig-filter2"), "JL-SIG-014"),
        (0, (ENVELOPED, "http://www.w3.org/2002/07/decrypt#XML"), "JL-SIG-014"),
        (1, (), "ok"),
        (1, (C14N_EXCLUSIVE,), "ok"),
        (1, (ENVELOPED,), "JL-SIG-014"),
        (1, (C14N_11, C14N_11), "JL-SIG-014"),
        (1, (f"{DS}base64",), "JL-SIG-014"),
    ],
)
def test_which_transforms_may_stand_before_a_digest(number, algorithms, code):
    assert outcome(transforms(number, *algorithms)) == code


@pytest.mark.parametrize("member", ["InclusiveNamespaces", "XPath", "text"])
def test_a_transform_carries_no_members(member):
    def change(signed: Signed) -> None:
        transform = list(signed.reference(0).iter(f"{{{DS}}}Transform"))[1]
        if member == "text":
            transform.text = "not(ancestor-or-self::x)"
        else:
            add(transform, f"{{{C14N_EXCLUSIVE}}}{member}", PrefixList="#default")

    assert outcome(change) == "JL-SIG-014"


# --- which certificate signed --------------------------------------------------------------------------------

CHAIN = (institute().certificate, issuing().certificate)


@pytest.mark.parametrize(
    ("embedded", "named", "code"),
    [
        (CHAIN, CHAIN, "ok"),
        (CHAIN, CHAIN[:1], "ok"),
        (CHAIN[:1], CHAIN[:1], "ok"),
        (CHAIN[:1], CHAIN, "ok"),
        (CHAIN[::-1], CHAIN, "ok"),
        (CHAIN[::-1], CHAIN[:1], "ok"),
        (CHAIN, CHAIN[::-1], "JL-SIG-018"),
        (CHAIN, CHAIN[1:], "JL-SIG-018"),
        (CHAIN[1:], CHAIN[1:], "JL-SIG-018"),
        ((*CHAIN, root().certificate), CHAIN, "JL-SIG-019"),
        ((*CHAIN, root().certificate), CHAIN[:1], "ok"),
        ((stranger()[1].certificate, *CHAIN), CHAIN, "JL-SIG-019"),
        (CHAIN, (stranger()[1].certificate,), "JL-SIG-019"),
        (CHAIN[1:], CHAIN[:1], "JL-SIG-019"),
    ],
)
def test_the_signer_is_the_certificate_that_is_named_first_wherever_it_is_embedded(embedded, named, code):
    assert outcome(use_certificates(*embedded, named=named)) == code


def test_where_none_is_named_the_first_embedded_one_is_the_signer():
    change = lambda chain: lambda s: (use_certificates(*chain)(s), remove(s.xades("SigningCertificateV2")))  # noqa: E731
    assert outcome(change(CHAIN)) == "ok"
    assert outcome(change(CHAIN[::-1])) == "JL-SIG-018"
    assert findings_of(resigned(change(CHAIN))).signer.code == "JL-SIG-022"


@pytest.mark.parametrize("algorithm", WEAK_DIGESTS)
def test_the_signer_is_not_named_by_a_weak_digest(algorithm):
    change = lambda s: next(s.xades("CertDigest").iter(f"{{{DS}}}DigestMethod")).set("Algorithm", algorithm)  # noqa: E731
    assert outcome(change) == "JL-SIG-014"


def test_the_older_name_of_the_list_of_certificates_is_understood():
    def change(signed: Signed) -> None:
        signed.xades("SigningCertificateV2").tag = f"{{{XADES}}}SigningCertificate"

    findings = findings_of(resigned(change))
    assert (findings.integrity.outcome, findings.signer.outcome) == ("ok", "ok")


NO_CERTIFICATES = {
    "no base64": "not base64!",
    "empty": "",
    "not a certificate": base64.b64encode(b"\x30\x03\x02\x01\x01").decode(),
    "only the beginning of one": base64.b64encode(CHAIN[0].public_bytes(Encoding.DER)[:200]).decode(),
}


@pytest.mark.parametrize("text", NO_CERTIFICATES.values(), ids=NO_CERTIFICATES)
def test_what_is_no_certificate_is_none(text):
    change = lambda s: setattr(s.ds("KeyInfo/X509Data/X509Certificate"), "text", text)  # noqa: E731
    assert outcome(change) == "JL-SIG-020"


def test_somebody_elses_key_does_not_fit_the_certificate():
    assert outcome(lambda s: None, private_key=key("another signer")) == "JL-SIG-018"


# --- the claimed time ----------------------------------------------------------------------------------------

TIMES = {
    "2026-06-16T07:47:30Z": datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC),
    "2026-06-16T15:47:30+08:00": datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC),
    "2026-06-16T03:17:30-04:30": datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC),
    "2026-06-16T07:47:30.250Z": datetime(2026, 6, 16, 7, 47, 30, 250_000, tzinfo=UTC),
    "2026-06-16T07:47:30": datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC),
    "  2026-06-16T07:47:30Z\n": datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC),
    "": None,
    "yesterday": None,
    "2026-06-16": None,
    "20260616T074730Z": None,
    "2026-W25-2T07:47:30Z": None,
    "2026-06-16T07:47Z": None,
    "2026-06-16 07:47:30Z": None,
    "2026-06-31T07:47:30Z": None,
    "2026-06-16T25:00:00Z": None,
    "2026-06-16T07:47:60Z": None,
    "0000-01-01T00:00:00Z": None,
    "0001-01-01T00:00:00+08:00": None,
    "9999-12-31T23:59:59-08:00": None,
    "２０２６-06-16T07:47:30Z": None,
    "2026-06-16T07:47:30Z 2026-06-17T07:47:30Z": None,
}


@pytest.mark.parametrize(("text", "moment"), TIMES.items(), ids=[repr(t) for t in TIMES])
def test_the_claimed_time_is_a_date_time_of_xml_schema(text, moment):
    findings = findings_of(resigned(lambda s: setattr(s.xades("SigningTime"), "text", text)))
    if moment is None:
        assert findings.integrity.code == "JL-SIG-013"
        assert findings.integrity.problem.facts["part"] == "SigningTime"
    else:
        assert findings.signing_time == moment
        assert findings.integrity.outcome == "ok"


def test_a_time_with_members_is_refused():
    def change(signed: Signed) -> None:
        time = signed.xades("SigningTime")
        time.text = "2026-06-16T07:47:30Z"
        add(time, "{urn:example:other}zone", "+08:00")

    assert outcome(change) == "JL-SIG-013"
