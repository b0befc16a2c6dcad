"""Recognising what was scanned: a text or a photograph of codes, answered with the things it leads to."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AfterValidator, Field

from jialiang.formats.carriers.photographs import LARGEST
from jialiang.formats.codes.scanned_texts import LONGEST
from jialiang.information import scans as reading
from jialiang.integration.api.access import acting
from jialiang.integration.api.members import Body, View
from jialiang.kernel.text import Text

router = Router(tags=["scans"])
ADDRESSES = {
    "instrument": "/api/v1/instruments/{}",
    "certificate": "/api/v1/certificates/{}",
    "measurement_standard": "/api/v1/measurement-standards/{}",
    "identifier": "/api/v1/identifiers/{}",
}


def _decodable(given: str) -> str:
    try:
        b64decode(given, validate=True)
    except NotBase64 as problem:
        raise ValueError("base64 is needed") from problem
    return given


class ScannedCode(Body):
    """A text as a scanner or a person gave it, or a photograph; with both the photograph counts."""

    text: Annotated[str, Field(max_length=LONGEST)] = ""
    photograph: Annotated[
        str,
        Field(max_length=LARGEST * 4 // 3 + 4, description="JPEG, PNG or WebP in base64."),
        AfterValidator(_decodable),
    ] = ""


class RecognisedThing(View):
    """A thing that has the code: its noun, what it is called, a line about it, and its address at this door."""

    noun: str
    id: UUID
    title: Text
    detail: Text
    href: str


class ScanView(View):
    """What one code led to.

    `outcome` is `found`, `public` (nothing of yours; `public_url` is open to anyone), `foreign` (an address of `host`,
    not of this platform), `unknown` or `not_a_code`. `symbol` is the kind of the symbol that carried it.
    """

    text: str
    symbol: str
    outcome: str
    found: list[RecognisedThing]
    public_url: str
    host: str


class ScansView(View):
    """Every code that was given or photographed, from the top down."""

    scans: list[ScanView]


@router.post("/scans", response=ScansView, summary="Recognise a code")
def recognise_code(request: HttpRequest, response: HttpResponse, body: ScannedCode) -> Any:
    """Find what a scanned code belongs to; nothing is kept.

    Addresses and identifiers of this platform, GS1 Digital Links and element strings, serial and inventory numbers,
    certificate numbers, codes and seals on instruments. Only what you may read is found: `instrument.read`,
    `certificate.read`, `measurement_standard.read`, `identifier.read`.
    """
    response["Cache-Control"] = "no-store"
    if body.photograph:
        scans = reading.recognise_photograph(acting(request), b64decode(body.photograph))
    else:
        scans = (reading.recognise(acting(request), body.text),)
    return ScansView(scans=[_view(scan) for scan in scans])


def _view(scan: reading.Scan) -> ScanView:
    things = [RecognisedThing.of(thing, href=ADDRESSES[thing.noun].format(thing.id)) for thing in scan.found]
    shown: ScanView = ScanView.of(scan, found=things)
    return shown
