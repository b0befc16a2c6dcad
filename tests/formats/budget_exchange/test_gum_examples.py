"""GUM H.1, H.2 and H.3 in every notation: written and read back they have the same digits, and the published ones."""

from __future__ import annotations

import json
import math

import pytest

from jialiang.formats.budget_exchange.exchange import read_budget, write_budget
from jialiang.formats.budget_exchange.notations import Notation
from jialiang.information.budget_templates.numbers import numbers_as_texts
from jialiang.science.documents.evaluating import propagate
from jialiang.science.documents.reading import read_document

# JCGM 100:2008, H.1, table H.1: an end gauge of 50 mm, in nanometres
H1 = {
    "id": "h1",
    "title": {"zh": "量块校准", "en": "End-gauge calibration"},
    "model": {
        "expr": {"l": "ls + (d_obs + d1 + d2) - ls*(delta_alpha*(theta_bar + Delta) + alpha_s*delta_theta)"},
        "unit": {"l": "nm"},
    },
    "inputs": [
        {"name": "ls", "unit": "nm", "distribution": "t", "mean": "50000623", "u": "25", "dof": "18"},
        {"name": "d_obs", "unit": "nm", "distribution": "t", "mean": "215", "u": "5.8", "dof": "24"},
        {"name": "d1", "unit": "nm", "distribution": "t", "mean": "0", "u": "3.9", "dof": "5"},
        {"name": "d2", "unit": "nm", "distribution": "t", "mean": "0", "u": "6.7", "dof": "8"},
        {
            "name": "alpha_s",
            "unit": "1/K",
            "distribution": "rectangular",
            "mean": "11.5e-6",
            "half_width": "2e-6",
        },
        {
            "name": "delta_alpha",
            "unit": "1/K",
            "distribution": "rectangular",
            "mean": "0",
            "half_width": "1e-6",
            "dof": "50",
        },
        {
            "name": "delta_theta",
            "unit": "K",
            "distribution": "rectangular",
            "mean": "0",
            "half_width": "0.05",
            "dof": "2",
        },
        {"name": "theta_bar", "unit": "K", "distribution": "normal", "mean": "-0.1", "u": "0.2"},
        {"name": "Delta", "unit": "K", "distribution": "arcsine", "mean": "0", "half_width": "0.5"},
    ],
    "settings": {"method": "lpu", "probability": "0.99", "draws": "10000", "validate": False},
}
# H.2, table H.2: five simultaneous readings of V, I and φ
H2 = {
    "id": "h2",
    "model": {
        "expr": {"R": "V*cos(phi)/I", "X": "V*sin(phi)/I", "Z": "V/I"},
        "unit": {"R": "ohm", "X": "ohm", "Z": "ohm"},
    },
    "observations": {
        "columns": ["V", "I", "phi"],
        "units": ["V", "A", "rad"],
        "rows": [
            ["5.007", "0.019663", "1.0456"], ["4.994", "0.019639", "1.0438"], ["5.005", "0.019640", "1.0468"],
            ["4.990", "0.019685", "1.0428"], ["4.999", "0.019678", "1.0433"],
        ],
    },
}  # fmt: skip
# H.3, table H.6: corrections of a thermometer against its readings, a line about 20 °C
H3 = {
    "id": "h3",
    "model": {"expr": {"b30": "y1 + y2*10"}},
    "fit": {
        "model": "b = y1 + y2*(t - t0)",
        "data": {
            "t": [
                "21.521",
                "22.012",
                "22.512",
                "23.003",
                "23.507",
                "23.999",
                "24.513",
                "25.002",
                "25.503",
                "26.010",
                "26.511",
            ],
            "b": [
                "-0.171",
                "-0.169",
                "-0.166",
                "-0.159",
                "-0.164",
                "-0.165",
                "-0.156",
                "-0.157",
                "-0.159",
                "-0.161",
                "-0.160",
            ],
        },
    },
    "constants": {"t0": "20"},
}
EXAMPLES = {"h1": H1, "h2": H2, "h3": H3}
# y, u and ν as printed; tolerances are half of the last digit printed
PRINTED = {
    ("h1", "l"): (50_000_838, 0.5, 32, 0.5, 16.7, 0.06),
    ("h2", "R"): (127.732, 0.0005, 0.071, 0.0005, 4, 1e-9),
    ("h2", "X"): (219.847, 0.0006, 0.295, 0.0006, 4, 1e-9),
    ("h2", "Z"): (254.260, 0.0005, 0.236, 0.0005, 4, 1e-9),
    ("h3", "b30"): (-0.1494, 0.00005, 0.0041, 0.00005, 9, 1e-9),
}
BACK: tuple[Notation, ...] = ("json", "xlsx")


def law(document):
    return propagate(read_document(document), "lpu")


def figures(document):
    """y, u and ν of every output, to the last digit."""
    return {
        name: (repr(each.estimate), repr(each.combined_standard_uncertainty), repr(each.degrees_of_freedom))
        for name, each in law(document).outputs.items()
    }


@pytest.mark.parametrize(("key", "output"), PRINTED)
@pytest.mark.parametrize("notation", ["", *BACK])
def test_the_printed_figures_come_out_of_every_notation(key, output, notation):
    document = EXAMPLES[key]
    if notation:
        document = read_budget(write_budget(document, notation))
    value, near, u, near_u, nu, near_nu = PRINTED[key, output]
    found = law(document).outputs[output]
    assert abs(found.estimate - value) <= near
    assert abs(found.combined_standard_uncertainty - u) <= near_u
    assert abs(found.degrees_of_freedom - nu) <= near_nu


@pytest.mark.parametrize("key", EXAMPLES)
@pytest.mark.parametrize("notation", BACK)
def test_a_notation_gives_the_same_digits_back_however_often(key, notation):
    once = read_budget(write_budget(EXAMPLES[key], notation), notation)
    twice = read_budget(write_budget(once, notation))
    assert figures(EXAMPLES[key]) == figures(once) == figures(twice)
    assert once == twice


@pytest.mark.parametrize("key", EXAMPLES)
def test_from_one_notation_into_the_other_and_back(key):
    round_ = read_budget(write_budget(read_budget(write_budget(EXAMPLES[key], "xlsx")), "json"))
    assert figures(round_) == figures(EXAMPLES[key])


@pytest.mark.parametrize("key", EXAMPLES)
def test_the_archive_has_the_figures_but_no_formula(key):
    """First order of the archived components; what the printed example says of y, u and ν stays."""
    archived = read_budget(write_budget(EXAMPLES[key], "gtc"), "gtc")
    ours, theirs = law(EXAMPLES[key]), law(archived)
    assert set(ours.outputs) <= set(theirs.outputs)
    for name, each in ours.outputs.items():
        other = theirs.outputs[name]
        assert other.estimate == pytest.approx(each.estimate, rel=1e-12)
        assert other.combined_standard_uncertainty == pytest.approx(
            each.combined_standard_uncertainty, rel=1e-9
        )
        assert other.degrees_of_freedom == pytest.approx(each.degrees_of_freedom, rel=1e-6)


@pytest.mark.parametrize("key", EXAMPLES)
def test_an_archive_is_told_from_a_document_by_its_content(key):
    data = write_budget(EXAMPLES[key], "gtc")
    assert json.loads(data)["CLASS"] == "Archive"
    assert figures(read_budget(data)) == figures(read_budget(data, "gtc"))


def test_the_digits_of_the_numbers_stay_as_they_were_typed():
    for notation in BACK:
        inputs = {each["name"]: each for each in read_budget(write_budget(H1, notation))["inputs"]}
        assert inputs["alpha_s"]["mean"] == "11.5e-6"
        assert inputs["ls"]["mean"] == "50000623"
        rows = read_budget(write_budget(H2, notation))["observations"]["rows"]
        assert [row[1] for row in rows] == ["0.019663", "0.019639", "0.019640", "0.019685", "0.019678"]


def test_the_correlation_of_h2_is_the_printed_one():
    """Table H.4: r(R, X) = -0.588, r(R, Z) = -0.485, r(X, Z) = 0.993."""
    for document in (H2, *(read_budget(write_budget(H2, notation)) for notation in BACK)):
        found = {frozenset(pair): r for pair, r in pairs(document)}
        assert found[frozenset("RX")] == pytest.approx(-0.588, abs=5e-4)
        assert found[frozenset("RZ")] == pytest.approx(-0.485, abs=5e-4)
        assert found[frozenset("XZ")] == pytest.approx(0.993, abs=5e-4)


def pairs(document):
    """Correlation of every pair of outputs, from u² of their sum: r = (u²(a+b) − u²(a) − u²(b))/(2 u(a) u(b))."""
    for one, other in (("R", "X"), ("R", "Z"), ("X", "Z")):
        model = dict(document["model"]) | {"outputs": ["R", "X", "Z", "joined"]}
        model["expr"] = dict(model["expr"]) | {"joined": f"{one} + {other}"}
        found = law(dict(document) | {"model": model}).outputs
        u = {name: each.combined_standard_uncertainty for name, each in found.items()}
        yield (one, other), (u["joined"] ** 2 - u[one] ** 2 - u[other] ** 2) / (2 * u[one] * u[other])


def test_the_contributions_of_h1_are_those_of_its_table():
    """25, 9.7, 2.9 and 16.6 nm, and u_c = 31.66 nm is their root sum of squares."""
    found = law(H1).outputs["l"]
    parts = {row.input_quantity.symbol: abs(row.contribution) for row in found.contributions}
    assert parts["ls"] == pytest.approx(25.0, rel=1e-6)
    assert math.hypot(parts["d_obs"], parts["d1"], parts["d2"]) == pytest.approx(9.7, abs=0.05)
    assert parts["delta_alpha"] == pytest.approx(2.9, abs=0.05)
    assert parts["delta_theta"] == pytest.approx(16.6, abs=0.05)
    joined = math.sqrt(math.fsum(each**2 for each in parts.values()))
    assert found.combined_standard_uncertainty == pytest.approx(joined, rel=1e-9)


@pytest.mark.parametrize("key", EXAMPLES)
def test_numbers_as_binary_or_as_texts_mean_the_same(key):
    def as_numbers(given):
        if isinstance(given, dict):
            return {name: as_numbers(each) for name, each in given.items()}
        if isinstance(given, list):
            return [as_numbers(each) for each in given]
        try:
            return float(given) if isinstance(given, str) else given
        except ValueError:
            return given

    binary = as_numbers(EXAMPLES[key])
    assert figures(binary) == figures(EXAMPLES[key])
    assert figures(numbers_as_texts(binary)) == figures(EXAMPLES[key])
