"""The server that answers for a delegated prefix, as HS_SITE in its JSON form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from jialiang.base.prefixes.errors import BadSite
from jialiang.kernel.text import Text

LARGEST_SITE = 16_384  # bytes of JSON
MOST_SERVERS = 32
PROTOCOLS = ("TCP", "UDP", "HTTP", "HTTPS")
_ZERO = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it; PostgreSQL keeps none


def checked_site(site: object) -> dict[str, Any]:
    """Return the site if a client could reach a server by it. Raises :class:`BadSite` naming the first fault.

    Needed are ``servers``, each with an IP ``address`` and ``interfaces`` of a ``protocol`` (TCP, UDP, HTTP, HTTPS)
    and a ``port``; all else is kept as it is given.
    """
    if not isinstance(site, Mapping):
        raise _bad("不是 JSON 对象", "it is not a JSON object")
    try:
        written = json.dumps(site, ensure_ascii=False, allow_nan=False)
        size = len(written.encode())
    except (TypeError, ValueError, RecursionError) as problem:
        raise _bad("含有 JSON 不能表示的内容", "it holds what JSON cannot") from problem
    if _ZERO.search(written):
        raise _bad("含有字符 U+0000", "it holds the character U+0000")
    if size > LARGEST_SITE:
        raise _bad(f"共 {size} 字节，最多 {LARGEST_SITE}", f"it has {size} bytes, {LARGEST_SITE} are allowed")
    servers = site.get("servers")
    if not isinstance(servers, list) or not 1 <= len(servers) <= MOST_SERVERS:
        raise _bad(
            f"servers 应有 1 至 {MOST_SERVERS} 台服务器", f"servers has to list 1 to {MOST_SERVERS} servers"
        )
    for place, server in enumerate(servers):
        _check_server(server, f"servers[{place}]")
    return dict(site)


def _check_server(server: object, where: str) -> None:
    if not isinstance(server, Mapping):
        raise _bad(f"{where} 不是 JSON 对象", f"{where} is not a JSON object")
    try:
        ip_address(str(server.get("address", "")))
    except ValueError as problem:
        raise _bad(f"{where}.address 不是 IP 地址", f"{where}.address is not an IP address") from problem
    interfaces = server.get("interfaces")
    if not isinstance(interfaces, list) or not interfaces:
        raise _bad(f"{where}.interfaces 为空", f"{where}.interfaces is empty")
    for number, interface in enumerate(interfaces):
        _check_interface(interface, f"{where}.interfaces[{number}]")


def _check_interface(interface: object, where: str) -> None:
    if not isinstance(interface, Mapping) or interface.get("protocol") not in PROTOCOLS:
        known = ", ".join(PROTOCOLS)
        raise _bad(f"{where}.protocol 应为 {known} 之一", f"{where}.protocol has to be one of {known}")
    port = interface.get("port")
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535:
        raise _bad(
            f"{where}.port 应为 1 至 65535 的整数", f"{where}.port has to be a whole number from 1 to 65535"
        )


def _bad(zh: str, en: str) -> BadSite:
    return BadSite(reason=Text(zh, en))
