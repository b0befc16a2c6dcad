"""What each step of the workbench shows: one function a step, from documents to what the template draws."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from jialiang.console.wording import reading_language
from jialiang.console.workbench.documents import Document
from jialiang.console.workbench.drawing import e_n_drawing
from jialiang.console.workbench.errors import NothingHandedIn, PairNeeded
from jialiang.formats.dcc.chain.drawing import chain_svg
from jialiang.formats.dcc.comparison.model import CertificateDifference
from jialiang.formats.dcc.quantities.model import Words, text_in
from jialiang.formats.documents import deeds
from jialiang.formats.documents.conformity import AS_CREDENTIAL
from jialiang.formats.documents.notations import notation
from jialiang.formats.documents.parts import Part
from jialiang.formats.documents.reasons import why_of
from jialiang.formats.documents.reports import Report, check_part
from jialiang.formats.documents.sight import sight_of
from jialiang.formats.findings import DocumentFinding, Severity
from jialiang.formats.public_page.page import verdict_title
from jialiang.functions.authenticity import check_file
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text

Result = dict[str, Any]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")
MOST_FINDINGS = 300
MOST_EXAMINED = 20
MOST_COMPARED = 500
MOST_CHANGES = 100


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with what its rule is for."""

    finding: DocumentFinding
    why: Text


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A report with the findings that the reader wants to see; ``left_out`` counts those beyond the limit."""

    report: Report
    findings: tuple[ShownFinding, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Examined:
    """The verdict on one file: words, tone and shape, with every check."""

    name: str
    verdict: str = ""
    title: Text = Text()
    answer: Any = None
    problem: JialiangError | None = None


def see(documents: list[Document], given: QueryDict) -> Result:
    """Lay out what the certificates say."""
    language = reading_language()
    good = [each for each in documents if each.is_good_for("see") and each.part is not None]
    sights = [(each, sight_of(each.part.certificate, language)) for each in good if each.part is not None]
    return {"sights": [(each, shown, shown.has_language(language)) for each, shown in sights]}


def check(documents: list[Document], given: QueryDict) -> Result:
    """Check every document: structure, rules, D-SI."""
    wanted = [each for each in SEVERITIES if each in given.getlist("severity")] or list(SEVERITIES)
    today = utc_now().date()
    reports = [check_part(each.part, today=today) for each in documents if each.part is not None]
    return {
        "reports": [_shown(report, wanted) for report in reports],
        "severities": [(each, each in wanted) for each in SEVERITIES],
    }


def genuineness(documents: list[Document], given: QueryDict) -> Result:
    """Ask the register and the signatures about each file."""
    pairs = list(dict.fromkeys(each.examined for each in documents))
    return {"examined": [_examined(*pair) for pair in pairs[:MOST_EXAMINED]],
            "not_examined": max(len(pairs) - MOST_EXAMINED, 0)}  # fmt: skip


def compare(documents: list[Document], given: QueryDict) -> Result:
    """Compare two certificates, or what was found with what was left in one."""
    parts, difference = difference_of(documents)
    language = reading_language()
    rows = [(_name(each.name, language), row) for each in difference.quantities for row in each.rows]
    told = [pair for pair in rows if pair[1].is_changed]
    alike = [pair for pair in rows if not pair[1].is_changed]
    return {
        "difference": difference,
        "names": [part.name for part in parts],
        "rows": told[:MOST_COMPARED],
        "rows_left_out": max(len(told) - MOST_COMPARED, 0),
        "alike": alike[:MOST_COMPARED],
        "administrative": difference.administrative[:MOST_CHANGES],
        "administrative_left_out": max(len(difference.administrative) - MOST_CHANGES, 0),
        "alone": [
            (each.kind, _name(each.name, language)) for each in difference.quantities if each.kind != "compared"
        ],
        "drawing": drawing_of(difference),
    }


def difference_of(documents: list[Document]) -> tuple[list[Part], CertificateDifference]:
    """Return the documents that were compared and what differs. Raises PairNeeded."""
    parts = [each.part for each in documents if each.is_good_for("compare") and each.part is not None]
    difference: CertificateDifference | None = None
    if len(parts) == 2:
        difference = deeds.compared(parts[0], parts[1])
    elif len(parts) == 1:
        difference = deeds.adjusted(parts[0])
    if difference is None:
        raise PairNeeded(given=len(parts))
    return parts, difference


def drawing_of(difference: CertificateDifference) -> SafeString | None:
    """Return the drawing of the normalized errors, None where there are none."""
    rows = [row for each in difference.quantities for row in each.rows]
    return e_n_drawing([(row.label or str(n), row.e_n) for n, row in enumerate(rows, 1) if row.e_n is not None])


def migrate(documents: list[Document], given: QueryDict) -> Result:
    """Bring each certificate to the latest version and say what changed."""
    done: list[tuple[Document, deeds.Migrated | None, list[tuple[Text, int]], JialiangError | None]] = []
    for each in documents:
        if not each.is_good_for("migrate") or each.part is None:
            continue
        try:
            migrated = deeds.migrated(each.part)
            done.append((each, migrated, _counted(migrated), None))
        except JialiangError as problem:
            done.append((each, None, [], problem))
    return {"migrated": done}


def chain(documents: list[Document], given: QueryDict) -> Result:
    """Follow the traceability chain through the certificates at hand."""
    found = deeds.chained([each.part for each in documents if each.part is not None])
    drawn = chain_svg(found, reading_language()).encode()
    numbers = {each.key: each.number or each.file for each in found.certificates}
    return {
        "chain": found,
        "links": [(numbers.get(link.lower, ""), link) for link in found.links],
        "drawn": f"data:image/svg+xml;base64,{b64encode(drawn).decode()}",
    }


def convert(documents: list[Document], given: QueryDict) -> Result:
    """Offer the notations; the file itself is another answer."""
    good = [each for each in documents if each.is_good_for("convert")]
    kinds = {each.kind.name: each.kind for each in good if each.kind is not None}
    offered = [(kind.text, [notation(name, kind.name) for name in kind.notations()]) for kind in kinds.values()]
    return {
        "convertible": good,
        "offered": offered,
        "needs_issuer": any(AS_CREDENTIAL in kind.notations() for kind in kinds.values()),
    }


RESULTS: Mapping[str, Callable[[list[Document], QueryDict], Result]] = {
    "see": see,
    "check": check,
    "genuineness": genuineness,
    "compare": compare,
    "convert": convert,
    "migrate": migrate,
    "chain": chain,
}


def chosen_part(documents: list[Document], given: QueryDict, deed: str) -> Part:
    """Return the document that a download is made of: the one named, else the first that is good for it."""
    good = [each for each in documents if each.is_good_for(deed) and each.part is not None]
    named = [each for each in good if str(each.index) == given.get("document", "")]
    found = next(iter(named or good), None)
    if found is None or found.part is None:
        raise NothingHandedIn()
    return found.part


def _shown(report: Report, wanted: Sequence[str]) -> ShownReport:
    found = [each for each in report.findings if each.severity in wanted]
    shown = tuple(ShownFinding(each, why_of(each.rule)) for each in found[:MOST_FINDINGS])
    return ShownReport(report, shown, max(len(found) - MOST_FINDINGS, 0))


def _name(words: Words, language: str) -> str:
    """Return a name in the language of the page, else in English, else as it comes."""
    return text_in(words, language if language in dict(words) else "en")


def _examined(name: str, data: bytes) -> Examined:
    try:
        found = check_file(data=data, name=name, now=utc_now())
    except JialiangError as problem:
        return Examined(name, problem=problem)
    answer = found.answer
    return Examined(name, answer.verdict, verdict_title(answer.verdict, answer.status), answer)


def _counted(migrated: deeds.Migrated) -> list[tuple[Text, int]]:
    counted: dict[Text, int] = {}
    for change in migrated.migration.changes:
        counted[change.text] = counted.get(change.text, 0) + 1
    return list(counted.items())
