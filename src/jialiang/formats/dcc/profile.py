"""The names that this house adds to the DCC: refTypes with the prefix ``jl_`` and the words that go with them.

PTB's own refTypes (``basic_``, ``gp_``) are used where they exist; ``jl_`` marks what they have no word for.
``docs/reference/dcc-profile.md`` lists all of them.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from jialiang.kernel.text import Text

DCC = "https://ptb.de/dcc"
SCHEMA_VERSION = "3.3.0"

IDENTIFIER = "jl_identifier"
CHECK_CODE = "jl_checkCode"
CHECK_URL = "jl_checkUrl"
COMMISSION_NUMBER = "jl_commissionNumber"
RECORD_NUMBER = "jl_recordNumber"
INSTITUTE_CREDIT_CODE = "jl_instituteCreditCode"
INSTITUTE_GLN = "jl_instituteGln"
CUSTOMER_CREDIT_CODE = "jl_customerCreditCode"
CUSTOMER_GLN = "jl_customerGln"
SERIAL_NUMBER = "jl_serialNumber"
INVENTORY_NUMBER = "jl_inventoryNumber"

MEASURING_INTERVAL = "jl_measuringInterval"
ACCURACY_CLASS = "jl_accuracyClass"
CONDITION_ON_RECEIPT = "jl_conditionOnReceipt"
UNCERTAINTY_STATEMENT = "jl_uncertaintyStatement"

KIND = "jl_kind"
PLACE = "jl_performancePlace"
CONCLUSION = "jl_conclusion"
AMENDMENT = "jl_amendment"
TRUST = "jl_trust"
FICTIONAL = "jl_fictional"
RECALIBRATION = "basic_recalibration"
CONFORMITY = "basic_conformity"

REJECTED = frozenset({"fail", "conditionalFail", "noPass"})
"""The statements of conformity with which an instrument is not accepted."""

DUTIES = {"calibrated": "jl_calibrated", "reviewed": "jl_reviewed", "approved": "jl_approved"}

# Celsius columns that are temperatures get a kelvin twin; those that are differences of temperatures are
# in kelvin alone: 0.05 °C of difference is 0.05 K, not 273.20 K.
TEMPERATURES = frozenset({
    "basic_referenceValue", "basic_measuredValue", "basic_nominalValue", "basic_calibrationValue",
    "basic_arithmeticMean", "basic_temperatureMin", "basic_temperatureMax", "gp_indication",
})  # fmt: skip
DIFFERENCE_MARKS = (
    "error",
    "correction",
    "deviation",
    "difference",
    "limit",
    "stability",
    "uniformity",
    "drift",
)


def is_difference(ref_type: str) -> bool:
    """Tell whether a column of this refType states differences (errors, corrections, limits of them)."""
    return ref_type not in TEMPERATURES and any(mark in ref_type.lower() for mark in DIFFERENCE_MARKS)


def words(key: str) -> Text:
    """Return the fixed words of the profile for ``key`` in both languages."""
    return _table("words.json")[key]


def member(local_name: str) -> Text:
    """Return what people call an element or attribute of a DCC; its own name where there is no word for it."""
    return _table("members.json").get(local_name, Text(local_name, local_name))


def place(path: str) -> Text:
    """Return what people call a place such as ``item/name``: 器具 › 名称."""
    members = [member(step) for step in path.split("/")]
    return Text(" › ".join(m.zh for m in members), " › ".join(m.en for m in members))


@cache
def _table(name: str) -> dict[str, Text]:
    file = resources.files("jialiang.formats.dcc") / name
    raw = json.loads(file.read_text(encoding="utf-8"))
    return {key: Text.from_json(pair) for key, pair in raw.items()}
