"""Inputs from a certificate in the budget editor: read the file, offer its values, take the chosen ones as rows.

Nothing is kept between the two steps: what is offered stands in the page, and what comes back is what a person could
have typed into the rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from jialiang.console.measurement_science.budget_faults import Fault, fault_of
from jialiang.console.measurement_science.budget_sheet import (
    BLANK_ROWS,
    MOST_ROWS,
    BudgetSheet,
    sheet_of_document,
)
from jialiang.formats.budget_exchange.certificate_input import CertificateValue
from jialiang.formats.dcc.quantities.model import text_in
from jialiang.formats.dsi.units import unit_text
from jialiang.information.science_questions import MOST_BYTES, budget_inputs
from jialiang.kernel.errors import InvalidInput
from jialiang.science.documents.errors import DocumentTooLarge
from jialiang.science.rounding import typeset

ACTS = ("certificate", "take")
FIELD = "certificate"


def with_certificate(request: HttpRequest, sheet: BudgetSheet) -> dict[str, Any]:
    """Return what the page shows after a step: ``choices`` of an uploaded certificate, or ``faults``.

    For the second step the chosen values are added to the rows of ``sheet``.
    """
    if request.POST.get("act") == "take":
        return _taken(request, sheet)
    upload = request.FILES.get(FIELD)
    if not isinstance(upload, UploadedFile):
        return {"faults": [Fault(FIELD, gettext("Choose a file first."))]}
    try:
        if (upload.size or 0) > MOST_BYTES:
            raise DocumentTooLarge(limit=MOST_BYTES)
        found = budget_inputs(upload.read())
    except InvalidInput as problem:
        return {"faults": [fault_of(problem, BudgetSheet()).at(FIELD)]}
    if not found:
        said = gettext("No value of the certificate has an uncertainty.")
        return {"faults": [Fault(FIELD, said)]}
    return {"choices": [_choice(each) for each in found]}


def _choice(value: CertificateValue) -> dict[str, str]:
    """Return a value as it is offered: its name, its figures, and the input as JSON."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    made = value.input
    unit = unit_text(made["unit"]).in_language("zh" if language == "zh" else "en")
    said = [f"{typeset(made['mean'])} {unit}".strip()]
    said += [f"{name} = {made[name]}" for name in ("u", "U", "k") if name in made]
    said += [f"ν = {made['dof']}"] if "dof" in made else []
    number = value.reference.rpartition("#")[2] if "#" in value.reference else ""
    name = text_in(value.name, language) or value.reference.rpartition("/")[2]
    return {
        "name": f"{name} #{number}" if number else name,
        "figures": ", ".join(said),
        "json": json.dumps(made, ensure_ascii=False),
    }


def _taken(request: HttpRequest, sheet: BudgetSheet) -> dict[str, Any]:
    given = request.POST.getlist("taken")
    if not given:
        return {"faults": [Fault(FIELD, gettext("Choose at least one value."))]}
    room = MOST_ROWS - BLANK_ROWS - len(sheet.inputs)
    if len(given) > room:
        return {"faults": [Fault(FIELD, gettext("There is no room for so many inputs."))]}
    names = _free_names(sheet)
    try:
        items = [{**_object(text), "name": next(names)} for text in given]
        sheet.inputs += sheet_of_document({"inputs": items}).inputs
    except (InvalidInput, ValueError, RecursionError):
        return {"faults": [Fault(FIELD, gettext("What was chosen is no value of a certificate."))]}
    return {}


def _object(text: str) -> dict[str, Any]:
    """Return a JSON object. Raises ValueError for anything else."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError(text[:20])
    return found


def _free_names(sheet: BudgetSheet) -> Iterator[str]:
    """Yield symbols that no row has: x1, x2 …"""
    used = {row["name"] for row in (*sheet.inputs, *sheet.formulas)}
    return (name for number in range(1, 10 * MOST_ROWS) if (name := f"x{number}") not in used)
