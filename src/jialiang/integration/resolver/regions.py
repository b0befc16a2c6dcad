"""Where a request comes from, as far as a trusted proxy in front of the installation says so."""

from __future__ import annotations

import re
from functools import lru_cache

from jialiang.integration.resolver.clients import TrustedProxies, parsed_peer
from jialiang.integration.resolver.handover import Scope

_REGION = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?", re.ASCII | re.IGNORECASE)


class RegionHeader:
    """Reads a header that names the country or region of the client (ISO 3166: ``CN``, ``CN-37``).

    ``header`` empty: nothing is known of anybody. It counts only from a trusted proxy, for anyone can write a header.
    """

    def __init__(self, header: str, proxies: TrustedProxies) -> None:
        self._header = header.lower()
        self._proxies = proxies

    def of(self, scope: Scope) -> str:
        """Return the region, empty where none is known."""
        if not self._header or not self._proxies.trust(parsed_peer(scope.client)):
            return ""
        return region_of(scope.headers.get(self._header, ""))


@lru_cache(maxsize=1024)
def region_of(text: str) -> str:
    """Return the region that a text names, empty where it names none."""
    named = text.strip()
    return named.upper() if _REGION.fullmatch(named) else ""
