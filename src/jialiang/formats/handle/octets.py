"""Bytes of the Handle System, big-endian: whole numbers, and texts and blocks with four bytes of length before them.

Lengths and counts come from strangers. A block is given only if its bytes are there, and a count only if that many
things could follow; so nothing is ever allocated on the word of a number.
"""

from __future__ import annotations

from struct import Struct, pack

from jialiang.kernel.errors import Unreadable
from jialiang.kernel.text import Text

_UINT16 = Struct(">H")
_UINT32 = Struct(">I")


class BadOctets(Unreadable):
    """Bytes that do not hold what they should; facts: ``place`` (what stands there), ``offset``, ``fault``."""

    code = "JL-HDL-020"


TOO_SHORT = Text(zh="数据在此处中断", en="the bytes end here")
TOO_MANY = Text(zh="声明的个数多于其余字节所能容纳", en="the count is more than the bytes left could hold")
LEFT_OVER = Text(zh="其后还有多余字节", en="bytes are left over")
NOT_TEXT = Text(zh="不是 UTF-8 文本", en="it is not UTF-8 text")


class Octets:
    """A place in bytes, going forward. Each method names what it reads, for the error. All raise :class:`BadOctets`."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes, at: int = 0, end: int | None = None) -> None:
        self.data = data
        self.at = at
        self.end = len(data) if end is None else end

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return self.end - self.at

    def fault(self, place: str, fault: Text, offset: int | None = None) -> BadOctets:
        """Return the error about what stands here, or at ``offset``."""
        return BadOctets(place=place, offset=self.at if offset is None else offset, fault=fault)

    def uint8(self, place: str) -> int:
        """Read one byte as a number."""
        at = self.at
        if at >= self.end:
            raise self.fault(place, TOO_SHORT)
        self.at = at + 1
        return self.data[at]

    def uint16(self, place: str) -> int:
        """Read two bytes as a number."""
        at = self.at
        if at + 2 > self.end:
            raise self.fault(place, TOO_SHORT)
        self.at = at + 2
        number: int = _UINT16.unpack_from(self.data, at)[0]
        return number

    def uint32(self, place: str) -> int:
        """Read four bytes as a number."""
        at = self.at
        if at + 4 > self.end:
            raise self.fault(place, TOO_SHORT)
        self.at = at + 4
        number: int = _UINT32.unpack_from(self.data, at)[0]
        return number

    def raw(self, length: int, place: str) -> bytes:
        """Read ``length`` bytes."""
        start = self.at
        if length > self.end - start:
            raise self.fault(place, TOO_SHORT)
        self.at = start + length
        return self.data[start : start + length]

    def block(self, place: str) -> bytes:
        """Read four bytes of length and that many bytes."""
        return self.raw(self.uint32(place), place)

    def text(self, place: str) -> str:
        """Read a block that is UTF-8 text."""
        start = self.at
        try:
            return self.block(place).decode()
        except UnicodeDecodeError:
            raise self.fault(place, NOT_TEXT, start) from None

    def count(self, place: str, least: int) -> int:
        """Read the number of things that follow, each of at least ``least`` bytes."""
        start = self.at
        number = self.uint32(place)
        if number * least > self.end - self.at:
            raise self.fault(place, TOO_MANY, start)
        return number

    def finish(self, place: str) -> None:
        """Refuse bytes that are left over."""
        if self.at != self.end:
            raise self.fault(place, LEFT_OVER)


def uint32_octets(number: int) -> bytes:
    """Return the four bytes of a number from 0 to 2³² − 1."""
    return _UINT32.pack(number)


def block_octets(data: bytes) -> bytes:
    """Return ``data`` after its length."""
    return _UINT32.pack(len(data)) + data


def text_octets(text: str) -> bytes:
    """Return the UTF-8 of a text after its length in bytes."""
    return block_octets(text.encode())


def numbers_octets(layout: str, *numbers: int) -> bytes:
    """Return numbers laid out as ``struct`` says, without padding."""
    return pack(f">{layout}", *numbers)
