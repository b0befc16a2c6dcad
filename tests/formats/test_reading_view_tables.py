"""Quantities as tables: lists side by side, single ones as rows; every form that a DCC knows."""

import pytest
from tests.formats.dcc_samples import expanded, expanded_list, quantity, real, real_list
from tests.formats.reading_pieces import (
    blocks,
    column,
    every_text,
    facts,
    group,
    heads,
    listed,
    table_view,
    tables,
)

from jialiang.formats.reading_view.blocks import FormulaBlock, Group, Paragraph, Table

KELVIN, CELSIUS = "\\kelvin", "\\degreecelsius"


def results(*quantities, language="en", after=""):
    """The tables of the results around quantities in a list."""
    return tables(table_view(listed(*quantities, after=after), language), "results")


def only(*quantities, language="en"):
    """The one table of results."""
    (table,) = results(*quantities, language=language)
    return table


def names(table):
    return [each.name.text for each in table.columns]


def test_lists_of_one_length_stand_side_by_side():
    table = only(
        quantity(real_list("1.0 2.00 3", "\\metre"), "nominal"),
        quantity(real_list("0.1 0.20 -0.3", "\\milli\\metre"), "error"),
    )
    assert heads(table) == [("", "No.", ""), ("", "nominal", "m"), ("", "error", "mm")]
    assert [column(table, at) for at in range(3)] == [
        ["1", "2", "3"],
        ["1.0", "2.00", "3"],
        ["0.1", "0.20", "-0.3"],
    ]
    assert [each.kind for each in table.columns] == ["number"] * 3
    assert table.keys == 1


def test_lists_of_another_length_are_another_table():
    first, second = results(
        quantity(real_list("1 2 3", "\\metre"), "a"),
        quantity(real_list("4 5", "\\metre"), "b"),
        quantity(real_list("7 8 9", "\\metre"), "c"),
    )
    assert names(first) == ["No.", "a", "c"]
    assert names(second) == ["No.", "b"]


def test_a_list_of_one_value_is_a_row():
    table = only(quantity(real_list("1.50", "\\metre"), "a"), quantity(real("2", "\\metre"), "b"))
    assert names(table) == ["Quantity", "Value"]
    assert [[cell.text for cell in row] for row in table.rows] == [["a", "1.50 m"], ["b", "2 m"]]


def test_single_quantities_beside_lists_are_a_table_of_their_own():
    columns, rows = results(
        quantity(real_list("1 2", "\\metre"), "a"), quantity(real("5", "\\kelvin", expanded("0.1")), "T")
    )
    assert names(columns) == ["No.", "a"]
    assert names(rows) == [
        "Quantity",
        "Value",
        "Measurement uncertainty",
        "Coverage factor",
        "Coverage probability",
    ]
    assert [cell.text for cell in rows.rows[0]] == ["T", "5 K", "U = 0.1 K", "2", "0.95"]


@pytest.mark.parametrize(
    ("k", "p", "remarks", "others"),
    [
        ("2", "0.95", ("k = 2", "p = 0.95"), []),
        ("2 2.1 2.2", "0.95", ("p = 0.95",), ["k"]),
        ("2", "0.95 0.95 0.9545", ("k = 2",), ["p"]),
        ("2 2 2", "0.95 0.95 0.95", (), ["k", "p"]),
    ],
)
def test_k_and_p_stand_in_the_head_or_in_columns(k, p, remarks, others):
    table = only(quantity(real_list("1 2 3", "\\metre", expanded_list("0.1 0.2 0.3", k, p))))
    (u,) = [each for each in table.columns if each.symbol == "U"]
    assert u.remarks == remarks
    assert [each.symbol for each in table.columns][3:] == others
    for sign, texts in (("k", k), ("p", p)):
        if sign in others:
            assert column(table, [each.symbol for each in table.columns].index(sign)) == texts.split()


def test_one_uncertainty_for_all_values_stands_in_every_row():
    table = only(quantity(real_list("1 2 3", "\\metre", expanded_list("0.10"))))
    assert column(table, 2) == ["0.10"] * 3


def standard_list(u):
    return f"<si:standardMUXMLList><si:valueStandardMUXMLList>{u}</si:valueStandardMUXMLList></si:standardMUXMLList>"


def test_a_standard_uncertainty_is_called_u():
    around = "si:measurementUncertaintyUnivariateXMLList"
    inside = f"<{around}>{standard_list('0.1 0.2')}</{around}>"
    table = only(quantity(real_list("1 2", "\\metre", inside), "L"))
    assert heads(table)[2] == ("u", "L", "m")
    assert column(table, 2) == ["0.1", "0.2"]


def test_a_coverage_interval_has_two_columns():
    inside = """<si:coverageIntervalXMLList><si:standardUncXMLList>0.1 0.2</si:standardUncXMLList>
    <si:intervalMinXMLList>0.8 1.6</si:intervalMinXMLList><si:intervalMaxXMLList>1.2 2.4</si:intervalMaxXMLList>
    <si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList></si:coverageIntervalXMLList>"""
    table = only(quantity(real_list("1 2", "\\metre", inside), "L"))
    low = next(each for each in table.columns if "lower limit of the interval" in each.remarks)
    high = next(each for each in table.columns if "upper limit of the interval" in each.remarks)
    assert column(table, table.columns.index(low)) == ["0.8", "1.6"]
    assert column(table, table.columns.index(high)) == ["1.2", "2.4"]
    assert "p = 0.95" in low.remarks


def test_units_that_differ_by_row_have_a_column():
    table = only(quantity(real_list("1 2", "\\metre \\kelvin"), "x"))
    assert heads(table) == [("", "No.", ""), ("", "x", ""), ("", "Unit", "")]
    assert column(table, 2) == ["m", "K"]


@pytest.mark.parametrize(
    ("unit", "zh", "en"),
    [
        ("\\degreecelsius", "℃", "°C"),
        ("\\one", "1", "1"),
        ("\\percent", "%", "%"),
        ("\\kilogram\\metre\\tothe{-3}", "kg/m³", "kg/m³"),
        ("\\degreeCelsius", "℃", "°C"),
        ("/kilogram", "kg", "kg"),
        ("\\metr", "m", "m"),
        ("furlong per fortnight", "furlong", "furlong"),
        ("\\decibel", "dB", "dB"),
    ],
)
def test_units_read_as_people_write_them(unit, zh, en):
    for language, symbol in (("zh", zh), ("en", en)):
        table = only(quantity(real_list("1 2", unit), "x"), language=language)
        if " " in unit:  # an XML list: three units, one a row
            assert column(table, 2)[0] == symbol
        else:
            assert table.columns[1].unit == symbol


def test_a_hybrid_has_a_column_a_unit():
    lists = real_list("306.248 373.121", "\\kelvin") + real_list("33.098 99.971", "\\degreecelsius")
    content = f"<si:hybrid>{lists}</si:hybrid>"
    table = only(quantity(content, "T"))
    assert heads(table)[1:] == [("", "T", "K"), ("", "T", "°C")]
    assert column(table, 1) == ["306.248", "373.121"]
    assert column(table, 2) == ["33.098", "99.971"]


def test_a_single_hybrid_has_a_line_a_unit():
    u = expanded("0.10")
    content = f"<si:hybrid>{real('293.15', KELVIN, u)}{real('20.00', CELSIUS, u)}</si:hybrid>"
    table = only(quantity(content, "T"))
    assert table.rows[0][1].lines == ("293.15 K", "20.00 °C")
    assert table.rows[0][2].lines == ("U = 0.10 K", "U = 0.10 °C")
    assert table.rows[0][3].lines == ("2",)


CARTESIAN = "<si:valueReal>1.5</si:valueReal><si:valueImag>-0.25</si:valueImag><si:unit>\\volt</si:unit>"
POLAR = (
    "<si:valueMagnitude>2.0</si:valueMagnitude><si:valuePhase>0.785</si:valuePhase><si:unit>\\volt</si:unit>"
    "<si:unitPhase>\\radian</si:unitPhase>"
)


@pytest.mark.parametrize(
    ("inside", "lines"),
    [
        (CARTESIAN, ("real part 1.5 V", "imaginary part -0.25 V")),
        (POLAR, ("magnitude 2.0 V", "phase 0.785 rad")),
    ],
)
def test_a_complex_quantity_says_both_parts(inside, lines):
    table = only(quantity(f"<si:complex>{inside}</si:complex>", "Z"))
    assert table.rows[0][1].lines == lines


def test_a_complex_list_has_two_columns():
    content = """<si:complexListXMLList><si:valueMagnitudeXMLList>1.0 2.0</si:valueMagnitudeXMLList>
    <si:valuePhaseXMLList>0.10 0.20</si:valuePhaseXMLList><si:unitXMLList>\\volt</si:unitXMLList>
    <si:unitPhaseXMLList>\\radian</si:unitPhaseXMLList></si:complexListXMLList>"""
    table = only(quantity(content, "S11"))
    assert [(each.unit, each.remarks) for each in table.columns[1:]] == [
        ("V", ("magnitude",)),
        ("rad", ("phase",)),
    ]
    assert [column(table, 1), column(table, 2)] == [["1.0", "2.0"], ["0.10", "0.20"]]


def test_a_cartesian_list_has_one_unit_for_both_parts():
    content = """<si:complexListXMLList><si:valueRealXMLList>1.0 2.0</si:valueRealXMLList>
    <si:valueImagXMLList>-0.1 0.2</si:valueImagXMLList><si:unitXMLList>\\volt</si:unitXMLList>
    </si:complexListXMLList>"""
    table = only(quantity(content, "S11"))
    assert [(each.unit, each.remarks) for each in table.columns[1:]] == [
        ("V", ("real part",)),
        ("V", ("imaginary part",)),
    ]


def test_covariances_are_a_table():
    matrix = "".join(
        "<si:column>"
        + "".join(
            f"<si:covariance><si:value>{value}</si:value><si:unit>\\volt\\tothe{{2}}</si:unit></si:covariance>"
            for value in row
        )
        + "</si:column>"
        for row in (("0.01", "0.002"), ("0.002", "0.04"))
    )
    region = f"""<si:ellipsoidalRegion><si:covarianceMatrix>{matrix}</si:covarianceMatrix>
    <si:coverageFactor>2.45</si:coverageFactor><si:coverageProbability>0.95</si:coverageProbability>
    </si:ellipsoidalRegion>"""
    view = table_view(quantity(f"<si:complex>{CARTESIAN}{region}</si:complex>", "Z"))
    _, covariances = tables(view, "results")
    assert [[cell.text for cell in row] for row in covariances.rows] == [
        ["1", "1", "0.01 V²"],
        ["1", "2", "0.002 V²"],
        ["2", "1", "0.002 V²"],
        ["2", "2", "0.04 V²"],
    ]
    assert covariances.keys == 2
    assert {"2.45", "0.95"} <= set(every_text(view))


def test_a_constant_has_its_standard_uncertainty():
    content = """<si:constant><si:label>g_n</si:label><si:value>9.80665</si:value>
    <si:unit>\\metre\\second\\tothe{-2}</si:unit><si:uncertainty>0.00001</si:uncertainty></si:constant>"""
    table = only(quantity(content, "g"))
    assert [cell.text for cell in table.rows[0]] == ["g", "9.80665 m/s²", "u = 0.00001 m/s²", "g_n"]


def test_words_stand_in_the_place_of_a_value():
    content = """<dcc:noQuantity><dcc:content lang="en">none</dcc:content><dcc:content lang="zh">无</dcc:content>
    </dcc:noQuantity>"""
    assert only(quantity(content, "marking")).rows[0][1].text == "none"
    assert only(quantity(content, "marking"), language="zh").rows[0][1].text == "无"


def test_texts_in_a_list_are_a_column():
    table = only(
        quantity("<dcc:charsXMLList>low mid high</dcc:charsXMLList>", "range"),
        quantity(real_list("1 2 3", "\\metre"), "L"),
    )
    assert column(table, 1) == ["low", "mid", "high"]
    assert [each.kind for each in table.columns] == ["number", "word", "number"]


def test_conformity_of_each_row_is_a_column():
    after = """<dcc:measurementMetaData><dcc:metaData refType="basic_conformity">
    <dcc:conformityXMLList>pass fail conditionalPass</dcc:conformityXMLList></dcc:metaData></dcc:measurementMetaData>"""
    table = only(quantity(real_list("1 2 3", "\\metre"), "L", after=after))
    assert column(table, 2) == ["pass", "fail", "conditional pass"]
    assert table.columns[2].remarks == ("L",)
    chinese = only(quantity(real_list("1 2 3", "\\metre"), "L", after=after), language="zh")
    assert column(chinese, 2) == ["符合", "不符合", "有条件符合"]


def test_conformity_of_a_single_quantity_is_in_its_row():
    after = """<dcc:measurementMetaData><dcc:metaData><dcc:conformity>noPass</dcc:conformity></dcc:metaData>
    </dcc:measurementMetaData>"""
    (table,) = results(quantity(real("1", "\\metre"), "L", after=after))
    assert (
        dict(zip(names(table), (cell.text for cell in table.rows[0]), strict=True))["Conformity"] == "no pass"
    )


@pytest.mark.parametrize(
    ("relative", "shown"),
    [
        ("<dcc:relativeUncertaintyXmlList><si:valueXMLList>0.1 0.2 0.3</si:valueXMLList>"
         "<si:unitXMLList>\\percent</si:unitXMLList></dcc:relativeUncertaintyXmlList>", ["0.1", "0.2", "0.3"]),
        ("<dcc:relativeUncertaintySingle><si:value>0.05</si:value><si:unit>\\percent</si:unit>"
         "</dcc:relativeUncertaintySingle>", ["0.05"] * 3),
    ],
)  # fmt: skip
def test_a_relative_uncertainty_is_a_column(relative, shown):
    after = f"<dcc:relativeUncertainty>{relative}</dcc:relativeUncertainty>"
    table = only(quantity(real_list("1 2 3", "\\metre"), "L", after=after))
    assert heads(table)[2] == ("U_rel", "L", "%")
    assert column(table, 2) == shown


def test_a_relative_uncertainty_of_a_single_quantity_is_in_its_row():
    after = """<dcc:relativeUncertainty><dcc:relativeUncertaintySingle><si:value>0.05</si:value>
    <si:unit>\\percent</si:unit></dcc:relativeUncertaintySingle></dcc:relativeUncertainty>"""
    table = only(quantity(real("1", "\\metre"), "L", after=after))
    assert names(table)[-1] == "Relative uncertainty"
    assert table.rows[0][-1].text == "0.05 %"


def dated(values, dates):
    inside = f"<si:dateTimeXMLList>{dates}</si:dateTimeXMLList>"
    return real_list(values, "\\metre", inside)


def test_dates_that_columns_share_stand_once_and_tell_the_row():
    dates = "2026-01-01T08:00:00Z 2026-01-01T09:00:00Z"
    table = only(quantity(dated("1 2", dates), "a"), quantity(dated("3 4", dates), "b"))
    assert names(table) == ["No.", "Date and time", "a", "b"]
    assert column(table, 1) == dates.split()
    assert table.keys == 2
    assert table.columns[1].remarks == ()


def test_dates_that_differ_say_whose_they_are():
    table = only(
        quantity(dated("1 2", "2026-01-01T08:00:00Z 2026-01-01T09:00:00Z"), "a"),
        quantity(dated("3 4", "2026-01-01T08:01:00Z 2026-01-01T09:01:00Z"), "b"),
    )
    assert [each.remarks for each in table.columns if each.name.text == "Date and time"] == [("a",), ("b",)]
    assert table.keys == 1


def test_dates_of_a_whole_list_are_a_column():
    before = "<dcc:dateTimeXMLList>2026-01-01T08:00:00Z 2026-01-02T08:00:00Z</dcc:dateTimeXMLList>"
    view = table_view(listed(quantity(real_list("1 2", "\\metre"), "a"), before=before))
    (table,) = tables(view, "results")
    assert column(table, 1) == ["2026-01-01T08:00:00Z", "2026-01-02T08:00:00Z"]


def test_one_date_of_a_whole_list_is_a_fact():
    before = "<dcc:dateTime>2026-01-01T08:00:00Z</dcc:dateTime>"
    view = table_view(listed(quantity(real_list("1 2", "\\metre"), "a"), before=before))
    assert facts(view, "results")["Date and time"] == "2026-01-01T08:00:00Z"
    single = table_view(listed(quantity(real("1", "\\metre"), "a"), before=before))
    assert facts(single, "results")["Date and time"] == "2026-01-01T08:00:00Z"


def test_labels_stand_in_a_column():
    inside = "<si:labelXMLList>A B</si:labelXMLList>"
    content = real_list("1 2", "\\metre").replace("<si:valueXMLList>", f"{inside}<si:valueXMLList>")
    table = only(quantity(content, "a"))
    assert names(table) == ["No.", "Label", "a"]
    assert column(table, 1) == ["A", "B"]


def test_a_list_of_single_numbers_is_a_column():
    content = "".join(real(value, "\\metre", expanded(u)) for value, u in (("1.0", "0.1"), ("2.0", "0.2")))
    table = only(quantity(f"<si:list>{content}</si:list>", "L"))
    assert [column(table, at) for at in (1, 2)] == [["1.0", "2.0"], ["0.1", "0.2"]]
    assert heads(table)[2][0] == "U"


def test_lists_in_lists_keep_every_number():
    inner = "<si:list>" + real("1.25", "\\metre") + real("2.25", "\\metre") + "</si:list>"
    other = "<si:list>" + real("3.25", "\\metre") + real("4.25", "\\metre") + "</si:list>"
    view = table_view(listed(quantity(f"<si:list>{inner}{other}</si:list>", "matrix")))
    assert {"1.25", "2.25", "3.25", "4.25"} <= set(every_text(view))


def test_single_quantities_in_lists_in_lists_are_one_table():
    inside = listed(
        quantity(real("1", "\\metre"), "from"), quantity(real("2", "\\metre"), "to"), name="length"
    )
    other = listed(
        quantity(real("3", "\\second"), "from"), quantity(real("4", "\\second"), "to"), name="time"
    )
    view = table_view(listed(inside, other, name="limits"))
    (table,) = tables(view, "results")
    assert column(table, 0) == ["length", "", "time", ""]
    assert column(table, 1) == ["from", "to", "from", "to"]
    assert table.keys == 2
    assert Paragraph in map(type, group(view, "Table").blocks)


def test_lists_with_names_are_groups():
    inside = listed(quantity(real_list("1 2", "\\metre"), "a"), name="first run")
    other = listed(quantity(real_list("3 4", "\\metre"), "a"), name="second run")
    view = table_view(listed(inside, other, name="runs"))
    runs = group(view, "runs")
    assert [each.heading.text for each in runs.blocks if isinstance(each, Group)] == [
        "first run",
        "second run",
    ]


def test_what_is_said_of_a_quantity_stands_under_its_name():
    after = """<dcc:usedMethods><dcc:usedMethod><dcc:name><dcc:content>By hand</dcc:content></dcc:name>
    </dcc:usedMethod></dcc:usedMethods>"""
    view = table_view(listed(quantity(real_list("1 2", "\\metre"), "error", after=after)))
    details = next(each for each in blocks(view, Group) if each.about == "further details")
    assert details.heading.text == "error"
    assert group(view, "By hand")


def test_limits_of_a_quantity_are_a_table_under_it():
    limits = listed(
        quantity(real_list("-0.5 -0.6", "\\metre"), "", 'refType="basic_toleranceLimitLower"'),
        quantity(real_list("0.5 0.6", "\\metre"), "", 'refType="basic_toleranceLimitUpper"'),
    )
    after = f"""<dcc:measurementMetaData><dcc:metaData refType="basic_conformity"><dcc:data>{limits}</dcc:data>
    </dcc:metaData></dcc:measurementMetaData>"""
    view = table_view(listed(quantity(real_list("1 2", "\\metre"), "error", after=after)), "zh")
    _, second = tables(view, "results")
    assert names(second) == ["序号", "允差下限", "允差上限"]
    assert column(second, 1) == ["-0.5", "-0.6"]


def test_a_quantity_without_a_name_is_called_by_its_type_or_a_quantity():
    table = only(
        quantity(real_list("1 2", "\\metre"), "", 'refType="basic_measuredValue"'),
        quantity(real_list("3 4", "\\metre"), "", 'refType="my_own"'),
    )
    assert names(table) == ["No.", "Measured value", "Quantity"]


@pytest.mark.parametrize("values", ["NaN 1", "INF -INF", "1e400 1E-400", "+1 -0", "1. .5"])
def test_odd_numbers_are_shown_as_they_stand(values):
    table = only(quantity(real_list(values, "\\metre"), "x"))
    assert column(table, 1) == values.split()


def test_formulas_of_a_result_are_shown():
    formula = "<dcc:formula><dcc:latex>u = \\sqrt{a^2}</dcc:latex></dcc:formula>"
    (block,) = blocks(table_view(formula), FormulaBlock)
    assert (block.notation, block.source, block.readable) == ("latex", "u = \\sqrt{a^2}", "u = \\sqrt{a^2}")


def test_a_quantity_where_no_version_has_one_is_still_shown():
    """Quantities are looked for everywhere; one in a wrong place must not get lost."""
    stray = "<dcc:usedMethods>" + quantity(real("123.456", "\\metre"), "stray") + "</dcc:usedMethods>"
    view = table_view(listed(quantity(real_list("1 2", "\\metre"), "x")), conditions=stray)
    assert "others" in [each.key for each in view.sections]
    (table,) = tables(view, "others")
    assert [cell.text for cell in table.rows[0]] == ["stray", "123.456 m"]


def test_values_of_unlike_number_leave_cells_empty():
    """Not valid, and shown as it is: two uncertainties for three values."""
    table = only(quantity(real_list("1 2 3", "\\metre", expanded_list("0.1 0.2"))))
    assert column(table, 2) == ["0.1", "0.2", ""]


def test_every_table_is_a_table_of_texts():
    for block in blocks(table_view(listed(quantity(real_list("1 2", "\\metre"), "x"))), Table):
        assert all(isinstance(line, str) for row in block.rows for cell in row for line in cell.lines)
