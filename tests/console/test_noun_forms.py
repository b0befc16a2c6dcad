"""Forms of nouns: refusals stand at their field, facts are put together, labels speak the language of the page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import pytest
from django import forms
from django.utils import translation

from jialiang.base.instruments.errors import InstrumentChanged, InstrumentExists, InstrumentMember
from jialiang.base.measurement_standards.errors import StandardMember
from jialiang.console.measurement_standards.forms import PaperForm
from jialiang.console.noun_forms import (
    NounForm,
    carried_out,
    day_field,
    facts_from,
    fill_choices,
    member_label,
    members_changed,
    options,
    text_field,
)
from jialiang.governance.data_elements import element_name, reason
from jialiang.kernel.errors import (
    Conflict,
    InvalidInput,
    JialiangError,
    NotAllowed,
    NotFound,
    SeparationOfDuties,
    Unavailable,
)
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import FeeKind, StandardLevel


class Plate(NounForm):
    """Some members of an instrument, in two groups; one error has a field of its own."""

    noun: ClassVar[str] = "instrument"
    at_field: ClassVar[dict[str, str]] = {"JL-INS-007": "remark"}
    groups: ClassVar[Any] = (("What it is", ("name_zh", "model", "gone")), ("What it measures", ("nothing",)))

    name_zh = text_field(10, required=True)
    model = text_field(10)
    displayed_resolution = text_field(10)
    remark = text_field(10)


def plate(**typed: str) -> Plate:
    form = Plate({"name_zh": "压力表"} | typed)
    form.is_valid()
    return form


def told(form: NounForm) -> dict[str, list[str]]:
    return {name: [str(line) for line in lines] for name, lines in form.errors.items()}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "it has to be greater than zero (JL-INS-002)"),
        ("zh-hans", "必须大于零 (JL-INS-002)"),
    ],
)
def test_a_refused_member_is_told_at_its_own_field_with_why_and_code(language: str, words: str) -> None:
    form = plate()
    problem = InstrumentMember(
        member=element_name("instrument", "displayed_resolution"), given="0", reason=reason("not_positive")
    )
    with translation.override(language):
        form.refuse(problem)
    assert told(form) == {"displayed_resolution": [words]}
    assert (form.status, form.stopped_by) == (422, problem)


@pytest.mark.parametrize("member", ["name_zh", "name_en", "name"])
def test_a_bilingual_member_is_told_at_the_first_of_its_fields(member: str) -> None:
    form = plate()
    problem = InstrumentMember(
        member=element_name("instrument", member), given="x", reason=reason("control_character")
    )
    form.refuse(problem)
    assert list(told(form)) == ["name_zh"]


def test_a_member_that_the_form_does_not_have_is_told_over_the_form() -> None:
    form = plate()
    problem = InstrumentMember(
        member=element_name("instrument", "region_code"), given="99", reason=reason("unknown_region")
    )
    with translation.override("en"):
        form.refuse(problem)
    assert told(form) == {
        "__all__": [
            "The region code “99” cannot be stored: it is not a region code of six digits such as 370100."
            " Correct it and save again. (JL-INS-002)"
        ]
    }


def test_values_of_a_certificate_are_told_at_the_lines_that_were_typed() -> None:
    form = PaperForm({})
    form.is_valid()
    form.errors.clear()
    member = element_name("standard_certificate", "measured_values")
    with translation.override("en"):
        form.refuse(StandardMember(member=member, given="abc", reason=reason("not_a_decimal")))
    assert told(form) == {"values": ["it is not a decimal number such as 0.05 (JL-STD-002)"]}


class ReasonMissing(InvalidInput):
    """As the ledger's."""

    code = "JL-INS-007"


def test_an_error_without_a_member_stands_at_the_field_of_its_code() -> None:
    form = plate()
    with translation.override("en"):
        form.refuse(ReasonMissing())
    assert list(told(form)) == ["remark"]
    assert told(form)["remark"][0].startswith("No reason was given. Say why")
    assert told(form)["remark"][0].endswith("(JL-INS-007)")


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (InstrumentExists(name="压力表", model="Y", serial_number="1"), 409),
        (InstrumentChanged(name=Text("表", "gauge"), read=1, stored=2, what="x"), 409),
        (ReasonMissing(), 422),
    ],
)
def test_the_page_answers_with_the_status_of_the_refusal(problem: JialiangError, status: int) -> None:
    form = plate()
    form.refuse(problem)
    assert form.status == status


def test_a_page_that_is_shown_is_200_and_one_with_errors_422() -> None:
    assert Plate().status == 200
    assert plate().status == 200
    assert plate(name_zh="").status == 422
    assert plate(model="x" * 11).status == 422


@pytest.mark.parametrize("problem", [InvalidInput, Conflict, SeparationOfDuties, ReasonMissing])
def test_what_the_person_can_mend_comes_back_on_the_form(problem: type[JialiangError]) -> None:
    def refuse(_cleaned: dict[str, Any]) -> str:
        raise problem

    form = Plate({"name_zh": "压力表"})
    assert carried_out(form, refuse) is None
    assert isinstance(form.stopped_by, problem)
    assert form.errors


@pytest.mark.parametrize("problem", [NotAllowed, NotFound, Unavailable, KeyError])
def test_what_the_person_cannot_mend_is_not_swallowed(problem: type[Exception]) -> None:
    def refuse(_cleaned: dict[str, Any]) -> str:
        raise problem

    with pytest.raises(problem):
        carried_out(Plate({"name_zh": "压力表"}), refuse)


def test_a_verb_is_called_once_with_the_cleaned_form_and_never_with_a_wrong_one() -> None:
    calls: list[dict[str, Any]] = []

    def act(cleaned: dict[str, Any]) -> str:
        calls.append(dict(cleaned))
        return "done"

    assert carried_out(Plate({"name_zh": ""}), act) is None
    assert calls == []
    assert carried_out(Plate({"name_zh": " 表 ", "model": "Y"}), act) == "done"
    assert calls == [{"name_zh": "表", "model": "Y", "displayed_resolution": "", "remark": ""}]


@pytest.mark.parametrize(
    ("noun", "name", "zh", "en"),
    [
        ("instrument", "serial_number", "出厂编号", "Serial number"),
        ("instrument", "name_zh", "器具名称（中文）", "Name of the instrument (in Chinese)"),
        ("instrument", "name_en", "器具名称（英文）", "Name of the instrument (in English)"),
        ("instrument", "manufacturer_zh", "生产厂家（中文）", "Manufacturer (in Chinese)"),
        ("organization", "name_zh", "单位名称（中文）", "Name of the organization (in Chinese)"),
        ("site", "address_en", "场所地址（英文）", "Address of the site (in English)"),
        ("contact", "name", "联系人姓名", "Name of the contact"),
        ("commission", "note", "备注", "Note"),
        ("standard_certificate", "coverage_factor", "包含因子 k", "Coverage factor k"),
        ("standard_certificate", "expanded_uncertainty", "扩展不确定度 U", "Expanded uncertainty U"),
        ("no_such_noun", "serial_number", "出厂编号", "Serial number"),
        ("no_such_noun", "no_such_member", "No_such_member", "No_such_member"),
    ],
)
def test_a_label_is_the_name_of_the_data_element_with_its_language(
    noun: str, name: str, zh: str, en: str
) -> None:
    for language, expected in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert member_label(noun, name) == expected


def test_groups_show_what_there_is_and_leave_the_rest_out() -> None:
    with translation.override("zh-hans"):
        assert [(title, [b.name for b in fields]) for title, fields in Plate().grouped()] == [
            ("基本信息", ["name_zh", "model"])
        ]


def test_a_form_says_which_fields_are_needed_and_writes_no_colon() -> None:
    form = Plate()
    assert form.says_required
    assert form.label_suffix == ""
    assert Plate(label_suffix="?").label_suffix == "?"


@pytest.mark.parametrize(
    ("kind", "empty", "language", "expected"),
    [
        (FeeKind, "", "zh-hans", ["收费", "强制检定免费", "内部"]),
        (FeeKind, "", "en", ["Charged", "Free (compulsory verification)", "Internal"]),
        (
            StandardLevel,
            "Choose…",
            "en",
            [
                "Choose…",
                "National measurement standard",
                "Reference measurement standard",
                "Working measurement standard",
            ],
        ),
    ],
)
def test_the_options_of_an_enumeration_stand_in_its_order(
    kind: type[StrEnum], empty: str, language: str, expected: list[str]
) -> None:
    with translation.override(language):
        found = options(kind, empty)
    assert [words for _, words in found] == expected
    assert [value for value, _ in found][-3:] == [member.value for member in kind]
    assert (found[0][0] == "") is bool(empty)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Facts as a base app has them."""

    name: Text
    model: str = "unknown"
    interval_months: int | None = None
    limitation: Text = Text()


@pytest.mark.parametrize(
    ("cleaned", "others", "expected"),
    [
        ({"name_zh": "表", "name_en": "Gauge"}, {}, Facts(name=Text("表", "Gauge"))),
        ({"name_zh": "表"}, {}, Facts(name=Text("表"))),
        ({"name_zh": "表", "model": "Y", "stray": 1}, {}, Facts(name=Text("表"), model="Y")),
        ({"name_zh": "表", "interval_months": None}, {}, Facts(name=Text("表"), interval_months=None)),
        (
            {"name_zh": "表", "limitation_zh": "仅 0～50 ℃", "limitation_en": ""},
            {"model": "Z"},
            Facts(name=Text("表"), model="Z", limitation=Text("仅 0～50 ℃", "")),
        ),
        ({"name_zh": "表", "model": "Y"}, {"model": "Z"}, Facts(name=Text("表"), model="Z")),
        ({"name": Text("整", "whole")}, {}, Facts(name=Text("整", "whole"))),
    ],
)
def test_facts_are_put_together_from_the_fields(
    cleaned: dict[str, Any], others: dict[str, Any], expected: Facts
) -> None:
    assert facts_from(Facts, cleaned, **others) == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, {}),
        ({"model": "Y"}, {"model": "Y"}),
        ({"model": ""}, {"model": ""}),
        ({"interval_months": None}, {"interval_months": None}),
        ({"name_zh": "新"}, {"name": Text("新", "Gauge")}),
        ({"name_en": "New"}, {"name": Text("表", "New")}),
        ({"name_en": ""}, {"name": Text("表", "")}),
        ({"name_zh": "新", "name_en": "New", "model": "Y"}, {"name": Text("新", "New"), "model": "Y"}),
        ({"limitation_en": "indoors"}, {"limitation": Text("", "indoors")}),
        ({"version": 3}, {}),
    ],
)
def test_a_change_of_one_language_carries_the_other_along(
    columns: dict[str, Any], expected: dict[str, Any]
) -> None:
    stored = {"name_zh": "表", "name_en": "Gauge", "model": "X"}
    assert members_changed(Facts, stored, columns) == expected


def test_a_text_field_has_its_length_and_with_rows_several_lines() -> None:
    short = text_field(5, required=True, inputmode="decimal")
    assert (short.max_length, short.required, short.widget.attrs["inputmode"]) == (5, True, "decimal")
    long = text_field(400, rows=2)
    assert isinstance(long.widget, forms.Textarea)
    assert (long.required, long.widget.attrs["rows"]) == (False, 2)


@pytest.mark.parametrize(
    "written", ["05/06/2026", "5.6.2026", "June 5, 2026", "26-06-05", "2026-6", "20260605", "today"]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_day_that_could_be_another_one_is_refused(written: str, language: str) -> None:
    with translation.override(language), pytest.raises(forms.ValidationError):
        day_field().clean(written)


def test_a_stored_day_is_drawn_as_a_date_input_reads_it() -> None:
    class OneDay(forms.Form):
        day = day_field(required=False)

    for language in ("zh-hans", "en"):
        with translation.override(language):
            drawn = str(OneDay(initial={"day": "2026-06-05"})["day"])
            from_date = str(OneDay(initial={"day": day_field().clean("2026-06-05")})["day"])
        assert 'type="date"' in drawn
        assert 'value="2026-06-05"' in drawn
        assert 'value="2026-06-05"' in from_date


def test_only_a_choice_is_given_choices() -> None:
    form = Plate()
    with pytest.raises(TypeError, match="model is no choice"):
        fill_choices(form, "model", [("a", "A")])
    form.fields["kind"] = forms.ChoiceField()
    fill_choices(form, "kind", iter([("a", "A")]))
    assert form.fields["kind"].choices == [("a", "A")]
