"""By whom, by what rule and with what: regulation, persons, uncertainty, measurement standards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from jialiang.formats.dcc.chinese_profile.catalogue import fields
from jialiang.formats.dcc.chinese_profile.facts import ProfileBreach, ProfileDocument, child_of, child_text
from jialiang.formats.dcc.chinese_profile.reading import said_in
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.writings import SI
from jialiang.kernel.text import Text

_JJG = re.compile(r"JJG(\s*[(（][^)）]{1,20}[)）])?\s*[0-9]")
_VERIFYING = ("verification_certificate", "verification_notice")
_WITH_STANDARDS = (*_VERIFYING, "calibration_certificate")
_UNCERTAINTIES = tuple(f"{{{SI}}}{name}{ending}" for ending in ("", "XMLList") for name in (
    "measurementUncertaintyUnivariate", "expandedUnc", "coverageInterval", "measurementUncertaintyMultivariate",
    "measurementUncertaintyBivariate", "ellipsoidalRegion", "rectangularRegion",
))  # fmt: skip
_STANDARD = "basic_normalUsed"
_SHOWN = 60


def regulation(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield verifications that name methods, none of which is a verification regulation."""
    named = [(element, said.zh) for element, said in document.found("regulation")]
    if document.kind in _VERIFYING and named and not any(_JJG.match(norm) for _, norm in named):
        norms = "、".join(norm for _, norm in named)[:_SHOWN]
        yield ProfileBreach("CN-REGULATION-NOT-JJG", named[0][0], {"norms": norms})


def persons(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield persons who answer for two of the three duties."""
    seen: dict[str, Text] = {}
    for id_ in ("calibrated_by", "reviewed_by", "approved_by"):
        duty = fields()[id_].name
        for element, said in document.found(id_):
            name = said.in_language("zh")
            if name in seen and seen[name] != duty:
                duties = Text(f"{seen[name].zh}与{duty.zh}", f"“{seen[name].en}” and “{duty.en}”")
                yield ProfileBreach(
                    "CN-PERSONS-NOT-SEPARATE", element, {"duties": duties, "name": name[:_SHOWN]}
                )
            seen.setdefault(name, duty)


def uncertainties(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield calibration certificates whose results have no uncertainty at all."""
    if document.kind != "calibration_certificate":
        return
    results = document.all("measurementResults//results")
    if not any(next(each.iter(*_UNCERTAINTIES), None) is not None for each in results):
        yield ProfileBreach("CN-UNCERTAINTY-MISSING", results[0] if results else document.root)


def standards(document: ProfileDocument) -> Iterator[ProfileBreach]:
    """Yield measurement standards without certificate, or without uncertainty, class or permissible error."""
    if document.kind not in _WITH_STANDARDS:
        return
    for equipment in document.all("measurementResults//measuringEquipment"):
        if _STANDARD not in equipment.get("refType", "").split():
            continue
        if not child_text(equipment, "certificate/referralID"):
            yield _incomplete(equipment, Text("证书号", "certificate number"))
        elif not _tells_validity(equipment):
            yield _incomplete(equipment, Text("证书有效期", "validity of its certificate"))
        if child_of(equipment, "measuringEquipmentQuantities/measuringEquipmentQuantity") is None:
            missing = Text(
                "不确定度、准确度等级或最大允许误差",
                "uncertainty, accuracy class or maximum permissible error",
            )
            yield _incomplete(equipment, missing)


def _tells_validity(equipment: etree._Element) -> bool:
    members = ("certificate/inValidityRange", "certificate/description")
    return any(child_of(equipment, member) is not None for member in members)


def _incomplete(equipment: etree._Element, missing: Text) -> ProfileBreach:
    name = equipment.find(f"{{{DCC}}}name")
    said = said_in(name) if name is not None else Text()
    facts = {
        "name": Text(said.in_language("zh")[:_SHOWN], said.in_language("en")[:_SHOWN]),
        "missing": missing,
    }
    return ProfileBreach("CN-STANDARD-INCOMPLETE", equipment, facts)
