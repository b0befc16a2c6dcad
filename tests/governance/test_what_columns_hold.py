"""What the columns of every table hold: each kind of value laid out, so that both databases answer alike."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.base.instruments.models import Instrument
from jialiang.base.organizations.models import Organization
from jialiang.governance import data_elements as elements
from jialiang.governance.data_elements import Difference, Problem
from jialiang.kernel.text import Text

# table, column, value: a word of the reason, or nothing where it can be held
HELD = [
    (Instrument, "model", "TDX-200", ""),
    (Instrument, "model", "", ""),
    (Instrument, "model", None, ""),
    (Instrument, "model", "x" * 60, ""),
    (Instrument, "model", "x" * 61, "61 characters, 60 are allowed"),
    (Instrument, "model", "型" * 60, ""),
    (Instrument, "model", "𠮷" * 60, ""),
    (Instrument, "model", "e\u0301" * 31, "62 characters"),
    (Instrument, "model", "a\nb", "line break"),
    (Instrument, "model", "a\tb", "line break"),
    (Instrument, "model", "a\x00b", "control character"),
    (Instrument, "model", "a\x7fb", "control character"),
    (Instrument, "model", "a\x85b", "control character"),
    (Instrument, "model", "a\u2028b", "line break"),
    (Instrument, "model", "a\ud83db", "control character"),
    (Instrument, "model", "a\u00a0b", ""),
    (Instrument, "model", "a　b", ""),
    (Instrument, "model", 7, "not text"),
    (Instrument, "model", 7.5, "not text"),
    (Instrument, "model", True, "not text"),
    (Instrument, "model", ["TDX"], "not text"),
    (Instrument, "model", {"zh": "TDX"}, "not text"),
    (Instrument, "model", b"TDX", "not text"),
    (Instrument, "purpose", "trade_settlement", ""),
    (Instrument, "purpose", "", ""),
    (Instrument, "purpose", "Trade_settlement", "trade_settlement"),
    (Instrument, "purpose", "fun", "trade_settlement"),
    (Instrument, "purpose", 1, "trade_settlement"),
    (Instrument, "purpose", ["other"], "trade_settlement"),
    (Instrument, "purpose", {"other": 1}, "trade_settlement"),
    (Instrument, "interval_months", 0, ""),
    (Instrument, "interval_months", 12, ""),
    (Instrument, "interval_months", 32767, ""),
    (Instrument, "interval_months", 32768, "whole number"),
    (Instrument, "interval_months", -1, "whole number"),
    (Instrument, "interval_months", 12.0, "whole number"),
    (Instrument, "interval_months", "12", "whole number"),
    (Instrument, "interval_months", True, "whole number"),
    (Instrument, "interval_months", [12], "whole number"),
    (Organization, "email", "office@example.cn", ""),
    (Organization, "email", "办公室@example.cn", "e-mail"),
    (Organization, "email", "office", "e-mail"),
    (Organization, "email", "office@", "e-mail"),
    (Organization, "email", "office@example", "e-mail"),
    (Organization, "email", "a b@example.cn", "e-mail"),
    (Organization, "email", "office@example.cn\n", "line break"),
    (Organization, "email", "office@example.cn,other@example.cn", "e-mail"),
]


@pytest.mark.parametrize(
    ("table", "column", "value", "reason"), HELD, ids=[f"{c}={v!r}"[:40] for _, c, v, _ in HELD]
)
def test_each_value_is_held_or_refused_with_its_reason(table, column, value, reason):
    found = elements.problems("instrument", table, {column: value})
    if not reason:
        assert found == []
        return
    (problem,) = found
    assert reason in problem.reason.en
    assert problem.reason.zh
    assert problem.member == elements.element_name("instrument", column)
    assert problem.given == str(value)


def test_all_problems_of_a_row_are_told_in_the_order_of_its_columns():
    written = {"model": "x" * 99, "serial_number": "fine", "purpose": "fun", "interval_months": -1}
    members = [problem.member for problem in elements.problems("instrument", Instrument, written)]
    assert members == [
        elements.element_name("instrument", m) for m in ("model", "purpose", "interval_months")
    ]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60))
def test_any_line_that_is_short_enough_is_held(text):
    assert elements.problems("instrument", Instrument, {"model": text}) == []


@given(st.integers())
def test_a_whole_number_is_held_exactly_from_zero_to_the_largest(number):
    refused = elements.problems("instrument", Instrument, {"interval_months": number}) != []
    assert refused is not (0 <= number <= elements.LARGEST_SMALL_INTEGER)


# --- names ---------------------------------------------------------------------------------------------------

NAMES = [
    ("instrument", "serial_number"), ("instrument", "name"), ("organization", "credit_code"), ("instrument", "purpose"),
]  # fmt: skip


@pytest.mark.parametrize(("noun", "member"), NAMES)
def test_a_bilingual_column_is_called_as_its_member(noun, member):
    name = elements.element_name(noun, member)
    assert name.zh != name.en
    assert elements.element_name(noun, f"{member}_zh") == elements.element_name(noun, f"{member}_en") == name


@pytest.mark.parametrize(("noun", "member"), [("instrument", "nothing"), ("nothing", "nothing"), ("", "")])
def test_what_has_no_name_stands_for_itself(noun, member):
    assert elements.element_name(noun, member) == Text(member, member)


@pytest.mark.parametrize(
    ("members", "zh", "en"),
    [((), "", ""), (("x",), "x", "x"), (("x", "y"), "x、y", "x, y"), (("x", "y", "z"), "x、y、z", "x, y, z")],
)
def test_several_names_are_enumerated_in_each_language(members, zh, en):
    assert elements.element_names("nothing", members) == Text(zh, en)


# --- facts, columns, differences -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    name: Text
    model: str = ""
    months: int | None = None
    tags: list[str] = field(default_factory=list)
    since: date | None = None


COLUMNS = [
    (
        Facts(Text("温度计", "Thermometer")),
        {"name_zh": "温度计", "name_en": "Thermometer", "model": "", "months": None},
    ),
    (Facts(Text(" 温度计 \n", "\tThermometer")), {"name_zh": "温度计", "name_en": "Thermometer"}),
    (Facts(Text(), "  A-1　"), {"name_zh": "", "name_en": "", "model": "A-1"}),
    (Facts(Text(), "a  b"), {"model": "a  b"}),
    (Facts(Text(), months=0), {"months": 0}),
    (Facts(Text(), tags=[" a "]), {"tags": [" a "]}),
]


@pytest.mark.parametrize(("facts", "expected"), COLUMNS)
def test_facts_become_columns_without_outer_blanks(facts, expected):
    written = elements.columns(facts)
    assert {name: written[name] for name in expected} == expected
    assert set(written) == {"name_zh", "name_en", "model", "months", "tags", "since"}


@pytest.mark.parametrize("given_value", [Facts, {"name": "x"}, "x", None, 7])
def test_only_a_value_of_facts_has_columns(given_value):
    with pytest.raises(TypeError, match="not a dataclass of facts"):
        elements.columns(given_value)


MANDATORY = ("name", "model", "months", "tags", "since")
MISSING = [
    (Facts(Text()), ["name", "model", "months", "tags", "since"]),
    (Facts(Text(en="Thermometer"), "A", 1, ["x"], date(2026, 1, 1)), ["name"]),
    (Facts(Text("温度计"), "A", 1, ["x"], date(2026, 1, 1)), []),
    (Facts(Text("温度计"), " ", 1, ["x"], date(2026, 1, 1)), ["model"]),
    (Facts(Text("温度计"), "A", 0, ["x"], date(2026, 1, 1)), []),
    (Facts(Text(" "), "A", None, [], None), ["name", "months", "tags", "since"]),
]


@pytest.mark.parametrize(("facts", "missing"), MISSING)
def test_what_is_mandatory_and_empty_is_named_in_its_order(facts, missing):
    assert elements.missing_members(facts, MANDATORY) == missing


class Row:
    """A row as a table would have it."""

    def __init__(self, **columns: object) -> None:
        self.__dict__.update(columns)


DIFFERENCES = [
    ({"a": 1}, {"a": 1}, {}, {}),
    ({"a": 1}, {"a": 2}, {"a": 1}, {"a": 2}),
    ({"a": ""}, {"a": None}, {"a": ""}, {"a": None}),
    ({"a": "x", "b": "y"}, {"b": "z"}, {"b": "y"}, {"b": "z"}),
    ({"a": UUID(int=1)}, {"a": UUID(int=2)}, {"a": str(UUID(int=1))}, {"a": str(UUID(int=2))}),
    ({"a": date(2026, 6, 16)}, {"a": None}, {"a": "2026-06-16"}, {"a": None}),
    ({"a": [1]}, {"a": [1, 2]}, {"a": [1]}, {"a": [1, 2]}),
    ({"a": 1}, {"a": "1"}, {"a": 1}, {"a": "1"}),
]


@pytest.mark.parametrize(("row", "wanted", "old", "new"), DIFFERENCES)
def test_a_difference_holds_what_alters_and_nothing_else(row, wanted, old, new):
    found = elements.difference(Row(**row), wanted)
    assert found == Difference(old, new)
    assert bool(found) is bool(new)


def test_a_column_that_the_row_has_not_is_a_fault_of_the_program():
    with pytest.raises(AttributeError):
        elements.difference(Row(a=1), {"b": 2})


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.none() | st.integers(0, 99))
def test_facts_read_back_from_their_columns_are_written_alike(zh, en, model, months):
    facts = Facts(Text(zh, en), model, months)
    written = elements.columns(facts)
    again = elements.facts_of(Facts, Row(**written))
    assert elements.columns(again) == written
    assert not elements.difference(Row(**written), elements.columns(facts))


def test_a_reason_is_filled_and_an_unknown_one_is_a_fault_of_the_program():
    assert elements.reason("too_long", length=5, limit=3).en == "it has 5 characters, 3 are allowed"
    with pytest.raises(KeyError):
        elements.reason("because")
    assert Problem(Text("型号", "Model"), "x", elements.reason("not_text")).reason.zh == "不是文本"
