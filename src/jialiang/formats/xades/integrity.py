"""Is the content what was signed? Digests, signature value, and the certificates that the signature names."""

from __future__ import annotations

import hashlib
import hmac

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

from jialiang.formats.xades.errors import (
    AmbiguousNamespaces,
    CertificateExchanged,
    DocumentChanged,
    MalformedSignature,
    PropertiesChanged,
    RefusedAlgorithm,
    RefusedReference,
    WrongSignatureValue,
)
from jialiang.formats.xades.names import (
    DIGESTS,
    ECDSA_METHODS,
    ENVELOPED,
    RSA_METHODS,
    SIGNED_PROPERTIES_TYPE,
    ds,
    xades,
)
from jialiang.formats.xades.structure import Parts, elements_of, only_child, strict_base64
from jialiang.formats.xml.canonicalization import (
    C14N_10,
    CANONICALIZATIONS,
    AmbiguousInheritance,
    canonical_document,
    canonical_element,
    without_element,
)

MINIMUM_RSA_BITS = 2048
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


def signed_content(tree: etree._ElementTree, parts: Parts) -> bytes:
    """Return the canonical bytes that were signed, if everything fits; raises the errors of ``xades.errors``."""
    document, own = _references(parts)
    for element, reference in own:
        _check_own_part(element, reference)
    content = _content(tree, parts, document)
    if not _digest_fits(document, content):
        raise DocumentChanged()
    _check_value(parts)
    return content


def signer_certificate(parts: Parts) -> tuple[x509.Certificate, bool]:
    """Return the signer's certificate, and whether the signature itself names it.

    The signer is the one named first, wherever it is embedded. Raises CertificateExchanged if the signature names
    certificates and an embedded one is not among them. One alone may be named (the signer's); then the others only
    help to build the chain and are checked there.
    """
    named = _named_certificates(parts)
    if not named:
        return parts.certificates[0], False
    matching = [c for c in parts.certificates if _is_named(c, named)]
    unnamed = [c for c in parts.certificates if c not in matching]
    if not matching or (unnamed and len(named) > 1):
        stranger = (unnamed or parts.certificates)[0]
        raise CertificateExchanged(subject=stranger.subject.rfc4514_string())
    signer = next((c for c in matching if _fits(c, *named[0])), None)
    if signer is None:
        raise CertificateExchanged(subject=matching[0].subject.rfc4514_string())
    return signer, True


def _references(parts: Parts) -> tuple[etree._Element, list[tuple[etree._Element, etree._Element]]]:
    """Return the reference to the document, and the others with the part of this very signature they mean."""
    own_parts = [part for part in (parts.properties, parts.key_info) if part is not None and part.get("Id")]
    targets = {f"#{part.get('Id')}": part for part in own_parts}
    documents: list[etree._Element] = []
    own: list[tuple[etree._Element, etree._Element]] = []
    for reference in [e for e in elements_of(parts.signed_info) if e.tag == ds("Reference")]:
        uri = reference.get("URI")
        if uri == "":
            documents.append(reference)
        elif uri in targets:
            own.append((targets.pop(uri), reference))
        else:
            raise RefusedReference(line=reference.sourceline, uri=uri if uri is not None else "–")
    if len(documents) != 1:
        raise RefusedReference(line=parts.signed_info.sourceline, uri="")
    if parts.properties is not None and not any(part is parts.properties for part, _ in own):
        raise RefusedReference(line=parts.signed_info.sourceline, uri="SignedProperties")
    return documents[0], own


def _content(tree: etree._ElementTree, parts: Parts, reference: etree._Element) -> bytes:
    transforms = _transforms(reference)
    if not transforms or transforms[0] != ENVELOPED or len(transforms) > 2:
        raise RefusedAlgorithm(line=reference.sourceline, algorithm=" ".join(transforms) or "–")
    algorithm = transforms[1] if len(transforms) == 2 else C14N_10
    _check_canonicalization(algorithm, reference)
    return canonical_document(without_element(tree, parts.signature), algorithm)


def _check_own_part(part: etree._Element, reference: etree._Element) -> None:
    if part.tag == xades("SignedProperties") and reference.get("Type") != SIGNED_PROPERTIES_TYPE:
        raise RefusedReference(line=reference.sourceline, uri=reference.get("URI"))
    transforms = _transforms(reference)
    if len(transforms) > 1:
        raise RefusedAlgorithm(line=reference.sourceline, algorithm=" ".join(transforms))
    algorithm = transforms[0] if transforms else C14N_10
    if not _digest_fits(reference, _canonical(part, algorithm)):
        raise PropertiesChanged()


def _transforms(reference: etree._Element) -> list[str]:
    groups = [e for e in elements_of(reference) if e.tag == ds("Transforms")]
    if len(groups) > 1:
        raise MalformedSignature(line=reference.sourceline, part="ds:Transforms")
    transforms = elements_of(groups[0]) if groups else []
    for transform in transforms:
        if transform.tag != ds("Transform") or elements_of(transform) or (transform.text or "").strip():
            # XPath, XSLT and inclusive prefix lists carry members: none of them is followed.
            raise RefusedAlgorithm(line=transform.sourceline, algorithm=transform.get("Algorithm"))
    return [transform.get("Algorithm") or "" for transform in transforms]


def _canonical(element: etree._Element, algorithm: str) -> bytes:
    _check_canonicalization(algorithm, element)
    try:
        return canonical_element(element, algorithm)
    except AmbiguousInheritance:
        raise AmbiguousNamespaces(line=element.sourceline) from None


def _check_canonicalization(algorithm: str, place: etree._Element) -> None:
    if algorithm not in CANONICALIZATIONS:
        raise RefusedAlgorithm(line=place.sourceline, algorithm=algorithm)


def _digest_fits(holder: etree._Element, data: bytes) -> bool:
    algorithm = only_child(holder, ds("DigestMethod")).get("Algorithm") or ""
    stated = strict_base64(only_child(holder, ds("DigestValue")))
    return hmac.compare_digest(stated, _digest(algorithm, data, holder))


def _digest(algorithm: str, data: bytes, place: etree._Element) -> bytes:
    if algorithm not in DIGESTS:
        raise RefusedAlgorithm(line=place.sourceline, algorithm=algorithm)
    return hashlib.new(DIGESTS[algorithm]().name, data).digest()


def _check_value(parts: Parts) -> None:
    method = only_child(parts.signed_info, ds("SignatureMethod"))
    canonicalization = only_child(parts.signed_info, ds("CanonicalizationMethod")).get("Algorithm") or ""
    if elements_of(method):
        raise RefusedAlgorithm(line=method.sourceline, algorithm=method.get("Algorithm"))
    data = _canonical(parts.signed_info, canonicalization)
    certificate, _ = signer_certificate(parts)
    algorithm = method.get("Algorithm") or ""
    try:
        _verify(certificate.public_key(), algorithm, parts.signature_value, data, method)
    except InvalidSignature:
        raise WrongSignatureValue() from None


def _verify(key: object, algorithm: str, value: bytes, data: bytes, place: etree._Element) -> None:
    if (
        isinstance(key, ec.EllipticCurvePublicKey)
        and algorithm in ECDSA_METHODS
        and isinstance(key.curve, CURVES)
    ):
        half = (key.curve.key_size + 7) // 8
        if len(value) != 2 * half:
            raise WrongSignatureValue()
        r, s = int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
        key.verify(encode_dss_signature(r, s), data, ec.ECDSA(ECDSA_METHODS[algorithm]()))
    elif isinstance(key, rsa.RSAPublicKey) and algorithm in RSA_METHODS and key.key_size >= MINIMUM_RSA_BITS:
        key.verify(value, data, padding.PKCS1v15(), RSA_METHODS[algorithm]())
    else:
        raise RefusedAlgorithm(line=place.sourceline, algorithm=algorithm)


def _named_certificates(parts: Parts) -> list[tuple[str, bytes]]:
    """Return (algorithm, digest) of every certificate in SigningCertificateV2 or its predecessor."""
    if parts.properties is None:
        return []
    group = parts.properties.find(xades("SignedSignatureProperties"))
    named: list[tuple[str, bytes]] = []
    for listed in elements_of(group) if group is not None else []:
        if listed.tag in (xades("SigningCertificateV2"), xades("SigningCertificate")):
            for entry in elements_of(listed):
                digest = only_child(entry, xades("CertDigest"))
                algorithm = only_child(digest, ds("DigestMethod")).get("Algorithm") or ""
                if algorithm not in DIGESTS:
                    raise RefusedAlgorithm(line=digest.sourceline, algorithm=algorithm)
                named.append((algorithm, strict_base64(only_child(digest, ds("DigestValue")))))
    return named


def _is_named(certificate: x509.Certificate, named: list[tuple[str, bytes]]) -> bool:
    return any(_fits(certificate, *each) for each in named)


def _fits(certificate: x509.Certificate, algorithm: str, digest: bytes) -> bool:
    made: hashes.HashAlgorithm = DIGESTS[algorithm]()
    return hmac.compare_digest(certificate.fingerprint(made), digest)
