"""HS_SITE: the servers that answer for names, where they listen and which keys they have.

version 2 (= 1), protocol major 1, minor 1, serial 2, flags 1 (0x80 primary, 0x40 one of several primary),
hash option 1, hash filter (block), number of attributes, {name, text}*, number of servers, {server}*
server     id 4, address 16 as of IPv6, key (block), number of interfaces, {interface}*
interface  kind 1 (1 admin, 2 query, 3 both), protocol 1, port 4
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from jialiang.formats.handle.octets import Octets, block_octets, numbers_octets, text_octets, uint32_octets
from jialiang.kernel.text import Text

SITE_VERSION = 1
PROTOCOLS = ("UDP", "TCP", "HTTP", "HTTPS")
UNKNOWN_VERSION = Text(zh="未知的站点记录版本", en="a version of site records that is not known here")
UNKNOWN_PROTOCOL = Text(zh="未知的传输协议", en="a protocol that is not known here")
BAD_KIND = Text(zh="接口既不能查询也不能管理", en="an interface for neither queries nor administration")
BAD_PORT = Text(zh="端口须为 1 至 65535", en="a port is a number from 1 to 65535")
_PRIMARY, _MULTI_PRIMARY = 0x80, 0x40
_ADMIN, _QUERY = 1, 2
_V4_MAPPED = bytes(10) + b"\xff\xff"


@dataclass(frozen=True, slots=True)
class SiteInterface:
    """Where a server listens: ``protocol`` is one of :data:`PROTOCOLS`."""

    protocol: str
    port: int
    query: bool = True
    admin: bool = True


@dataclass(frozen=True, slots=True)
class SiteServer:
    """A server: ``address`` is 16 bytes, ``public_key`` the data of an HS_PUBKEY value (may be empty)."""

    server_id: int
    address: bytes
    interfaces: tuple[SiteInterface, ...]
    public_key: bytes = b""

    @property
    def address_text(self) -> str:
        """The address as one writes it; an IPv4 address in any of its two wrappings with dots."""
        if self.address[:12] == _V4_MAPPED or (not any(self.address[:12]) and any(self.address[12:15])):
            return ".".join(map(str, self.address[12:]))
        return str(IPv6Address(self.address))


@dataclass(frozen=True, slots=True)
class Site:
    """The data of an HS_SITE value. ``attributes`` are pairs of name and text."""

    servers: tuple[SiteServer, ...]
    serial: int = 1
    protocol_version: tuple[int, int] = (2, 10)
    primary: bool = True
    multi_primary: bool = False
    hash_option: int = 2
    hash_filter: bytes = b""
    attributes: tuple[tuple[str, str], ...] = ()

    def octets(self) -> bytes:
        """Return the data of the value."""
        flags = self.primary * _PRIMARY | self.multi_primary * _MULTI_PRIMARY
        head = numbers_octets(
            "HBBHBB", SITE_VERSION, *self.protocol_version, self.serial, flags, self.hash_option
        )
        attributes = [text_octets(part) for pair in self.attributes for part in pair]
        servers = [_server_octets(server) for server in self.servers]
        counted = [uint32_octets(len(self.attributes)), *attributes, uint32_octets(len(servers)), *servers]
        return b"".join([head, block_octets(self.hash_filter), *counted])


def read_site(data: bytes) -> Site:
    """Return what an HS_SITE value says. Raises BadOctets."""
    octets = Octets(data)
    site = site_from_octets(octets)
    octets.finish("HS_SITE")
    return site


def site_from_octets(octets: Octets) -> Site:
    """Read a site from where ``octets`` stands. Raises BadOctets."""
    if octets.uint16("version of the record") != SITE_VERSION:
        raise octets.fault("version of the record", UNKNOWN_VERSION, octets.at - 2)
    version = (octets.uint8("protocol version"), octets.uint8("protocol version"))
    serial, flags = octets.uint16("serial number"), octets.uint8("flags of the site")
    hash_option, hash_filter = octets.uint8("hash option"), octets.block("hash filter")
    names = range(octets.count("number of attributes", least=8))
    attributes = tuple((octets.text("name of an attribute"), octets.text("attribute")) for _ in names)
    servers = tuple(_server(octets) for _ in range(octets.count("number of servers", least=28)))
    return Site(
        servers, serial, version, bool(flags & _PRIMARY), bool(flags & _MULTI_PRIMARY), hash_option, hash_filter,
        attributes,
    )  # fmt: skip


def address_octets(text: str) -> bytes:
    """Return the 16 bytes of an address of IPv4 or IPv6. Raises ValueError where the text is none."""
    address = ip_address(text)
    return address.packed if isinstance(address, IPv6Address) else _V4_MAPPED + address.packed


def _server(octets: Octets) -> SiteServer:
    server_id, address = octets.uint32("number of a server"), octets.raw(16, "address of a server")
    key = octets.block("key of a server")
    interfaces = tuple(_interface(octets) for _ in range(octets.count("number of interfaces", least=6)))
    return SiteServer(server_id, address, interfaces, key)


def _interface(octets: Octets) -> SiteInterface:
    kind, protocol = octets.uint8("kind of an interface"), octets.uint8("protocol of an interface")
    if kind not in (_ADMIN, _QUERY, _ADMIN | _QUERY):
        raise octets.fault("kind of an interface", BAD_KIND, octets.at - 2)
    if protocol >= len(PROTOCOLS):
        raise octets.fault("protocol of an interface", UNKNOWN_PROTOCOL, octets.at - 1)
    port = octets.uint32("port of an interface")
    if not 0 < port < 1 << 16:
        raise octets.fault("port of an interface", BAD_PORT, octets.at - 4)
    return SiteInterface(PROTOCOLS[protocol], port, query=bool(kind & _QUERY), admin=bool(kind & _ADMIN))


def _server_octets(server: SiteServer) -> bytes:
    head = uint32_octets(server.server_id) + server.address + block_octets(server.public_key)
    rows = (
        numbers_octets(
            "BBI", own.admin * _ADMIN | own.query * _QUERY, PROTOCOLS.index(own.protocol), own.port
        )
        for own in server.interfaces
    )
    return head + uint32_octets(len(server.interfaces)) + b"".join(rows)
