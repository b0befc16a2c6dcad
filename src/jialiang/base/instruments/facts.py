"""The ledger record of an instrument, as it is registered and changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from jialiang.base.instruments.errors import InstrumentIncomplete, InstrumentMember
from jialiang.base.instruments.models import Instrument
from jialiang.governance import data_elements as elements
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal
from jialiang.science.units import parse_unit
from jialiang.vocabulary.credit_codes import is_credit_code, normalized_credit_code
from jialiang.vocabulary.regions import is_region_code

MANDATORY = ("name", "model", "serial_number", "place_of_use", "region_code", "purpose")
LONGEST_INTERVAL = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentFacts:
    """What the ledger keeps of an instrument besides its owner and state; :data:`MANDATORY` may not be empty.

    ``maximum_permissible_error`` and ``displayed_resolution`` are positive decimal texts in ``unit`` (D-SI);
    ``interval_months`` is the owner's own interval; ``limitation`` makes the instrument 限用.
    """

    name: Text
    model: str = ""
    serial_number: str = ""
    inventory_number: str = ""
    category_code: str = ""
    kind_code: str = ""
    manufacturer: Text = Text()
    manufacturer_credit_code: str = ""
    origin: str = ""
    type_approval_number: str = ""
    measuring_interval: Text = Text()
    accuracy_class: str = ""
    maximum_permissible_error: str = ""
    displayed_resolution: str = ""
    unit: str = ""
    place_of_use: str = ""
    region_code: str = ""
    purpose: str = ""
    compulsory: bool = False
    on_site: bool = False
    interval_months: int | None = None
    limitation: Text = Text()


def checked_columns(facts: InstrumentFacts, *, owner_known: bool = True) -> dict[str, Any]:
    """Return the columns to be written. Raises InstrumentIncomplete (naming all), then InstrumentMember."""
    missing = elements.missing_members(facts, MANDATORY)
    if not owner_known:
        missing.append("owner")
    if missing:
        raise InstrumentIncomplete(members=elements.element_names("instrument", missing))
    facts = replace(facts, manufacturer_credit_code=normalized_credit_code(facts.manufacturer_credit_code))
    written = elements.columns(facts)
    for problem in elements.problems("instrument", Instrument, written):
        raise InstrumentMember(member=problem.member, given=problem.given, reason=problem.reason)
    _check_codes(written)
    return written | _checked_numbers(written)


def _check_codes(written: dict[str, Any]) -> None:
    if not is_region_code(written["region_code"]):
        raise _refused("region_code", written, "unknown_region")
    maker = written["manufacturer_credit_code"]
    if maker and not is_credit_code(maker):
        raise _refused("manufacturer_credit_code", written, "bad_credit_code")
    months = written["interval_months"]
    if months is not None and not 1 <= months <= LONGEST_INTERVAL:
        raise _refused("interval_months", written, "months_out_of_range")


def _checked_numbers(written: dict[str, Any]) -> dict[str, str]:
    understood = {}
    for name in ("maximum_permissible_error", "displayed_resolution"):
        if not written[name]:
            continue
        try:
            number = read_decimal(written[name])
        except InvalidInput as problem:
            raise _refused(name, written, "not_a_decimal") from problem
        if number.number <= 0:
            raise _refused(name, written, "not_positive")
        understood[name] = number.text
    if understood or written["unit"]:
        try:
            parse_unit(written["unit"])
        except InvalidInput as problem:
            raise _refused("unit", written, "unknown_unit") from problem
    return understood


def _refused(name: str, written: dict[str, Any], why: str) -> InstrumentMember:
    return InstrumentMember(
        member=elements.element_name("instrument", name), given=str(written[name]), reason=elements.reason(why)
    )
