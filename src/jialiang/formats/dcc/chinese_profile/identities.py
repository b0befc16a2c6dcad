"""Who and where: country, language, Chinese names, credit codes, divisions, laboratory codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jialiang.formats.dcc.chinese_profile.catalogue import fields
from jialiang.formats.dcc.chinese_profile.facts import ProfileBreach, ProfileDocument
from jialiang.kernel.text import Text
from jialiang.vocabulary.credit_codes import why_not_credit_code
from jialiang.vocabulary.regions import is_region_code

_CORE = "administrativeData/coreData"
_IN_CHINESE = ("title", "institute", "client", "item", "conclusion")
_CNAS = re.compile(r"CNAS L[0-9]{4,6}", re.ASCII)
_SHOWN = 40
_REASONS = {
    "length": Text("应为 18 位", "it should have 18 characters"),
    "letter": Text("含有不允许的字符", "it has a character that is not allowed"),
    "division": Text("第 3～8 位应为数字", "the third to the eighth should be digits"),
    "check": Text("校验码不符", "the check character does not fit"),
}


def country_and_language(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield a country other than China, and certificates for which Chinese is not mandatory."""
    for element in document.all(f"{_CORE}/countryCodeISO3166_1"):
        if (country := (element.text or "").strip()) != "CN":
            yield ProfileBreach("CN-COUNTRY-NOT-CHINA", element, {"country": country[:_SHOWN] or "–"})
    mandatory = document.all(f"{_CORE}/mandatoryLangCodeISO639_1")
    if "zh" not in {(element.text or "").strip() for element in mandatory}:
        yield ProfileBreach("CN-LANGUAGE-NOT-CHINESE", mandatory[0] if mandatory else document.root)


def chinese_texts(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield the names and the conclusion that are not in Chinese."""
    for id_ in _IN_CHINESE:
        for element, said in document.found(id_):
            if not said.zh:
                yield ProfileBreach("CN-CHINESE-MISSING", element, {"field": fields()[id_].name})


def credit_codes(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield unified social credit codes whose shape or check character is wrong (GB 32100-2015)."""
    for id_ in ("institute_credit_code", "client_credit_code"):
        for element, said in document.found(id_):
            if reason := why_not_credit_code(said.zh):
                yield ProfileBreach(
                    "CN-CREDIT-CODE-WRONG", element, {"code": said.zh[:_SHOWN], "reason": _REASONS[reason]}
                )


def regions(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield what stands for an administrative division and is none (GB/T 2260: six digits, a known province)."""
    for element, said in document.found("region"):
        if not is_region_code(said.zh):
            yield ProfileBreach("CN-REGION-WRONG", element, {"code": said.zh[:_SHOWN]})


def laboratory_codes(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield laboratory codes that name CNAS but are not written as its numbers are."""
    for element, said in document.found("laboratory_code"):
        if "CNAS" in said.zh.upper() and _CNAS.fullmatch(said.zh) is None:
            yield ProfileBreach("CN-LABORATORY-CODE-WRONG", element, {"code": said.zh[:_SHOWN]})
