"""A XAdES B-B signature put into a document: enveloped, ECDSA P-256 with SHA-256, Canonical XML 1.1.

Everything is determined by the document, the certificates and the signing time, so that signing again gives the
same bytes. The digests of *all* certificates that are embedded stand in the signed properties: exchanging one of
them breaks the signature.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from jialiang.formats.xades.errors import AlreadySigned, SigningFailed, UnfitKey
from jialiang.formats.xades.names import (
    DS,
    ECDSA_SHA256,
    ENVELOPED,
    SHA256,
    SIGNED_PROPERTIES_TYPE,
    XADES,
    ds,
    xades,
)
from jialiang.formats.xades.port import Signer
from jialiang.formats.xml.canonicalization import C14N_11, canonical_document, canonical_element, serialized
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.clock import iso_seconds

_P256_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Ids:
    """The XML ids of one signature."""

    signature: str
    reference: str
    properties: str


def sign_enveloped(
    xml: bytes, signer: Signer, certificate_chain: Sequence[x509.Certificate], signing_time: datetime
) -> bytes:
    """Return ``xml`` with a XAdES B-B signature as last child of its root.

    ``certificate_chain`` are certificates between the signer's and the root, embedded for the reader; the
    signer's own is embedded in any case. ``signing_time`` is aware. Raises AlreadySigned, UnfitKey, SigningFailed
    and the errors of ``formats.xml``.
    """
    tree = parse_xml(xml)
    root = tree.getroot()
    if next(root.iter(ds("Signature")), None) is not None:
        raise AlreadySigned()
    public_key = _fit_key(signer)
    content = canonical_document(tree)
    ids = _ids(content)
    certificates = [signer.certificate, *(c for c in certificate_chain if c != signer.certificate)]
    signature = etree.SubElement(root, ds("Signature"), nsmap={"ds": DS}, Id=ids.signature)
    signed_info = etree.SubElement(signature, ds("SignedInfo"))
    signature_value = etree.SubElement(signature, ds("SignatureValue"))
    _key_info(signature, certificates)
    properties = _signed_properties(signature, ids, certificates, signing_time)
    _signed_info(signed_info, ids, _digest(content), _digest(canonical_element(properties)))
    signature_value.text = _base64(_signed(canonical_element(signed_info), signer, public_key))
    return serialized(tree)


def _fit_key(signer: Signer) -> ec.EllipticCurvePublicKey:
    public_key = signer.certificate.public_key()
    if not isinstance(public_key, ec.EllipticCurvePublicKey) or not isinstance(
        public_key.curve, ec.SECP256R1
    ):
        raise UnfitKey(subject=signer.certificate.subject.rfc4514_string())
    return public_key


def _ids(content: bytes) -> _Ids:
    mark = hashlib.sha256(content).hexdigest()[:16]
    return _Ids(signature=f"sig-{mark}", reference=f"sig-{mark}-doc", properties=f"sig-{mark}-props")


def _signed_info(element: etree._Element, ids: _Ids, content_digest: bytes, properties_digest: bytes) -> None:
    etree.SubElement(element, ds("CanonicalizationMethod"), Algorithm=C14N_11)
    etree.SubElement(element, ds("SignatureMethod"), Algorithm=ECDSA_SHA256)
    document = etree.SubElement(element, ds("Reference"), Id=ids.reference, URI="")
    _reference(document, (ENVELOPED, C14N_11), content_digest)
    properties = etree.SubElement(
        element, ds("Reference"), Type=SIGNED_PROPERTIES_TYPE, URI=f"#{ids.properties}"
    )
    _reference(properties, (C14N_11,), properties_digest)


def _reference(element: etree._Element, transforms: tuple[str, ...], digest: bytes) -> None:
    group = etree.SubElement(element, ds("Transforms"))
    for algorithm in transforms:
        etree.SubElement(group, ds("Transform"), Algorithm=algorithm)
    _digest_members(element, digest)


def _digest_members(element: etree._Element, digest: bytes) -> None:
    etree.SubElement(element, ds("DigestMethod"), Algorithm=SHA256)
    etree.SubElement(element, ds("DigestValue")).text = _base64(digest)


def _key_info(signature: etree._Element, certificates: Sequence[x509.Certificate]) -> None:
    data = etree.SubElement(etree.SubElement(signature, ds("KeyInfo")), ds("X509Data"))
    for certificate in certificates:
        der = certificate.public_bytes(Encoding.DER)
        etree.SubElement(data, ds("X509Certificate")).text = _base64(der)


def _signed_properties(
    signature: etree._Element, ids: _Ids, certificates: Sequence[x509.Certificate], signing_time: datetime
) -> etree._Element:
    qualifying = etree.SubElement(
        etree.SubElement(signature, ds("Object")),
        xades("QualifyingProperties"), nsmap={"xades": XADES}, Target=f"#{ids.signature}",
    )  # fmt: skip
    properties = etree.SubElement(qualifying, xades("SignedProperties"), Id=ids.properties)
    about_signature = etree.SubElement(properties, xades("SignedSignatureProperties"))
    etree.SubElement(about_signature, xades("SigningTime")).text = iso_seconds(signing_time)
    listed = etree.SubElement(about_signature, xades("SigningCertificateV2"))
    for certificate in certificates:
        entry = etree.SubElement(etree.SubElement(listed, xades("Cert")), xades("CertDigest"))
        _digest_members(entry, certificate.fingerprint(hashes.SHA256()))
    about_data = etree.SubElement(properties, xades("SignedDataObjectProperties"))
    form = etree.SubElement(about_data, xades("DataObjectFormat"), ObjectReference=f"#{ids.reference}")
    etree.SubElement(form, xades("MimeType")).text = "text/xml"
    return properties


def _signed(data: bytes, signer: Signer, public_key: ec.EllipticCurvePublicKey) -> bytes:
    der = signer.sign(data)
    try:
        public_key.verify(der, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise SigningFailed(subject=signer.certificate.subject.rfc4514_string()) from None
    r, s = decode_dss_signature(der)
    return r.to_bytes(_P256_BYTES, "big") + s.to_bytes(_P256_BYTES, "big")


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
