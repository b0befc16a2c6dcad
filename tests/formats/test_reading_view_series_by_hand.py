"""Quantities on their way into tables: series, entries, units, covariances and columns, each worked by hand."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.dcc_samples import certificate_with, expanded, quantity, real, real_list
from tests.formats.reading_pieces import (
    column,
    contents_xml,
    every_text,
    fact_list,
    facts,
    group,
    heads,
    listed,
    section,
    table_view,
    tables,
    view_of,
)

from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty, Writing
from jialiang.formats.reading_view.blocks import Facts, Group
from jialiang.formats.reading_view.columns import column_tables, name_of, ref_type_words
from jialiang.formats.reading_view.covariances import covariance_tables
from jialiang.formats.reading_view.rows import row_table, uncertainty_lines, with_unit
from jialiang.formats.reading_view.series import Entry, entry, length_of, meant_unit, series_of, symbol_of
from jialiang.formats.reading_view.texts import Reader

LANGUAGES = ("zh", "en")


def reader(language="en"):
    return Reader(language, LANGUAGES)


def one(value="1", unit="\\metre", **others):
    return Writing("real", (value,), (unit,) if unit else (), **others)


def many(*values, unit=("\\metre",), **others):
    return Writing("realListXMLList", values, unit, **others)


def result(*writings, kind="real", name="q", **others):
    named = (("en", name),) if name else ()
    return MeasurementResult("p", 1, "quantity", "result", kind, named, writings=writings, **others)


def whole(*members, **others):
    return Writing("list", members=members, **others)


# --- series and their length --------------------------------------------------------------------------------------


def test_single_numbers_in_a_list_become_one_series_with_everything_by_row():
    first = one("1.0", label=("a",), uncertainty=Uncertainty("expanded", (), ("0.1",), ("2",), ("0.95",)))
    second = one("2.00", "\\milli\\metre")
    third = one("3", date_time=("2026-01-01",), uncertainty=Uncertainty("expanded", (), ("0.3",)))
    (series,) = series_of(result(whole(first, second, third)))
    assert series.is_list
    assert series.values == ("1.0", "2.00", "3")
    assert series.unit == ("\\metre", "\\milli\\metre", "\\metre")
    assert series.label == ("a", "", "")
    assert series.date_time == ("", "", "2026-01-01")
    assert series.uncertainty.form == "expanded"
    assert series.uncertainty.expanded_uncertainty == ("0.1", "", "0.3")
    assert series.uncertainty.coverage_factor == ("2", "", "")
    assert series.uncertainty.standard_uncertainty == ()


def test_what_a_list_says_itself_holds_where_its_members_say_nothing():
    shared = Uncertainty("standard", ("0.5",))
    (series,) = series_of(result(whole(one(), one(), label=("l",), date_time=("d",), uncertainty=shared)))
    assert (series.label, series.date_time) == (("l",), ("d",))
    assert series.shared_uncertainty == shared
    assert series.uncertainty.form == ""
    (series,) = series_of(result(whole(one(label=("m",)), one(), label=("l",))))
    assert series.label == ("m", "")


SHAPES = [
    # the writing; the values of each series of it
    ([one("1")], [("1",)]),
    ([many("1", "2")], [("1", "2")]),
    ([one("1"), one("2", "\\kelvin")], [("1",), ("2",)]),
    ([whole(one("1"), one("2"))], [("1", "2")]),
    ([whole(many("1", "2"), many("3"))], [("1", "2"), ("3",)]),
    ([whole(one("1"), many("2", "3"))], [("1",), ("2", "3")]),
    ([whole(whole(one("1"), one("2")), whole(one("3")))], [("1", "2"), ("3",)]),
    ([whole(whole(many("1"), one("2")), one("3"))], [("1",), ("2",), ("3",)]),
    ([whole(whole(whole(one("1"))))], [("1",)]),
    ([], []),
]


@pytest.mark.parametrize(("writings", "values"), SHAPES, ids=[str(values) for _, values in SHAPES])
def test_every_shape_of_list_keeps_its_numbers_in_order(writings, values):
    assert [series.values for series in series_of(result(*writings))] == values


shapes = st.recursive(
    st.integers(0, 99).map(lambda number: one(str(number)))
    | st.lists(st.integers(0, 99), min_size=1, max_size=3).map(lambda numbers: many(*map(str, numbers))),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda members: whole(*members)),
    max_leaves=8,
)


@given(st.lists(shapes, max_size=3))
def test_no_shape_loses_or_doubles_a_number(writings):
    wanted = [value for writing in writings for part in writing.flat() for value in part.values]
    assert [value for series in series_of(result(*writings)) for value in series.values] == wanted


LENGTHS = [
    (result(one()), 0), (result(many("1")), 0), (result(many("1", "2")), 2), (result(), 0),
    (result(many("1", "2"), many("1", "2", "3")), 3), (result(whole(one(), one(), one())), 3),
    (result(whole(one())), 0), (result(kind="charsXMLList", chars=("a", "b")), 2),
    (result(kind="charsXMLList", chars=("a",)), 0), (result(kind="noQuantity", chars=("a", "b")), 0),
    (result(one(), many("1", "2", "3", "4")), 4),
]  # fmt: skip


@pytest.mark.parametrize(("quantity_", "length"), LENGTHS)
def test_a_quantity_is_as_long_as_its_longest_list(quantity_, length):
    assert length_of(quantity_) == length


@pytest.mark.parametrize(
    ("texts", "row", "text"),
    [((), 0, ""), (("a",), 0, "a"), (("a",), 99, "a"), (("a", "b"), 1, "b"), (("a", "b"), 2, ""),
     (("a\u202eb", "c"), 0, "a[U+202E]b"), (("", "b"), 0, "")],
)  # fmt: skip
def test_an_entry_holds_for_its_row_or_alone_for_all(texts, row, text):
    assert entry(texts, row) == text


UNITS = [
    # as written; as meant; shown in Chinese and English
    ("\\metre", "\\metre", "m", "m"), ("\\one", "\\one", "", ""), ("", "", "", ""),
    ("metre", "\\metre", "m", "m"), ("\\Metre", "\\metre", "m", "m"), ("\\kilogramm", "\\kilo\\gram", "kg", "kg"),
    ("wholly unknown", "wholly unknown", "wholly unknown", "wholly unknown"),
    ("\\metre\\per\\second", "\\metre\\per\\second", "m/s", "m/s"),
    ("x" * 201, "x" * 201, "x" * 201, "x" * 201),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "meant", "zh", "en"), UNITS)
def test_a_unit_is_read_as_what_was_meant_or_left(unit, meant, zh, en):
    assert meant_unit(unit) == meant
    assert (symbol_of(unit, "zh"), symbol_of(unit, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("text", "units", "shown"),
    [("1.50", ("\\metre",), "1.50 m"), ("1.50", (), "1.50"), ("1.50", ("\\one",), "1.50"), ("5", ("\\degree",), "5°"),
     ("5", ("\\arcminute",), "5′"), ("5", ("\\arcsecond",), "5″"), ("20", ("\\degreecelsius",), "20 °C"),
     ("5", ("\\percent",), "5 %"), ("1", ("\\metre", "\\second"), "1 m")],
)  # fmt: skip
def test_a_number_stands_before_its_unit(text, units, shown):
    assert with_unit(text, units, reader()) == shown


@pytest.mark.parametrize(
    ("uncertainty", "lines"),
    [
        (Uncertainty(), []),
        (Uncertainty("expanded", (), ("0.10",), ("2",), ("0.95",)), ["U = 0.10 m"]),
        (Uncertainty("standard", ("0.05",)), ["u = 0.05 m"]),
        (Uncertainty("coverage_interval", interval_min=("1",), interval_max=("2",)), ["[1 m; 2 m]"]),
        (Uncertainty("expanded", (), ("0.1",), distribution=("normal",)), ["U = 0.1 m", "normal distribution"]),
        (Uncertainty("coverage_interval", ("0.3",), interval_min=("1",), interval_max=("2",)),
         ["u = 0.3 m", "[1 m; 2 m]"]),
    ],
)  # fmt: skip
def test_an_uncertainty_is_said_in_each_of_its_forms(uncertainty, lines):
    assert uncertainty_lines(uncertainty, ("\\metre",), reader()) == lines


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ref_types", "zh", "en"),
    [
        ("Length", ("basic_measuredValue",), "Length", "Length"),
        ("", ("basic_measuredValue",), "测得值", "Measured value"),
        ("", ("x_unknown", "basic_measuredValue"), "测得值", "Measured value"),
        ("", ("x_unknown",), "量", "Quantity"), ("", (), "量", "Quantity"),
    ],
)  # fmt: skip
def test_a_quantity_is_called_by_name_type_or_just_a_quantity(name, ref_types, zh, en):
    each = result(name=name, ref_type=ref_types)
    assert [name_of(each, reader(language)).text for language in LANGUAGES] == [zh, en]
    meant = (
        {"zh": "测得值", "en": "Measured value"}
        if "basic_measuredValue" in ref_types
        else {"zh": "", "en": ""}
    )
    assert {language: ref_type_words(ref_types, reader(language)) for language in LANGUAGES} == meant


# --- covariances --------------------------------------------------------------------------------------------------


def test_a_covariance_stands_with_its_column_row_and_unit():
    covered = Uncertainty(
        "ellipsoidal", covariance=((1, 1, ("0.04",), ("\\metre\\tothe{2}",)), (2, 1, ("-0.5",), ()))
    )
    (table,) = covariance_tables(result(one(uncertainty=covered)), reader())
    assert table.keys == 2
    assert [[cell.lines for cell in row] for row in table.rows] == [
        [("1",), ("1",), ("0.04 m²",)],
        [("2",), ("1",), ("-0.5",)],
    ]


@pytest.mark.parametrize(
    ("texts", "units", "lines"),
    [
        (("1", "2"), ("\\metre", "\\second"), ("1 m", "2 s")), (("1", "2"), ("\\metre",), ("1 m", "2 m")),
        (("1", "2", "3"), ("\\metre", "\\second"), ("1 m", "2 m", "3 m")), (("1", "2"), (), ("1", "2")),
        ((), ("\\metre",), ()),
    ],
)  # fmt: skip
def test_entries_of_a_covariance_share_a_unit_or_have_their_own(texts, units, lines):
    covered = Uncertainty("ellipsoidal", covariance=((1, 1, texts, units),))
    (table,) = covariance_tables(result(one(uncertainty=covered)), reader())
    assert table.rows[0][2].lines == lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_uncertainty_of_a_whole_list_is_a_table_of_what_it_says(language):
    shared = Uncertainty("expanded", (), ("0.2",), ("2",), ("0.95",))
    (table,) = covariance_tables(result(whole(one(), one(), uncertainty=shared)), reader(language))
    assert [row[1].lines for row in table.rows] == [("U = 0.2 m",), ("2",), ("0.95",)]
    partly = Uncertainty("standard", ("0.2",))
    (table,) = covariance_tables(result(whole(one(), one(), uncertainty=partly)), reader(language))
    assert [row[1].lines for row in table.rows] == [("u = 0.2 m",)]


def test_quantities_without_regions_have_no_table_of_covariances():
    plain = Uncertainty("expanded", (), ("0.2",), ("2",), ("0.95",))
    assert not list(covariance_tables(result(many("1", "2", uncertainty=plain)), reader()))


# --- columns ------------------------------------------------------------------------------------------------------


def only(*results, moments=(), language="en"):
    (table,) = column_tables(list(results), reader(language), moments)
    return table


def test_moments_of_a_list_stand_first_and_only_where_they_fit():
    moments = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    fitting, short = (
        only(result(many("1", "2")), moments=moments),
        only(result(many("1", "2", "3")), moments=moments),
    )
    assert [each.name.text for each in fitting.columns] == ["No.", "Date and time", "q"]
    assert fitting.keys == 2
    assert column(fitting, 1) == list(moments)
    assert [each.name.text for each in short.columns] == ["No.", "q"]
    assert short.keys == 1


def test_labels_that_say_the_same_stand_once_and_two_kinds_are_no_key():
    same = ("a", "b")
    table = only(result(many("1", "2", label=same)), result(many("3", "4", label=same), name="r"))
    assert [each.name.text for each in table.columns] == ["No.", "Label", "q", "r"]
    assert table.keys == 2
    assert table.columns[1].remarks == ()
    other = only(result(many("1", "2", label=same)), result(many("3", "4", label=("c", "d")), name="r"))
    assert [each.name.text for each in other.columns] == ["No.", "Label", "Label", "q", "r"]
    assert [each.remarks for each in other.columns[1:3]] == [("q",), ("r",)]
    assert other.keys == 1
    assert all(each.symbol != "#" for each in (*table.columns, *other.columns))


def test_one_label_is_a_remark_on_the_column():
    table = only(
        result(many("1", "2", label=("near",), significant_digits=("3",), quantity_kind=("length",)))
    )
    assert [each.name.text for each in table.columns] == ["No.", "q"]
    assert table.columns[1].remarks == ("Label: near", "Kind of quantity: length", "Significant digits: 3")


def test_kinds_and_digits_of_each_row_are_columns():
    table = only(result(many("1", "2", significant_digits=("3", "4"), quantity_kind=("a", "b"))))
    assert [each.name.text for each in table.columns] == [
        "No.",
        "q",
        "Kind of quantity",
        "Significant digits",
    ]
    assert [column(table, at) for at in (2, 3)] == [["a", "b"], ["3", "4"]]


def test_a_column_of_a_pure_number_has_one_as_its_unit_and_units_of_rows_have_theirs():
    assert only(result(many("1", "2", unit=("\\one",)))).columns[1].unit == "1"
    table = only(result(many("1", "2", unit=("\\metre", "\\one"))))
    assert heads(table) == [("", "No.", ""), ("", "q", ""), ("", "Unit", "")]
    assert column(table, 2) == ["m", ""]
    assert only(result(many("1", "2", unit=("\\metre", "\\metre")))).columns[1].unit == "m"


@pytest.mark.parametrize(
    ("form", "second_unit", "units"),
    [("cartesian", (), ("V", "V")), ("cartesian", ("\\milli\\volt",), ("V", "mV")),
     ("polar", ("\\radian",), ("V", "rad"))],
)  # fmt: skip
def test_the_second_part_of_a_complex_list_has_its_unit(form, second_unit, units):
    values = many("1", "2", unit=("\\volt",), second=("3", "4"), second_unit=second_unit, complex_form=form)
    table = only(result(values))
    assert [each.unit for each in table.columns[1:]] == list(units)
    assert [column(table, at) for at in (1, 2)] == [["1", "2"], ["3", "4"]]
    assert table.columns[1].remarks != table.columns[2].remarks
    assert all(each.remarks for each in table.columns[1:])


def test_units_of_each_row_of_a_cartesian_list_are_said_once():
    values = many("1", "2", unit=("\\volt", "\\ampere"), second=("3", "4"), complex_form="cartesian")
    assert [each.name.text for each in only(result(values)).columns] == ["No.", "q", "Unit", "q"]


def test_every_part_of_an_interval_and_its_coverage_has_a_column():
    covered = Uncertainty("coverage_interval", ("0.1", "0.2"), (), (), ("0.9", "0.95"), ("0", "1"), ("2", "3"),
                          ("normal", "normal"))  # fmt: skip
    table = only(result(many("1", "2", uncertainty=covered)))
    assert [each.symbol for each in table.columns] == ["", "", "", "", "u", "p", ""]
    assert [column(table, at) for at in range(2, 6)] == [
        ["0", "1"],
        ["2", "3"],
        ["0.1", "0.2"],
        ["0.9", "0.95"],
    ]
    assert table.columns[2].remarks == ("lower limit of the interval",)
    assert table.columns[3].remarks == ("upper limit of the interval",)


def test_what_holds_for_all_rows_is_said_at_the_first_column_of_the_uncertainty_alone():
    covered = Uncertainty("coverage_interval", ("0.1", "0.2"), (), (), ("0.95",), ("0", "1"), ("2", "3"))
    table = only(result(many("1", "2", uncertainty=covered)))
    remarks = [" ".join(each.remarks) for each in table.columns]
    assert [text.count("p = 0.95") for text in remarks] == [0, 0, 1, 0, 0]


def test_conformity_of_one_is_no_column_of_a_table_and_of_each_row_is():
    assert len(only(result(many("1", "2"), conformity=("pass",))).columns) == 2
    table = only(result(many("1", "2"), conformity=("pass", "strange")))
    assert column(table, 2) == ["pass", "strange"]
    assert table.columns[2].remarks == ("q",)


lists = st.lists(
    st.tuples(
        st.lists(st.integers(0, 999).map(str), min_size=2, max_size=5), st.sampled_from(["\\metre", "\\volt"])
    ),
    min_size=1,
    max_size=6,
)


@given(lists)
def test_lists_stand_beside_those_of_their_length_in_order(made):
    results = [result(many(*values, unit=(unit,)), name=f"q{at}") for at, (values, unit) in enumerate(made)]
    found = list(column_tables(results, reader()))
    lengths = list(dict.fromkeys(len(values) for values, _ in made))
    assert [len(table.rows) for table in found] == lengths
    for table, length in zip(found, lengths, strict=True):
        wanted = [(f"q{at}", values) for at, (values, _) in enumerate(made) if len(values) == length]
        assert [(each.name.text, column(table, at)) for at, each in enumerate(table.columns)][1:] == wanted
        assert column(table, 0) == [str(number) for number in range(1, length + 1)]


# --- rows ---------------------------------------------------------------------------------------------------------


def test_columns_in_which_nothing_stands_are_left_out_but_never_the_value():
    table = row_table([Entry(result(one("1"))), Entry(result(name="r"))], reader())
    assert [each.name.text for each in table.columns] == ["Quantity", "Value"]
    assert column(table, 1) == ["1 m", ""]
    covered = Uncertainty("expanded", (), ("0.1",), ("2",), ("0.95",))
    table = row_table([Entry(result(one("1", uncertainty=covered))), Entry(result(one("2")))], reader())
    assert [(each.symbol, each.kind) for each in table.columns[2:]] == [
        ("", "number"), ("k", "number"), ("p", "number")]  # fmt: skip
    assert [column(table, at) for at in (2, 3, 4)] == [["U = 0.1 m", ""], ["2", ""], ["0.95", ""]]


def test_coverage_that_two_units_share_is_said_once():
    covered = [Uncertainty("expanded", (), (u,), ("2",), ("0.95",)) for u in ("0.1", "100")]
    both = result(one("1", uncertainty=covered[0]), one("1000", "\\milli\\metre", uncertainty=covered[1]))
    table = row_table([Entry(both)], reader())
    assert table.rows[0][1].lines == ("1 m", "1000 mm")
    assert table.rows[0][2].lines == ("U = 0.1 m", "U = 100 mm")
    assert [cell.lines for cell in table.rows[0][3:]] == [("2",), ("0.95",)]


def test_groups_are_named_at_their_first_row():
    def said(text):
        return name_of(result(name=text), reader())

    entries = [Entry(result(one(str(at)), name=f"q{at}"), said(of)) for at, of in enumerate("aabba")]
    table = row_table(entries, reader())
    assert column(table, 0) == ["a", "", "b", "", "a"]
    assert table.keys == 2
    assert column(table, 2) == [f"{at} m" for at in range(5)]


def test_labels_dates_and_digits_of_a_single_quantity_are_remarks():
    each = result(
        one(label=("point",), date_time=("2026-01-01",), quantity_kind=("length",), significant_digits=("3",))
    )
    table = row_table([Entry(each)], reader())
    assert table.columns[-1].name.text == "Remarks"
    assert table.rows[0][-1].lines == (
        "point", "Date and time: 2026-01-01", "Kind of quantity: length", "Significant digits: 3")  # fmt: skip


# --- whole certificates -------------------------------------------------------------------------------------------

TRUTHS = [("true", "yes"), ("1", "yes"), (" true ", "yes"), ("false", "no"), ("0", "no"), ("TRUE", None),
          ("maybe", None), ("", None), ("yes", None)]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), TRUTHS)
def test_only_a_truth_value_is_called_yes_or_no(text, shown):
    statement = f"<dcc:statement><dcc:norm>N</dcc:norm><dcc:traceable>{text}</dcc:traceable></dcc:statement>"
    assert facts(view_of(certificate_with(statements=statement)), "statements").get("Traceable") == shown


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [("true", "是", "yes"), ("0", "否", "no"), ("true 0 1", "是、否、是", "yes, no, yes"), ("maybe", "maybe", "maybe"),
     ("true NO", "是、NO", "yes, NO")],
)  # fmt: skip
def test_validity_is_shown_as_it_is_said(text, zh, en):
    member = "validXMLList" if " " in text else "valid"
    statement = f"<dcc:statement><dcc:{member}>{text}</dcc:{member}></dcc:statement>"
    for language, shown in (("zh", zh), ("en", en)):
        view = view_of(certificate_with(statements=statement), language)
        assert [fact.said.text for fact in fact_list(view, "statements")] == [shown]


DEPTHS = (1, 5, 6, 7, 60, 180)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_in_lists_to_any_depth_show_names_and_numbers(depth, language):
    inside = quantity(real_list("1.25 2.50", "\\metre"), "q")
    for level in range(depth):
        inside = listed(inside, name=f"Level {level}")
    view = table_view(inside, language)
    texts = every_text(view)
    assert {"1.25", "2.50", *(f"Level {level}" for level in range(depth))} <= set(texts)

    def deepest(block):
        return 1 + max(map(deepest, block.blocks), default=0) if isinstance(block, Group) else 0

    assert max(map(deepest, view.sections)) <= 7


def test_a_chain_of_references_of_any_length_is_told_link_by_link():
    links = ""
    for number in reversed(range(150)):
        links = f"<dcc:linkedReport><dcc:referralID>UP-{number}</dcc:referralID>{links}</dcc:linkedReport>"
    equipment = (
        f"<dcc:measuringEquipment><dcc:name>{contents_xml(('en', 'Standard'))}</dcc:name><dcc:certificate>"
        f"<dcc:referralID>OWN</dcc:referralID>{links}</dcc:certificate></dcc:measuringEquipment>"
    )
    (told,) = [each for each in group(view_of(certificate_with(equipment=equipment)), "Standard").blocks
               if isinstance(each, Facts)]  # fmt: skip
    assert [fact.said.text for fact in told.facts] == ["OWN", *(f"UP-{number}" for number in range(150))]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.decimals(-999, 999, places=2), st.decimals("0.01", 9, places=2)), min_size=1, max_size=5
    )
)
def test_single_results_are_rows_with_value_and_uncertainty_as_given(numbers):
    made = [quantity(real(value, "\\volt", expanded(u)), f"Q{at}") for at, (value, u) in enumerate(numbers)]
    view = table_view(listed(*made))
    (table,) = tables(view, "results")
    assert [[cell.text for cell in row][:3] for row in table.rows] == [
        [f"Q{at}", f"{value} V", f"U = {u} V"] for at, (value, u) in enumerate(numbers)
    ]
    keys = [each.key for each in view.sections]
    assert all(before != after for before, after in pairwise(keys))
    assert section(view, "results").heading.text
