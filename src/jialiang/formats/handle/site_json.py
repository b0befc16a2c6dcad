"""The JSON form of HS_SITE.

{"version", "protocolVersion": "2.10", "serialNumber", "primarySite", "multiPrimary", "hashOption", "hashFilter",
 "attributes": [{"name", "value"}], "servers": [{"serverId", "address", "publicKey": {"format": "key", "value"},
 "interfaces": [{"query", "admin", "protocol", "port"}]}]}
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from jialiang.formats.handle.keys import key_from_json, read_public_key
from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.sites import (
    BAD_KIND,
    BAD_PORT,
    PROTOCOLS,
    SITE_VERSION,
    UNKNOWN_PROTOCOL,
    UNKNOWN_VERSION,
    Site,
    SiteInterface,
    SiteServer,
    address_octets,
)
from jialiang.formats.handle.structure_faults import BadStructure, need, plain_text, whole_number
from jialiang.kernel.text import Text

_NOT_OBJECT = Text(zh="应为对象", en="it is an object")
_NOT_LIST = Text(zh="应为数组", en="it is a list")
_NOT_BASE64 = Text(zh="不是 base64", en="it is not base64")
_NOT_VERSION = Text(zh="应写作“2.10”", en="it is written “2.10”")
_NOT_ADDRESS = Text(zh="应为 IPv4 或 IPv6 地址", en="it is an address of IPv4 or IPv6")
_NOT_KEY = Text(zh="应为公钥", en="it is a public key")
_NOT_TRUTH = Text(zh="应为 true 或 false", en="it is true or false")


def site_to_json(site: Site) -> dict[str, Any]:
    """Return a site as JSON; an empty hash filter and absent keys are left out."""
    member: dict[str, Any] = {
        "version": SITE_VERSION,
        "protocolVersion": "{}.{}".format(*site.protocol_version),
        "serialNumber": site.serial,
        "primarySite": site.primary,
        "multiPrimary": site.multi_primary,
        "hashOption": site.hash_option,
    }
    if site.hash_filter:
        member["hashFilter"] = b64encode(site.hash_filter).decode()
    member["attributes"] = [{"name": name, "value": text} for name, text in site.attributes]
    member["servers"] = [_server_to_json(server) for server in site.servers]
    return member


def site_from_json(type_name: str, member: Any) -> Site:
    """Return the site of a JSON object. Raises BadStructure."""
    need(isinstance(member, dict), type_name, "value", _NOT_OBJECT)
    need(member.get("version", SITE_VERSION) == SITE_VERSION, type_name, "value.version", UNKNOWN_VERSION)
    return Site(
        servers=tuple(
            _server(type_name, own, f"value.servers[{at}]") for at, own in _rows(type_name, member, "servers")
        ),
        serial=whole_number(type_name, member.get("serialNumber", 1), "value.serialNumber", bits=16),
        protocol_version=_version(type_name, member.get("protocolVersion", "2.10")),
        primary=_truth(type_name, member, "primarySite", usual=True),
        multi_primary=_truth(type_name, member, "multiPrimary", usual=False),
        hash_option=whole_number(type_name, member.get("hashOption", 2), "value.hashOption", bits=8),
        hash_filter=_octets(type_name, member.get("hashFilter", ""), "value.hashFilter"),
        attributes=tuple(
            _attribute(type_name, own, at) for at, own in _rows(type_name, member, "attributes")
        ),
    )


def _server_to_json(server: SiteServer) -> dict[str, Any]:
    member: dict[str, Any] = {"serverId": server.server_id, "address": server.address_text}
    if server.public_key:
        member["publicKey"] = _key_to_json(server.public_key)
    member["interfaces"] = [
        {"query": own.query, "admin": own.admin, "protocol": own.protocol, "port": own.port}
        for own in server.interfaces
    ]
    return member


def _key_to_json(data: bytes) -> dict[str, Any]:
    try:
        return {"format": "key", "value": read_public_key(data).to_json()}
    except BadOctets:
        return {"format": "base64", "value": b64encode(data).decode()}


def _server(type_name: str, member: Any, place: str) -> SiteServer:
    need(isinstance(member, dict), type_name, place, _NOT_OBJECT)
    try:
        address = address_octets(str(member.get("address")))
    except ValueError:
        raise BadStructure(type=type_name, member=f"{place}.address", fault=_NOT_ADDRESS) from None
    rows = member.get("interfaces", [])
    need(isinstance(rows, list), type_name, f"{place}.interfaces", _NOT_LIST)
    return SiteServer(
        server_id=whole_number(type_name, member.get("serverId", 1), f"{place}.serverId", bits=32),
        address=address,
        interfaces=tuple(
            _interface(type_name, own, f"{place}.interfaces[{at}]") for at, own in enumerate(rows)
        ),
        public_key=_key(type_name, member.get("publicKey"), f"{place}.publicKey"),
    )


def _key(type_name: str, member: Any, place: str) -> bytes:
    if member is None:
        return b""
    need(isinstance(member, dict), type_name, place, _NOT_OBJECT)
    if member.get("format") == "base64":
        return _octets(type_name, member.get("value"), f"{place}.value")
    key = key_from_json(member.get("value", member))
    if key is None:
        raise BadStructure(type=type_name, member=place, fault=_NOT_KEY)
    return key.octets()


def _interface(type_name: str, member: Any, place: str) -> SiteInterface:
    need(isinstance(member, dict), type_name, place, _NOT_OBJECT)
    protocol = member.get("protocol")
    need(
        isinstance(protocol, str) and protocol.upper() in PROTOCOLS,
        type_name,
        f"{place}.protocol",
        UNKNOWN_PROTOCOL,
    )
    query, admin = member.get("query", False), member.get("admin", False)
    need(query is True or admin is True, type_name, place, BAD_KIND)
    port = whole_number(type_name, member.get("port"), f"{place}.port", bits=16)
    need(port > 0, type_name, f"{place}.port", BAD_PORT)
    return SiteInterface(protocol.upper(), port, query=query is True, admin=admin is True)


def _attribute(type_name: str, member: Any, at: int) -> tuple[str, str]:
    need(isinstance(member, dict), type_name, f"value.attributes[{at}]", _NOT_OBJECT)
    name, text = (
        plain_text(type_name, member.get(own), f"value.attributes[{at}].{own}") for own in ("name", "value")
    )
    return name, text


def _rows(type_name: str, member: dict[str, Any], name: str) -> list[tuple[int, Any]]:
    rows = member.get(name, [])
    need(isinstance(rows, list), type_name, f"value.{name}", _NOT_LIST)
    return list(enumerate(rows))


def _version(type_name: str, text: Any) -> tuple[int, int]:
    major, dot, minor = text.partition(".") if isinstance(text, str) else ("", "", "")
    good = bool(dot) and all(
        part.isascii() and part.isdecimal() and len(part) < 4 and int(part) < 256 for part in (major, minor)
    )
    need(good, type_name, "value.protocolVersion", _NOT_VERSION)
    return int(major), int(minor)


def _truth(type_name: str, member: dict[str, Any], name: str, *, usual: bool) -> bool:
    given = member.get(name, usual)
    need(isinstance(given, bool), type_name, f"value.{name}", _NOT_TRUTH)
    return bool(given)


def _octets(type_name: str, text: Any, place: str) -> bytes:
    try:
        return b64decode(plain_text(type_name, text, place), validate=True)
    except ValueError:
        raise BadStructure(type=type_name, member=place, fault=_NOT_BASE64) from None
