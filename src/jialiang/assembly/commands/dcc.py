"""``jialiang dcc …``: certificates of any version as files; no installation, no network."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree

from jialiang.assembly.bulk.deed import check_files
from jialiang.assembly.certificate_making import new
from jialiang.assembly.cli import language
from jialiang.assembly.command_errors import OutputMissing
from jialiang.assembly.document_files import (
    bytes_of,
    certificate_in,
    font_places,
    page_fonts,
    write_out,
    xml_bytes,
)
from jialiang.assembly.document_text import (
    chain_text,
    difference_text,
    migration_text,
    quantities_text,
    unmapped_text,
)
from jialiang.assembly.settings import current_settings
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import Encoded
from jialiang.formats.conversion.registry import convert, xml_of
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.chain.drawing import chain_svg
from jialiang.formats.dcc.chain.following import follow_chain
from jialiang.formats.dcc.comparison.comparing import compare
from jialiang.formats.dcc.migration.migrating import migrate
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError

HOLDS, HOLDS_NOT, CANNOT = 0, 1, 2
ChainInput = tuple[str, bytes, etree._ElementTree]


def run(arguments: argparse.Namespace) -> int:
    """Do one deed. Returns 0 (holds, done), 1 (does not hold) or 2 (cannot be read)."""
    return _DEEDS[arguments.deed](arguments)


def _quantities(arguments: argparse.Namespace) -> int:
    certificate = certificate_in(arguments.file, arguments.read_as)
    found = certificate.find(ref_type=arguments.ref_type, name=arguments.name)
    chosen = language(arguments)
    if arguments.json:
        _print([quantity.to_json(chosen) for quantity in found])
    else:
        sys.stdout.write(quantities_text(found, chosen))
    return HOLDS


def _convert(arguments: argparse.Namespace) -> int:
    if arguments.json and arguments.out is None:
        raise OutputMissing(command="dcc convert")
    data = xml_bytes(arguments.file, arguments.read_as)
    came_back = arguments.to == "xml" and arguments.encoding.lower() == "utf-8"
    certificate = Certificate.read(data)
    chosen = language(arguments)
    fonts = page_fonts() if arguments.to == "pdf" else font_places()
    wish = Wish(chosen, arguments.encoding, arguments.typed, fonts, utc_now())
    # XML that was XML, or comes back from lossless data, is not written anew: its bytes are the document.
    made = Encoded(data) if came_back else convert(certificate, arguments.to, wish)
    write_out(made.data, arguments.out)
    if arguments.json:
        _print({"file": str(arguments.file), "to": arguments.to, "out": str(arguments.out),
                "bytes": len(made.data), "sha256": sha256_hex(made.data), "unmapped": list(made.unmapped),
                "unmapped_as": made.instead})  # fmt: skip
    elif made.unmapped:
        sys.stderr.write(unmapped_text(made, arguments.encoding, chosen))
    return HOLDS


def _migrate(arguments: argparse.Namespace) -> int:
    migration = migrate(certificate_in(arguments.file, arguments.read_as).tree)
    xml = migration.xml()
    valid = not check_structure(parse_xml(xml))
    if arguments.out is not None or not arguments.json:
        write_out(xml, arguments.out)
    if arguments.json:
        said = {"file": str(arguments.file), "version_before": migration.version_before, "valid": valid,
                "out": str(arguments.out) if arguments.out else None,
                "changes": [change.to_json() for change in migration.changes]}  # fmt: skip
        _print(said if arguments.out else said | {"xml": xml.decode()})
    else:
        sys.stderr.write(migration_text(migration, valid, language(arguments)))
    return HOLDS if valid else HOLDS_NOT


def _diff(arguments: argparse.Namespace) -> int:
    difference = compare(*(certificate_in(each, arguments.read_as) for each in (arguments.first, arguments.second)))
    chosen = language(arguments)
    if arguments.json:
        _print(difference.to_json(chosen))
    else:
        sys.stdout.write(difference_text(difference, chosen))
    return HOLDS if difference.is_same else HOLDS_NOT


def _chain(arguments: argparse.Namespace) -> int:
    given: list[ChainInput] = []
    for file in arguments.files:
        data = xml_bytes(file, arguments.read_as)
        given.append((str(file), data, Certificate.read(data).tree))
    stored = _stored(arguments.store) if arguments.store is not None else []
    chain = follow_chain([*given, *stored], starts=len(given))
    chosen = language(arguments)
    if arguments.svg is not None:
        write_out(chain_svg(chain, chosen).encode(), arguments.svg)
    if arguments.json:
        _print(chain.to_json())
    else:
        sys.stdout.write(chain_text(chain, chosen))
    return HOLDS if chain.is_unbroken else HOLDS_NOT


def _stored(folder: Path) -> list[ChainInput]:
    """Return the certificates in a folder and below it; what is no certificate is passed over."""
    found: list[ChainInput] = []
    where = folder if folder != Path() else current_settings().object_dir
    for file in sorted(each for each in where.rglob("*") if each.is_file()):
        try:
            data = xml_of(bytes_of(file), "")
            found.append((str(file), data, Certificate.read(data).tree))
        except JialiangError:
            continue
    return found


def _print(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


_DEEDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": check_files,
    "quantities": _quantities,
    "convert": _convert,
    "migrate": _migrate,
    "diff": _diff,
    "chain": _chain,
    "new": new,
}
