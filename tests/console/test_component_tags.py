"""The tags that hold content and draw numbers, one rule a test, in both languages where there are words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from jialiang.console.paging import Page
from jialiang.console.templatetags import jl_numbers
from jialiang.console.wording import distance, heading_date
from jialiang.kernel.text import Text

CELSIUS = Text("℃", "°C")
TODAY = date(2026, 6, 16)
NBSP = "\u00a0"
NARROW = "\u202f"


def drawn(source: str, language: str = "en", request: HttpRequest | None = None, **context: Any) -> str:
    with translation.override(language):
        return Template(source).render(Context({"today": TODAY, "request": request, **context}))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("{% facts %}x{% endfacts %}", '<dl class="jl-facts">x</dl>'),
        ("{% strip %}x{% endstrip %}", '<dl class="jl-strip">x</dl>'),
        ("{% kv %}x{% endkv %}", '<dl class="jl-kv">x</dl>'),
        ("{% kv double=True %}x{% endkv %}", '<dl class="jl-kv jl-kv-2">x</dl>'),
        ("{% rules %}x{% endrules %}", '<dl class="jl-rule">x</dl>'),
        ("{% checks %}x{% endchecks %}", '<ul class="jl-checks">x</ul>'),
        ("{% timeline %}x{% endtimeline %}", '<ol class="jl-line">x</ol>'),
        ("{% bar %}x{% endbar %}", '<div class="jl-bar">x</div>'),
        ('{% pair "Model" %} YB-100 {% endpair %}', "<dt>Model</dt><dd>YB-100</dd>"),
        ('{% pair "Model" %}  {% endpair %}', "<dt>Model</dt><dd>—</dd>"),
        ('{% pair "Points" %}0{% endpair %}', "<dt>Points</dt><dd>0</dd>"),
        ('{% fact "Status" %} ok {% endfact %}', "<div><dt>Status</dt><dd>ok</dd></div>"),
        (
            '{% fact "Status" small="since May" %}ok{% endfact %}',
            "<div><dt>Status</dt><dd>ok<small>since May</small></dd></div>",
        ),
        (
            "{% card %}x{% endcard %}",
            '<section class="card"><div class="card-body">x</div></section>',
        ),
        (
            '{% card "Files" %}x{% endcard %}',
            '<section class="card"><div class="card-header"><h2 class="card-title">Files</h2></div>'
            '<div class="card-body">x</div></section>',
        ),
        (
            '{% card "Files" body=False aside="3" %}x{% endcard %}',
            '<section class="card"><div class="card-header"><h2 class="card-title">Files</h2>'
            '<span class="jl-push jl-cap">3</span></div>x</section>',
        ),
        (
            '{% card body=False aside="lost" %}x{% endcard %}',
            '<section class="card">x</section>',
        ),
        (
            '{% scroller "Table" %}x{% endscroller %}',
            '<div class="jl-scroll" role="region" tabindex="0" aria-label="Table">x</div>',
        ),
    ],
)
def test_a_block_is_drawn_around_what_it_holds(source: str, html: str) -> None:
    assert drawn(source) == html


@pytest.mark.parametrize(
    "source",
    [
        "{% pair label %}{{ inside }}{% endpair %}",
        "{% fact label small=label %}{{ inside }}{% endfact %}",
        '{% check "passed" label %}{{ inside }}{% endcheck %}',
        "{% entry at label who=label %}{{ inside }}{% endentry %}",
        "{% card label aside=label %}{{ inside }}{% endcard %}",
        "{% scroller label %}{{ inside }}{% endscroller %}",
        "{% note %}{{ inside }}{% endnote %}",
        "{% steps names 0 label %}",
        "{% identifier label %}{{ inside }}",
        "{% symbol label label %}{{ inside }}",
        "{% quantity label label label label %}{{ inside }}",
        "{% number_cell label %}{{ inside }}",
        "{% changed_cell label label note=label href=label %}{{ inside }}",
        '{% mark "ok" "ring" label %}{{ inside }}',
        '{% icon "home" label %}{{ inside }}',
        "{{ label|number }}{{ label|unit }}{{ label|words }}{{ inside }}",
    ],
)
def test_nothing_that_was_entered_becomes_markup(source: str) -> None:
    hostile = "<img src=x onerror=alert(1)>\"'&"
    html = drawn(source, label=hostile, inside=hostile, at=None, names=[hostile])
    assert "<img" not in html
    assert "&lt;img" in html
    assert "&amp;lt;" not in html


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "通过"), ("en", "Holds")])
def test_a_check_is_told_to_those_who_cannot_see_its_shape(language: str, word: str) -> None:
    html = drawn('{% check "passed" "12:00" %} Sealed {% endcheck %}', language)
    assert f'<span class="jl-vh">{word}</span>' in html
    assert html.startswith('<li><span class="jl-ok"><svg class="jl-s"')
    assert '<span>Sealed</span><span class="jl-2nd">12:00</span></li>' in html


def test_an_entry_says_when_what_who_and_leaves_an_empty_body_out() -> None:
    at = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        bare = drawn('{% entry at "Opened" %} {% endentry %}', at=at)
        full = drawn('{% entry at "Opened" "commission" "open" who="Zhang San" %}note{% endentry %}', at=at)
    assert "2026-06-16 15:47:30" in bare
    assert "jl-2nd" not in bare
    assert 'class="jl-s jl-idle"' in bare
    assert 'class="jl-s jl-warn"' in full
    assert " · Zhang San" in full
    assert '<div class="jl-2nd">note</div>' in full


@pytest.mark.parametrize(
    ("kind", "role"), [("stop", ' role="alert"'), ("warn", ""), ("info", ""), ("ok", "")]
)
def test_a_note_has_the_shape_of_its_kind(kind: str, role: str) -> None:
    html = drawn(f'{{% note "{kind}" %}} x {{% endnote %}}')
    assert html.startswith(f'<div class="jl-note jl-{kind}"{role}><svg')
    assert html.endswith("<div>x</div></div>")


def test_a_note_of_an_unknown_kind_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        drawn('{% note "loud" %}x{% endnote %}')


@pytest.mark.parametrize(
    ("current", "classes"),
    [
        (0, ["aria-current", "", ""]),
        (1, ["done", "aria-current", ""]),
        (2, ["done", "done", "aria-current"]),
        (3, ["done", "done", "done"]),
        (-1, ["", "", ""]),
    ],
)
def test_steps_before_are_done_one_is_now_and_the_others_wait(current: int, classes: list[str]) -> None:
    html = drawn("{% steps names current 'Way' %}", names=["a", "b", "c"], current=current)
    items = html.split("<li")[1:]
    found = ["done" if "done" in i else "aria-current" if 'aria-current="step"' in i else "" for i in items]
    assert found == classes
    assert html.startswith('<ol class="jl-steps" aria-label="Way">')
    assert "aria-label" not in drawn("{% steps names 0 %}", names=["a"])


@pytest.mark.parametrize(
    ("value", "fraction", "signed", "html"),
    [
        ("20.013", 3, False, '<td class="jl-num jl-f3">20<span class="f">.013</span></td>'),
        ("-20.013", 3, False, '<td class="jl-num jl-f3">\u221220<span class="f">.013</span></td>'),
        ("0.05", 3, True, '<td class="jl-num jl-f3">+0<span class="f">.05</span></td>'),
        ("0.00", 3, True, '<td class="jl-num jl-f3">0<span class="f">.00</span></td>'),
        ("7", 0, False, '<td class="jl-num jl-f0">7<span class="f"></span></td>'),
        (7, 2, False, '<td class="jl-num jl-f2">7<span class="f"></span></td>'),
        (Decimal("1.50"), 2, False, '<td class="jl-num jl-f2">1<span class="f">.50</span></td>'),
        (None, 3, False, '<td class="jl-num jl-f3">—<span class="f"></span></td>'),
        ("", 3, False, '<td class="jl-num jl-f3">—<span class="f"></span></td>'),
        (0, 1, False, '<td class="jl-num jl-f1">0<span class="f"></span></td>'),
        (
            "1234567.25",
            2,
            False,
            f'<td class="jl-num jl-f2">1{NARROW}234{NARROW}567<span class="f">.25</span></td>',
        ),
        ("0.00005", 12, False, f'<td class="jl-num jl-f9">0<span class="f">.000{NARROW}05</span></td>'),
        ("n/a", -3, False, '<td class="jl-num jl-f0">n/a<span class="f"></span></td>'),
    ],
)
def test_a_cell_aligns_whole_and_fraction_on_the_point(
    value: object, fraction: int, signed: bool, html: str
) -> None:
    assert jl_numbers.number_cell(value, fraction, signed=signed) == html


def test_a_cell_takes_more_classes() -> None:
    assert jl_numbers.number_cell("1", extra="hide-s").startswith('<td class="jl-num jl-f0 hide-s">')
    assert jl_numbers.number_cell("", extra="hide-s").startswith('<td class="jl-num jl-f0 hide-s">')


@pytest.mark.parametrize(
    ("language", "arguments", "html"),
    [
        ("en", {"value": "20.013"}, "<b>20.013</b>"),
        ("en", {"value": "20.013", "unit": CELSIUS}, f"<b>20.013</b>{NBSP}°C"),
        ("zh-hans", {"value": "20.013", "unit": CELSIUS}, f"<b>20.013</b>{NBSP}℃"),
        (
            "en",
            {"value": "-0.013", "unit": CELSIUS, "u": "0.012", "signed": True},
            f'<b>\u22120.013</b>{NBSP}°C{NBSP}<span class="pm">±{NBSP}0.012{NBSP}°C</span>',
        ),
        (
            "en",
            {"value": "0.013", "unit": "mg", "u": "0.012", "k": "2.00", "signed": True},
            f'<b>+0.013</b>{NBSP}mg{NBSP}<span class="pm">±{NBSP}0.012{NBSP}mg</span>'
            f'{NBSP}<span class="k">(<i>k</i>{NBSP}={NBSP}2.00)</span>',
        ),
        ("en", {"value": "30", "unit": "°", "u": "1"}, f'<b>30</b>°{NBSP}<span class="pm">±{NBSP}1°</span>'),
        ("en", {"value": "1", "u": "", "k": None}, "<b>1</b>"),
    ],
)
def test_a_quantity_stands_with_its_unit_u_and_k(language: str, arguments: dict[str, Any], html: str) -> None:
    with translation.override(language):
        assert jl_numbers.quantity(**arguments) == f'<span class="jl-q">{html}</span>'


def test_a_big_quantity_is_big() -> None:
    assert jl_numbers.quantity("1", big=True) == '<span class="jl-q jl-q-big"><b>1</b></span>'


@pytest.mark.parametrize(
    ("tag", "html"),
    [
        ('{% symbol "U" %}', '<i class="jl-sym">U</i>'),
        ('{% symbol "u" "c" %}', '<i class="jl-sym">u</i><sub>c</sub>'),
        ('{% identifier "T-1" %}', '<span class="jl-code">T-1</span>'),
        ('{% identifier "T-1" big=True %}', '<span class="jl-code jl-code-big">T-1</span>'),
        (
            '{% changed_cell "1.0" "1.1" 1 %}',
            '<td class="jl-num jl-f1 is-changed"><del class="jl-old">1.0</del>1<span class="f">.1</span></td>',
        ),
        (
            '{% changed_cell "-1" "1" note=2 %}',
            '<td class="jl-num jl-f0 is-changed"><del class="jl-old">\u22121</del>'
            '1<span class="f"></span><sup>2</sup></td>',
        ),
        (
            '{% changed_cell "1" "2" note=2 href="#a2" signed=True %}',
            '<td class="jl-num jl-f0 is-changed"><del class="jl-old">+1</del>'
            '+2<span class="f"></span><sup><a href="#a2">2</a></sup></td>',
        ),
        ('{{ "-20.5"|number }}', "\u221220.5"),
        ('{{ "20.5"|signed_number }}', "+20.5"),
        ('{{ "0.0"|signed_number }}', "0.0"),
        ("{{ none|day }}{{ none|moment }}", "——"),
        ("{{ none|words }}{{ none|unit }}", ""),
        ('{{ "no unit"|unit }}', "no unit"),
    ],
)  # fmt: skip
def test_small_things_are_written_as_the_house_writes_them(tag: str, html: str) -> None:
    assert drawn(tag, none=None) == html


@pytest.mark.parametrize(
    ("dsi", "zh", "en"),
    [
        ("\\degreecelsius", "℃", "°C"),
        ("\\milli\\gram", "mg", "mg"),
        ("\\kilo\\pascal", "kPa", "kPa"),
        ("\\percent", "%", "%"),
        ("\\metre", "m", "m"),
    ],
)
def test_a_stored_unit_is_printed_as_its_language_prints_it(dsi: str, zh: str, en: str) -> None:
    for language, expected in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert jl_numbers.unit(dsi) == expected


@pytest.mark.parametrize(
    ("rows", "member", "longest"),
    [
        (["1", "1.25", "1.5"], "", 2),
        ([], "", 0),
        ([{"u": "0.012"}, {"u": "0.1"}, {}], "u", 3),
        ([{"u": None}, {"u": "n/a"}], "u", 0),
        (["1e-5", "1.5e-5"], "", 1),
    ],
)
def test_a_column_is_as_wide_as_its_longest_fraction(rows: list[Any], member: str, longest: int) -> None:
    assert jl_numbers.decimals_of(rows, member) == longest


@pytest.mark.parametrize(
    ("zone", "moment", "day", "written"),
    [
        ("Asia/Shanghai", datetime(2026, 6, 16, 15, 59, 59, tzinfo=UTC), "2026-06-16", "2026-06-16 23:59:59"),
        ("Asia/Shanghai", datetime(2026, 6, 16, 16, 0, 0, tzinfo=UTC), "2026-06-17", "2026-06-17 00:00:00"),
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "2026-03-29", "2026-03-29 01:59:59"),
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC), "2026-03-29", "2026-03-29 03:00:00"),
        ("America/Bogota", datetime(2026, 1, 1, 4, 0, 0, tzinfo=UTC), "2025-12-31", "2025-12-31 23:00:00"),
        ("UTC", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), "2026-12-31", "2026-12-31 23:59:59"),
    ],
)
def test_a_moment_and_its_day_are_those_of_the_institute(
    zone: str, moment: datetime, day: str, written: str
) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert jl_numbers.day(moment) == f'<time datetime="{day}">{day}</time>'
        drawn_moment = jl_numbers.moment(moment)
        offset = timezone.localtime(moment).strftime("%z")
    assert f">{written}</time>" in drawn_moment
    assert f'datetime="{written.replace(" ", "T")}{offset[:3]}:{offset[3:]}"' in drawn_moment


def test_a_bare_day_is_shown_as_it_is() -> None:
    assert jl_numbers.day(date(2026, 6, 16)) == '<time datetime="2026-06-16">2026-06-16</time>'


@pytest.mark.parametrize(
    ("day", "expiry", "zh", "en", "kind"),
    [
        (date(2026, 6, 15), False, "逾期 1 天", "1 day late", "stop"),
        (date(2026, 6, 14), False, "逾期 2 天", "2 days late", "stop"),
        (date(2026, 6, 15), True, "过期 1 天", "expired 1 day ago", "stop"),
        (date(2026, 6, 16), False, "今天", "today", "warn"),
        (date(2026, 6, 16), True, "今天", "today", "warn"),
        (date(2026, 6, 17), False, "还有 1 天", "in 1 day", "warn"),
        (date(2026, 7, 1), False, "还有 15 天", "in 15 days", "warn"),
        (date(2026, 7, 2), True, "还有 16 天", "in 16 days", ""),
        (date(2027, 6, 16), False, "还有 365 天", "in 365 days", ""),
    ],
)
def test_how_far_a_day_is_and_how_loud(day: date, expiry: bool, zh: str, en: str, kind: str) -> None:
    for language, words in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            found = distance(day, TODAY, expiry=expiry)
        assert (found.words, found.kind) == (words, kind)


def test_a_due_day_is_a_cell_with_its_distance() -> None:
    context = Context({"today": TODAY})
    with translation.override("en"):
        late = jl_numbers.due_cell(context, date(2026, 6, 15), extra="hide-s")
        closed = jl_numbers.due_cell(context, date(2026, 6, 15), closed=True)
        none = jl_numbers.due_cell(context, None)
        far = jl_numbers.due(context, date(2027, 6, 16))
    assert late == (
        '<td class="jl-due hide-s"><time datetime="2026-06-15">2026-06-15</time>'
        '<small class="jl-stop">1 day late</small></td>'
    )
    assert closed == '<td class="jl-due"><time datetime="2026-06-15">2026-06-15</time></td>'
    assert none == '<td class="jl-due"><span class="jl-3rd">—</span></td>'
    assert far.endswith("<small>in 365 days</small>")


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        (date(2026, 6, 16), "2026 年 6 月 16 日，星期二", "Tuesday, 16 June 2026"),
        (date(2026, 11, 1), "2026 年 11 月 1 日，星期日", "Sunday, 1 November 2026"),
        (date(2028, 2, 29), "2028 年 2 月 29 日，星期二", "Tuesday, 29 February 2028"),
    ],
)
def test_a_heading_writes_its_day_in_words(day: date, zh: str, en: str) -> None:
    for language, expected in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert heading_date(day) == expected


@pytest.mark.parametrize(
    ("part", "width"), [(0, "0.5"), (0.001, "0.5"), (0.5, "44.0"), (1, "88.0"), (2, "88.0"), (-0.3, "0.5")]
)
def test_a_share_is_a_bar_that_is_seen_and_stays_inside(part: float, width: str) -> None:
    html = drawn("{% share part %}", part=part)
    assert f'class="fg" width="{width}"' in html
    assert 'class="fg-a"' in drawn("{% share part type_a=True %}", part=part)


@pytest.mark.parametrize(
    ("done", "total", "width"),
    [(0, 11, "0.0"), (11, 11, "72.0"), (5, 10, "36.0"), (1, 3, "24.0"), (0, 0, "0.0")],
)
def test_progress_is_a_bar_and_its_figures(done: int, total: int, width: str) -> None:
    html = drawn("{% progress done total %}", done=done, total=total)
    assert f'class="fg" width="{width}"' in html
    assert html.endswith(f"<span>{done} / {total}</span>")


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("/list", "?view=all"),
        ("/list?q=T-1", "?q=T-1&amp;view=all"),
        ("/list?view=open", "?view=all"),
        ("/list?after=k&from=50&q=x", "?q=x&amp;view=all"),
        ("/list?q=a%26b", "?q=a%26b&amp;view=all"),
    ],
)
def test_another_view_keeps_the_filters_and_starts_at_the_first_row(
    rf: RequestFactory, address: str, query: str
) -> None:
    assert drawn('{% query view="all" %}', request=rf.get(address)) == query


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_parameter_is_dropped(rf: RequestFactory, nothing: str | None) -> None:
    assert drawn("{% query q=nothing %}", request=rf.get("/list?q=x&kind=y"), nothing=nothing) == "?kind=y"


def test_zero_and_false_are_values_of_a_parameter(rf: RequestFactory) -> None:
    assert drawn("{% query page=number %}", request=rf.get("/list"), number=0) == "?page=0"


@pytest.mark.parametrize(("path", "current"), [("/a/", ' aria-current="page"'), ("/a", ""), ("/a/b", "")])
def test_a_link_knows_whether_one_is_there(rf: RequestFactory, path: str, current: str) -> None:
    assert drawn('{% here "/a/" %}', request=rf.get(path)) == current


@pytest.mark.parametrize(
    ("page", "language", "words"),
    [
        (Page(range(3), 3), "en", "1 to 3 of 3"),
        (Page(range(50), 120, 50, "k"), "en", "51 to 100 of 120"),
        (Page(range(50), 120, 50, "k"), "zh-hans", "51 至 100，共 120"),
        (Page((), 0), "en", "No entries"),
        (Page((), 0), "zh-hans", "没有条目"),
    ],
)
def test_the_foot_says_which_rows_of_how_many(
    rf: RequestFactory, page: Page, language: str, words: str
) -> None:
    html = drawn("{% foot page %}", language, request=rf.get("/list?q=x"), page=page)
    assert words in " ".join(html.split())
    assert ("after=k" in html) is bool(page.after)


class Every(forms.Form):
    """A control of each kind."""

    name = forms.CharField(label="Name", help_text="As on the plate")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")])
    agreed = forms.BooleanField(label="Agreed", required=False)
    rule = forms.ChoiceField(label="Rule", choices=[("x", "X"), ("y", "Y")], widget=forms.RadioSelect)
    others = forms.MultipleChoiceField(
        label="Others", choices=[("x", "X")], widget=forms.CheckboxSelectMultiple, required=False
    )


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("name", "form-control"),
        ("note", "form-control"),
        ("kind", "form-select"),
        ("agreed", "form-check-input"),
    ],
)
def test_a_control_has_the_style_of_its_kind(name: str, style: str) -> None:
    assert f'class="{style}"' in drawn("{% field bound %}", bound=Every()[name])


def test_the_first_wrong_field_takes_the_focus_and_is_described() -> None:
    form = Every({"name": "", "kind": "b"})
    form.is_valid()
    html = [drawn("{% field bound %}", bound=form[name]) for name in ("name", "kind", "note")]
    assert ["autofocus" in field for field in html] == [True, False, False]
    assert ['aria-invalid="true"' in field for field in html] == [True, True, False]
    assert 'aria-describedby="id_name-error id_name-hint"' in html[0]
    assert 'id="id_name-error"' in html[0]
    assert "is-invalid" in html[1]
    assert "aria-describedby" not in html[2]


@pytest.mark.parametrize(("language", "word"), [("en", "(optional)"), ("zh-hans", "（选填）")])
def test_a_field_says_that_it_may_stay_empty(language: str, word: str) -> None:
    assert word in drawn("{% field bound %}", language, bound=Every()["note"])
    assert word not in drawn("{% field bound %}", language, bound=Every()["name"])


def test_where_the_form_marks_what_is_needed_nothing_is_called_optional() -> None:
    form = Every()
    form.says_required = True
    assert "jl-star" in drawn("{% field bound %}", bound=form["name"])
    assert "jl-star" not in drawn("{% field bound %}", bound=form["note"])
    assert "optional" not in drawn("{% field bound %}", bound=form["note"])


def test_a_hint_of_the_page_stands_for_the_form_s_and_a_label_too() -> None:
    html = drawn('{% field bound "Other hint" label="Other label" %}', bound=Every()["name"])
    assert ">Other hint<" in html
    assert "As on the plate" not in html
    assert ">Other label</label>" in html


@pytest.mark.parametrize("name", ["rule", "others"])
def test_choices_stand_under_a_legend_each_with_its_own_label(name: str) -> None:
    html = drawn("{% field bound %}", bound=Every({"rule": "y"})[name])
    assert html.startswith('<fieldset class="jl-field jl-choice"')
    assert f'<legend class="form-label">{name.title()}' in html
    assert html.count("<label>") == html.count("<input")


def test_errors_of_the_form_as_a_whole_are_one_alert() -> None:
    form = Every({"name": "x", "kind": "a", "rule": "x"})
    assert drawn("{% form_errors form %}", form=form) == ""
    form.add_error(None, "first <b>")
    form.add_error(None, "second")
    html = drawn("{% form_errors form %}", form=form)
    assert html.count('role="alert"') == 1
    assert "<div>first &lt;b&gt;</div><div>second</div>" in html
