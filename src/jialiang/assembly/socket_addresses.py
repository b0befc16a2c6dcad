"""Host and port as one writes them: ``example.cn:2641``, ``[2001:db8::1]:2641``, or the host alone."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput


class BadSocketAddress(InvalidInput):
    """The text is not host and port; facts: ``given``."""

    code = "JL-SRV-011"


def host_and_port(text: str, usual_port: int) -> tuple[str, int]:
    """Return host and port; ``usual_port`` where none is written. Raises :class:`BadSocketAddress`."""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        colon, port = rest[:1], rest[1:]
        good = bool(bracket) and colon in ("", ":")
    else:
        host, colon, port = text.partition(":")
        good = ":" not in port
    digits = port.isascii() and port.isdecimal() and len(port) < 6
    number = int(port) if colon and digits else usual_port
    if not good or not host or (colon and not digits) or not 0 < number < 1 << 16:
        raise BadSocketAddress(given=text[:80])
    return host, number
