"""A small public key infrastructure for tests: root, intermediate, signers.

Keys follow from names and signatures are deterministic, so that every run sees the same bytes; nobody trusts them.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.formats.sample_content import sample_content

from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xades.port import PrivateKeySigner
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.formats.xades.verification import TrustAnchors

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2036, 1, 1, tzinfo=UTC)
SIGNER_END = datetime(2028, 1, 1, tzinfo=UTC)
SIGNING_TIME = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
CHECK_TIME = datetime(2026, 7, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Authority:
    """A CA: its key and certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def key(secret):
    """A private key that follows from its name."""
    number = int.from_bytes(hashlib.sha256(secret.encode()).digest(), "big") >> 1
    return ec.derive_private_key(number, ec.SECP256R1())


def key_usage(*, signs: bool = False, issues: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=signs, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=issues, crl_sign=issues, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def certificate(subject, private_key, issuer, *, ca=False, length=None, start=START, end=END, usage=None):
    """A certificate of ``key``; ``issuer`` is an Authority, or None for a self-signed one."""
    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(issuer.certificate.subject if issuer else name(subject))
        .public_key(private_key.public_key())
        .serial_number(_serial(subject, private_key))
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca, length), critical=True)
        .add_extension(usage or key_usage(signs=not ca, issues=ca), critical=True)
        .sign(issuer.key if issuer else private_key, hashes.SHA256(), ecdsa_deterministic=True)
    )


def _serial(subject, private_key):
    public = private_key.public_key().public_numbers()
    return int.from_bytes(hashlib.sha256(f"{subject}{public.x}".encode()).digest()[:8], "big")


def authority(subject, issuer=None, *, length=None, secret=None, **more):
    own = key(secret or subject)
    return Authority(own, certificate(subject, own, issuer, ca=True, length=length, **more))


def signer(subject, issuer, *, end=SIGNER_END, secret=None, **more):
    own = key(secret or subject)
    return PrivateKeySigner(own, certificate(subject, own, issuer, end=end, **more))


@cache
def root():
    return authority("Jialiang test root")


@cache
def issuing():
    return authority("Jialiang test issuing CA", root(), length=0)


@cache
def institute():
    return signer("Sample Institute of Metrology", issuing())


@cache
def stranger():
    """A whole other authority with a signer of the same name."""
    other = authority("Jialiang test root", secret="another root")
    return other, signer("Sample Institute of Metrology", other, secret="another signer")


@cache
def anchors():
    return TrustAnchors((root().certificate,))


def signed(content=None, by=None, chain=None, at=SIGNING_TIME):
    """A signed certificate of the sample institute, or of another signer."""
    chain = [issuing().certificate] if chain is None else chain
    return sign_enveloped(dcc_xml(content or sample_content()), by or institute(), chain, at)


@cache
def signed_sample():
    return signed()
