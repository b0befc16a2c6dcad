"""Conditional requests (RFC 9110, 13): what a reader has already, and from which version a change starts."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse

from jialiang.integration.api.problems import VersionNeeded, VersionPassed

TAG_DIGITS = 24


def remember_version(request: HttpRequest, version: int) -> None:
    """Let the ETag of the answer carry the version of the thing that is read."""
    request.read_version = version  # type: ignore[attr-defined]


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give a whole answer to GET its strong ETag ``"<version>.<digest>"``, or answer 304 where the reader has it."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.streaming:
        return response
    if not response.has_header("ETag"):
        version = getattr(request, "read_version", 0)
        response["ETag"] = f'"{version}.{sha256(response.content).hexdigest()[:TAG_DIGITS]}"'
    wanted = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    if response["ETag"] not in wanted and "*" not in wanted:
        return response
    unchanged = HttpResponse(status=304)
    del unchanged["Content-Type"]
    for name in ("ETag", "Cache-Control", "Vary", "Link"):
        if response.has_header(name):
            unchanged[name] = response[name]
    return unchanged


def version_read(request: HttpRequest, given: int | None, stored: int, *, needed: bool = True) -> int | None:
    """Return the version from which a change starts: of If-Match, else ``given`` in the body.

    Raises VersionNeeded where neither says it (and it is ``needed``), VersionPassed where If-Match names another
    version than the ``stored`` one. A passed version in the body is left to the verb, which names what changed.
    """
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not tag:
        if given is None and needed:
            raise VersionNeeded()
        return given
    number = tag.partition(".")[0]
    read = int(number) if number.isdecimal() and number.isascii() and len(number) < 10 else None
    if read is None and needed:
        raise VersionNeeded()
    if read is not None and read != stored:
        raise VersionPassed(read=read, stored=stored)
    return read
