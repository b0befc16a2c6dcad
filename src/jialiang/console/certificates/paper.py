"""The paper on the screen: the same plain data that the PDF is set from, so that screen and file say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from jialiang.console.wording import reading_language
from jialiang.formats.content import CertificateContent
from jialiang.formats.pdf.pages import page_data


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table of results: heads, and rows of (text, is it a number)."""

    name: str
    heads: list[dict[str, Any]]
    rows: list[list[tuple[str, bool]]]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What the sheets show: the data of the pages, its tables by rows, and the symbol that is scanned."""

    said: dict[str, Any]
    fields: list[dict[str, Any]]
    tables: list[PaperTable]
    qr: SafeString
    is_preview: bool


def paper_of(content: CertificateContent, *, preview: bool = False) -> Paper:
    """Return the paper of a certificate in the language of the page."""
    said = page_data(content, language=reading_language(), xml_name=f"{content.number}.xml", preview=preview)
    groups = said["cover"]["fields"]
    fields = [line for group in ("full", "item", "dates", "last") for line in groups[group]]
    if said["cover"]["conclusion"]["value"]:
        fields.append(said["cover"]["conclusion"])
    tables = [_table(table) for table in said["results"]["tables"]]
    qr = mark_safe(said["cover"]["check"]["qr"])  # noqa: S308 our own drawing: digits of a path and nothing else
    return Paper(said, fields, tables, qr, preview)


def _table(table: dict[str, Any]) -> PaperTable:
    columns = table["columns"]
    cells = [[(cell["text"], column["kind"] == "number") for cell in column["cells"]] for column in columns]
    return PaperTable(
        name=table["name"],
        heads=[column["head"] for column in columns],
        rows=[list(row) for row in zip(*cells, strict=True)],
        notes=tuple(table["notes"]),
    )
