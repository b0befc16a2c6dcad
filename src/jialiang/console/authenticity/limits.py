"""How often a stranger may do what costs us: counted by address, in the cache, for one minute or one hour."""

from __future__ import annotations

from hashlib import sha256
from ipaddress import ip_address

from django.core.cache import cache
from django.http import HttpRequest

from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import TooMany

MINUTE = 60
NETWORK = {4: 32, 6: 64}  # a household has one IPv4 address, or one IPv6 network


class TooManyFiles(TooMany):
    """Too many files were handed in from one address."""

    code = "JL-SCR-003"


class TooManyReports(TooMany):
    """Too many reports came from one address."""

    code = "JL-SCR-004"


def count(request: HttpRequest, what: str, most: int, error: type[TooMany], *, seconds: int = MINUTE) -> None:
    """Count one use; raise ``error`` when there were ``most`` in the time already. The address is kept as a digest."""
    window = int(utc_now().timestamp()) // seconds
    key = f"public:{what}:{window}:{sha256(household(request).encode()).hexdigest()[:32]}"
    used = cache.get(key, 0) + 1
    cache.set(key, used, seconds)
    if used > most:
        raise error(most=most, minutes=seconds // MINUTE)


def household(request: HttpRequest) -> str:
    """Return the network that a request came from; unknown ones (a socket without address) count together."""
    given = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or request.META.get(
        "REMOTE_ADDR", ""
    )
    try:
        address = ip_address(given)
    except ValueError:
        return "unknown"
    address = getattr(address, "ipv4_mapped", None) or address  # a socket for both kinds writes IPv4 inside IPv6
    bits = address.max_prefixlen - NETWORK[address.version]
    return f"{address.version}:{int(address) >> bits}"
