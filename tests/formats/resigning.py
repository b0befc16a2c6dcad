"""A skilled signer: changes a signed certificate anywhere and then makes all digests and the value fit again.

So the rules on how a signature may be built are examined by themselves, and not hidden behind a digest that broke.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.formats.sample_keys import institute, key, signed_sample

from jialiang.formats.xades.names import DS, XADES

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SHA = {
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
    "http://www.w3.org/2001/04/xmldsig-more#sha224": "sha224",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
HASHES = {"sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256, "sha384": hashes.SHA384,
          "sha512": hashes.SHA512}  # fmt: skip


@dataclass
class Signed:
    """A signed document taken apart, every part still in its tree."""

    root: etree._Element

    @property
    def signature(self) -> etree._Element:
        return self.root.find(f"{{{DS}}}Signature")

    def ds(self, path: str) -> etree._Element:
        """The first element below the signature at a path of XML-DSig names."""
        return self.signature.find("/".join(f"{{{DS}}}{name}" for name in path.split("/")))

    def xades(self, name: str) -> etree._Element:
        """The first element of XAdES with a name."""
        return next(self.signature.iter(f"{{{XADES}}}{name}"))

    def reference(self, number: int) -> etree._Element:
        """The reference to the document (0) or to the signed properties (1)."""
        return self.signature.findall(f"{{{DS}}}SignedInfo/{{{DS}}}Reference")[number]


Change = Callable[[Signed], object]


def resigned(
    change: Change = lambda _: None,
    *,
    private_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None,
    fresh_digests: bool = True,
) -> bytes:
    """The sample certificate after ``change``, with all digests and the signature value made anew."""
    signed = Signed(etree.fromstring(signed_sample()))
    change(signed)
    if signed.signature is not None:
        if fresh_digests:
            _digest_anew(signed)
        _sign_anew(signed, private_key or key("Sample Institute of Metrology"))
    return etree.tostring(signed.root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _digest_anew(signed: Signed) -> None:
    for reference in signed.signature.findall(f"{{{DS}}}SignedInfo/{{{DS}}}Reference"):
        uri = reference.get("URI")
        if uri == "":
            data = _without_signature(signed.root, _canonicalization(reference))
        else:
            targets = [e for e in signed.root.iter(etree.Element) if uri and e.get("Id") == uri[1:]]
            if not targets:
                continue
            data = _canonical(targets[0], _canonicalization(reference))
        method, value = reference.find(f"{{{DS}}}DigestMethod"), reference.find(f"{{{DS}}}DigestValue")
        if method is not None and value is not None and method.get("Algorithm") in SHA:
            value.text = _base64(hashlib.new(SHA[method.get("Algorithm")], data).digest())


def _sign_anew(signed: Signed, private_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    info, value = signed.ds("SignedInfo"), signed.ds("SignatureValue")
    method = signed.ds("SignedInfo/SignatureMethod")
    if info is None or value is None or method is None:
        return
    way = signed.ds("SignedInfo/CanonicalizationMethod")
    data = _canonical(info, way.get("Algorithm", "") if way is not None else "")
    name = (method.get("Algorithm") or "sha256").rpartition("-")[2]
    chosen = HASHES.get(name, hashes.SHA256)()
    if isinstance(private_key, rsa.RSAPrivateKey):
        value.text = _base64(private_key.sign(data, padding.PKCS1v15(), chosen))
        return
    size = (private_key.curve.key_size + 7) // 8
    r, s = decode_dss_signature(private_key.sign(data, ec.ECDSA(chosen)))
    value.text = _base64(r.to_bytes(size, "big") + s.to_bytes(size, "big"))


def _canonicalization(reference: etree._Element) -> str:
    names = [t.get("Algorithm", "") for t in reference.iter(f"{{{DS}}}Transform")]
    ways = [name for name in names if "c14n" in name]
    return ways[0] if ways else ""


def _canonical(element: etree._Element, way: str) -> bytes:
    return etree.tostring(
        element, method="c14n", exclusive=way == EXCLUSIVE, with_comments=False, with_tail=False
    )


def _without_signature(root: etree._Element, way: str) -> bytes:
    copy = etree.fromstring(etree.tostring(root))
    signature = copy.find(f"{{{DS}}}Signature")
    before = signature.getprevious()
    if signature.tail:
        before.tail = (before.tail or "") + signature.tail
    copy.remove(signature)
    return _canonical(copy.getroottree(), way)


def use_certificates(
    *certificates: x509.Certificate, named: tuple[x509.Certificate, ...] | None = None
) -> Change:
    """Embed these certificates and name them (or ``named``) in the signed properties, in this order."""

    def change(signed: Signed) -> None:
        data = signed.ds("KeyInfo/X509Data")
        data[:] = [_element(DS, "X509Certificate", c.public_bytes(Encoding.DER)) for c in certificates]
        listed = signed.xades("SigningCertificateV2")
        listed[:] = [_named(c) for c in (certificates if named is None else named)]

    return change


def _named(certificate: x509.Certificate) -> etree._Element:
    digest = etree.Element(f"{{{XADES}}}CertDigest")
    etree.SubElement(digest, f"{{{DS}}}DigestMethod", Algorithm="http://www.w3.org/2001/04/xmlenc#sha256")
    digest.append(_element(DS, "DigestValue", certificate.fingerprint(hashes.SHA256())))
    entry = etree.Element(f"{{{XADES}}}Cert")
    entry.append(digest)
    return entry


def _element(namespace: str, name: str, data: bytes) -> etree._Element:
    element = etree.Element(f"{{{namespace}}}{name}")
    element.text = _base64(data)
    return element


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def signer_certificate() -> x509.Certificate:
    return institute().certificate
