"""What came out: conclusion, conformity, failed items, and until when it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from jialiang.formats.dcc.chinese_profile.facts import ProfileBreach, ProfileDocument, child_of, child_text
from jialiang.formats.dcc.chinese_profile.reading import said_in
from jialiang.formats.dcc.profile import DCC, REJECTED
from jialiang.formats.dcc.rules.document import date_of
from jialiang.kernel.text import Text

_ENDING = r"([，。；,;（(].*)?"
_FORMS = {
    "verification_certificate": (
        re.compile(rf"(合格|准予作\s*\S.{{0,30}}?\s*[级等]使用){_ENDING}", re.DOTALL),
        Text("“合格”或“准予作……级使用”", "合格 or 准予作…级使用"),
    ),
    "verification_notice": (re.compile(rf"不合格{_ENDING}", re.DOTALL), Text("“不合格”", "不合格")),
    "type_evaluation_report": (
        re.compile(rf"(合格|不合格|符合|不符合)\S*{_ENDING}", re.DOTALL),
        Text("以“合格”“不合格”“符合”或“不符合”开头", "beginning with 合格, 不合格, 符合 or 不符合"),
    ),
}
_AGREED = ("约定", "要求", "agreed", "request")
_SHOWN = 60


def conclusion_words(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield conclusions in other words than those that the kind has."""
    if document.kind not in _FORMS:
        return
    form, expected = _FORMS[document.kind]
    for element, said in document.found("conclusion"):
        if said.zh and form.fullmatch(said.zh) is None:
            facts = {"kind": document.kind_name, "conclusion": said.zh[:_SHOWN], "expected": expected}
            yield ProfileBreach("CN-CONCLUSION-FORM", element, facts)


def conformities(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield statements of conformity with which another kind of certificate is issued."""
    if document.kind not in ("verification_certificate", "verification_notice"):
        return
    stated = list(document.found("conformity"))
    rejecting = [(element, said.zh) for element, said in stated if said.zh in REJECTED]
    contrary = rejecting if document.kind == "verification_certificate" else []
    if document.kind == "verification_notice" and stated and not rejecting:
        contrary = [(stated[0][0], stated[0][1].zh)]
    for element, said_there in contrary:
        facts = {"kind": document.kind_name, "conformity": said_there[:_SHOWN]}
        yield ProfileBreach("CN-CONFORMITY-CONTRADICTED", element, facts)


def failed_items(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield notices that do not say which results fail."""
    if document.kind != "verification_notice":
        return
    listed = document.all("administrativeData/statements/statement[@refType='jl_failedItems']")
    results = document.all("measurementResults//results/result")
    if not listed and not any(token in REJECTED for result in results for token in _outcomes(result)):
        yield ProfileBreach("CN-FAILED-ITEMS-MISSING", results[0] if results else document.root)


def item_conclusions(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield the tests of a type evaluation that come to no conclusion of their own."""
    if document.kind != "type_evaluation_report":
        return
    for result in document.all("measurementResults//results/result"):
        if not _outcomes(result):
            name = child_of(result, "name")
            said = said_in(name) if name is not None else Text()
            yield ProfileBreach(
                "CN-ITEM-CONCLUSION-MISSING", result, {"name": said.in_language("zh")[:_SHOWN] or "–"}
            )


def validity(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield ends of validity before the work, and next dates of a calibration or test that nobody agreed to."""
    done = date_of(document.reading.first("date_of_work").zh)
    for element, said in document.found("valid_until"):
        until = date_of(said.zh)
        if until is not None and done is not None and until < done:
            facts = {"until": until.isoformat(), "done": done.isoformat()}
            yield ProfileBreach("CN-VALID-UNTIL-EARLY", element, facts)
        if document.kind in ("calibration_certificate", "test_report") and not _is_agreed(element):
            yield ProfileBreach("CN-INTERVAL-NOT-AGREED", element, {"kind": document.kind_name})


def _is_agreed(element: etree._Element) -> bool:
    statement = element.getparent()
    if statement is None:
        return False
    texts = [
        child
        for name in ("name", "description", "declaration")
        if (child := child_of(statement, name)) is not None
    ]
    said = " ".join(text for child in texts for text in (said_in(child).zh, said_in(child).en))
    return any(word in said for word in _AGREED)


def _outcomes(result: etree._Element) -> list[str]:
    stated = [*result.iter(f"{{{DCC}}}conformity"), *result.iter(f"{{{DCC}}}conformityXMLList")]
    return [token for element in stated for token in child_text(element, ".").split()]
