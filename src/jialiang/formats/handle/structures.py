"""Data of values with a meaning of their own: bytes ⇄ structure ⇄ JSON member ``{"format", "value"}``.

    HS_ADMIN                  admin    {"handle", "index", "permissions": twelve digits, bit 11 first}
    HS_VLIST                  vlist    [{"handle", "index"}]
    HS_SITE, HS_NA_DELEGATE   site     see ``site_json``
    HS_PUBKEY                 key      a JSON web key, RSA or DSA
    everything else           string   UTF-8 text; base64 where the bytes are none

Bytes that are not what their type says, and keys of a kind that is not known here, are shown as base64: a stranger's
record is shown whole. What is written has to be what its type says.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from jialiang.formats.handle.admins import (
    ALL_PERMISSIONS,
    AdminPermission,
    AdminRecord,
    permissions_of_digits,
    read_admin,
    read_value_list,
    value_list_octets,
)
from jialiang.formats.handle.keys import DsaKey, PublicKey, RsaKey, key_from_json, key_of, read_public_key
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.site_json import site_from_json, site_to_json
from jialiang.formats.handle.sites import Site, SiteInterface, SiteServer, read_site
from jialiang.formats.handle.structure_faults import BadStructure, need, plain_text, whole_number
from jialiang.formats.handle.values import HandleReference
from jialiang.kernel.text import Text

__all__ = [
    "ALL_PERMISSIONS", "AdminPermission", "AdminRecord", "BadOctets", "BadStructure", "DsaKey", "PublicKey", "RsaKey",
    "Site", "SiteInterface", "SiteServer", "data_from_json", "data_to_json", "key_from_json", "key_of",
    "permissions_of_digits", "read_admin", "read_public_key", "read_site", "read_value_list", "value_list_octets",
]  # fmt: skip

_READERS = {
    "hs_admin": ("admin", read_admin),
    "hs_vlist": ("vlist", read_value_list),
    "hs_site": ("site", read_site),
    "hs_na_delegate": ("site", read_site),
    "hs_pubkey": ("key", read_public_key),
}
"""By type: the format of its JSON and what reads its bytes."""
_NOT_MEMBER = Text(
    zh="应为文本，或含 format 与 value 的对象", en="it is a text or an object with format and value"
)
_NOT_OBJECT = Text(zh="应为对象", en="it is an object")
_NOT_LIST = Text(zh="应为数组", en="it is a list")
_NOT_BASE64 = Text(zh="不是 base64", en="it is not base64")
_NOT_HEX = Text(zh="不是十六进制", en="it is not hexadecimal")
_NOT_KEY = Text(zh="应为 RSA 或 DSA 的 JSON 公钥", en="it is a JSON web key of kind RSA or DSA")
_NOT_DIGITS = Text(zh="应为 12 位 0 或 1", en="it is twelve digits 0 or 1")
_UNKNOWN_FORMAT = Text(
    zh="未知格式；可用 string、base64、hex、admin、vlist、site、key",
    en="an unknown format; there are string, base64, hex, admin, vlist, site and key",
)
_WRONG_BYTES = Text(zh="数据与其类型的结构不符", en="the bytes are not what the type says")


def data_to_json(type_name: str, data: bytes) -> dict[str, Any]:
    """Return the data of a value as JSON."""
    format_name, reader = _READERS.get(folded(type_name), ("", None))
    if reader is not None:
        try:
            return {"format": format_name, "value": _member(reader(data))}
        except BadOctets:
            return _plain(data, allow_text=False)
    return _plain(data, allow_text=True)


def data_from_json(type_name: str, member: Any) -> bytes:
    """Return the bytes of a JSON member, which is ``{"format", "value"}`` or a bare text. Raises BadStructure."""
    if isinstance(member, str):
        data = _from_text(type_name, member)
    else:
        need(isinstance(member, dict) and "value" in member, type_name, "data", _NOT_MEMBER)
        format_name = member.get("format", "string")
        reader = _FORMATS.get(format_name) if isinstance(format_name, str) else None
        if reader is None:
            raise BadStructure(type=type_name, member="format", fault=_UNKNOWN_FORMAT)
        data = reader(type_name, member["value"])
    _check(type_name, data)
    return data


def _check(type_name: str, data: bytes) -> None:
    format_name, reader = _READERS.get(folded(type_name), ("", None))
    if reader is None or format_name == "key":  # keys of kinds that are not known here are kept
        return
    try:
        reader(data)
    except BadOctets as error:
        raise BadStructure(type=type_name, member="data", fault=_WRONG_BYTES) from error


def _plain(data: bytes, *, allow_text: bool) -> dict[str, Any]:
    if allow_text:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = "\0"
        if not any(letter < " " and letter not in "\t\n\r" for letter in text):
            return {"format": "string", "value": text}
    return {"format": "base64", "value": b64encode(data).decode()}


def _member(structure: Any) -> Any:
    if isinstance(structure, AdminRecord):
        return {"handle": structure.handle, "index": structure.index, "permissions": structure.digits}
    if isinstance(structure, Site):
        return site_to_json(structure)
    if isinstance(structure, RsaKey | DsaKey):
        return structure.to_json()
    return [{"handle": own.handle, "index": own.index} for own in structure]


def _from_text(type_name: str, member: Any) -> bytes:
    return plain_text(type_name, member, "value").encode()


def _from_base64(type_name: str, member: Any) -> bytes:
    text = plain_text(type_name, member, "value")
    try:
        return b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise BadStructure(type=type_name, member="value", fault=_NOT_BASE64) from None


def _from_hex(type_name: str, member: Any) -> bytes:
    text = plain_text(type_name, member, "value")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadStructure(type=type_name, member="value", fault=_NOT_HEX) from None


def _from_admin(type_name: str, member: Any) -> bytes:
    identity = _reference(type_name, member, "value")
    digits = member.get("permissions")
    permissions = permissions_of_digits(digits) if isinstance(digits, str) else None
    if permissions is None:
        raise BadStructure(type=type_name, member="value.permissions", fault=_NOT_DIGITS)
    return AdminRecord(identity.handle, identity.index, permissions).octets()


def _from_value_list(type_name: str, member: Any) -> bytes:
    need(isinstance(member, list), type_name, "value", _NOT_LIST)
    return value_list_octets(
        tuple(_reference(type_name, own, f"value[{at}]") for at, own in enumerate(member))
    )


def _from_site(type_name: str, member: Any) -> bytes:
    return site_from_json(type_name, member).octets()


def _from_key(type_name: str, member: Any) -> bytes:
    key = key_from_json(member)
    if key is None:
        raise BadStructure(type=type_name, member="value", fault=_NOT_KEY)
    return key.octets()


def _reference(type_name: str, member: Any, place: str) -> HandleReference:
    need(isinstance(member, dict), type_name, place, _NOT_OBJECT)
    handle = plain_text(type_name, member.get("handle"), f"{place}.handle")
    return HandleReference(whole_number(type_name, member.get("index"), f"{place}.index", bits=32), handle)


_FORMATS = {
    "string": _from_text,
    "base64": _from_base64,
    "hex": _from_hex,
    "admin": _from_admin,
    "vlist": _from_value_list,
    "site": _from_site,
    "key": _from_key,
}
