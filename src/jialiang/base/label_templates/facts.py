"""What is told of a template of labels, and whether such labels can be drawn and read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from jialiang.base.label_templates.errors import LabelTemplateIncomplete, LabelTemplateMember
from jialiang.base.label_templates.models import LabelTemplate
from jialiang.formats.labels.contents import LabelContent, content_of
from jialiang.formats.labels.designs import FIELDS, LabelDesign, template_of_design
from jialiang.formats.labels.laying import lay_label
from jialiang.formats.labels.logos import checked_logo
from jialiang.formats.labels.sheets import ROLL, sheet_for
from jialiang.formats.labels.templates import LARGEST_MM, SMALLEST_MM
from jialiang.formats.labels.templates import LabelTemplate as Shape
from jialiang.governance import data_elements as elements
from jialiang.kernel.text import Text, storable
from jialiang.vocabulary.statuses import LabelLanguage, LabelSymbol

NOUN = "label_template"
LETTERS = (4, 24)
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?", re.ASCII)
_MM = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?", re.ASCII)
SAMPLE = {
    "name_zh": "精密压力表", "name_en": "Pressure gauge", "model": "YB-150A", "serial": "P-2026-0001",
    "organization": "云泽计量院", "certificate": "YZ2026-01234", "done": "2026-06-16", "due": "2027-06-15",
}  # fmt: skip
SAMPLE_IDENTIFIERS = {
    "code_128": "88.101.5/ins-0000001",
    "gs1_128": "(01)09506000134352(21)S-0001",
    "gs1_data_matrix": "(01)09506000134352(21)S-0001",
}
"""The identifier on a sample by its symbol; bars carry short ones, others are as long as the platform mints them."""
MINTED = "88.101.5/01kv7pcmjge008hyt4erc3x68q"
SAMPLE_BASE = "https://id.example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTemplateFacts:
    """A template: its code and name, size (mm, decimal text), symbol, fields in order, letters (points), sheet, logo.

    ``sheet`` is one of the program, ``roll``, or a grid of one's own such as ``a4:3x7:7.25,15.15:2.5,0``.
    """

    code: str
    name: Text
    width: str
    height: str
    symbol: str = LabelSymbol.QR.value
    fields: tuple[str, ...] = ("name", "model", "serial", "identifier")
    language: str = LabelLanguage.ZH.value
    letters: int = 7
    band: bool = False
    sheet: str = ROLL
    logo: bytes = b""


def checked_columns(facts: LabelTemplateFacts) -> dict[str, Any]:
    """Return the columns of a label that can be drawn and whose symbol can be read.

    Raises LabelTemplateIncomplete, LabelTemplateMember, BadLogo, DesignTooFull, SymbolTooFine, UnknownSheet,
    LabelTooLarge, BadGrid.
    """
    missing = elements.missing_members(
        facts, ("code", "name", "width", "height", "language", "letters", "sheet")
    )
    if missing:
        raise LabelTemplateIncomplete(members=elements.element_names(NOUN, missing))
    written = elements.columns(facts)
    logo = written.pop("logo")
    written["fields"] = list(dict.fromkeys(facts.fields))
    for problem in elements.problems(NOUN, LabelTemplate, written):
        raise LabelTemplateMember(
            member=problem.member, given=storable(problem.given, 80), reason=problem.reason
        )
    _refuse_members(written)
    if not written["symbol"] and not written["fields"]:
        raise LabelTemplateIncomplete(members=elements.element_name(NOUN, "fields"))
    digest = sha256(checked_logo(logo)).hexdigest() if logo else ""
    written |= {"logo": logo, "logo_digest": digest}
    _require_drawable(written)
    return written


def sample_content(shape: Shape, status: str = "") -> LabelContent:
    """Return what stands on a sample of a label, in a metrological status."""
    symbol = next((element.symbol for element in shape.elements if element.symbol), "")
    identifier = SAMPLE_IDENTIFIERS.get(symbol, MINTED)
    return content_of(identifier, SAMPLE_BASE, SAMPLE | {"status": status})


def shape_of(columns: Any) -> Shape:
    """Return the template that the columns of a row, or a row itself, describe."""
    told = columns if isinstance(columns, dict) else {name: getattr(columns, name) for name in _DRAWN}
    return template_of_design(
        LabelDesign(
            name=told["code"],
            title=Text(told["name_zh"], told["name_en"]),
            width=float(told["width"]),
            height=float(told["height"]),
            symbol=told["symbol"],
            fields=tuple(told["fields"]),
            language=told["language"],
            letters=float(told["letters"]),
            band=told["band"],
            logo=bool(told["logo_digest"]),
        )
    )


_DRAWN = (
    "code", "name_zh", "name_en", "width", "height", "symbol", "fields", "language", "letters", "band", "logo_digest",
)  # fmt: skip


def _refuse_members(written: dict[str, Any]) -> None:
    if not _CODE.fullmatch(written["code"]):
        _refuse("code", written["code"], "not_a_label_code")
    for side in ("width", "height"):
        if not _MM.fullmatch(written[side]) or not SMALLEST_MM <= float(written[side]) <= LARGEST_MM:
            _refuse(side, written[side], "not_a_label_size", least=f"{SMALLEST_MM:g}", most=f"{LARGEST_MM:g}")
    if not LETTERS[0] <= written["letters"] <= LETTERS[1]:
        _refuse("letters", str(written["letters"]), "not_a_letter_size", least=LETTERS[0], most=LETTERS[1])
    for strange in (name for name in written["fields"] if name not in FIELDS):
        _refuse("fields", str(strange), "not_listed", known=", ".join(FIELDS))


def _refuse(member: str, given: str, why: str, **facts: object) -> None:
    name = elements.element_name(NOUN, member)
    raise LabelTemplateMember(member=name, given=storable(given, 80), reason=elements.reason(why, **facts))


def _require_drawable(written: dict[str, Any]) -> None:
    shape = shape_of(written)
    sheet_for(written["sheet"], shape)
    lay_label(shape, sample_content(shape), "zh")
