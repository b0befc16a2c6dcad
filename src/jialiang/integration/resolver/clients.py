"""Who asks: the address of a client, also behind proxies that are trusted by name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NOWHERE = IPv6Address(0)  # stands for a peer without an address, such as a Unix socket


class TrustedProxies:
    """The proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks (CIDR)."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks: tuple[Network, ...] = tuple(ip_network(text, strict=False) for text in networks)

    def trust(self, address: Address) -> bool:
        """Say whether ``address`` is one of the trusted proxies."""
        return any(address in network for network in self._networks)

    def client(self, peer: Address, forwarded_for: str) -> Address:
        """Return the first address, from the nearest outwards, that is no trusted proxy.

        What stands further left in X-Forwarded-For was written by the client itself and proves nothing.
        """
        address = peer
        hops = forwarded_for.split(",") if forwarded_for else []
        while hops and self.trust(address):
            named = parsed_address(hops.pop().strip())
            if named is None:
                break
            address = named
        return address


@lru_cache(maxsize=8192)
def parsed_peer(text: str) -> Address:
    """Read a peer as the server writes it: ``192.0.2.1:4711``, ``[2001:db8::1]:4711``."""
    return parsed_address(text.rpartition(":")[0].strip("[]")) or NOWHERE


def parsed_address(text: str) -> Address | None:
    """Read an address, with or without brackets; an IPv4 address inside IPv6 comes out as IPv4."""
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def household(address: Address) -> bytes:
    """Return what shares a limit: an IPv4 address, or the /64 of an IPv6 address, which one person owns whole."""
    return address.packed if address.version == 4 else address.packed[:8]
