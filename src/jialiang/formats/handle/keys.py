"""HS_PUBKEY: public keys as bytes of the Handle System and as JSON web keys; HS_SECKEY is the secret itself.

    RSA   "RSA_PUB_KEY", 2 bytes 0, exponent, modulus, and four bytes 0 that most writers leave behind
    DSA   "DSA_PUB_KEY", 2 bytes 0, q, p, g, y

Numbers are blocks with their length before, signed as Java writes them: a zero byte before a first bit of 1.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import dsa, rsa

from jialiang.formats.handle.octets import Octets, block_octets, text_octets
from jialiang.kernel.text import Text

LARGEST_KEY_BITS = 16384  # of one number
UNKNOWN_KIND = Text(zh="不支持的密钥种类", en="a kind of key that is not known here")
BAD_NUMBERS = Text(zh="这些数不构成有效公钥", en="the numbers are no public key")
_RSA, _DSA = "RSA_PUB_KEY", "DSA_PUB_KEY"


@dataclass(frozen=True, slots=True)
class RsaKey:
    """An RSA public key: modulus and public exponent."""

    modulus: int
    exponent: int

    def octets(self) -> bytes:
        """Return the data of an HS_PUBKEY value."""
        numbers = _signed(self.exponent) + _signed(self.modulus)
        return text_octets(_RSA) + b"\0\0" + numbers + b"\0\0\0\0"

    def to_json(self) -> dict[str, str]:
        """Return it as a JSON web key."""
        return {"kty": "RSA", "n": _base64(self.modulus), "e": _base64(self.exponent)}

    def loaded(self) -> rsa.RSAPublicKey:
        """Return it ready to check signatures. Raises ValueError where the numbers are no key."""
        return rsa.RSAPublicNumbers(self.exponent, self.modulus).public_key()


@dataclass(frozen=True, slots=True)
class DsaKey:
    """A DSA public key."""

    p: int
    q: int
    g: int
    y: int

    def octets(self) -> bytes:
        """Return the data of an HS_PUBKEY value."""
        return text_octets(_DSA) + b"\0\0" + b"".join(map(_signed, (self.q, self.p, self.g, self.y)))

    def to_json(self) -> dict[str, str]:
        """Return it in the manner of a JSON web key."""
        return {"kty": "DSA"} | {name: _base64(getattr(self, name)) for name in ("y", "p", "q", "g")}

    def loaded(self) -> dsa.DSAPublicKey:
        """Return it ready to check signatures. Raises ValueError where the numbers are no key."""
        return dsa.DSAPublicNumbers(self.y, dsa.DSAParameterNumbers(self.p, self.q, self.g)).public_key()


PublicKey = RsaKey | DsaKey


def read_public_key(data: bytes) -> PublicKey:
    """Return the key in the data of an HS_PUBKEY value. Raises BadOctets, also for a kind that is not known."""
    octets = Octets(data)
    kind = octets.text("kind of key")
    if kind not in (_RSA, _DSA):
        raise octets.fault("kind of key", UNKNOWN_KIND, 0)
    octets.uint16("flags")
    key: PublicKey
    if kind == _RSA:
        exponent = _number(octets, "public exponent")
        key = RsaKey(_number(octets, "modulus"), exponent)
    else:
        q, p, g, y = (_number(octets, place) for place in ("q", "p", "g", "y"))
        key = DsaKey(p, q, g, y)
    if octets.data[octets.at :].strip(b"\0"):
        octets.finish("HS_PUBKEY")
    return key


def key_from_json(member: Any) -> PublicKey | None:
    """Return the key of a JSON web key of kind RSA or DSA, None where it is none."""
    names = (
        {"RSA": ("n", "e"), "DSA": ("p", "q", "g", "y")}.get(member.get("kty", ""))
        if _is_key(member)
        else None
    )
    if names is None:
        return None
    numbers = [_from_base64(member.get(name)) for name in names]
    if not all(numbers):
        return None
    return (RsaKey if len(names) == 2 else DsaKey)(*numbers)


def key_of(public_key: rsa.RSAPublicKey | dsa.DSAPublicKey) -> PublicKey:
    """Return the numbers of a key of the library."""
    if isinstance(public_key, rsa.RSAPublicKey):
        own = public_key.public_numbers()
        return RsaKey(own.n, own.e)
    numbers = public_key.public_numbers()
    parameters = numbers.parameter_numbers
    return DsaKey(parameters.p, parameters.q, parameters.g, numbers.y)


def _is_key(member: Any) -> bool:
    return isinstance(member, dict) and isinstance(member.get("kty", ""), str)


def _signed(number: int) -> bytes:
    return block_octets(number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _number(octets: Octets, place: str) -> int:
    start = octets.at
    block = octets.block(place).lstrip(b"\0")
    if not block or len(block) > LARGEST_KEY_BITS // 8:
        raise octets.fault(place, BAD_NUMBERS, start)
    return int.from_bytes(block, "big")


def _base64(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode().rstrip("=")


def _from_base64(text: Any) -> int:
    """Return the number, 0 where the text holds none or one that is too large."""
    if not isinstance(text, str) or len(text) > LARGEST_KEY_BITS // 6 + 4:
        return 0
    try:
        number = int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
    except ValueError:  # binascii.Error among them, and letters beyond ASCII
        return 0
    return number if number.bit_length() <= LARGEST_KEY_BITS else 0
