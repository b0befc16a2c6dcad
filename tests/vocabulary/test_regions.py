"""Region codes: shape and province."""

import json

import pytest

from jialiang.kernel.text import Text
from jialiang.vocabulary.regions import is_region_code, province_of, provinces


def test_the_provinces_are_those_of_the_published_list(oracles):
    folder = oracles / "china" / "regions"
    published = {
        r["code"]: r["name"] for r in json.loads((folder / "provinces.json").read_text(encoding="utf-8"))
    }
    ours = {code: name.zh for code, name in provinces().items()}
    assert {code: ours.get(code) for code in published} == published
    assert set(ours) - set(published) == {"71", "81", "82"}


def test_every_published_county_is_accepted(oracles):
    areas = json.loads((oracles / "china" / "regions" / "areas.json").read_text(encoding="utf-8"))
    assert len(areas) > 2900
    assert [a["code"] for a in areas if not is_region_code(a["code"])] == []


@pytest.mark.parametrize("code", ["", "37010", "3701000", "99010A", "990100", "３７０１００"])
def test_other_texts_are_refused(code):
    assert not is_region_code(code)


def test_the_province_of_a_code_is_named_in_both_languages():
    assert province_of("370100") == Text("山东省", "Shandong")
    assert not province_of("990000")
