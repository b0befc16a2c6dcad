"""Conditional requests (RFC 9110, 13): what a reader has already, and from which version a change starts."""

from __future__ import annotations

import re
from hashlib import sha256

from django.http import HttpRequest, HttpResponse

from jialiang.integration.api.problems import TagUnknown, VersionNeeded, VersionPassed
from jialiang.kernel.text import storable

TAG_DIGITS = 24
LONGEST_SHOWN = 60
_TAG = re.compile(r'(?:W/)?"[^"]*"|[^\s,"]+')


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

    Of several tags one that names the ``stored`` version is enough, and ``*`` matches whatever stands there. Raises
    VersionNeeded where nothing says it (and it is ``needed``), VersionPassed where no tag names the stored version,
    TagUnknown where none was ever given here. A passed version in the body is left to the verb, which names what
    changed.
    """
    tags = _TAG.findall(request.headers.get("If-Match", ""))
    if not tags or "*" in tags:
        if given is None and needed:
            raise VersionNeeded()
        return given
    versions = [version for tag in tags if (version := _version_of(tag)) is not None]
    if stored in versions:
        return stored
    if not versions:
        raise TagUnknown(given=storable(tags[0], LONGEST_SHOWN))
    raise VersionPassed(read=versions[0], stored=stored)


def _version_of(tag: str) -> int | None:
    number = tag.removeprefix("W/").strip('"').partition(".")[0]
    return int(number) if number.isdecimal() and number.isascii() and len(number) < 10 else None
