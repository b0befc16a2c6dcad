"""HS_ADMIN and HS_VLIST: who may change a record, and groups of those.

    HS_ADMIN   permissions 2 bytes, name of the administrator (text), index 4 bytes
    HS_VLIST   number 4 bytes, then for each: name (text), index 4 bytes

The twelve permissions are written as twelve digits from bit 11 down to bit 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from jialiang.formats.handle.octets import Octets, numbers_octets, text_octets, uint32_octets
from jialiang.formats.handle.values import HandleReference

PERMISSION_DIGITS = 12


class AdminPermission(IntFlag):
    """What an administrator may do."""

    ADD_HANDLE = 1 << 0
    DELETE_HANDLE = 1 << 1
    ADD_DERIVED_PREFIX = 1 << 2
    DELETE_DERIVED_PREFIX = 1 << 3
    MODIFY_VALUE = 1 << 4
    REMOVE_VALUE = 1 << 5
    ADD_VALUE = 1 << 6
    MODIFY_ADMIN = 1 << 7
    REMOVE_ADMIN = 1 << 8
    ADD_ADMIN = 1 << 9
    READ_VALUE = 1 << 10
    LIST_HANDLES = 1 << 11


ALL_PERMISSIONS = AdminPermission((1 << PERMISSION_DIGITS) - 1)


@dataclass(frozen=True, slots=True)
class AdminRecord:
    """The data of an HS_ADMIN value: the administrator ``index:handle`` and what it may do."""

    handle: str
    index: int
    permissions: AdminPermission

    @property
    def identity(self) -> HandleReference:
        """The administrator."""
        return HandleReference(self.index, self.handle)

    @property
    def digits(self) -> str:
        """The permissions as twelve digits, bit 11 first: ``011111110011``."""
        return f"{int(self.permissions):0{PERMISSION_DIGITS}b}"

    def allows(self, permission: AdminPermission) -> bool:
        """Tell whether all bits of ``permission`` are given."""
        return permission in self.permissions

    def octets(self) -> bytes:
        """Return the data of the value."""
        return (
            numbers_octets("H", int(self.permissions)) + text_octets(self.handle) + uint32_octets(self.index)
        )


def read_admin(data: bytes) -> AdminRecord:
    """Return what an HS_ADMIN value says. Bits above the twelfth are not known and dropped. Raises BadOctets."""
    octets = Octets(data)
    permissions = octets.uint16("permissions") & int(ALL_PERMISSIONS)
    handle = octets.text("administrator")
    index = octets.uint32("index of the administrator")
    if octets.data[octets.at :].strip(b"\0"):  # an old form of the record has zeros behind
        octets.finish("HS_ADMIN")
    return AdminRecord(handle, index, AdminPermission(permissions))


def permissions_of_digits(digits: str) -> AdminPermission | None:
    """Return the permissions written as twelve digits 0 and 1, None if they are not."""
    if len(digits) != PERMISSION_DIGITS or set(digits) - {"0", "1"}:
        return None
    return AdminPermission(int(digits, 2))


def read_value_list(data: bytes) -> tuple[HandleReference, ...]:
    """Return the members of an HS_VLIST value. Raises BadOctets."""
    octets = Octets(data)
    members = []
    for _ in range(octets.count("number of members", least=8)):
        handle = octets.text("name of a member")
        members.append(HandleReference(octets.uint32("index of a member"), handle))
    octets.finish("HS_VLIST")
    return tuple(members)


def value_list_octets(members: tuple[HandleReference, ...]) -> bytes:
    """Return the data of an HS_VLIST value."""
    rows = (text_octets(member.handle) + uint32_octets(member.index) for member in members)
    return uint32_octets(len(members)) + b"".join(rows)
