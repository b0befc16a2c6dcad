"""A budget that travels as a result of a certificate: valid where it is put, its figures the report's, whole again."""

from __future__ import annotations

import base64
import json
import math

import pytest
from lxml import etree
from tests.formats.sample_content import sample_content

from jialiang.formats.budget_exchange.certificate_input import input_of_certificate, values_of_certificate
from jialiang.formats.budget_exchange.certificate_part import BUDGET, attached_budget, certificate_part
from jialiang.formats.budget_exchange.errors import (
    NoBudgetAttached,
    NotOneQuantity,
    NotSayableInCertificate,
    WithoutUncertainty,
)
from jialiang.formats.budget_exchange.exchange import read_budget, write_budget
from jialiang.formats.budget_exchange.notations import MEDIA_TYPES, NOTATIONS, SUFFIXES
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xml.errors import ForbiddenCharacter
from jialiang.science.coverage import coverage_factor, degrees_of_freedom_of
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.documents.statements import reported_output

DCC = "{https://ptb.de/dcc}"
BLOCK = {
    "id": "B-1", "title": {"zh": "量块", "en": "Gauge block"},
    "model": {"expr": {"L": "l_s + d"}, "unit": {"L": "mm"}},
    "inputs": [
        {"name": "l_s", "unit": "mm", "distribution": "normal", "mean": "50.000623", "U": "0.00005", "k": "2"},
        {"name": "d", "unit": "mm", "distribution": "normal", "mean": "0.000215", "u": "0.0000097", "dof": "9"},
    ],
}  # fmt: skip


def document(**changes):
    return {**BLOCK, **changes}


def part(data):
    return certificate_part(data, evaluate_document(read_document(data)))


def inside(data):
    """A whole certificate with the part among its results."""
    root = etree.fromstring(dcc_xml(sample_content()))
    root.find(f".//{DCC}results").append(etree.fromstring(part(data)))
    return etree.tostring(root)


def quantities(xml, ref_type):
    return [each for each in Certificate.read(xml).quantities() if ref_type in each.ref_type]


MORE = [
    ("one output", BLOCK),
    ("two outputs", document(model={"expr": {"L": "l_s + d", "D": "l_s - d"}, "unit": {"L": "mm", "D": "mm"}})),
    ("no unit", {"model": {"expr": {"y": "2*x"}}, "inputs": [{"name": "x", "mean": "1.50", "u": "0.1"}]}),
    ("a Celsius temperature", {"model": {"expr": {"t": "x"}, "unit": {"t": "°C"}},
                               "inputs": [{"name": "x", "unit": "°C", "mean": "20.1", "u": "0.1"}]}),
    ("a title in one language", document(title="Gauge <block> & co")),
    ("draws", document(settings={"method": "mc", "draws": 20_000, "seed": 1})),
    ("a small probability", document(settings={"probability": 0.5})),
    ("no uncertainty at first order", {"model": {"expr": {"y": "x**2"}}, "inputs": [{"name": "x", "mean": 0, "u": 1}]}),
]  # fmt: skip


@pytest.mark.parametrize(("_name", "data"), MORE, ids=[case[0] for case in MORE])
def test_a_certificate_with_a_budget_is_valid_and_gives_it_back(_name, data, oracles):
    schema = etree.XMLSchema(etree.parse(str(oracles / "dcc" / "schema" / "dcc" / "v3.3.0" / "dcc.xsd")))
    xml = inside(data)
    assert schema.validate(etree.fromstring(xml)), str(schema.error_log)
    assert attached_budget(xml) == data
    assert attached_budget(part(data)) == data


def test_the_figures_are_those_of_the_report():
    found = evaluate_document(read_document(BLOCK))
    figures = reported_output(found.outputs["L"], found.settings)
    (measured,) = [q for q in quantities(inside(BLOCK), "basic_measuredValue") if q.name_in("en") == "L"]
    stated = measured.first.uncertainty
    assert measured.first.values == (figures["value"],)
    assert measured.first.unit == ("\\milli\\metre",)
    assert stated.expanded_uncertainty == (figures["U"],)
    assert stated.coverage_factor == (figures["k"],)
    assert stated.coverage_probability == ("0.95",)
    (u,) = quantities(inside(BLOCK), "jl_standardUncertainty")
    assert u.first.values == (figures["u"],)
    (nu,) = quantities(inside(BLOCK), "jl_degreesOfFreedom")
    assert float(nu.first.values[0]) == pytest.approx(found.outputs["L"].degrees_of_freedom, rel=5e-3)
    assert nu.first.unit == ("\\one",)


def test_infinite_degrees_of_freedom_are_left_out():
    exact = document(inputs=[{**BLOCK["inputs"][0]}, {"name": "d", "unit": "mm", "mean": "0", "u": "0.00001"}])
    assert quantities(inside(exact), "jl_degreesOfFreedom") == []
    assert len(quantities(inside(exact), "jl_standardUncertainty")) == 1


def test_a_factor_below_one_leaves_u():
    (found,) = [q for q in quantities(inside(document(settings={"probability": 0.5})), "basic_measuredValue")
                if q.name_in("en") == "L"]  # fmt: skip
    assert found.first.uncertainty.form == "standard"


def test_the_title_stands_in_both_languages():
    names = [e.text for e in etree.fromstring(part(BLOCK)).find(f"{DCC}name")]
    assert names == ["量块", "Gauge block"]


@pytest.mark.parametrize(("title", "names"), [
    (None, ["测量不确定度预算", "Uncertainty budget"]), ("  ", ["测量不确定度预算", "Uncertainty budget"]),
    ({"en": "Only English"}, ["Only English"] * 2), ({"zh": "只有中文"}, ["只有中文"] * 2), ("Both", ["Both"] * 2),
])  # fmt: skip
def test_a_title_that_is_missing_or_of_one_language(title, names):
    found = etree.fromstring(part(document(title=title))).find(f"{DCC}name")
    assert [each.text for each in found] == names


def test_a_unit_without_a_dsi_spelling_is_refused():
    level = {"model": {"expr": {"y": "x"}, "unit": {"y": "dBm"}}}
    with pytest.raises(NotSayableInCertificate) as caught:
        part(level | {"inputs": [{"name": "x", "unit": "dBm", "mean": 1, "u": 1}]})
    assert "dBm" in caught.value.what.zh
    assert "dBm" in caught.value.what.en


def test_a_title_that_xml_cannot_carry_is_refused():
    with pytest.raises(ForbiddenCharacter):
        part(document(title="bell\x07"))


def changed(old, new, data=None):
    return part(data or BLOCK).replace(old, new)


@pytest.mark.parametrize("xml", [
    b"<a/>", f'<dcc:result xmlns:dcc="https://ptb.de/dcc" refType="{BUDGET}"/>'.encode(),
])  # fmt: skip
def test_xml_without_a_budget_says_so(xml):
    with pytest.raises(NoBudgetAttached) as caught:
        attached_budget(xml)
    assert caught.value.facts["count"] == 0


def test_two_budgets_are_one_too_many():
    root = etree.fromstring(inside(BLOCK))
    root.find(f".//{DCC}results").append(etree.fromstring(part(BLOCK)))
    with pytest.raises(NoBudgetAttached, match="2"):
        attached_budget(etree.tostring(root))


def test_an_attachment_that_is_no_base64_is_none():
    coded = base64.b64encode(json.dumps(BLOCK, ensure_ascii=False, indent=1).encode())
    with pytest.raises(NoBudgetAttached):
        attached_budget(changed(coded, b"@@@"))


def test_it_is_a_notation_like_the_others():
    assert NOTATIONS[-1] == "dcc"
    assert (MEDIA_TYPES["dcc"], SUFFIXES["dcc"]) == ("application/xml", ".dcc.xml")
    written = write_budget(BLOCK, "dcc")
    for read in (read_budget(written), read_budget(written, "dcc"), read_budget(b"\xef\xbb\xbf\n " + written[39:])):
        assert evaluate_document(read_document(read)).outputs == evaluate_document(read_document(BLOCK)).outputs


def test_a_value_of_the_part_becomes_an_input_of_the_next_budget():
    values = [v for v in values_of_certificate(inside(BLOCK)) if dict(v.name).get("en") == "L"]
    (found,) = values
    assert found.input["unit"] == "\\milli\\metre"
    assert {"U", "k", "mean", "distribution", "source"} <= set(found.input)
    taken = input_of_certificate(inside(BLOCK), found.reference, "x")
    assert taken == {"name": "x", **found.input}


# --- values to choose from


def test_every_listed_value_is_what_its_reference_gives(oracles):
    count = 0
    for name in ("v3.3.0_gp_temperature_valid.xml", "v3.1.2_gp_humidity.xml", "v3.0.0_mass_singleweight.xml"):
        data = (oracles / "dcc" / "samples" / name).read_bytes()
        for value in values_of_certificate(data):
            assert input_of_certificate(data, value.reference, "q") == {"name": "q", **value.input}
            budget = {"model": {"expr": {"y": "q"}}, "inputs": [{"name": "q", **value.input}]}
            assert evaluate_document(read_document(budget)).outputs["y"].standard_uncertainty > 0
            count += 1
    assert count > 10


def test_the_sample_lists_its_corrections_row_by_row():
    found = values_of_certificate(dcc_xml(sample_content()))
    assert len(found) == 11
    assert found[0].reference.endswith("#1")
    assert found[10].input["source"]["reference"].endswith("#11")
    assert {each.input["U"] for each in found} == {"0.018"}
    assert dict(found[0].name) == {"zh": "修正值", "en": "Correction"}


@pytest.mark.parametrize(("distribution", "k", "probability", "dof"), [
    ("t", "2.28", "0.95", "8.56"), ("t", "2.00", "0.95", "60.4"), ("normal", "2.28", "0.95", None),
    ("t", "1.96", "0.95", None), ("t", "1.50", "0.95", None), ("Student", "4.30", "0.95", "2"),
    ("t", "2.87", "0.9545", "4"), ("rectangular", "1.65", "0.95", None),
])  # fmt: skip
def test_degrees_of_freedom_follow_from_k_of_the_t_distribution(distribution, k, probability, dof):
    xml = dcc_xml(sample_content()).decode()
    xml = xml.replace(">normal<", f">{distribution}<").replace(" ".join(["2.00"] * 11), " ".join([k] * 11))
    xml = xml.replace("XMLList>0.95<", f"XMLList>{probability}<")
    found = values_of_certificate(xml.encode())[0].input
    if dof is None:
        assert "dof" not in found
    else:
        assert float(found["dof"]) == pytest.approx(float(dof), rel=0.02)


@pytest.mark.parametrize("nu", [1, 2, 5, 9, 30, 100])
@pytest.mark.parametrize("p", [0.9, 0.95, 0.9545, 0.99])
def test_nu_comes_back_from_its_factor(nu, p):
    assert degrees_of_freedom_of(p, coverage_factor(p, nu)) == pytest.approx(nu, rel=1e-6)


@pytest.mark.parametrize(("p", "k"), [(0.95, 1.95), (0.95, -2), (0, 2), (1, 2), (0.95, math.nan), (0.95, 100)])
def test_no_nu_for_what_is_no_factor(p, k):
    assert degrees_of_freedom_of(p, k) is None


def test_values_that_were_not_taken_are_not_offered():
    xml = dcc_xml(sample_content()).decode()
    first = xml.index("0.018 ")
    assert len(values_of_certificate((xml[:first] + "NaN " + xml[first + 6 :]).encode())) == 10


def test_a_path_that_leads_nowhere_and_one_without_uncertainty():
    xml = dcc_xml(sample_content())
    with pytest.raises(NotOneQuantity):
        input_of_certificate(xml, "/dcc:nothing", "x")
    indication = next(q for q in Certificate.read(xml).quantities() if "basic_measuredValue" in q.ref_type)
    with pytest.raises(WithoutUncertainty):
        input_of_certificate(xml, f"{indication.path}#1", "x")
