"""A budget as a part of a certificate: a ``dcc:result`` with value, u, U, k and ν, and its document attached.

The DCC has a place for files in the data of a result (``dcc:byteData``): there the document belongs to the values that
it gave, is signed with them, and any reader of a DCC shows or keeps it. u and ν, for which the D-SI has no place beside
U and k, are quantities in the metadata of the value. Put into ``dcc:results``, the part keeps a certificate valid.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping
from typing import Any

from lxml import etree

from jialiang.formats.budget_exchange.errors import NoBudgetAttached, NotSayableInCertificate
from jialiang.formats.dcc.elements import child, contents
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dsi.quantities import ExpandedUncertainty, Real, StandardUncertainty, write_quantity
from jialiang.formats.dsi.units import ONE
from jialiang.formats.dsi.writing import SI
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.text import Text
from jialiang.science.documents.evaluating import DocumentEvaluation, OutputEvaluation
from jialiang.science.documents.statements import reported_output
from jialiang.science.documents.text import document_from_bytes
from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.rounding import as_decimal, plain_text
from jialiang.science.unit_text import read_unit

BUDGET = "jl_uncertaintyBudget"
STANDARD_UNCERTAINTY = "jl_standardUncertainty"
DEGREES_OF_FREEDOM = "jl_degreesOfFreedom"
FILE_NAME = "uncertainty-budget.json"
MIME = "application/json"
_NAME = Text("测量不确定度预算", "Uncertainty budget")
_U = Text("标准不确定度", "Standard uncertainty")
_NU = Text("有效自由度", "Effective degrees of freedom")
_OF = "measurementUncertaintyUnivariate"


def certificate_part(document: Any, evaluation: DocumentEvaluation) -> bytes:
    """Return the ``dcc:result`` of an evaluated document. Raises NotSayableInCertificate and ForbiddenCharacter."""
    root = etree.Element(f"{{{DCC}}}result", nsmap={"dcc": DCC, "si": SI})
    root.set("refType", BUDGET)
    contents(child(root, "name"), _title(document))
    data = child(root, "data")
    for output in evaluation.outputs.values():
        _quantity(data, output, evaluation)
    attached = child(data, "byteData", refType=BUDGET)
    child(attached, "fileName", FILE_NAME)
    child(attached, "mimeType", MIME)
    written = json.dumps(document, ensure_ascii=False, indent=1).encode()
    child(attached, "dataBase64", base64.b64encode(written).decode())
    etree.indent(root, space="  ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def attached_budget(xml: bytes) -> Any:
    """Return the document that a certificate, or a part of one, carries.

    Raises NoBudgetAttached where it carries none or several, and what reading XML or JSON raises.
    """
    root = parse_xml(xml).getroot()
    found = [each for each in root.iter(f"{{{DCC}}}byteData") if BUDGET in (each.get("refType") or "").split()]
    if len(found) != 1:
        raise NoBudgetAttached(count=len(found))
    try:
        text = "".join((found[0].findtext(f"{{{DCC}}}dataBase64") or "").split())
        return document_from_bytes(base64.b64decode(text, validate=True))
    except binascii.Error:
        raise NoBudgetAttached(count=0) from None


def _title(document: Any) -> Text:
    title = document.get("title") if isinstance(document, Mapping) else None
    given = title if isinstance(title, Mapping) else {"zh": title, "en": title}
    zh, en = (each.strip() if isinstance(each := given.get(key), str) else "" for key in ("zh", "en"))
    return Text(zh or en, en or zh) if zh or en else _NAME


def _quantity(data: etree._Element, output: OutputEvaluation, evaluation: DocumentEvaluation) -> None:
    figures = reported_output(output, evaluation.settings) or {}
    unit = _unit(output)
    quantity = child(data, "quantity", refType="basic_measuredValue")
    contents(child(quantity, "name"), Text(output.name, output.name))
    value = figures.get("value") or plain_text(as_decimal(output.value))
    stated = _uncertainty(figures, evaluation.settings.probability)
    quantity.append(write_quantity(Real(quantity_value=value, unit=unit, uncertainty=stated)))
    nu = math.inf if output.degrees_of_freedom is None else output.degrees_of_freedom
    further = [(STANDARD_UNCERTAINTY, _U, figures.get("u", ""), unit)]
    further += [(DEGREES_OF_FREEDOM, _NU, f"{nu:.0f}" if nu >= 1000 else f"{nu:.3g}", ONE)] if math.isfinite(nu) else []
    if not any(text for _, _, text, _ in further):
        return
    about = child(child(quantity, "measurementMetaData"), "metaData", refType=BUDGET)
    contents(child(about, "name"), _NAME)
    inside = child(about, "data")
    for ref_type, name, text, of_unit in further:
        if text:
            one = child(inside, "quantity", refType=ref_type)
            contents(child(one, "name"), name)
            one.append(write_quantity(Real(quantity_value=text, unit=of_unit)))


def _uncertainty(
    figures: Mapping[str, str], probability: float
) -> ExpandedUncertainty | StandardUncertainty | None:
    """Return U with k and p, or u where there is no k that the D-SI can say."""
    if "k" in figures and as_decimal(figures["k"]) >= 1:
        return ExpandedUncertainty(
            form=f"{_OF}/expandedMU",
            expanded_uncertainty=figures["U"],
            coverage_factor=figures["k"],
            coverage_probability=plain_text(as_decimal(probability)),
        )
    if "u" in figures:
        return StandardUncertainty(form=f"{_OF}/standardMU", standard_uncertainty=figures["u"])
    return None


def _unit(output: OutputEvaluation) -> str:
    if output.unit in ("", "1"):
        return ONE
    try:
        dsi = read_unit(output.unit).dsi
    except (UnknownUnit, UnitSyntax):
        dsi = ""
    if not dsi:
        raise NotSayableInCertificate(name=output.name, unit=output.unit)
    return dsi
