"""The tools for certificates of any laboratory: files in, answers out; no login, nothing kept, the same each time."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from cryptography import x509
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from jialiang.formats.authenticity.signature_facts import roots_in, signature_facts
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import ENCODINGS
from jialiang.formats.dcc.chain.drawing import chain_svg
from jialiang.formats.documents import deeds
from jialiang.formats.documents.archives import STRANGERS
from jialiang.formats.documents.envelopes import ENVELOPES
from jialiang.formats.documents.kinds import KINDS
from jialiang.formats.documents.notations import Notation, known_notations, notation
from jialiang.formats.documents.reports import check_part
from jialiang.functions.authenticity import check_file
from jialiang.functions.certificate_files import with_fonts
from jialiang.integration.api import limits
from jialiang.integration.api.document_answers import ANSWERS, BODY, WITH_ROOTS, file_answer
from jialiang.integration.api.handing_in import as_handed_in, documents_of, pair_of, roots_of, single_of
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError

router = Router(tags=["documents"], auth=None)
Language = Literal["zh", "en"]
SVG, XML = "image/svg+xml", "application/xml"
LONGEST_WORD = 40
LONGEST_DID = 300


def _told(deed: str, body: dict[str, Any] = BODY) -> dict[str, Any]:
    return body | {"responses": {200: ANSWERS[deed]}}


@router.get("/documents/kinds", response={200: None}, openapi_extra={"responses": {200: ANSWERS["kinds"]}},
            summary="List what is read and written")  # fmt: skip
def list_document_kinds(request: HttpRequest) -> HttpResponse:
    """Which kinds of documents are read, in which wrappings, which notations are written, and the limits."""
    return _json(
        {
            "kinds": [
                {
                    "name": k.name,
                    "text": k.text.to_json(),
                    "deeds": sorted(k.deeds),
                    "notations": [_notation(notation(name, k.name)) for name in k.notations()],
                }
                for k in KINDS
            ],
            "wrappings": [
                {"name": e.name, "text": e.text.to_json(), "suffixes": list(e.suffixes)} for e in ENVELOPES
            ],
            "notations": [_notation(each) for each in known_notations()],
            "encodings": list(ENCODINGS),
            "limits": {
                "request_bytes": settings.JIALIANG.max_upload_bytes,
                "document_bytes": STRANGERS.xml.size,
                "documents": STRANGERS.files,
                "unpacked_bytes": STRANGERS.all_bytes,
                "requests_a_minute": limits.DOCUMENT_DEEDS_A_MINUTE,
            },
        }
    )


@router.post("/documents/check", response={200: None}, openapi_extra=_told("check"), summary="Check documents")
def check_documents(request: HttpRequest) -> HttpResponse:
    """Structure, rules of good practice and D-SI: a report for each document, in the order of the files.

    A document that cannot be read is a report, too. The answer is that of `jialiang dcc check --json`.
    """
    _admit(request)
    today = utc_now().date()
    reports = [check_part(part, today=today) for part in documents_of(request)]
    return _json([{"kind": report.kind} | report.to_json() for report in reports])


@router.post("/documents/genuineness", response={200: None}, openapi_extra=_told("genuineness", WITH_ROOTS),
             summary="Ask whether documents are genuine")  # fmt: skip
def ask_genuineness(request: HttpRequest) -> HttpResponse:
    """A verdict a file, as `POST /authenticity-checks` gives it, and what its signature says of itself.

    Certificates of any laboratory, certificates of conformity and credentials in tokens. Only what the register of this
    installation knows is `genuine`; of all others the signature is told: is the content whole, who signed, does the
    chain lead to a trusted root (that of this installation, and those handed in as parts `root` in PEM). A file of
    which nothing can be said has a `problem`. A PDF counts as its own bytes. Nothing is kept.
    """
    _admit(request)
    now, roots = utc_now(), roots_in(roots_of(request))
    return _json([_genuineness(name, data, roots, now) for name, data in as_handed_in(request)])


@router.post("/documents/structure", response={200: None}, openapi_extra=_told("check"),
             summary="Check the structure alone")  # fmt: skip
def check_structures(request: HttpRequest) -> HttpResponse:
    """The verdict of the schema of the version that each certificate states, and no rules of good practice."""
    _admit(request)
    return _json([deeds.structure_of(part) for part in documents_of(request)])


@router.post("/documents/quantities", response={200: None}, openapi_extra=_told("quantities"),
             summary="Read every quantity")  # fmt: skip
def read_quantities(request: HttpRequest, lang: Language = "en") -> HttpResponse:
    """Every quantity of each certificate with exact texts: value, unit, uncertainty, and what it belongs to."""
    _admit(request)
    return _json([deeds.quantities_of(part, lang) for part in documents_of(request)])


@router.post("/documents/convert", response={200: None}, openapi_extra=_told("convert"),
             summary="Convert a document")  # fmt: skip
def convert_document(
    request: HttpRequest,
    to: Annotated[str, Query(max_length=LONGEST_WORD)],
    lang: Language = "en",
    encoding: Annotated[str, Query(max_length=LONGEST_WORD)] = "utf-8",
    typed: bool = False,
    issuer: Annotated[str, Query(max_length=LONGEST_DID)] = "",
) -> HttpResponse:
    """One document in a notation of its kind (`GET /documents/kinds` lists them), and back from lossless data.

    Calibration certificates, reference material documents and certificates of conformity are converted. With
    `to=credential` a certificate of conformity becomes an unsigned conformity credential of the `issuer`, a DID.

    Letters that the encoding does not have are counted in `Jialiang-Unmapped`.
    """
    _admit(request)
    wish = with_fonts(Wish(lang, encoding, typed, issuer=issuer), to, utc_now())
    return file_answer(deeds.converted(single_of(request), to, wish))


@router.post("/documents/migrate", response={200: None}, openapi_extra=_told("migrate"),
             summary="Bring a certificate to the latest version")  # fmt: skip
def migrate_document(request: HttpRequest, form: Literal["json", "xml"] = "json") -> HttpResponse:
    """What changed, and the XML; with `form=xml` the XML alone. Values keep every digit."""
    _admit(request)
    done = deeds.migrated(single_of(request))
    return HttpResponse(done.xml, content_type=XML) if form == "xml" else _json(done.to_json())


@router.post("/documents/compare", response={200: None}, openapi_extra=_told("compare"),
             summary="Compare two certificates")  # fmt: skip
def compare_documents(request: HttpRequest, lang: Language = "en") -> HttpResponse:
    """Values with the normalized error E_n, and all other changes; the first file is the earlier one."""
    _admit(request)
    return _json(deeds.compared(*pair_of(request)).to_json(lang))


@router.post("/documents/chain", response={200: None}, openapi_extra=_told("chain"),
             summary="Follow the traceability chain")  # fmt: skip
def follow_documents(
    request: HttpRequest, form: Literal["json", "svg"] = "json", lang: Language = "en"
) -> HttpResponse:
    """Every link between the certificates handed in, its digest recomputed; with `form=svg` the drawing."""
    _admit(request)
    chain = deeds.chained(documents_of(request))
    if form == "svg":
        return HttpResponse(chain_svg(chain, lang).encode(), content_type=SVG)
    return _json(chain.to_json())


def _genuineness(
    name: str, data: bytes, roots: tuple[x509.Certificate, ...], now: datetime
) -> dict[str, Any]:
    told: dict[str, Any] = {"file": name, "sha256": sha256_hex(data)}
    try:
        found = check_file(data=data, name=name, now=now, roots=roots)
    except JialiangError as problem:
        return told | {"verdict": "unknown", "problem": problem.to_json()}
    about = {"sort": found.examination.states, "number": found.examination.number}
    return told | about | found.verdict.to_json() | {"signature": signature_facts(found.examination)}


def _notation(each: Notation) -> dict[str, Any]:
    return {"name": each.name, "text": each.text.to_json(), "media_type": each.media_type}


def _admit(request: HttpRequest) -> None:
    limits.document_deeds.admit(request)
    limits.document_deeds.charge(request)


def _json(body: Any) -> HttpResponse:
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
