"""What the commands for documents print for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.conversion.encodings import Encoded
from jialiang.formats.dcc.chain.model import CertificateChain
from jialiang.formats.dcc.chain.model import words as chain_words
from jialiang.formats.dcc.comparison.model import CertificateDifference, RowDifference
from jialiang.formats.dcc.migration.migrating import Migration
from jialiang.formats.dcc.quantities.model import MeasurementResult, Writing, text_in
from jialiang.formats.dcc.rules.catalogue import LATEST
from jialiang.formats.dsi.units import unit_text
from jialiang.kernel.text import Text

_MARKS = {"error": "✗", "warning": "!", "hint": "·"}
_LINKS = {"intact": "✓", "broken": "✗", "expired": "!", "missing": "?", "analogue": "–"}
_VERDICTS = ("valid", "invalid", "unreadable")
_MANY = 6
_MOST_LETTERS = 40


def report_text(report: dict[str, Any], status: int, language: str) -> str:
    """Return the report about one file: verdict, counts, and a line for every finding."""
    findings = report["findings"]
    verdict = _word(_VERDICTS[status], language)
    version = f" ({report['version']})" if report["version"] else ""
    lines = [f"{report['file']}{version}: {verdict}"]
    for finding in findings:
        line = f"{_word('line', language)} {finding.line}" if finding.line else finding.path or "–"
        lines.append(
            f"  {_MARKS[finding.severity]} {line}  {finding.rule}  {finding.text.in_language(language)}"
        )
    return "\n".join(lines) + "\n"


def totals_text(totals: Mapping[str, int], complete: bool, language: str) -> str:
    """Return the counts of a bulk check, and whether it was interrupted."""
    line = _words()["totals"].format(**totals).in_language(language)
    return f"{line}\n" if complete else f"{line}\n{_word('interrupted', language)}\n"


def quantities_text(quantities: Sequence[MeasurementResult], language: str) -> str:
    """Return one line a quantity and unit: name, values, U, k."""
    lines = []
    for quantity in quantities:
        name = quantity.name_in(language) or " ".join(quantity.ref_type) or quantity.kind
        flat = [part for writing in quantity.writings for part in writing.flat()]
        lines += [f"{name}: {_writing(writing, language)}" for writing in flat]
        if not flat:
            lines.append(f"{name}: {_few(quantity.chars) or text_in(quantity.words, language)}")
    return "".join(f"{line}\n" for line in lines)


def _writing(writing: Writing, language: str) -> str:
    unit = unit_text(writing.unit[0]).in_language(language) if writing.unit else ""
    stated = writing.uncertainty
    parts = [_few(writing.values), unit]
    for symbol, texts in (("U", stated.expanded_uncertainty), ("u", stated.standard_uncertainty),
                          ("k", stated.coverage_factor), ("p", stated.coverage_probability)):  # fmt: skip
        parts += [f"{symbol} = {_few(texts)}"] if texts else []
    return "  ".join(part for part in parts if part)


def migration_text(migration: Migration, valid: bool, language: str) -> str:
    """Return what a migration changed, a line a kind."""
    counted: dict[Text, int] = {}
    for change in migration.changes:
        counted[change.text] = counted.get(change.text, 0) + 1
    verdict = _word("valid" if valid else "invalid", language)
    lines = [f"{migration.version_before} → {LATEST}: {verdict}"]
    return (
        "\n".join([*lines, *(f"  {count} × {text.in_language(language)}" for text, count in counted.items())])
        + "\n"
    )


def difference_text(difference: CertificateDifference, language: str) -> str:
    """Return the changed values with E_n, and the other changes."""
    lines = [f"{difference.first} → {difference.second}: {_word(difference.relation, language)}"]
    if difference.worst_e_n is not None:
        lines.append(f"|E_n| ≤ {difference.worst_e_n:.2f}")
    for quantity in (each for each in difference.quantities if each.is_changed):
        name = text_in(quantity.name, language) or " ".join(quantity.ref_type)
        lines.append(f"  {name}: {_word(quantity.kind, language)}")
        lines += [f"    {_row(row)}" for row in quantity.rows if row.is_changed]
    for change in difference.administrative:
        lines.append(f"  {change.name.in_language(language)}: {change.first or '–'} → {change.second or '–'}")
    return "\n".join(lines) + "\n"


def chain_text(chain: CertificateChain, language: str) -> str:
    """Return a line for every link, and whether the chain holds."""
    numbers = {each.key: each.number or each.file for each in chain.certificates}
    held = "proved" if chain.is_proved else "unbroken" if chain.is_unbroken else "broken"
    lines, stop = [_word(f"chain.{held}", language)], "。" if language == "zh" else ". "
    for link in chain.links:
        state = chain_words()[link.state].in_language(language)
        indent = "  " * (link.depth + 1)
        lines.append(f"{indent}{_LINKS[link.state]} {numbers[link.lower]} → {link.number}: {state}{stop}"
                     f"{link.text.in_language(language)}")  # fmt: skip
    return "\n".join(lines) + "\n"


def unmapped_text(encoded: Encoded, encoding: str, language: str) -> str:
    """Return the letters that an encoding lacks, with their code points, and what stands for them."""
    shown = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in encoded.unmapped[:_MOST_LETTERS])
    rest = " …" if len(encoded.unmapped) > _MOST_LETTERS else ""
    words = _words()["unmapped"].format(
        encoding=encoding.upper(), count=len(encoded.unmapped), letters=shown + rest,
        instead=_words()[f"instead.{encoded.instead or 'replacement'}"],
    )  # fmt: skip
    return words.in_language(language) + "\n"


def _row(row: RowDifference) -> str:
    e_n = f"  E_n = {row.e_n:.2f}" if row.e_n is not None else ""
    label = f"{row.label}: " if row.label else ""
    return f"{label}{row.first} → {row.second} {row.unit}{e_n}"


def _few(texts: tuple[str, ...]) -> str:
    shown = " ".join(texts[:_MANY])
    return f"{shown} … ({len(texts)})" if len(texts) > _MANY else shown


def _word(key: str, language: str) -> str:
    return _words()[key].in_language(language)


@cache
def _words() -> dict[str, Text]:
    file = resources.files("jialiang.assembly") / "document_words.json"
    return {key: Text.from_json(pair) for key, pair in json.loads(file.read_text(encoding="utf-8")).items()}
