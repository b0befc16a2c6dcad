"""What is done with documents besides checking: quantities, conversion, migration, comparison, chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.errors import UnknownNotation
from jialiang.formats.dcc.chain.following import follow_chain
from jialiang.formats.dcc.chain.model import CertificateChain
from jialiang.formats.dcc.comparison.comparing import compare, compare_adjustment
from jialiang.formats.dcc.comparison.model import CertificateDifference
from jialiang.formats.dcc.migration.migrating import Migration, migrate
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.documents.errors import NothingInside
from jialiang.formats.documents.kinds import kind_of, require
from jialiang.formats.documents.notations import Notation, notation
from jialiang.formats.documents.parts import Part
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.xml.parsing import parse_xml

UTF_8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made of a document, and the letters that its encoding does not have."""

    name: str
    data: bytes
    notation: Notation
    unmapped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Migrated:
    """A migrated document: what changed, its XML, and what its structure breaks (nothing, as a rule)."""

    file: str
    migration: Migration
    xml: bytes
    findings: tuple[DocumentFinding, ...]

    def to_json(self) -> dict[str, Any]:
        """Return everything ready for JSON, the XML as text."""
        return {
            "file": self.file,
            "version_before": self.migration.version_before,
            "valid": not self.findings,
            "changes": [change.to_json() for change in self.migration.changes],
            "findings": [finding.to_json() for finding in self.findings],
            "xml": self.xml.decode(),
        }


def quantities_of(part: Part, language: str) -> dict[str, Any]:
    """Return every quantity of a document ready for JSON. Raises DeedNotForKind."""
    found = require(part, "quantities").quantities(part)
    return {"file": part.name, "quantities": [each.to_json(language) for each in found]}


def structure_of(part: Part) -> dict[str, Any]:
    """Return the check of the structure alone ready for JSON. Raises DeedNotForKind."""
    require(part, "see")
    found = check_structure(part.tree)
    return {
        "file": part.name,
        "version": part.certificate.version,
        "valid": not found,
        "findings": [finding.to_json() for finding in found],
    }


def converted(part: Part, name: str, wish: Wish) -> Made:
    """Return a document in a notation of its kind. Raises DeedNotForKind, UnknownNotation and what a converter raises.

    What is of the notation already is not written anew: its bytes are the document.
    """
    kind = require(part, "convert")
    if name not in kind.notations():
        raise UnknownNotation(notation=name[:40], known=", ".join(kind.notations()))
    known = notation(name, kind.name)
    made = kind.convert(part, name, wish)
    return Made(f"{stem(part.name)}{known.suffix}", made.data, known, made.unmapped)


def migrated(part: Part) -> Migrated:
    """Bring a document to the latest version. Raises DeedNotForKind, UnsupportedVersion."""
    require(part, "migrate")
    migration = migrate(part.tree)
    xml = migration.xml() if migration.changes else part.data
    return Migrated(part.name, migration, xml, check_structure(parse_xml(xml)))


def compared(first: Part, second: Part) -> CertificateDifference:
    """Compare two documents. Raises DeedNotForKind."""
    for each in (first, second):
        require(each, "compare")
    return compare(first.certificate, second.certificate)


def adjusted(part: Part) -> CertificateDifference | None:
    """Compare before and after adjustment in one document, where it has both. Raises DeedNotForKind."""
    require(part, "compare")
    return compare_adjustment(part.certificate)


def chained(parts: Sequence[Part]) -> CertificateChain:
    """Follow the chain through the certificates among the documents. Raises NothingInside where there is none."""
    found = [part for part in parts if "chain" in kind_of(part).deeds]
    if not found:
        raise NothingInside(file=", ".join(part.name for part in parts)[:200])
    return follow_chain([(part.name, part.data, part.tree) for part in found])


def stem(name: str) -> str:
    """Return the name of a file without folder and suffix, fit to be that of another file."""
    plain = "".join(letter if letter.isprintable() and letter not in '\\/:*?"<>|' else "_"
                    for letter in PurePosixPath(name).stem)  # fmt: skip
    return plain[:100].strip(" .") or "certificate"
