"""What the ledger of instruments takes and refuses, member by member; nothing of it needs a database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger import THERMOMETER, credit_code

from jialiang.base.instruments.errors import InstrumentIncomplete, InstrumentMember
from jialiang.base.instruments.facts import MANDATORY, checked_columns
from jialiang.kernel.text import Text

# member: given, the English words of its refusal, empty where it is taken
MEMBERS = [
    ("name", Text("温" * 100, "t" * 200), ""),
    ("name", Text("温" * 101), "101 characters"),
    ("name", Text("温度计", "t" * 201), "201 characters"),
    ("name", Text("温\t度计"), "control character"),
    ("model", "m" * 61, "61 characters"),
    ("serial_number", "一二三-№7", ""),
    ("serial_number", "7\x00", "control character"),
    ("inventory_number", "i" * 61, "61 characters"),
    ("manufacturer", Text("厂" * 101), "101 characters"),
    ("manufacturer_credit_code", credit_code(7), ""),
    ("manufacturer_credit_code", f" {credit_code(7).lower()} ", ""),
    ("manufacturer_credit_code", credit_code(7)[:-1], "credit code"),
    ("manufacturer_credit_code", "91370000MA0000001K", "credit code"),
    ("origin", "o" * 61, "61 characters"),
    ("type_approval_number", "t" * 41, "41 characters"),
    ("measuring_interval", Text("（" * 101), "101 characters"),
    ("accuracy_class", "0.05 级", ""),
    ("accuracy_class", "a" * 61, "61 characters"),
    ("maximum_permissible_error", "0.30", ""),
    ("maximum_permissible_error", "3E-1", ""),
    ("maximum_permissible_error", "", ""),
    ("maximum_permissible_error", "±0.3", "not a decimal number"),
    ("maximum_permissible_error", "0.3 ℃", "not a decimal number"),
    ("maximum_permissible_error", "0", "greater than zero"),
    ("maximum_permissible_error", "0.000", "greater than zero"),
    ("displayed_resolution", "0.01", ""),
    ("displayed_resolution", "-0.01", "greater than zero"),
    ("displayed_resolution", "0,01", "not a decimal number"),
    ("displayed_resolution", "1" * 31, "31 characters"),
    ("unit", "\\kelvin", ""),
    ("unit", "\\kilo\\gram", ""),
    ("unit", "℃", "not a known unit"),
    ("unit", "\\gramm", "not a known unit"),
    ("place_of_use", "p" * 121, "121 characters"),
    ("region_code", "440100", ""),
    ("region_code", "44010", "region code of six digits"),
    ("region_code", "999999", "region code of six digits"),
    ("region_code", "44010０", "region code of six digits"),
    ("purpose", "trade_settlement", ""),
    ("purpose", "medical_care", ""),
    ("purpose", "Trade", "is not one of"),
    ("interval_months", 1, ""),
    ("interval_months", 240, ""),
    ("interval_months", None, ""),
    ("interval_months", 0, "1 to 240 months"),
    ("interval_months", 241, "1 to 240 months"),
    ("interval_months", -1, "whole number"),
    ("interval_months", True, "whole number"),
    ("interval_months", 1.5, "whole number"),
    ("interval_months", "12", "whole number"),
    ("limitation", Text("仅 25 ℃ 以下", "below 25 °C only"), ""),
    ("limitation", Text("限" * 201), "201 characters"),
]


@pytest.mark.parametrize(("member", "given", "english"), MEMBERS, ids=lambda given: str(given)[:30])
def test_a_member_of_the_ledger_record(member, given, english):
    facts = replace(THERMOMETER, **{member: given})
    if not english:
        checked_columns(facts)
        return
    with pytest.raises(InstrumentMember) as refused:
        checked_columns(facts)
    assert english in refused.value.what.en
    assert refused.value.facts["member"].zh


@pytest.mark.parametrize("member", MANDATORY)
def test_the_record_is_not_complete_without(member):
    empty = Text("", "English only") if member == "name" else "   "
    with pytest.raises(InstrumentIncomplete) as refused:
        checked_columns(replace(THERMOMETER, **{member: empty}))
    assert "," not in refused.value.facts["members"].en


def test_everything_that_is_missing_is_named_with_the_owner():
    bare = replace(THERMOMETER, name=Text(), model="", purpose="")
    with pytest.raises(InstrumentIncomplete) as refused:
        checked_columns(bare, owner_known=False)
    assert refused.value.facts["members"].zh == "器具名称、型号规格、用途、使用单位"


# maximum permissible error, resolution, unit: is the unit needed and known
UNITS = [
    ("", "", "", True),
    ("", "", "\\kelvin", True),
    ("0.3", "", "", False),
    ("", "0.01", "", False),
    ("0.3", "0.01", "\\kelvin", True),
    ("", "", "nonsense", False),
]


@pytest.mark.parametrize(("limit", "step", "unit", "holds"), UNITS)
def test_a_number_has_a_unit_and_a_unit_is_known(limit, step, unit, holds):
    facts = replace(THERMOMETER, maximum_permissible_error=limit, displayed_resolution=step, unit=unit)
    if holds:
        assert checked_columns(facts)["unit"] == unit
        return
    with pytest.raises(InstrumentMember, match="not a known unit"):
        checked_columns(facts)


@given(st.integers(1, 10**9), st.integers(0, 9))
def test_a_decimal_keeps_every_digit_and_what_was_understood_is_understood_alike_again(number, places):
    typed = f"{number / 10**places:.{places}f}"
    if float(typed) == 0:
        return
    once = checked_columns(replace(THERMOMETER, maximum_permissible_error=typed))["maximum_permissible_error"]
    assert once == typed
    again = checked_columns(replace(THERMOMETER, maximum_permissible_error=once))["maximum_permissible_error"]
    assert again == once


def test_the_makers_code_is_kept_in_its_one_form():
    given_ = replace(
        THERMOMETER, manufacturer_credit_code=f" {credit_code(7)[:9]} {credit_code(7)[9:].lower()}"
    )
    assert checked_columns(given_)["manufacturer_credit_code"] == credit_code(7)
