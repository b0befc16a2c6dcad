"""What a forger would hand in: made by the demonstration so that the checker can show what it says of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree

from jialiang.formats.xades.port import PrivateKeySigner
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.formats.xml.parsing import parse_xml

DCC = "{https://ptb.de/dcc}"
SI = "{https://ptb.de/si}"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


def altered(xml: bytes) -> bytes:
    """Return the certificate with one digit of its first result changed and the signature left as it was."""
    tree = parse_xml(xml)
    results = next(tree.getroot().iter(f"{DCC}measurementResults"))
    figures = next(results.iter(f"{SI}valueXMLList"))
    text = figures.text or ""
    digit = next(i for i, letter in enumerate(text) if letter in "123456789")
    figures.text = f"{text[:digit]}{(int(text[digit]) % 9) + 1}{text[digit + 1 :]}"
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def resigned_by_stranger(xml: bytes, now: datetime) -> bytes:
    """Return the content of the certificate, signed anew by a key that nobody certified."""
    tree = parse_xml(xml)
    root = tree.getroot()
    root.remove(next(root.iter(SIGNATURE)))
    unsigned = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
    key = ec.generate_private_key(ec.SECP256R1())
    return sign_enveloped(unsigned, PrivateKeySigner(key, _self_signed(key, now)), (), now)


def _self_signed(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "冒名者 Impostor")])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
