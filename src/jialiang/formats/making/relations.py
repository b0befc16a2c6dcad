"""What the members of a document have to do with one another: languages, keys, lengths, uncertainties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jialiang.formats.dcc.digests import ON_PAPER, digest_bytes, procedure_of
from jialiang.formats.making.fields import ROOT, Field, fields_of
from jialiang.formats.making.problems import Path, Problems

KEYED = ("methods", "equipment", "conditions")
UNCERTAINTIES = ("expandedUncertainty", "standardUncertainty")
COVERAGE = ("coverageFactor", "coverageProbability")
_PER_ROW = (*UNCERTAINTIES, *COVERAGE, "conformity")
_FITS = {
    "coverageFactor": re.compile(r"\+?[1-9][0-9]*(\.[0-9]*)?", re.ASCII),
    "coverageProbability": re.compile(r"\+?(0(\.[0-9]*)?|1(\.0*)?)", re.ASCII),
}
Place = tuple[dict[str, Any], Path]


def check_relations(document: dict[str, Any], problems: Problems) -> None:
    """Note everything that does not fit together in a document whose members were checked one by one."""
    languages = document.get("certificate", {}).get("languages", ())
    for language, often in Counter(languages).items():
        if often > 1:
            problems.add("LANGUAGE-TWICE", ("certificate", "languages"), given=language)
    if languages:
        for field, words, path in _all_words(document, ROOT, ()):
            _check_languages(field, words, path, (languages, problems))
    _check_keys_given(document, problems)
    _check_single_parts(document, problems)
    for result, path in _entries(document, "results", ()):
        _check_keys(document, result, path, problems)
        _check_table(document, (result, path), problems)


def _check_keys_given(document: dict[str, Any], problems: Problems) -> None:
    for name in KEYED:
        keys = Counter(entry.get("key") for entry in document.get(name, ()))
        for number, entry in enumerate(document.get(name, ())):
            if entry.get("key") and keys[entry["key"]] > 1:
                problems.add("KEY-REPEATED", (name, number, "key"), given=entry["key"])


def _check_languages(field: Field, words: Any, path: Path, wanted: tuple[tuple[str, ...], Problems]) -> None:
    languages, problems = wanted
    given = [language for language, _ in words]
    if given in ([], [""]):
        return
    undeclared = [language for language in given if language not in languages]
    missing = [language for language in languages if language not in given]
    if undeclared:
        problems.add("LANGUAGE-UNDECLARED", path, name=field.label, given=", ".join(undeclared))
    if missing:
        problems.add("LANGUAGE-MISSING", path, name=field.label, missing=", ".join(missing))


def _all_words(given: dict[str, Any], kind: str, path: Path) -> Iterator[tuple[Field, Any, Path]]:
    for name, inside in given.items():
        field = fields_of(kind)[name]
        if field.kind == "words":
            yield field, inside, (*path, name)
        elif field.kind == "object":
            yield from _all_words(inside, field.of, (*path, name))
        elif field.kind == "list":
            for number, entry in enumerate(inside):
                yield from _all_words(entry, field.of, (*path, name, number))


def _entries(holder: dict[str, Any], name: str, path: Path) -> list[Place]:
    return [(entry, (*path, name, number)) for number, entry in enumerate(holder.get(name, ()))]


def _check_single_parts(document: dict[str, Any], problems: Problems) -> None:
    persons = document.get("persons", ())
    if persons and not any(person.get("mainSigner") for person in persons):
        problems.add("SIGNER", ("persons",))
    for condition, path in _entries(document, "conditions", ()):
        if not _is_whole(condition):
            problems.add("CONDITION", path)
    for statement, path in _entries(document, "statements", ()):
        if not {"name", "declaration"} & set(statement):
            problems.add("STATEMENT", path)
    for equipment, path in _entries(document, "equipment", ()):
        _check_reference(equipment.get("certificate"), (*path, "certificate"), problems)
    _check_reference(document.get("certificate", {}).get("previous"), ("certificate", "previous"), problems)


def _is_whole(condition: dict[str, Any]) -> bool:
    numbers = [name for name in ("value", "minimum", "maximum") if name in condition]
    if not numbers:
        return "text" in condition
    return numbers in (["value"], ["minimum", "maximum"]) and "unit" in condition


def _check_reference(reference: dict[str, Any] | None, path: Path, problems: Problems) -> None:
    if not reference or not reference.get("procedure"):
        return
    procedure = procedure_of(reference["procedure"])
    if procedure.algorithm != ON_PAPER:
        if "digest" not in reference:
            problems.add("DIGEST-MISSING", (*path, "digest"))
        elif reference["digest"] and digest_bytes(reference["digest"], procedure) is None:
            facts = {"given": reference["digest"], "procedure": reference["procedure"]}
            problems.add("DIGEST", (*path, "digest"), **facts)
    _check_reference(reference.get("linked"), (*path, "linked"), problems)


def _check_keys(document: dict[str, Any], result: dict[str, Any], path: Path, problems: Problems) -> None:
    places: list[tuple[dict[str, Any], Path, tuple[str, ...]]] = [(result, path, ("conditions",))]
    places += [(column, at, ("methods", "equipment")) for column, at in _entries(result, "columns", path)]
    for holder, at, names in places:
        for name in names:
            known = {entry.get("key") for entry in document.get(name, ())}
            for number, key in enumerate(holder.get(name, ())):
                if key not in known:
                    kind = fields_of(ROOT)[name].label
                    problems.add("KEY-UNKNOWN", (*at, name, number), given=key, group=kind)


def _check_table(document: dict[str, Any], place: Place, problems: Problems) -> None:
    columns = _entries(place[0], "columns", place[1])
    counts = [len(_held(column)) for column, _ in columns]
    rows = next((count for count in counts if count), 0)
    for column, path in columns:
        _check_column(column, path, problems)
        held = _held(column)
        if held and len(held) != rows:
            label = fields_of("column")["values"].label
            problems.add("ROWS", (*path, "values"), name=label, given=len(held), rows=rows)
        for name in _PER_ROW:
            given = len(column.get(name, ()))
            if rows and given not in (0, 1, rows):
                label = fields_of("column")[name].label
                problems.add("LENGTH", (*path, name), name=label, given=given, rows=rows)


def _held(column: dict[str, Any]) -> tuple[str, ...]:
    held: tuple[str, ...] = column.get("values", column.get("texts", ()))
    return held


def _check_column(column: dict[str, Any], path: Path, problems: Problems) -> None:
    if ("values" in column) == ("texts" in column):
        problems.add("VALUES", path)
        return
    if "texts" in column:
        for name in ("unit", *UNCERTAINTIES, *COVERAGE, "distribution"):
            if name in column:
                problems.add("TEXT-COLUMN", (*path, name), name=fields_of("column")[name].label)
        return
    if "unit" not in column:
        problems.add("UNIT-MISSING", (*path, "unit"))
    _check_uncertainty(column, path, problems)


def _check_uncertainty(column: dict[str, Any], path: Path, problems: Problems) -> None:
    if all(name in column for name in UNCERTAINTIES):
        problems.add("UNCERTAINTY-BOTH", path)
    if "expandedUncertainty" in column:
        if not all(name in column for name in COVERAGE):
            problems.add("COVERAGE-MISSING", (*path, "expandedUncertainty"))
    else:
        for name in (name for name in COVERAGE if name in column):
            problems.add("COVERAGE-ALONE", (*path, name), name=fields_of("column")[name].label)
    _check_sizes(column, path, problems)


def _check_sizes(column: dict[str, Any], path: Path, problems: Problems) -> None:
    for name in UNCERTAINTIES:
        for number, text in enumerate(column.get(name, ())):
            if text != "NaN" and Decimal(text) <= 0:
                problems.add("NEGATIVE", (*path, name, number), given=text)
    for name, pattern in _FITS.items():
        for number, text in enumerate(column.get(name, ())):
            if not pattern.fullmatch(text):
                label = fields_of("column")[name].label
                problems.add("COVERAGE", (*path, name, number), given=text, name=label)
