"""Data elements: names, facts and columns, differences, and checks that both databases share."""

import json
from dataclasses import dataclass
from importlib import resources
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.base.instruments.facts import InstrumentFacts
from jialiang.base.instruments.models import Instrument
from jialiang.base.measurement_standards.facts import CertificateFacts, CheckFacts, StandardFacts
from jialiang.base.organizations.facts import ContactFacts, OrganizationFacts, SiteFacts
from jialiang.base.organizations.models import Organization
from jialiang.governance import data_elements as elements
from jialiang.kernel.text import Text

FACTS = {
    "organization": OrganizationFacts,
    "site": SiteFacts,
    "contact": ContactFacts,
    "instrument": InstrumentFacts,
    "measurement_standard": StandardFacts,
    "standard_certificate": CertificateFacts,
    "check_observation": CheckFacts,
}
INTERNAL = {"parent_id", "stored_digest", "signature_findings"}


@dataclass(frozen=True)
class Pair:
    name: Text
    model: str = ""
    months: int | None = None


@dataclass
class Row:
    name_zh: str = ""
    name_en: str = ""
    model: str = ""
    months: int | None = None


@pytest.mark.parametrize("noun", FACTS)
def test_every_member_of_every_noun_has_a_name_in_both_languages(noun):
    members = set(FACTS[noun].__dataclass_fields__) - INTERNAL
    unnamed = [m for m in members if elements.element_name(noun, m) == Text(m, m)]
    assert unnamed == []


def test_every_word_of_the_data_file_is_there_in_both_languages():
    file = resources.files("jialiang.governance") / "data" / "data_elements.json"
    words = json.loads(file.read_text(encoding="utf-8"))
    leaves = [*words["reasons"].items(), *words["common"].items()]
    leaves += [
        (f"{noun}.{member}", text)
        for noun, members in words["nouns"].items()
        for member, text in members.items()
    ]
    assert [name for name, text in leaves if not (text.get("zh") and text.get("en"))] == []


def test_a_column_of_a_bilingual_member_has_the_member_s_name():
    assert elements.element_name("instrument", "manufacturer_zh") == elements.element_name(
        "instrument", "manufacturer"
    )


def test_several_names_are_enumerated_as_each_language_does():
    names = elements.element_names("instrument", ["name", "serial_number"])
    assert names == Text("器具名称、出厂编号", "name of the instrument, serial number")


@given(st.text(), st.text(), st.text(), st.none() | st.integers(0, 9))
def test_facts_written_as_columns_read_back_as_they_were_without_outer_blanks(zh, en, model, months):
    row = Row(**elements.columns(Pair(Text(zh, en), model, months)))
    assert elements.facts_of(Pair, row) == Pair(Text(zh.strip(), en.strip()), model.strip(), months)


@given(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5))
def test_writing_a_difference_makes_the_row_what_was_wanted_and_then_there_is_none(zh, en, model):
    row, wanted = Row("甲", "A", "M"), elements.columns(Pair(Text(zh, en), model))
    altered = elements.difference(row, wanted)
    assert set(altered.new) == {name for name in wanted if getattr(row, name) != wanted[name]}
    assert {name: getattr(row, name) for name in altered.old} == altered.old
    for name, value in wanted.items():
        setattr(row, name, value)
    assert not elements.difference(row, wanted)


def test_only_dataclasses_are_facts():
    with pytest.raises(TypeError, match="dataclass"):
        elements.columns({"name": "x"})


def test_a_bilingual_member_is_missing_without_its_chinese():
    assert elements.missing_members(Pair(Text("", "Thermometer"), " "), ("name", "model", "months")) == [
        "name", "model", "months",
    ]  # fmt: skip
    assert elements.missing_members(Pair(Text("温度计"), "x", 0), ("name", "model", "months")) == []


def test_names_that_the_facts_do_not_have_are_listed():
    assert elements.unknown_members(Pair, {"zeta": 1, "name": Text(), "alpha": 2}) == ["alpha", "zeta"]


@pytest.mark.parametrize(
    ("table", "column", "given", "english"),
    [
        (Instrument, "model", "x" * 61, "it has 61 characters, 60 are allowed"),
        (Instrument, "model", 7, "it is not text"),
        (Instrument, "model", "a\tb", "control character"),
        (Instrument, "purpose", "fun", "trade_settlement"),
        (Instrument, "interval_months", -1, "whole number"),
        (Instrument, "interval_months", True, "whole number"),
        (Instrument, "interval_months", 32768, "whole number"),
        (Organization, "email", "nobody", "e-mail address"),
    ],
)
def test_what_a_table_cannot_hold_is_refused_before_it_is_written(table, column, given, english):
    (problem,) = elements.problems("instrument", table, {column: given})
    assert english in problem.reason.en
    assert problem.given == str(given)


def test_what_a_table_can_hold_and_what_is_empty_is_no_problem():
    fine = {
        "model": "x" * 60,
        "purpose": "medical_care",
        "interval_months": 12,
        "origin": "",
        "limitation_zh": "",
    }
    assert elements.problems("instrument", Instrument, fine) == []


def test_ids_in_a_difference_are_json():
    row = Row(model=UUID(int=1))
    assert elements.difference(row, {"model": UUID(int=2)}).new == {"model": str(UUID(int=2))}
