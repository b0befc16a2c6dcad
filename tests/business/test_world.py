"""The fictional world of the demonstration holds by the house's own rules, and its figures are the printed ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from jialiang.business.demonstration.data import kilogram_check_history, text, world
from jialiang.science.decimal_text import read_decimal
from jialiang.science.units import parse_unit
from jialiang.vocabulary.credit_codes import is_credit_code
from jialiang.vocabulary.regions import is_region_code
from jialiang.vocabulary.roles import roles

# JCGM 100:2008, H.3, table H.6, as printed
H3_INDICATIONS = [
    "21.521", "22.012", "22.512", "23.003", "23.507", "23.999", "24.513", "25.002", "25.503", "26.010", "26.511",
]  # fmt: skip
H3_CORRECTIONS = [
    "-0.171", "-0.169", "-0.166", "-0.159", "-0.164", "-0.165", "-0.156", "-0.157", "-0.159", "-0.161", "-0.160",
]  # fmt: skip


def walk(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every member of the world with the way to it."""
    yield path, data
    if isinstance(data, dict):
        for key, member in data.items():
            yield from walk(member, f"{path}/{key}")
    if isinstance(data, list):
        for place, member in enumerate(data):
            yield from walk(member, f"{path}/{place}")


def members(name: str) -> list[tuple[str, Any]]:
    """Every member of that name, wherever it stands."""
    return [(path, member) for path, member in walk(world()) if path.rpartition("/")[2] == name]


def test_every_text_is_there_in_both_languages():
    texts = [(path, member) for path, member in walk(world()) if isinstance(member, dict) and "zh" in member]
    assert len(texts) > 30
    assert [
        path for path, member in texts if not (member["zh"].strip() and member.get("en", "").strip())
    ] == []


def test_every_credit_code_and_region_holds():
    codes, regions = members("credit_code"), members("region_code")
    assert len(codes) >= 3
    assert [path for path, code in codes if not is_credit_code(code)] == []
    assert len({code for _, code in codes}) == len(codes)
    assert [path for path, code in regions if not is_region_code(code)] == []


def test_nobody_real_is_reached():
    """example.org is reserved for documents; the telephone numbers have an area code that is given to nobody."""
    for path, address in [*members("email"), *members("website")]:
        assert address.endswith("example.org"), path
    for path, number in members("phone"):
        assert "5550" in number, path
    for key in ("gj", "yz"):
        assert "虚构" in world()["institutes"][key]["name"]["zh"]
        assert "fictional" in world()["institutes"][key]["name"]["en"]


def test_every_unit_is_known_and_every_figure_a_decimal():
    units = members("unit")
    assert units
    for _, unit in units:
        parse_unit(unit)
    figures = ("minimum", "maximum", "drift_half_width", "displayed_resolution", "maximum_permissible_error")
    for name in figures:
        for path, figure in members(name):
            if figure:
                assert read_decimal(figure).text == figure, path


def test_serial_numbers_and_sign_in_names_are_given_once():
    serials = [number for _, number in members("serial_number")]
    names = [name for _, name in members("username")]
    assert len(set(serials)) == len(serials)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("key", ["gj", "yz"])
def test_the_people_of_an_institute_hold_known_roles_and_the_three_duties_are_in_three_hands(key):
    holders: dict[str, set[str]] = {}
    for person in world()["people"][key]:
        assert set(person["roles"]) <= set(roles()), person
        for role in person["roles"]:
            holders.setdefault(role, set()).add(person["username"])
    duties = [holders[role] for role in ("technician", "reviewer", "signatory")]
    assert all(duties)
    assert not duties[0] & duties[1]
    assert not duties[0] & duties[2]
    assert not duties[1] & duties[2]
    assert {"receptionist", "standards_keeper"} <= set(holders)


def test_the_readings_of_the_dairys_thermometer_are_those_of_the_gum_as_printed():
    given = world()["gum_h3"]
    assert given["indication"] == H3_INDICATIONS
    assert given["correction"] == H3_CORRECTIONS
    assert "H.3" in given["source"]


def test_the_points_asked_for_lie_within_the_readings_and_within_the_standard():
    points = [float(point) for point in world()["thermometer"]["points"]]
    assert float(H3_INDICATIONS[0]) <= min(points)
    assert max(points) <= float(H3_INDICATIONS[-1])
    reference = world()["reference_thermometer"]
    assert float(reference["minimum"]) <= min(points)
    assert max(points) <= float(reference["maximum"])


def test_the_history_of_the_kilogram_is_217_weighings_in_their_order():
    rows = kilogram_check_history()
    assert len(rows) == 217
    years = [float(year) for year, *_ in rows]
    assert years == sorted(years)
    assert (rows[0], rows[-1][0]) == (["75.884", "-19.51836", "0.0217"], "88.433")
    for _, milligrams, deviation in rows:
        assert -20 < float(milligrams) < -19
        assert 0 < float(deviation) < 0.2


def test_texts_of_the_world_are_read_as_texts_of_the_house():
    assert text(world()["institutes"]["yz"]["city"]).en == "Yunze"
