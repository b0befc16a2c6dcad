"""Templates: what a kind of certificate has in common, filled in where a document gives nothing."""

from __future__ import annotations

import copy
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.making.errors import TemplateNotUsable, UnknownTemplate
from jialiang.formats.making.fields import PACKAGE, table
from jialiang.formats.making.problems import Problems

FORMAT = "jialiang.dcc-template/1"
_NAMES = ("name", "description", "declaration")
_MEMBERS = {"format", "name", "title", "document", "result", "columns", "example"}


@cache
def template_names() -> tuple[str, ...]:
    """Return the names of the templates that come with the house."""
    folder = resources.files(PACKAGE) / "templates"
    return tuple(
        sorted(file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json"))
    )


def template_named(name: str) -> dict[str, Any]:
    """Return a template of the house. Raises UnknownTemplate."""
    if name not in template_names():
        raise UnknownTemplate(name=name[:60], known=", ".join(template_names()))
    return table(f"{PACKAGE}:templates/{name}.json")


def checked_template(given: Any) -> dict[str, Any]:
    """Return a template that somebody brings, if it has the form of one. Raises TemplateNotUsable."""
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise TemplateNotUsable(reason=f"format: {FORMAT}")
    unknown = sorted(set(given) - _MEMBERS)
    if unknown:
        raise TemplateNotUsable(reason=", ".join(map(str, unknown))[:80])
    for member in ("document", "result", "columns"):
        if not isinstance(given.get(member, {}), dict):
            raise TemplateNotUsable(reason=f"{member}: {{ }}")
    stated = given.get("document", {}).get("statements", [])
    if not isinstance(stated, list) or not all(isinstance(each, dict) for each in stated):
        raise TemplateNotUsable(reason="document.statements: [ ]")
    if not all(isinstance(column, dict) for column in given.get("columns", {}).values()):
        raise TemplateNotUsable(reason="columns: { }")
    return given


def filled(document: dict[str, Any], template: dict[str, Any], problems: Problems) -> dict[str, Any]:
    """Return a document with what the template has where it gives nothing; what it gives is never changed.

    Words of the template come in the document's languages where it has all of them.
    """
    common = dict(template.get("document", {}))
    stated = common.pop("statements", [])
    whole = _joined(copy.deepcopy(document), common)
    certificate = whole.get("certificate")
    languages = certificate.get("languages") if isinstance(certificate, dict) else None
    _fill_statements(whole, [_in_languages(each, languages) for each in stated])
    results = whole.get("results")
    for position, result in enumerate(results if isinstance(results, list) else []):
        if isinstance(result, dict):
            _joined(result, _in_languages(template.get("result", {}), languages))
            _fill_columns(result, template, (position, languages), problems)
    return whole


def _fill_statements(whole: dict[str, Any], stated: list[dict[str, Any]]) -> None:
    """Put the statements of a template before those of the document; one of the same refType is completed instead."""
    given = whole.get("statements") or []
    if not isinstance(given, list):
        return
    own = {each.get("refType"): each for each in given if isinstance(each, dict)}
    for each in stated:
        if each.get("refType") in own:
            _joined(own[each["refType"]], each)
    added = [copy.deepcopy(each) for each in stated if each.get("refType") not in own]
    if added:
        whole["statements"] = [*added, *given]


def _fill_columns(
    result: dict[str, Any], template: dict[str, Any], place: tuple[int, Any], problems: Problems
) -> None:
    position, languages = place
    columns, known = result.get("columns"), template.get("columns", {})
    for number, column in enumerate(columns if isinstance(columns, list) else []):
        named = column.get("column") if isinstance(column, dict) else None
        if named is None:
            continue
        if isinstance(named, str) and named in known:
            common = _in_languages(known[named], languages)
            if "texts" in column:
                common.pop("unit", None)
            _joined(column, common)
        else:
            path = ("results", position, "columns", number, "column")
            problems.add("COLUMN-UNKNOWN", path, given=str(named), known=", ".join(known) or "–")


def _joined(given: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    for member, inside in common.items():
        own = given.get(member)
        if own is None:
            given[member] = copy.deepcopy(inside)
        elif isinstance(own, dict) and isinstance(inside, dict) and member != "name":
            _joined(own, inside)
    return given


def _in_languages(common: dict[str, Any], languages: Any) -> dict[str, Any]:
    """Return a part of a template with its names in the languages wanted, if it has any of them."""
    declared = languages if isinstance(languages, list | tuple) else [languages]
    wanted = [each for each in declared if isinstance(each, str)]
    made = dict(common)
    for member in _NAMES if wanted else ():
        words = made.get(member)
        if isinstance(words, dict):
            made[member] = {language: words[language] for language in wanted if language in words} or None
    return {member: inside for member, inside in made.items() if inside is not None}
