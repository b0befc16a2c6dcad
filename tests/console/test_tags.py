"""What each component tag draws."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from lxml import etree

from jialiang.console import drawings
from jialiang.console.paging import Page
from jialiang.kernel.text import Text

TODAY = date(2026, 6, 16)
NBSP = "\u00a0"


def drawn(source: str, language: str = "en", **context: object) -> str:
    with translation.override(language):
        return Template(source).render(Context({"today": TODAY, **context}))


def test_a_number_cell_aligns_on_the_point() -> None:
    assert drawn('{% number_cell "-20.013" 3 %}') == (
        '<td class="jl-num jl-f3">\u221220<span class="f">.013</span></td>'
    )


def test_an_absent_number_is_a_dash_and_never_blank() -> None:
    assert "—" in drawn('{% number_cell "" 2 %}')
    assert "—" in drawn("{% number_cell nothing 2 %}", nothing=None)


def test_zero_is_a_number_and_no_dash() -> None:
    assert drawn('{% number_cell "0" 0 %}') == '<td class="jl-num jl-f0">0<span class="f"></span></td>'


def test_the_fraction_of_a_column_comes_from_its_rows() -> None:
    rows = [{"error": "0.01"}, {"error": "-0.0125"}]
    assert drawn('{{ rows|decimals_of:"error" }}', rows=rows) == "4"


def test_a_quantity_is_one_unbreakable_thing_with_u_and_k() -> None:
    text = drawn('{% quantity "20.013" unit "0.012" "2" %}', unit=Text("℃", "°C"))
    assert text == (
        f'<span class="jl-q"><b>20.013</b>{NBSP}°C{NBSP}<span class="pm">±{NBSP}0.012{NBSP}°C</span>'
        f'{NBSP}<span class="k">(<i>k</i>{NBSP}={NBSP}2)</span></span>'
    )
    assert " " not in text.replace("<span class", "").replace('" ', "")


def test_a_changed_cell_keeps_the_old_value_and_leads_to_the_reason() -> None:
    text = drawn('{% changed_cell "60.500" "60.050" 3 note=1 href="#c1" %}')
    assert '<del class="jl-old">60.500</del>60<span class="f">.050</span>' in text
    assert '<sup><a href="#c1">1</a></sup>' in text


def test_entered_text_is_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"
    for source in (
        "{% number_cell x 2 %}",
        "{% quantity x x x x %}",
        "{% identifier x %}",
        "{% mark 'ok' 'ring' x %}",
        "{% changed_cell x x 2 note=x href=x %}",
        "{% fact x small=x %}{{ x }}{% endfact %}",
        "{% pair x %}{{ x }}{% endpair %}",
        "{% check 'passed' evidence=x %}{{ x }}{% endcheck %}",
        "{% note 'info' %}{{ x }}{% endnote %}",
        "{% card x aside=x %}{{ x }}{% endcard %}",
        "{% scroller x %}{{ x }}{% endscroller %}",
        "{% icon 'home' x %}",
    ):
        assert "<script" not in drawn(source, x=evil), source


def test_what_a_block_holds_is_drawn_and_not_escaped_twice() -> None:
    text = drawn("{% fact label %}{% identifier x %}{% endfact %}", label="Number", x="A&B")
    assert text == '<div><dt>Number</dt><dd><span class="jl-code">A&amp;B</span></dd></div>'


@pytest.mark.parametrize(
    ("day", "words", "kind"),
    [
        (date(2026, 6, 2), "14 days late", "stop"),
        (date(2026, 6, 15), "1 day late", "stop"),
        (date(2026, 6, 16), "today", "warn"),
        (date(2026, 7, 1), "in 15 days", "warn"),
        (date(2026, 7, 2), "in 16 days", ""),
    ],
)
def test_a_due_date_is_absolute_first_and_relative_second(day: date, words: str, kind: str) -> None:
    text = drawn("{% due_cell day %}", day=day)
    colour = f' class="jl-{kind}"' if kind else ""
    iso = day.isoformat()
    assert (
        text == f'<td class="jl-due"><time datetime="{iso}">{iso}</time><small{colour}>{words}</small></td>'
    )


def test_an_expiry_says_expired_and_speaks_chinese() -> None:
    assert "过期 2 天" in drawn("{% due day expiry=True %}", "zh-hans", day=date(2026, 6, 14))
    assert "逾期 2 天" in drawn("{% due day %}", "zh-hans", day=date(2026, 6, 14))


def test_a_closed_thing_has_no_distance_and_an_open_one_without_a_date_a_dash() -> None:
    assert "late" not in drawn("{% due day closed=True %}", day=date(2026, 6, 2))
    assert "—" in drawn("{% due day %}", day=None)


def test_a_status_has_colour_shape_and_word() -> None:
    text = drawn("{% status 'certificate' 'withdrawn' %}", "zh-hans")
    assert text.startswith('<span class="jl-st jl-stop"><svg class="jl-s"')
    assert text.endswith("已撤销</span>")


def test_a_state_without_a_look_is_a_mistake_that_names_itself() -> None:
    with pytest.raises(KeyError, match="'melted' of 'certificate'"):
        drawn("{% status 'certificate' 'melted' %}")


def test_an_icon_without_a_word_beside_it_has_one_for_those_who_cannot_see_it() -> None:
    assert '<span class="jl-vh">Print</span>' in drawn("{% icon 'print' 'Print' %}")
    assert "jl-vh" not in drawn("{% icon 'print' %}")


def test_every_icon_and_shape_is_well_formed() -> None:
    for name in drawings.names("icons"):
        etree.fromstring(drawings.icon(name))
    for name in drawings.names("shapes"):
        etree.fromstring(drawings.shape(name))
    etree.fromstring(drawings.vessel())


def test_a_moment_stands_in_the_time_zone_of_the_institute_with_its_offset() -> None:
    text = drawn("{{ at|moment }}", at=datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC))
    assert text == '<time datetime="2026-06-16T15:47:30+08:00" class="jl-nowrap">2026-06-16 15:47:30</time>'


def test_a_moment_late_in_the_utc_day_is_on_the_next_day_of_the_institute() -> None:
    assert "2026-06-17" in drawn("{{ at|day }}", at=datetime(2026, 6, 16, 18, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Tuesday, 16 June 2026"), ("zh-hans", "2026 年 6 月 16 日，星期二")]
)
def test_a_heading_writes_the_date_in_words(language: str, heading: str) -> None:
    assert drawn("{{ today|heading_date }}", language) == heading


def test_steps_say_which_is_done_and_which_is_now() -> None:
    text = drawn("{% steps names 1 'Steps' %}", names=["Take in", "Record", "Review"])
    assert text.count('class="done"') == 1
    assert text.index("Take in") < text.index('aria-current="step"') < text.index("Record")


@pytest.mark.parametrize(("part", "width"), [(0.25, "22.0"), (0.0, "0.5"), (1.7, "88.0")])
def test_the_width_of_a_share_is_an_attribute_and_stays_inside(part: float, width: str) -> None:
    text = drawn("{% share part %}", part=part)
    assert f'class="fg" width="{width}"' in text
    assert "style" not in text


def test_a_note_that_stops_work_is_an_alert() -> None:
    assert 'role="alert"' in drawn("{% note 'stop' %}x{% endnote %}")
    assert "alert" not in drawn("{% note 'info' %}x{% endnote %}")


class Intake(forms.Form):
    serial = forms.CharField(label="Serial number", help_text="As on the type plate")
    temperature = forms.DecimalField(label="Temperature", max_value=150)
    remark = forms.CharField(label="Remark", required=False)
    rule = forms.ChoiceField(
        label="Rule", widget=forms.RadioSelect, choices=[("a", "Simple"), ("b", "Guard band")]
    )
    agreed = forms.BooleanField(label="Agreed", required=False)


def test_a_field_ties_label_error_and_hint_to_its_control() -> None:
    form = Intake({"temperature": "151", "rule": "a"})
    form.is_valid()
    text = drawn("{% field form.serial %}{% field form.temperature %}", form=form)
    assert '<label class="form-label" for="id_serial">Serial number</label>' in text
    assert 'aria-describedby="id_serial-error id_serial-hint"' in text
    assert 'id="id_serial-error"' in text
    assert 'id="id_serial-hint">As on the type plate' in text
    assert text.count("autofocus") == 1
    assert text.count('aria-invalid="true"') == 2


def test_the_error_of_a_field_is_in_the_language_of_the_page() -> None:
    form = Intake({})
    with translation.override("zh-hans"):
        form.is_valid()
    assert "这个字段是必填项" in drawn("{% field form.serial %}", "zh-hans", form=form)


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert "(optional)" in drawn("{% field form.remark %}", form=Intake())
    assert "(optional)" not in drawn("{% field form.serial %}", form=Intake())


def test_choices_stand_in_a_fieldset_and_a_check_box_before_its_label() -> None:
    text = drawn("{% field form.rule %}", form=Intake({"rule": "b"}))
    assert "<fieldset" in text
    assert '<legend class="form-label">Rule</legend>' in text
    assert text.count('type="radio"') == 2
    assert text.count("checked") == 1
    box = drawn("{% field form.agreed %}", form=Intake())
    assert box.index('type="checkbox"') < box.index("Agreed")


def test_the_unit_of_a_field_stands_beside_it() -> None:
    assert '<span class="input-group-text">°C</span>' in drawn(
        "{% field form.temperature unit=unit %}", form=Intake(), unit=Text("℃", "°C")
    )


def test_a_filter_keeps_the_others_and_starts_paging_again() -> None:
    request = RequestFactory().get("/instruments?state=fit&after=x&from=50&q=a")
    text = drawn('{% query state="limited" q="" %}', request=request)
    assert text == "?state=limited"


def test_the_foot_of_a_list_counts_and_leads_on() -> None:
    request = RequestFactory().get("/instruments?state=fit")
    text = drawn("{% foot page %}", request=request, page=Page(rows=range(11), total=41, after="k11"))
    assert "1 to 11 of 41" in text
    assert "?state=fit&amp;after=k11&amp;from=11" in text
    assert "From the beginning" not in text
    assert "1 至 11，共 41" in drawn(
        "{% foot page %}", "zh-hans", request=request, page=Page(rows=range(11), total=41)
    )
