"""Signing: the same bytes every time, valid for two other readers, and never a signature that does not hold."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.xades import XAdESVerifier
from tests.conftest import absent
from tests.formats.sample_content import sample_content
from tests.formats.sample_keys import (
    CHECK_TIME,
    SIGNING_TIME,
    institute,
    issuing,
    key,
    root,
    signed,
    signed_sample,
    stranger,
)

from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xades.errors import AlreadySigned, SigningFailed, UnfitKey
from jialiang.formats.xades.port import PrivateKeySigner, Signer
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.formats.xades.verification import verify
from jialiang.formats.xml.errors import DoctypeRefused

DS = "{http://www.w3.org/2000/09/xmldsig#}"


def xmlsec1(folder, xml, anchor):
    """Let xmlsec1 verify; True if it says that the signature holds."""
    if shutil.which("xmlsec1") is None:
        absent("xmlsec1", "install the Debian package xmlsec1")
    (folder / "file.xml").write_bytes(xml)
    (folder / "ca.pem").write_bytes(anchor.public_bytes(Encoding.PEM))
    command = ["xmlsec1", "--verify", "--trusted-pem", "ca.pem", "--id-attr:Id", "SignedProperties",
               "--verification-gmt-time", "2026-07-01 00:00:00", "file.xml"]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0 and "2/2" in done.stderr


def test_xmlsec1_verifies_what_was_signed_and_refuses_it_changed(tmp_path):
    assert xmlsec1(tmp_path, signed_sample(), root().certificate)
    assert not xmlsec1(tmp_path, signed_sample().replace(b"-0.166", b"-0.066"), root().certificate)
    assert not xmlsec1(tmp_path, signed_sample(), stranger()[0].certificate)


@pytest.mark.parametrize(
    "xml",
    [
        b"<a/>",
        b"<a> text <b/> tail </a>",
        b'<p:a xmlns:p="urn:x" xmlns="urn:y"><b xmlns="">x</b><!-- note --></p:a>',
        "<a b='引'>量&#13;&lt;<![CDATA[<c>]]></a>".encode(),
        b'<?xml-stylesheet href="x.xsl"?>\n<a/>',
        "<a>量</a>".encode("utf-16"),
    ],
)
def test_xmlsec1_agrees_on_every_shape_of_document(tmp_path, xml):
    """An independent canonicalization of namespaces, comments, CDATA, carriage returns and style sheets."""
    made = sign_enveloped(xml, institute(), [issuing().certificate], SIGNING_TIME)
    assert xmlsec1(tmp_path, made, root().certificate)
    assert verify(made, [root().certificate], CHECK_TIME).holds


def test_signxml_verifies_it_as_xades(tmp_path):
    (tmp_path / "ca.pem").write_bytes(root().certificate.public_bytes(Encoding.PEM))
    results = XAdESVerifier().verify(
        signed_sample(), ca_pem_file=str(tmp_path / "ca.pem"), expect_references=2
    )
    assert b"A-1987-003" in results[0].signed_data
    assert b"SigningTime" in results[1].signed_data


def test_the_signed_certificate_is_valid_against_the_official_schema(oracles):
    schema = etree.XMLSchema(etree.parse(str(oracles / "dcc" / "schema" / "dcc" / "v3.3.0" / "dcc.xsd")))
    assert schema.validate(etree.fromstring(signed_sample())), str(schema.error_log)


def test_signing_again_gives_the_same_bytes():
    xml = dcc_xml(sample_content())
    chain = [issuing().certificate]
    once = sign_enveloped(xml, institute(), chain, SIGNING_TIME)
    assert sign_enveloped(xml, institute(), chain, SIGNING_TIME) == once
    assert sign_enveloped(xml, institute(), chain, SIGNING_TIME + timedelta(seconds=1)) != once


def test_the_content_stands_in_the_signed_file_as_it_was():
    unsigned = dcc_xml(sample_content())
    before, after = unsigned.rsplit(b"\n</dcc:digitalCalibrationCertificate>", 1)
    assert signed_sample().startswith(before)
    assert signed_sample().endswith(b"</ds:Signature></dcc:digitalCalibrationCertificate>" + after)


def test_the_signature_is_the_last_child_and_says_time_certificates_and_format():
    tree = etree.fromstring(signed_sample())
    assert tree[-1].tag == f"{DS}Signature"
    text = etree.tostring(tree[-1]).decode()
    assert "2026-06-16T07:47:30Z" in text
    assert text.count("CertDigest>") == 4, "signer and intermediate, opening and closing tags"
    assert "<xades:MimeType>text/xml</xades:MimeType>" in text
    assert "xml-c14n11" in text
    assert "sha1" not in text


def test_a_time_in_another_zone_is_written_in_utc():
    local = SIGNING_TIME.astimezone(tz=None)
    assert signed(at=local) == signed_sample()


def test_a_signed_document_is_not_signed_twice():
    with pytest.raises(AlreadySigned):
        sign_enveloped(signed_sample(), institute(), [], SIGNING_TIME)


class OtherCurve(PrivateKeySigner):
    """A signer whose certificate holds a key that is not on P-256."""

    @property
    def certificate(self):
        class Certificate:
            subject = institute().certificate.subject

            def __init__(self, public_key):
                self.public_key = lambda: public_key

        return Certificate(self._private_key.public_key())


@pytest.mark.parametrize(
    "private_key",
    [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(public_exponent=65537, key_size=2048)],
    ids=["P-384", "RSA"],
)
def test_other_keys_are_refused(private_key):
    with pytest.raises(UnfitKey):
        sign_enveloped(b"<a/>", OtherCurve(private_key, institute().certificate), [], SIGNING_TIME)


def test_a_key_that_does_not_belong_to_the_certificate_signs_nothing():
    mismatched = PrivateKeySigner(key("another one"), institute().certificate)
    with pytest.raises(SigningFailed) as failed:
        sign_enveloped(b"<a/>", mismatched, [], SIGNING_TIME)
    assert "Sample Institute" in failed.value.what.en


def test_hostile_xml_is_not_signed():
    with pytest.raises(DoctypeRefused):
        sign_enveloped(b"<!DOCTYPE a><a/>", institute(), [], SIGNING_TIME)


def test_a_key_in_memory_fulfils_the_port():
    assert isinstance(institute(), Signer)
