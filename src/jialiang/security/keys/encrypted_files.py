"""Keys in encrypted files, one each: the embedded default of the port.

``<name>.pem`` holds the public key and the private key (PKCS #8, scrypt, AES-256), readable by its owner only. It
appears whole or not at all. The public half stands in clear so that a file whose halves do not belong together,
because one was swapped or damaged, is told apart from a wrong passphrase.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from jialiang.formats.xades.port import PrivateKeySigner, Signer
from jialiang.kernel.durable_files import write_durably
from jialiang.security.keys.errors import KeyDamaged, KeyExists, KeyLocked, KeyNotFound, SealMismatch
from jialiang.security.keys.pkcs8 import encrypted_pem
from jialiang.security.keys.port import checked_name

PRIVATE_BEGIN = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, InternalError)
"""What the library raises for a damaged key: TypeError for an empty passphrase, InternalError for odd parameters."""


class EncryptedFileKeyStore:
    """A :class:`~jialiang.security.keys.port.KeyStore` in a folder, opened with one passphrase."""

    def __init__(self, folder: Path, passphrase: str) -> None:
        self._folder = folder
        self._passphrase = passphrase.encode()
        self._opened: dict[tuple[str, bytes], ec.EllipticCurvePrivateKey] = {}

    def create(self, name: str) -> ec.EllipticCurvePublicKey:
        """Make a key on P-256 and write its file durably before returning."""
        path = self._path(name)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            raise KeyExists(name=name)
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        content = public + encrypted_pem(key, self._passphrase)
        try:
            write_durably(path, content, beside=f".unfinished-{secrets.token_hex(8)}", replace=False)
        except FileExistsError:
            raise KeyExists(name=name) from None
        return key.public_key()

    def public_key(self, name: str) -> ec.EllipticCurvePublicKey:
        """Return the public half without opening the private one."""
        return _public(name, self._content(name))

    def sign(self, name: str, data: bytes) -> bytes:
        """Return the deterministic ECDSA signature of SHA-256 of ``data``, DER encoded."""
        return self._open(name).sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    def signer(self, name: str, certificate: x509.Certificate) -> Signer:
        """Return the signer of a key under its certificate."""
        key = self._open(name)
        if certificate.public_key() != key.public_key():
            raise SealMismatch(name=name, certificate=f"{certificate.serial_number:x}")
        return PrivateKeySigner(key, certificate)

    def names(self) -> Iterator[str]:
        """Go through the files in order."""
        return (path.stem for path in sorted(self._folder.glob("*.pem")))

    def _open(self, name: str) -> ec.EllipticCurvePrivateKey:
        content = self._content(name)
        if (name, content) not in self._opened:
            self._opened[name, content] = self._decrypted(name, content)
        return self._opened[name, content]

    def _decrypted(self, name: str, content: bytes) -> ec.EllipticCurvePrivateKey:
        public = _public(name, content)
        begin = content.find(PRIVATE_BEGIN)
        if begin < 0:
            raise KeyDamaged(name=name, file=str(self._path(name)))
        try:
            key = load_pem_private_key(content[begin:], self._passphrase)
        except UNREADABLE as problem:
            raise KeyLocked(name=name, file=str(self._path(name))) from problem
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != public:
            raise KeyDamaged(name=name, file=str(self._path(name)))
        return key

    def _content(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise KeyNotFound(name=name, folder=str(self._folder)) from None

    def _path(self, name: str) -> Path:
        return self._folder / f"{checked_name(name)}.pem"


def _public(name: str, content: bytes) -> ec.EllipticCurvePublicKey:
    begin = content.find(PRIVATE_BEGIN)
    try:
        key = load_pem_public_key(content[: begin if begin >= 0 else None])
    except UNREADABLE as problem:
        raise KeyDamaged(name=name, file=f"{name}.pem") from problem
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise KeyDamaged(name=name, file=f"{name}.pem")
    return key
