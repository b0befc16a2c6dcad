"""What this server says of itself: its site, with the addresses by which it is reached."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import ip_address

from jialiang.formats.handle.sites import Site, SiteInterface, SiteServer, address_octets
from jialiang.formats.handle.values import HandleRecord, HandleValue
from jialiang.formats.handle.wire.value_octets import record_octets
from jialiang.integration.resolver.clients import Address

SITE_INDEX = 1
SITE_TYPE = "HS_SITE"


class OwnSite:
    """The site of this server; without ``addresses`` each client is told the address that it reached."""

    def __init__(self, addresses: Sequence[str], port: int) -> None:
        """Raises ValueError where an address is none."""
        self._addresses = tuple(address_octets(text) for text in addresses)
        self._interfaces = (SiteInterface("TCP", port), SiteInterface("UDP", port))  # clients in use take the first

    def site(self, local: str, client: Address) -> Site:
        """Return the site for a client that reached us at ``local``, which may be every address of ours."""
        addresses = self._addresses or (address_octets(_towards(client) if _is_any(local) else local),)
        servers = [SiteServer(at, packed, self._interfaces) for at, packed in enumerate(addresses, start=1)]
        return Site(tuple(servers))


def site_record(handle: str, site: Site) -> bytes:
    """Return the body of an answer or referral that holds a site as the one value of ``handle``."""
    value = HandleValue(SITE_INDEX, SITE_TYPE, site.octets())
    return record_octets(HandleRecord(handle, (value,)))



def _is_any(local: str) -> bool:
    return ip_address(local).is_unspecified


def _towards(client: Address) -> str:
    """Return the address of ours from which packets go to a client; nothing is sent."""
    family = socket.AF_INET if client.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        trial.connect((str(client), 9))
        own: str = trial.getsockname()[0]
    return own
