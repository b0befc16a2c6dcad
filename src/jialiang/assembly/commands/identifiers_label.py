"""``jialiang identifiers label ID… -o FILE``: labels as PDF on sheets or rolls, or as ZPL for label printers."""

from __future__ import annotations

import argparse
from pathlib import Path

from jialiang.assembly.document_files import bytes_of, page_fonts, write_out
from jialiang.assembly.saying import say
from jialiang.formats.labels.contents import LabelContent, content_of
from jialiang.formats.labels.errors import UnknownLabelFormat
from jialiang.formats.labels.laying import LaidLabel, lay_label
from jialiang.formats.labels.pages import label_pictures, labels_pdf
from jialiang.formats.labels.tables import contents_of_table
from jialiang.formats.labels.templates import LabelTemplate, template_from_bytes, template_named
from jialiang.formats.labels.zpl import DOTS_PER_MM, zpl_of_labels, zpl_of_pictures
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

_COMMON = ("status", "name_zh", "name_en", "organization", "done", "due")
_MM_PER_INCH = 25.4


def run(arguments: argparse.Namespace) -> int:
    """Write the labels. Returns 0."""
    out: Path = arguments.out
    if out.suffix.lower() not in (".pdf", ".zpl"):
        raise UnknownLabelFormat(file=out.name)
    template = _template(arguments.template)
    contents = _contents(arguments)
    labels = [lay_label(template, content, arguments.words) for content in contents]
    write_out(_written(labels, arguments), out)
    say(
        arguments,
        {"file": str(out), "labels": len(labels), "template": template.name},
        [_told(out, len(labels))],
    )
    return 0


def _template(name: str) -> LabelTemplate:
    if name.endswith(".json"):
        return template_from_bytes(Path(name).stem, bytes_of(Path(name)))
    return template_named(name)


def _contents(arguments: argparse.Namespace) -> list[LabelContent]:
    common = {name: getattr(arguments, name) or "" for name in _COMMON}
    found = [content_of(identifier, arguments.base, common) for identifier in arguments.identifiers]
    if arguments.data is not None:
        found += contents_of_table(bytes_of(arguments.data), arguments.base, common)
    return found


def _written(labels: list[LaidLabel], arguments: argparse.Namespace) -> bytes:
    logo = bytes_of(arguments.logo) if arguments.logo is not None else b""
    if arguments.out.suffix.lower() == ".zpl" and arguments.commands:
        return zpl_of_labels(labels, arguments.dpi, arguments.printer_font)
    if arguments.out.suffix.lower() == ".zpl":
        exact = DOTS_PER_MM[arguments.dpi] * _MM_PER_INCH
        pictures = label_pictures(
            labels, language=arguments.words, font_folders=page_fonts(), dots_per_inch=exact, logo=logo
        )
        return zpl_of_pictures(pictures)
    return labels_pdf(
        labels,
        sheet=arguments.sheet,
        language=arguments.words,
        font_folders=page_fonts(),
        moment=utc_now().replace(hour=0, minute=0, second=0, microsecond=0),  # the same file all day
        start=arguments.start,
        logo=logo,
    )


def _told(out: Path, count: int) -> Text:
    return Text(f"已写入 {out}：{count} 个标签", f"{out} written: {count} labels")
