"""A second opinion on the structure of certificates: official schemas that an operator has put into a folder.

The product ships none. Nothing is fetched: what a schema imports is looked for in the same folder, by the last parts
of its address (``…/si/v2.2.1/SI_Format.xsd`` for ``https://ptb.de/si/v2.2.1/SI_Format.xsd``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.structure import RULES
from jialiang.formats.dcc.versions import version_of
from jialiang.formats.documents.parts import Part
from jialiang.formats.documents.reports import Report
from jialiang.formats.findings import DocumentFinding, Severity
from jialiang.kernel.text import Text

MOST_FILES = 1000
"""More files than this are not looked through for schemas."""

_LARGEST = 8 * 1024 * 1024
_SHOWN = 200
_LONGEST_VERSION = 20
_XSD = "{http://www.w3.org/2001/XMLSchema}schema"


def with_second_opinion(part: Part, report: Report, folder: Path) -> Report:
    """Add to the report about a DCC what the official schema of its version says, as one finding."""
    return _with(report, second_opinion(part.tree, report.findings, folder)) if report.kind == "dcc" else report


def second_opinion(
    tree: etree._ElementTree, findings: tuple[DocumentFinding, ...], folder: Path
) -> DocumentFinding:
    """Compare our verdict on the structure, which ``findings`` hold, with that of the schema in ``folder``.

    Agreement is a hint, disagreement a warning, and a schema that is not there or cannot be used a hint.
    """
    version = version_of(tree)
    schema, why = compiled_schema(folder, version)
    if schema is None:
        return _finding("NONE", "hint", None, version=version[:_LONGEST_VERSION] or "–", why=why)
    valid = schema.validate(tree)
    ours = not any(found.rule.startswith(RULES) and found.severity == "error" for found in findings)
    verdicts = {"theirs": _word("valid" if valid else "invalid"), "ours": _word("valid" if ours else "invalid")}
    if valid == ours:
        return _finding("AGREES", "hint", None, version=version, **verdicts)
    log: Any = schema.error_log
    first = next(iter(log), None)
    said = first.message[:_SHOWN] if first is not None else "–"
    return _finding("DISAGREES", "warning", first.line if first is not None else None, version=version,
                    said=said, **verdicts)  # fmt: skip


@lru_cache(maxsize=32)
def compiled_schema(folder: Path, version: str) -> tuple[etree.XMLSchema | None, Text]:
    """Return the schema of a version from a folder, or None and the reason why there is none."""
    file = next((path for path, namespace, of in _schemas(folder) if (namespace, of) == (DCC, version)), None)
    if file is None:
        return None, _word("absent").format(version=version[:_LONGEST_VERSION] or "–", folder=folder)
    try:
        return etree.XMLSchema(etree.parse(str(file), _parser(_Local(folder)))), Text()
    except (etree.XMLSchemaParseError, etree.XMLSyntaxError, OSError) as problem:
        return None, _word("unusable").format(file=file.name, problem=str(problem)[:_SHOWN])


class _Local(etree.Resolver):
    """Finds what a schema imports in the folder, never on the network."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def resolve(self, system_url: str, public_id: str, context: Any = None) -> Any:
        """Return the file for an address, an empty document for one that is not there; files stay as they are."""
        if urlsplit(system_url).scheme not in ("http", "https", "ftp"):
            return None
        found = _nearest(self.folder, PurePosixPath(urlsplit(system_url).path))
        resolver: Any = self
        if found is None:
            return resolver.resolve_string("<absent/>", context)
        return resolver.resolve_filename(str(found), context)


def _nearest(folder: Path, wanted: PurePosixPath) -> Path | None:
    """Return the schema that shares most of the last parts of an address; its name alone must be the only one."""
    scores = sorted((_shared(path, wanted), path) for path, _, _ in _schemas(folder) if path.name == wanted.name)
    alone = len(scores) == 1
    return scores[-1][1] if scores and (alone or scores[-1][0] > max(1, scores[-2][0])) else None


def _shared(path: Path, wanted: PurePosixPath) -> int:
    pairs = zip(reversed(path.parts), reversed(wanted.parts), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(path.parts), len(wanted.parts)))


@lru_cache(maxsize=8)
def _schemas(folder: Path) -> tuple[tuple[Path, str, str], ...]:
    """Return the schemas of a folder with namespace and version."""
    return tuple(_found(folder))


def _found(folder: Path) -> Iterator[tuple[Path, str, str]]:
    for file in sorted(islice(folder.rglob("*.xsd"), MOST_FILES)):
        try:
            root = etree.parse(str(file), _parser()).getroot() if file.stat().st_size <= _LARGEST else None
        except (etree.XMLSyntaxError, OSError):
            continue
        if root is not None and root.tag == _XSD:
            yield file, root.get("targetNamespace", ""), root.get("version", "")


def _parser(resolver: _Local | None = None) -> etree.XMLParser:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if resolver is not None:
        parser.resolvers.add(resolver)
    return parser


def _with(report: Report, finding: DocumentFinding) -> Report:
    findings = (*report.findings, finding)
    if finding.severity == "warning":
        return replace(report, findings=findings, warnings=report.warnings + 1)
    return replace(report, findings=findings, hints=report.hints + 1)


def _finding(kind: str, severity: Severity, line: int | None, **facts: object) -> DocumentFinding:
    return DocumentFinding(f"SECOND-OPINION-{kind}", severity, line, "/", _word(kind).format(**facts))


def _word(name: str) -> Text:
    return Text.from_json(_words()[name])


@cache
def _words() -> dict[str, dict[str, str]]:
    text = (resources.files("jialiang.assembly") / "second_opinion.json").read_text(encoding="utf-8")
    words: dict[str, dict[str, str]] = json.loads(text)
    return words
