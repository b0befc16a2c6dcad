"""RFID: the electronic product code in the EPC memory of a Gen 2 tag (EPC Tag Data Standard, schemes of version 1).

A tag has header (8 bits), filter (3), partition (3: how many digits the company prefix has), prefix, reference, serial.
Covered: SGTIN-96/198, SSCC-96, SGLN-96/195, GRAI-96/170, GIAI-96/202. Not covered: GDTI, GSRN, CPI and ITIP, the
schemes of version 2 (``+`` and ``++``), user memory and protocol control bits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple

from jialiang.formats.codes.check_characters import CHARACTER_SETS
from jialiang.kernel.errors import InvalidInput, Unreadable
from jialiang.kernel.text import storable

_WORD = 16  # tags are written in words of 16 bits
_HEADER_BITS, _FILTER_BITS, _PARTITION_BITS, _LETTER_BITS = 8, 3, 3, 7
_ESCAPED = {letter: f"%{ord(letter):02X}" for letter in '"%&/<>?'}


class EpcUnsuitable(InvalidInput):
    """A key or serial does not fit the scheme; facts: ``scheme``, ``member``, ``given``."""

    code = "JL-CAR-003"


class NotAnEpc(Unreadable):
    """The bits are no tag of a scheme that is known here; facts: ``given``, ``reason``."""

    code = "JL-CAR-004"


class Scheme(NamedTuple):
    """How a scheme lays out its bits; ``pair_digits`` is 0 where the reference has no fixed number of digits."""

    name: str
    header: int
    size: int
    pair_bits: int
    pair_digits: int
    serial_bits: int
    kind: Literal["number", "letters", "none"]


@dataclass(frozen=True, slots=True)
class EpcTag:
    """What a tag says. Raises EpcUnsuitable where a member does not fit the scheme."""

    scheme: str
    prefix: str
    reference: str
    serial: str = ""
    filter: int = 0

    def __post_init__(self) -> None:
        scheme = scheme_named(self.scheme)
        if not 0 <= self.filter <= 7:
            raise EpcUnsuitable(scheme=self.scheme, member="filter", given=self.filter)
        if not (_is_digits(self.prefix) and str(len(self.prefix)) in _prefix_bits()):
            raise EpcUnsuitable(scheme=self.scheme, member="prefix", given=storable(self.prefix, 40))
        if not _reference_fits(self, scheme):
            raise EpcUnsuitable(scheme=self.scheme, member="reference", given=storable(self.reference, 40))
        if not _serial_fits(self.serial, scheme):
            raise EpcUnsuitable(scheme=self.scheme, member="serial", given=storable(self.serial, 40))

    @property
    def tag_uri(self) -> str:
        """``urn:epc:tag:sgtin-96:3.0614141.812345.6789``."""
        return f"urn:epc:tag:{self.scheme}:{self.filter}.{self._members()}"

    @property
    def identity_uri(self) -> str:
        """``urn:epc:id:sgtin:0614141.812345.6789``: the thing itself, whatever tag it has."""
        return f"urn:epc:id:{self.scheme.partition('-')[0]}:{self._members()}"

    def _members(self) -> str:
        members = [self.prefix, _escaped(self.reference)]
        if scheme_named(self.scheme).serial_bits and scheme_named(self.scheme).kind != "none":
            members.append(_escaped(self.serial))
        return ".".join(members)


def encode_epc(tag: EpcTag) -> bytes:
    """Return the EPC memory of a tag, filled with zeros to whole words of 16 bits."""
    scheme = scheme_named(tag.scheme)
    prefix_bits = _prefix_bits()[str(len(tag.prefix))]
    bits = _number(scheme.header, _HEADER_BITS) + _number(tag.filter, _FILTER_BITS)
    bits += _number(12 - len(tag.prefix), _PARTITION_BITS) + _number(int(tag.prefix), prefix_bits)
    reference_kind = scheme.kind if not scheme.pair_digits else "number"
    bits += _field(tag.reference, scheme.pair_bits - prefix_bits, reference_kind)
    bits += _field(tag.serial, scheme.serial_bits, scheme.kind)
    bits += "0" * (-len(bits) % _WORD)
    return int(bits, 2).to_bytes(len(bits) // 8)


def decode_epc(memory: bytes) -> EpcTag:
    """Read the EPC memory of a tag. Raises NotAnEpc."""
    bits = "".join(_number(byte, 8) for byte in memory)
    scheme = next((each for each in schemes().values() if memory[:1] == bytes([each.header])), None)
    if scheme is None or len(bits) < scheme.size:
        raise NotAnEpc(given=memory[:32].hex(), reason="header" if scheme is None else "length")
    begin = _HEADER_BITS + _FILTER_BITS + _PARTITION_BITS
    partition = int(bits[begin - _PARTITION_BITS : begin], 2)
    if partition > 6:
        raise NotAnEpc(given=memory.hex(), reason="partition")
    prefix_bits = _prefix_bits()[str(12 - partition)]
    pair = bits[begin : begin + scheme.pair_bits]
    digits = max(scheme.pair_digits - (12 - partition), 0)
    try:
        return EpcTag(
            scheme=scheme.name,
            prefix=str(int(pair[:prefix_bits], 2)).zfill(12 - partition),
            reference=_read_reference(pair[prefix_bits:], scheme, digits),
            serial=_read(bits[begin + scheme.pair_bits : scheme.size], scheme.kind),
            filter=int(bits[_HEADER_BITS : _HEADER_BITS + _FILTER_BITS], 2),
        )
    except EpcUnsuitable as problem:
        raise NotAnEpc(given=memory.hex(), reason=str(problem.facts["member"])) from problem


def scheme_named(name: str) -> Scheme:
    """Return a scheme. Raises EpcUnsuitable."""
    found = schemes().get(name)
    if found is None:
        raise EpcUnsuitable(scheme=storable(name, 40), member="scheme", given=", ".join(schemes()))
    return found


@cache
def schemes() -> dict[str, Scheme]:
    """Return the schemes by name."""
    return {name: Scheme(name, **row) for name, row in _tables()["schemes"].items()}


@cache
def _prefix_bits() -> dict[str, int]:
    bits: dict[str, int] = _tables()["prefix_bits"]
    return bits


def _reference_fits(tag: EpcTag, scheme: Scheme) -> bool:
    if scheme.pair_digits:
        wanted = scheme.pair_digits - len(tag.prefix)
        return len(tag.reference) == wanted and (_is_digits(tag.reference) or not wanted)
    room = scheme.pair_bits - _prefix_bits()[str(len(tag.prefix))]
    longest = 30 - len(tag.prefix)
    if scheme.kind == "letters":
        return 0 < len(tag.reference) <= min(longest, room // _LETTER_BITS) and _is_letters(tag.reference)
    return _is_plain_number(tag.reference, room)


def _serial_fits(serial: str, scheme: Scheme) -> bool:
    if scheme.kind == "none" or not scheme.serial_bits:
        return not serial
    if scheme.kind == "number":
        return _is_plain_number(serial, scheme.serial_bits)
    return 0 < len(serial) <= scheme.serial_bits // _LETTER_BITS and _is_letters(serial)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_plain_number(text: str, bits: int) -> bool:
    """Tell whether digits without leading zeros fit into bits: a number on a tag has lost its zeros."""
    return _is_digits(text) and (text == "0" or text[0] != "0") and int(text) < 2**bits


def _is_letters(text: str) -> bool:
    return all(letter in CHARACTER_SETS["x"] for letter in text)


def _field(text: str, bits: int, kind: str) -> str:
    if kind == "letters":
        return "".join(_number(ord(letter), _LETTER_BITS) for letter in text).ljust(bits, "0")
    return _number(int(text or "0"), bits) if bits else ""


def _read_reference(bits: str, scheme: Scheme, digits: int) -> str:
    if not scheme.pair_digits:
        return _read(bits, scheme.kind)
    return str(int(bits, 2)).zfill(digits) if digits else ""


def _read(bits: str, kind: str) -> str:
    if not bits or kind == "none":
        return ""
    if kind == "number":
        return str(int(bits, 2))
    letters = [
        int(bits[i : i + _LETTER_BITS], 2)
        for i in range(0, len(bits) // _LETTER_BITS * _LETTER_BITS, _LETTER_BITS)
    ]
    return "".join(chr(letter) for letter in letters).rstrip("\0")


def _escaped(text: str) -> str:
    return "".join(_ESCAPED.get(letter, letter) for letter in text)


def _number(value: int, width: int) -> str:
    return format(value, f"0{width}b")


@cache
def _tables() -> dict[str, Any]:
    file = resources.files("jialiang.formats.carriers") / "epc_schemes.json"
    tables: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return tables
