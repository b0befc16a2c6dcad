"""What a person sees of an identifier: the page of a record, a tombstone, a message, a list of links.

A page is made of the published answer alone (Handle JSON). Value types with a meaning for people (``facts`` in
``words.json``: NAME, MODEL, SERIAL, MANUFACTURER, CERTIFICATE, DUE_DATE …) stand on top; all values follow below.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jialiang.formats.gs1.linkset import LinkContext
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.trust import SIGNATURE_TYPE
from jialiang.formats.handle.trust_documents import signed_by
from jialiang.formats.handle.trust_reports import TrustReport, verdict_words
from jialiang.formats.handle.values import ResponseCode
from jialiang.formats.public_page.page import verdict_title
from jialiang.kernel.text import Language, Text

CERTIFICATE_TYPES = ("CERTIFICATE", "CERTIFICATE_URL")
DUE_TYPES = ("DUE_DATE",)
SERIAL_TYPES = ("serial", "serial_number")
SIGNATURE = folded(SIGNATURE_TYPE)
LONGEST_SHOWN = 600


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What every page needs: its language, and the address of the same page in the other one."""

    language: Language
    language_link: str


@dataclass(frozen=True, slots=True)
class CertificateSeen:
    """What the check of the last certificate told: its verdict (see ``formats.public_page``), and of what it is."""

    verdict: str
    number: str = ""
    serial_number: str = ""
    due_date: str = ""


def record_page(
    said: Mapping[str, Any],
    frame: PageFrame,
    *,
    today: str,
    certificate: CertificateSeen | None = None,
    signed: TrustReport | None = None,
) -> bytes:
    """Return the page of a published answer: a record, or one that is suspended or retired. ``today``: 2026-06-16.

    ``certificate`` is what the check of the last certificate told, ``signed`` what that of the signature; None where
    it was not checked.
    """
    values = said.get("values", ())
    found = {folded(str(value["type"])): value for value in reversed(values)}
    due = next((_text(found[kind]) for kind in map(folded, DUE_TYPES) if kind in found), "")[:10]
    verdict = state_of(said, today=today, due=due)
    words = page_words()["verdicts"][verdict]
    told = {member: Text.from_json(words[member]).format(due=due) for member in ("title", "fact", "next")}
    name = str(said["handle"])
    return _rendered(
        "identifier.html",
        frame,
        title=told["title"].in_language(frame.language),
        verdict={member: text.in_language(frame.language) for member, text in told.items()}
        | {"tone": words["tone"]},
        shape=_shape(words["shape"]),
        name=name,
        facts=_facts(found, frame.language),
        values=[_row(value, frame.language) for value in values if folded(str(value["type"])) != SIGNATURE],
        signature=_signature(signed, frame.language),
        certificate=certificate_link(said),
        seen=_seen(certificate, found, frame.language),
        data_link=f"/api/handles/{quote(name, safe='/')}?pretty" if values else "",
    )


def state_of(said: Mapping[str, Any], *, today: str, due: str = "") -> str:
    """Return ``active``, ``due``, ``suspended`` or ``retired``."""
    if said.get("responseCode") == ResponseCode.HANDLE_NOT_FOUND:
        return "retired" if said.get("state") == "retired" else "suspended"
    return "due" if due and _is_date(due) and due < today else "active"


def certificate_link(said: Mapping[str, Any]) -> str:
    """Return the address of the last certificate that an answer names, empty where it names none."""
    found = {folded(str(value["type"])): value for value in reversed(said.get("values", ()))}
    return next((_link(found[kind]) for kind in map(folded, CERTIFICATE_TYPES) if kind in found), "")


def message_page(
    kind: str, frame: PageFrame, *, link: str = "", link_text: str = "", **facts: object
) -> bytes:
    """Return a page that says why there is nothing to see; ``kind`` is a member of ``messages``."""
    words = page_words()["messages"][kind]
    told = {member: Text.from_json(words[member]).format(**facts) for member in ("title", "fact", "next")}
    said = {member: text.in_language(frame.language) for member, text in told.items()}
    return _rendered("message.html", frame, shape=_shape("question"), link=link, link_text=link_text, **said)


def links_page(kind: str, frame: PageFrame, levels: Sequence[LinkContext], *, data: str = "") -> bytes:
    """Return a page that lists links: ``all`` of a thing, or those to ``choose`` from. ``data``: JSON-LD to embed."""
    words = page_words()["links"][kind]
    shown = [
        {
            "anchor": level.anchor,
            "description": level.description,
            "links": [
                {
                    "href": link.href,
                    "title": link.title,
                    "about": " · ".join(
                        filter(None, [link.link_type, *link.languages, link.media_type, *link.contexts])
                    ),
                }
                for link in level.links
            ],
        }
        for level in levels
    ]
    # "<" never stands in the block, or a text could end it.
    embedded = Markup(data.replace("<", "\\u003c"))  # noqa: S704 JSON without "<"
    title, fact = (words[member][frame.language] for member in ("title", "fact"))
    return _rendered("links.html", frame, title=title, fact=fact, levels=shown, data=embedded)


@cache
def page_words() -> dict[str, Any]:
    """Return the words of the pages."""
    file = resources.files("jialiang.formats.identifier_page") / "words.json"
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words


def http_link(text: str) -> str:
    """Return a text that is an address of http or https, else an empty one: nothing else is ever linked to."""
    return text if text[:8].lower().startswith(("http://", "https://")) else ""


def _facts(found: Mapping[str, Mapping[str, Any]], language: Language) -> list[dict[str, str]]:
    rows = []
    for fact in page_words()["facts"]:
        value = next((found[kind] for kind in map(folded, fact["types"]) if kind in found), None)
        if value is not None:
            rows.append(
                {"label": fact["label"][language], "text": _shown(value, language), "link": _link(value)}
            )
    return rows


def _seen(
    certificate: CertificateSeen | None, found: Mapping[str, Mapping[str, Any]], language: Language
) -> dict[str, Any]:
    """Return the last certificate in words; ``another`` says that it was issued for another serial number."""
    if certificate is None:
        return {}
    look = page_words()["certificates"][certificate.verdict]
    serial = next((_text(found[kind]) for kind in SERIAL_TYPES if kind in found), "")
    other = bool(serial and certificate.serial_number and serial.strip() != certificate.serial_number.strip())
    return {
        "tone": look["tone"],
        "shape": _shape(look["shape"]),
        "verdict": verdict_title(certificate.verdict).in_language(language),
        "number": certificate.number,
        "due": certificate.due_date,
        "another": certificate.serial_number if other else "",
    }


def _signature(signed: TrustReport | None, language: Language) -> dict[str, Any]:
    """Return the verdict on the signature in one line: what it is, and who signed."""
    if signed is None:
        return {}
    words = verdict_words(signed.verdict)
    title = words.title.in_language(language)
    return {"tone": words.tone, "shape": _shape(words.shape), "verdict": title, "by": signed_by(signed)}


def _row(value: Mapping[str, Any], language: Language) -> dict[str, Any]:
    return {
        "index": value["index"],
        "type": value["type"],
        "text": _shown(value, language),
        "link": _link(value),
        "changed": value.get("timestamp", ""),
    }


def _shown(value: Mapping[str, Any], language: Language) -> str:
    data = value["data"]
    if data["format"] == "base64":
        length = len(data["value"]) * 3 // 4 - data["value"].count("=")
        return f"{length} {page_words()['words']['bytes'][language]}"
    text = data["value"] if isinstance(data["value"], str) else json.dumps(data["value"], ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _text(value: Mapping[str, Any]) -> str:
    given = value["data"]["value"]
    return given if isinstance(given, str) and value["data"]["format"] == "string" else ""


def _link(value: Mapping[str, Any]) -> str:
    return http_link(_text(value))


def _is_date(text: str) -> bool:
    return len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdecimal()


def _rendered(template: str, frame: PageFrame, **facts: object) -> bytes:
    words = {name: both[frame.language] for name, both in page_words()["words"].items()}
    other = "en" if frame.language == "zh" else "zh-Hans"
    page = (
        _environment()
        .get_template(template)
        .render(w=words, other_lang=other, language_link=frame.language_link, **facts)
    )
    return page.encode()


def _shape(name: str) -> Markup:
    drawing = page_words()["shapes"][name]
    return Markup(f'<svg class="jl-s" viewBox="0 0 16 16" aria-hidden="true">{drawing}</svg>')  # noqa: S704 our own data


@cache
def _environment() -> Environment:
    loader = PackageLoader("jialiang.formats.identifier_page", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=False)
