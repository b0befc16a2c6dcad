"""The public answer as an HTML page (one column, no script, no login) and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jialiang.formats.canonical import to_plain
from jialiang.formats.public_page.answer import PublicAnswer, PublicResults
from jialiang.kernel.text import Language, Text
from jialiang.science.rounding import typeset
from jialiang.science.units import display_unit


def render_page(
    answer: PublicAnswer, language: Language, *, checked_at: str, language_link: str = ""
) -> bytes:
    """Return the page in ``language``; ``checked_at`` is RFC 3339 text or a marker of the same length."""
    verdict = _wording()["verdicts"][answer.verdict]
    certificate = answer.certificate
    template = _environment().get_template("page.html")
    page = template.render(
        answer=answer,
        c=certificate,
        kind=_words(_wording()["kinds"][certificate.kind], language) if certificate else {},
        verdict=verdict,
        title=verdict["title"][language],
        fact=_sentence(verdict["fact"][language], answer, language),
        next=_sentence(verdict["next"][language], answer, language),
        w=_words(_wording()["words"], language),
        lang=language,
        other_lang="en" if language == "zh" else "zh-Hans",
        language_link=language_link,
        checks=list(_checks(answer, language)),
        results=_results(certificate.results, language) if certificate and certificate.results else None,
        shape=_shape,
        checked_at=checked_at,
    )
    return page.encode()


def answer_json(answer: PublicAnswer, *, checked_at: str) -> bytes:
    """Return the answer as JSON: all members of :class:`PublicAnswer`, texts in both languages."""
    body = to_plain(answer) | {"verdict_text": _wording()["verdicts"][answer.verdict]["title"]}
    return json.dumps(body | {"checked_at": checked_at}, ensure_ascii=False).encode()


def verdict_title(verdict: str, status: str = "") -> Text:
    """Return the words of a verdict: 真实，且有效 / Genuine and in force; less is said where no register was asked."""
    unasked = verdict == "genuine" and status == "not_checked"
    return Text.from_json(_wording()["unasked" if unasked else "verdicts"][verdict]["title"])


def _sentence(pattern: str, answer: PublicAnswer, language: Language) -> str:
    certificate = answer.certificate
    facts = {
        "institute": certificate.institute.in_language(language) if certificate else "",
        "phone": certificate.institute_phone if certificate else "",
        "due_date": certificate.due_date if certificate else "",
        "since": answer.since[:16].replace("T", " "),
        "successor": answer.superseded_by_number,
        "reason": _ended(answer.reason.in_language(language), language),
    }
    return pattern.format_map(facts)


def _ended(sentence: str, language: Language) -> str:
    stop = "。" if language == "zh" else "."
    return sentence if not sentence or sentence[-1] in "。.！!？?" else sentence + stop


def _checks(answer: PublicAnswer, language: Language) -> Iterator[dict[str, str]]:
    for check in answer.checks:
        outcome = _wording()["outcomes"][check.outcome]
        yield {
            "tone": outcome["tone"],
            "shape": outcome["shape"],
            "text": check.text.in_language(language),
            "evidence": check.evidence.in_language(language),
        }


def _results(results: PublicResults, language: Language) -> dict[str, Any]:
    headings = [
        f"{heading.in_language(language)} / {display_unit(unit, language)}"
        if unit
        else heading.in_language(language)
        for heading, unit in zip(results.headings, results.units, strict=True)
    ]
    return {"headings": headings, "rows": [[typeset(cell) for cell in row] for row in results.rows]}


def _words(words: dict[str, dict[str, str]], language: Language) -> dict[str, str]:
    return {name: both[language] for name, both in words.items()}


def _shape(name: str) -> Markup:
    drawing = _wording()["shapes"][name]
    return Markup(f'<svg class="jl-s" viewBox="0 0 16 16" aria-hidden="true">{drawing}</svg>')  # noqa: S704 our own data


@cache
def _wording() -> dict[str, Any]:
    file = resources.files("jialiang.formats.public_page") / "wording.json"
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words


@cache
def _environment() -> Environment:
    loader = PackageLoader("jialiang.formats.public_page", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=False)
