"""Encrypted PKCS #8 (RFC 5958, RFC 8018) with scrypt (RFC 7914), which OpenSSL reads.

``cryptography`` writes PBES2 with 2 048 rounds of PBKDF2, too few for a file that may be carried off; so the key is
derived by scrypt here and the envelope written by hand. Reading is left to ``cryptography``.
"""

from __future__ import annotations

import base64
import secrets
import textwrap

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

# 16 MiB of memory and five passes: as slow as OpenSSL's own limit of 32 MiB lets a readable file be.
COST, BLOCK_SIZE, PARALLELIZATION = 1 << 14, 8, 5
PBES2 = bytes.fromhex("06092a864886f70d01050d")
SCRYPT = bytes.fromhex("06092b06010401da47040b")
AES_256_CBC = bytes.fromhex("060960864801650304012a")


def encrypted_pem(key: ec.EllipticCurvePrivateKey, passphrase: bytes) -> bytes:
    """Return the private key as ``ENCRYPTED PRIVATE KEY``, AES-256-CBC under a key of scrypt."""
    salt, vector = secrets.token_bytes(16), secrets.token_bytes(16)
    derived = Scrypt(salt=salt, length=32, n=COST, r=BLOCK_SIZE, p=PARALLELIZATION).derive(passphrase)
    padder = PKCS7(128).padder()
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    encryptor = Cipher(algorithms.AES256(derived), modes.CBC(vector)).encryptor()
    secret = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    costs = b"".join(_integer(number) for number in (COST, BLOCK_SIZE, PARALLELIZATION))
    derivation = _sequence(SCRYPT + _sequence(_octets(salt) + costs))
    cipher = _sequence(AES_256_CBC + _octets(vector))
    envelope = _sequence(_sequence(PBES2 + _sequence(derivation + cipher)) + _octets(secret))
    lines = "\n".join(textwrap.wrap(base64.b64encode(envelope).decode(), 64))
    return f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{lines}\n-----END ENCRYPTED PRIVATE KEY-----\n".encode()


def _sequence(content: bytes) -> bytes:
    return _tagged(0x30, content)


def _octets(content: bytes) -> bytes:
    return _tagged(0x04, content)


def _integer(number: int) -> bytes:
    return _tagged(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
