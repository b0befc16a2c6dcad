"""Every form in which D-SI writes a quantity and its uncertainty, and what is read of it, worked out by hand."""

import json
from itertools import pairwise

import pytest
from tests.formats.dcc_samples import (
    certificate_with,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
    reference,
)

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.quantities.model import Uncertainty, Writing, text_in

METRE, CENTIMETRE = "\\metre", "\\centi\\metre"


def read(content, **more):
    """The only quantity of a certificate."""
    (found,) = Certificate.read(certificate_with(quantity(content, **more))).quantities()
    return found


def univariate(kind, **members):
    """An uncertainty of D-SI 2.2: standardMU, expandedMU or coverageIntervalMU."""
    inside = "".join(f"<si:{name}>{text}</si:{name}>" for name, text in members.items())
    return f"<si:measurementUncertaintyUnivariate><si:{kind}>{inside}</si:{kind}></si:measurementUncertaintyUnivariate>"


def univariate_list(kind, **members):
    inside = "".join(f"<si:{name}XMLList>{text}</si:{name}XMLList>" for name, text in members.items())
    return (
        "<si:measurementUncertaintyUnivariateXMLList>"
        f"<si:{kind}XMLList>{inside}</si:{kind}XMLList></si:measurementUncertaintyUnivariateXMLList>"
    )


def old_interval(u, low, high, p):
    return (
        f"<si:coverageInterval><si:standardUnc>{u}</si:standardUnc><si:intervalMin>{low}</si:intervalMin>"
        f"<si:intervalMax>{high}</si:intervalMax><si:coverageProbability>{p}</si:coverageProbability>"
        "</si:coverageInterval>"
    )


def old_interval_list(u, low, high, p):
    return (
        f"<si:coverageIntervalXMLList><si:standardUncXMLList>{u}</si:standardUncXMLList>"
        f"<si:intervalMinXMLList>{low}</si:intervalMinXMLList><si:intervalMaxXMLList>{high}</si:intervalMaxXMLList>"
        f"<si:coverageProbabilityXMLList>{p}</si:coverageProbabilityXMLList></si:coverageIntervalXMLList>"
    )


# what stands in the file, and what is read
SINGLE = {
    "none": ("", Uncertainty()),
    "expanded of 2.1": (
        expanded("0.10", "2.0", "0.95", "normal"),
        Uncertainty("expanded", (), ("0.10",), ("2.0",), ("0.95",), distribution=("normal",)),
    ),
    "expanded of 2.2": (
        univariate("expandedMU", valueExpandedMU="0.10", coverageFactor="2", coverageProbability="0.9545"),
        Uncertainty("expanded", (), ("0.10",), ("2",), ("0.9545",)),
    ),
    "standard of 2.2": (
        univariate("standardMU", valueStandardMU="5e-2", distribution="rectangular"),
        Uncertainty("standard", ("5e-2",), distribution=("rectangular",)),
    ),
    "interval of 2.1": (
        old_interval("0.1", "0.8", "1.3", "0.95"),
        Uncertainty("coverage_interval", ("0.1",), (), (), ("0.95",), ("0.8",), ("1.3",)),
    ),
    "interval of 2.2": (
        univariate("coverageIntervalMU", valueStandardMU="0.1", intervalMin="-1", intervalMax="+1",
                   coverageProbability="0.5"),
        Uncertainty("coverage_interval", ("0.1",), (), (), ("0.5",), ("-1",), ("+1",)),
    ),
    "blanks around numbers": (
        expanded(" 0.10\n", "\t2 ", " 0.95"), Uncertainty("expanded", (), ("0.10",), ("2",), ("0.95",)),
    ),
    "empty members": (expanded("", "", ""), Uncertainty("expanded")),
    "an empty frame": (
        "<si:measurementUncertaintyUnivariate></si:measurementUncertaintyUnivariate>", Uncertainty(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SINGLE)
def test_the_uncertainty_of_a_single_value(case):
    inside, expected = SINGLE[case]
    found = read(real("1.00", METRE, inside))
    assert found.kind == "real"
    assert found.first == Writing("real", ("1.00",), (METRE,), uncertainty=expected)
    assert not found.first.is_list


LISTS = {
    "one for all of 2.1": (
        expanded_list("0.1", "2", "0.95"), Uncertainty("expanded", (), ("0.1",), ("2",), ("0.95",)),
    ),
    "one each of 2.1": (
        expanded_list("0.1 0.2 0.3", "2 2 3", "0.95 0.95 0.99"),
        Uncertainty("expanded", (), ("0.1", "0.2", "0.3"), ("2", "2", "3"), ("0.95", "0.95", "0.99")),
    ),
    "expanded of 2.2": (
        univariate_list("expandedMU", valueExpandedMU="0.1 0.2 0.3", coverageFactor="2", coverageProbability="0.95"),
        Uncertainty("expanded", (), ("0.1", "0.2", "0.3"), ("2",), ("0.95",)),
    ),
    "standard of 2.2": (
        univariate_list("standardMU", valueStandardMU="0.1 0.2 0.3"),
        Uncertainty("standard", ("0.1", "0.2", "0.3")),
    ),
    "interval of 2.1": (
        old_interval_list("0.1", "0 1 2", "2 3 4", "0.95"),
        Uncertainty("coverage_interval", ("0.1",), (), (), ("0.95",), ("0", "1", "2"), ("2", "3", "4")),
    ),
    "interval of 2.2": (
        univariate_list("coverageIntervalMU", valueStandardMU="0.1", intervalMin="0 1 2", intervalMax="2 3 4",
                        coverageProbability="0.95", distribution="normal"),
        Uncertainty("coverage_interval", ("0.1",), (), (), ("0.95",), ("0", "1", "2"), ("2", "3", "4"), ("normal",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LISTS)
def test_the_uncertainty_of_a_list(case):
    inside, expected = LISTS[case]
    found = read(real_list("1 2\n  3", METRE, inside))
    assert found.first == Writing("realListXMLList", ("1", "2", "3"), (METRE,), uncertainty=expected)
    assert found.first.is_list


@pytest.mark.parametrize("name", ["uncertainty", "valueStandardMU"])
def test_a_constant_has_a_standard_uncertainty_beside_its_value(name):
    found = read(
        f"<si:constant><si:value>299792458</si:value><si:unit>{METRE}</si:unit><si:{name}>0</si:{name}>"
        "<si:distribution>normal</si:distribution></si:constant>"
    )
    assert found.kind == "constant"
    assert found.first.values == ("299792458",)
    assert found.first.uncertainty == Uncertainty("standard", ("0",), distribution=("normal",))


def test_a_constant_without_uncertainty_has_none():
    found = read("<si:constant><si:value>1</si:value><si:unit>\\one</si:unit></si:constant>")
    assert found.first.uncertainty == Uncertainty()


# --- what else stands beside a value ------------------------------------------------------------------------------


BESIDE = {
    "label": ("<si:label>A</si:label>{}", {"label": ("A",)}),
    "kind": ("<si:quantityType>length</si:quantityType>{}", {"quantity_kind": ("length",)}),
    "time": ("{}<si:dateTime>2026-03-01T08:00:00Z</si:dateTime>", {"date_time": ("2026-03-01T08:00:00Z",)}),
    "digits": ("{}<si:significantDigit>3</si:significantDigit>", {"significant_digits": ("3",)}),
}  # fmt: skip


@pytest.mark.parametrize("case", BESIDE)
def test_what_stands_beside_a_value_is_read(case):
    around, expected = BESIDE[case]
    inside = around.format(f"<si:value>1</si:value><si:unit>{METRE}</si:unit>")
    assert read(f"<si:real>{inside}</si:real>").first == Writing("real", ("1",), (METRE,), **expected)


COMPLEX = {
    "cartesian": (
        "<si:complex><si:valueReal>1</si:valueReal><si:valueImag>-2</si:valueImag><si:unit>\\ohm</si:unit></si:complex>",
        Writing("complex", ("1",), ("\\ohm",), ("-2",), complex_form="cartesian"),
        {"value": "1", "imaginary": "-2", "unit": "\\ohm", "complex_form": "cartesian"},
    ),
    "polar": (
        "<si:complex><si:valueMagnitude>2.5</si:valueMagnitude><si:valuePhase>0.10</si:valuePhase>"
        "<si:unit>\\volt</si:unit><si:unitPhase>\\radian</si:unitPhase></si:complex>",
        Writing("complex", ("2.5",), ("\\volt",), ("0.10",), ("\\radian",), complex_form="polar"),
        {"value": "2.5", "phase": "0.10", "unit": "\\volt", "second_unit": "\\radian", "complex_form": "polar"},
    ),
    "cartesian list": (
        "<si:complexListXMLList><si:valueRealXMLList>1 2</si:valueRealXMLList>"
        "<si:valueImagXMLList>3 4</si:valueImagXMLList><si:unitXMLList>\\ohm</si:unitXMLList></si:complexListXMLList>",
        Writing("complexListXMLList", ("1", "2"), ("\\ohm",), ("3", "4"), complex_form="cartesian"),
        {"value": ["1", "2"], "imaginary": ["3", "4"], "unit": "\\ohm", "complex_form": "cartesian"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COMPLEX)
def test_complex_quantities_and_their_json(case):
    inside, expected, plain = COMPLEX[case]
    found = read(inside)
    assert found.first == expected
    said = found.to_json()
    assert {name: said[name] for name in plain} == plain


def test_a_hybrid_has_a_writing_a_unit_and_json_says_all():
    found = read(f"<si:hybrid>{real('1', METRE, expanded())}{real('100', CENTIMETRE)}</si:hybrid>")
    assert [(each.values, each.unit) for each in found.writings] == [
        (("1",), (METRE,)),
        (("100",), (CENTIMETRE,)),
    ]
    assert found.first is found.writings[0]
    said = found.to_json()
    assert (said["value"], said["unit"]) == ("1", METRE)
    assert [each["value"] for each in said["writings"]] == ["1", "100"]
    assert "uncertainty_form" not in said["writings"][1]


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ((), "en", ""),
        ((("zh", "甲"), ("en", "a")), "en", "a"),
        ((("zh", "甲"), ("en", "a")), "de", "甲"),
        ((("zh", "甲"), ("", "x")), "de", "x"),
        ((("en", ""), ("", "x")), "en", "x"),
        ((("en", "first"), ("en", "second")), "en", "first"),
        ((("", ""),), "en", ""),
    ],
)
def test_a_text_in_a_language_or_the_next_best(words, language, expected):
    assert text_in(words, language) == expected


def contents(*texts):
    return "".join(f'<dcc:content lang="{tag}">{text}</dcc:content>' if tag else f"<dcc:content>{text}</dcc:content>"
                   for tag, text in texts)  # fmt: skip


def test_words_come_in_all_their_languages():
    found = read(
        f"<dcc:noQuantity>{contents(('zh', ' 合格 '), ('en', 'pass'), ('en', 'good'), ('', 'ok'))}</dcc:noQuantity>"
    )
    assert (found.kind, found.writings, found.first) == ("noQuantity", (), None)
    assert found.words == (("zh", "合格"), ("en", "pass"), ("en", "good"), ("", "ok"))
    assert found.to_json()["words"] == {"zh": "合格", "en": ["pass", "good"], "und": "ok"}


def test_a_list_of_marks_keeps_its_order():
    found = read("<dcc:charsXMLList>b a\n a</dcc:charsXMLList>")
    assert (found.kind, found.chars) == ("charsXMLList", ("b", "a", "a"))
    assert found.to_json()["chars"] == ["b", "a", "a"]


def test_a_quantity_without_content_says_so():
    found = read("")
    assert (found.kind, found.writings, found.words, found.first) == ("", (), (), None)
    assert found.to_json()["name"] == "Value"
    assert "value" not in found.to_json()


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("<dcc:conformityXMLList>pass fail</dcc:conformityXMLList>", ("pass", "fail")),
        ("<dcc:conformity>pass</dcc:conformity>", ("pass",)),
        ("<dcc:conformity> </dcc:conformity>", ()),
        ("", ()),
    ],
)
def test_conclusions_of_a_quantity(stated, expected):
    after = f"<dcc:measurementMetaData><dcc:metaData>{stated}</dcc:metaData></dcc:measurementMetaData>"
    assert read(real_list("1 2", METRE), after=after).conformity == expected


@pytest.mark.parametrize(
    ("inside", "kind", "values"),
    [
        ("<dcc:relativeUncertaintySingle><si:value>0.05</si:value><si:unit>\\one</si:unit>"
         "</dcc:relativeUncertaintySingle>", "real", ("0.05",)),
        ("<dcc:relativeUncertaintyXmlList><si:valueXMLList>0.05 0.1</si:valueXMLList><si:unitXMLList>\\one"
         "</si:unitXMLList></dcc:relativeUncertaintyXmlList>", "realListXMLList", ("0.05", "0.1")),
    ],
)  # fmt: skip
def test_relative_uncertainties(inside, kind, values):
    relative = read(
        real("1", METRE), after=f"<dcc:relativeUncertainty>{inside}</dcc:relativeUncertainty>"
    ).relative_uncertainty
    assert (relative.kind, relative.values, relative.unit) == (kind, values, ("\\one",))


def test_an_empty_relative_uncertainty_is_none():
    assert read(real("1", METRE), after="<dcc:relativeUncertainty/>").relative_uncertainty is None


# --- what a quantity belongs to -----------------------------------------------------------------------------------


def method(name, id_=""):
    attribute = f' id="{id_}"' if id_ else ""
    return (
        f"<dcc:usedMethod{attribute}><dcc:name><dcc:content>{name}</dcc:content></dcc:name></dcc:usedMethod>"
    )


def methods_of(result):
    return [text_in(link.name, "en") for link in result.methods]


def test_the_nearest_methods_hold():
    own = f"<dcc:usedMethods>{method('Own')}</dcc:usedMethods>"
    of_list = f"<dcc:usedMethods>{method('List')}</dcc:usedMethods>"
    inside = (
        f"<dcc:list>{of_list}{quantity(real('1', METRE))}{quantity(real('2', METRE), after=own)}</dcc:list>"
        + quantity(real("3", METRE))
    )
    found = Certificate.read(certificate_with(inside)).quantities()
    assert [methods_of(each) for each in found] == [["List"], ["Own"], ["Comparison"]]


def test_a_named_method_stands_before_the_nearest():
    data = certificate_with(quantity(real("1", METRE), attributes='refId="m2 nowhere"')).replace(
        b"<dcc:usedMethods>", f"<dcc:usedMethods>{method('Two', 'm2')}".encode()
    )
    (found,) = Certificate.read(data).quantities()
    assert methods_of(found) == ["Two"]
    assert found.ref_id == ("m2", "nowhere")
    assert [text_in(link.name, "en") for link in found.software] == ["Logger"]


def test_items_are_those_of_the_measurement_result_and_conditions_those_declared():
    (found,) = Certificate.read(certificate_with()).quantities()
    assert [(link.id, text_in(link.name, "zh")) for link in found.items] == [("item1", "Thing")]
    assert [text_in(link.name, "en") for link in found.conditions] == ["Air"]
    assert found.equipment == ()
    (found,) = Certificate.read(certificate_with(equipment=reference("C", "analogue", "x"))).quantities()
    assert [(text_in(link.name, "en"), link.ref_type) for link in found.equipment] == [
        ("Standard", ("basic_normalUsed",))
    ]


def test_quantities_stand_in_the_order_of_the_file_and_say_their_line():
    inside = "\n".join(quantity(real(str(n), METRE), f"Q{n}") for n in range(20))
    found = Certificate.read(certificate_with(inside)).quantities()
    assert [each.first.values[0] for each in found] == [str(n) for n in range(20)]
    assert all(after.line == before.line + 1 for before, after in pairwise(found))
    assert len({each.path for each in found}) == 20


def test_json_of_every_form_is_json():
    for inside, _ in (*SINGLE.values(), *BESIDE.values()):
        said = read(real("1", METRE, inside if "{" not in inside else "")).to_json("zh")
        assert json.loads(json.dumps(said)) == said
        assert said["value"] == "1"


# --- looking up ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"name": "mass"}, ["1", "2"]),
        ({"name": " MASS "}, ["1", "2"]),
        ({"name": "质量"}, ["2"]),
        ({"name": "质量", "language": "en"}, []),
        ({"name": "mass", "language": "en"}, ["2"]),
        ({"ref_type": "basic_a"}, ["1", "3"]),
        ({"ref_type": "basic"}, []),
        ({"ref_type": "basic_a", "name": "Mass"}, ["1"]),
        ({"name": "nothing"}, []),
        ({}, ["1", "2", "3"]),
    ],
)
def test_quantities_are_found_by_name_language_and_ref_type(wanted, expected):
    both = contents(("zh", "质量"), ("en", "Mass"))
    inside = (
        quantity(real("1", METRE), "Mass", 'refType="basic_a"')
        + f"<dcc:quantity><dcc:name>{both}</dcc:name>{real('2', METRE)}</dcc:quantity>"
        + quantity(real("3", METRE), "Other", 'refType="own basic_a"')
    )
    found = Certificate.read(certificate_with(inside)).find(**wanted)
    assert [each.first.values[0] for each in found] == expected
