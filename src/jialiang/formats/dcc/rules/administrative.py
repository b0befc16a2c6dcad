"""Dates in order, software releases, replaced certificates, laboratory, and the standards' certificates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lxml import etree

from jialiang.formats.dcc.digests import NOT_NAMED, ON_PAPER, digest_bytes, procedure_of
from jialiang.formats.dcc.profile import RECALIBRATION, member
from jialiang.formats.dcc.quantities.writings import local_name
from jialiang.formats.dcc.rules.document import Breach, Document, child_of, date_of, is_inside, text_of
from jialiang.kernel.text import Text

_RELEASE = re.compile(r"[a-zA-Z] ?(?:[0-9]{1,3}\.){0,3}[0-9]{1,3}", re.ASCII)
_ORDER = ("receiptDate", "beginPerformanceDate", "endPerformanceDate", "issueDate")
_STANDARDS = ("basic_normalUsed", "basic_standardUsed")
_LATER = timedelta(days=1)  # it may be tomorrow already where the certificate was made
_SHOWN = 40


def dates_in_order(document: Document) -> Iterator[Breach]:
    """Yield dates that lie before what came first, and dates in the future of ``today``."""
    dates = {name: found for name in _ORDER if (found := document.core_date(name)) is not None}
    names = list(dates)
    for first, then in zip(names, names[1:], strict=False):
        yield from _in_order((first, dates[first][1]), (then, dates[then][1]), dates[then][0])
    for name, (element, day) in dates.items():
        if document.today is not None and day > document.today + _LATER:
            facts = {"name": member(name), "date": day, "today": document.today}
            yield Breach("DCC-DATE-IN-FUTURE", element, facts)
    if (ended := dates.get("endPerformanceDate")) is not None:
        yield from _recalibration(document, ended[1])


def _recalibration(document: Document, ended: date) -> Iterator[Breach]:
    for statement in document.dcc("statement"):
        due, ref_types = child_of(statement, "date"), statement.get("refType", "").split()
        again = date_of(text_of(due)) if RECALIBRATION in ref_types else None
        if due is not None and again is not None:
            yield from _in_order(("endPerformanceDate", ended), ("basic_recalibration", again), due)


def _in_order(
    earlier: tuple[str, date], later: tuple[str, date], element: etree._Element
) -> Iterator[Breach]:
    if later[1] >= earlier[1]:
        return
    if (earlier[0], later[0]) == ("beginPerformanceDate", "endPerformanceDate"):
        yield Breach("DCC-DATES-REVERSED", element, {"begin": earlier[1], "end": later[1]})
        return
    due = Text("建议再校准日期", "recalibration")
    facts = {
        "later": due if later[0] == "basic_recalibration" else member(later[0]),
        "late": later[1], "earlier": member(earlier[0]), "early": earlier[1],
    }  # fmt: skip
    yield Breach("DCC-DATE-ORDER", element, facts)


def times_inside_work(document: Document) -> Iterator[Breach]:
    """Yield times of single values that lie outside the days of the work."""
    begin, end = document.core_date("beginPerformanceDate"), document.core_date("endPerformanceDate")
    if begin is None or end is None:
        return
    for element in (
        *document.si("dateTime", "dateTimeXMLList"),
        *document.dcc("dateTime", "dateTimeXMLList"),
    ):
        for moment in (element.text or "").split():
            day = date_of(moment)
            if day is not None and not begin[1] - _LATER <= day <= end[1] + _LATER:
                yield Breach("DCC-TIME-OUTSIDE-WORK", element,
                             {"moment": moment[:_SHOWN], "begin": begin[1], "end": end[1]})  # fmt: skip
                break


def software_releases(document: Document) -> Iterator[Breach]:
    """Yield releases of software that are not of the form of good practice."""
    for element in document.dcc("release"):
        if _RELEASE.fullmatch(element.text or "") is None:
            yield Breach("DCC-RELEASE-FORMAT", element, {"release": (element.text or "")[:_SHOWN]})


def laboratory_and_replacement(document: Document) -> Iterator[Breach]:
    """Yield hints where the laboratory code or the replaced certificate is not given."""
    for laboratory in document.dcc("calibrationLaboratory"):
        if not text_of(child_of(laboratory, "calibrationLaboratoryCode")):
            yield Breach("DCC-LABORATORY-CODE-MISSING", laboratory)
    for replaced in document.dcc("reportAmendedSubstituted"):
        if next(document.dcc("previousReport"), None) is None:
            number = text_of(child_of(replaced, "replacedUniqueIdentifier"))
            yield Breach("DCC-PREVIOUS-REPORT-MISSING", replaced, {"number": number})


def certificates_of_standards(document: Document) -> Iterator[Breach]:
    """Yield what is wrong with references to other certificates: algorithm, digest, validity, traceability."""
    for equipment in document.dcc("measuringEquipment"):
        is_standard = any(each in _STANDARDS for each in equipment.get("refType", "").split())
        if is_standard and child_of(equipment, "certificate") is None:
            yield Breach("DCC-STANDARD-WITHOUT-CERTIFICATE", equipment)
    for reference in document.dcc("certificate", "previousReport", "linkedReport"):
        if child_of(reference, "procedure") is not None:
            yield from _digest(reference)
            yield from _validity(reference)


def _digest(reference: etree._Element) -> Iterator[Breach]:
    written, stated = child_of(reference, "procedure"), child_of(reference, "value")
    if written is None:
        return
    procedure = procedure_of(text_of(written))
    if procedure.algorithm == ON_PAPER:
        return
    facts = {"procedure": text_of(written)[:_SHOWN] or "–", "value": text_of(stated)[:_SHOWN]}
    if procedure.algorithm == NOT_NAMED:
        yield Breach("DCC-HASH-UNNAMED", written, facts)
        return
    if procedure.is_weak:
        yield Breach("DCC-HASH-WEAK", written, facts)
    if digest_bytes(text_of(stated), procedure) is None:
        yield Breach("DCC-DIGEST-MALFORMED", stated if stated is not None else reference, facts)


def _validity(reference: etree._Element) -> Iterator[Breach]:
    if local_name(reference) != "certificate" or not is_inside(reference, "measuringEquipment"):
        return
    number = text_of(child_of(reference, "referralID")) or text_of(child_of(reference, "referenceID"))
    for name, rule in (("inValidityRange", "DCC-STANDARD-OUT-OF-VALIDITY"),
                       ("traceable", "DCC-STANDARD-NOT-TRACEABLE")):  # fmt: skip
        stated = child_of(reference, name)
        if stated is not None and text_of(stated) in ("false", "0"):
            yield Breach(rule, stated, {"number": number[:_SHOWN]})
