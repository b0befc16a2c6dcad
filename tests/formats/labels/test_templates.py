"""Templates: those of the program, those of users, and every way to write one wrongly is named by its place."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.labels.errors import BadTemplate, UnknownTemplate
from jialiang.formats.labels.templates import (
    MEMBERS,
    template_from_bytes,
    template_named,
    template_of,
    templates,
)

GOOD = {
    "title": {"zh": "标签", "en": "Label"},
    "width": 50,
    "height": 30,
    "elements": [
        {"kind": "symbol", "symbol": "qr", "text": "{address}", "x": 1, "y": 1, "width": 20, "height": 20},
        {
            "kind": "words",
            "text": {"zh": "编号 {serial}", "en": "No. {serial}"},
            "x": 22,
            "y": 1,
            "width": 27,
            "height": 5,
            "size": 8,
            "bold": True,
            "align": "right",
            "colour": "on_status",
        },
        {"kind": "band", "colour": "{status}", "x": 0, "y": 25, "width": 50, "height": 5},
        {"kind": "logo", "x": 40, "y": 8, "width": 8, "height": 8},
    ],
}


def changed(*path, to):
    """Return the good template with one member changed; ``...`` removes it."""
    row = copy.deepcopy(GOOD)
    place = row
    for step in path[:-1]:
        place = place[step]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return row


def test_a_template_is_read_with_all_its_members():
    template = template_of("own", GOOD)
    assert (template.name, template.title.zh, template.width, template.height) == ("own", "标签", 50, 30)
    symbol, words, band, logo = template.elements
    assert (symbol.kind, symbol.symbol, symbol.text.zh, symbol.text.en) == (
        "symbol",
        "qr",
        "{address}",
        "{address}",
    )
    assert (words.text.en, words.size, words.bold, words.align, words.colour) == (
        "No. {serial}",
        8,
        True,
        "right",
        "on_status",
    )
    assert (band.colour, logo.kind, logo.x) == ("{status}", "logo", 40)


def test_what_is_left_out_has_a_usual_value():
    row = changed(
        "elements", to=[{"kind": "words", "text": "{identifier}", "x": 0, "y": 0, "width": 9, "height": 3}]
    )
    del row["title"]
    template = template_of("plain", row)
    (words,) = template.elements
    assert (words.size, words.bold, words.align, words.colour) == (8, False, "left", "#000000")
    assert (template.title.zh, template.title.en) == ("plain", "plain")


WRONG = [
    (changed("width", to=...), "width"),
    (changed("width", to=4), "width"),
    (changed("width", to=301), "width"),
    (changed("width", to="50"), "width"),
    (changed("width", to=True), "width"),
    (changed("width", to=float("nan")), "width"),
    (changed("height", to=float("inf")), "height"),
    (changed("elements", to=[]), "elements"),
    (changed("elements", to={}), "elements"),
    (changed("elements", to=[GOOD["elements"][0]] * 41), "elements"),
    (changed("extra", to=1), "template.extra"),
    (changed("title", to=7), "title"),
    (changed("title", to={"de": "x"}), "title"),
    (changed("title", to={}), "title"),
    (changed("elements", 0, to=7), "elements[0]"),
    (changed("elements", 0, "kind", to="circle"), "elements[0].kind"),
    (changed("elements", 0, "kind", to=...), "elements[0].kind"),
    (changed("elements", 0, "symbol", to="aztec"), "elements[0].symbol"),
    (changed("elements", 0, "symbol", to=...), "elements[0].symbol"),
    (changed("elements", 0, "text", to="{nothing}"), "elements[0].text"),
    (changed("elements", 0, "text", to="{address"), "elements[0].text"),
    (changed("elements", 0, "text", to="{address!r}"), "elements[0].text"),
    (changed("elements", 0, "text", to="{address:>99999999}"), "elements[0].text"),
    (changed("elements", 0, "text", to="{address.__class__}"), "elements[0].text"),
    (changed("elements", 0, "text", to="{}"), "elements[0].text"),
    (changed("elements", 0, "text", to="x" * 201), "elements[0].text"),
    (changed("elements", 0, "text", to=...), "elements[0].text"),
    (changed("elements", 0, "x", to=-1), "elements[0].x"),
    (changed("elements", 0, "x", to=51), "elements[0].x"),
    (changed("elements", 0, "width", to=49.5), "elements[0].width"),
    (changed("elements", 0, "height", to=0.1), "elements[0].height"),
    (changed("elements", 0, "height", to=29.5), "elements[0].height"),
    (changed("elements", 0, "size", to=7), "elements[0].size"),
    (changed("elements", 1, "size", to=2), "elements[1].size"),
    (changed("elements", 1, "size", to=73), "elements[1].size"),
    (changed("elements", 1, "bold", to=1), "elements[1].bold"),
    (changed("elements", 1, "align", to="middle"), "elements[1].align"),
    (changed("elements", 1, "colour", to="red"), "elements[1].colour"),
    (changed("elements", 1, "colour", to="#FF0000"), "elements[1].colour"),
    (changed("elements", 2, "colour", to=7), "elements[2].colour"),
    (changed("elements", 3, "text", to="x"), "elements[3].text"),
]


@pytest.mark.parametrize(("row", "place"), WRONG, ids=[f"{i}-{place}" for i, (_, place) in enumerate(WRONG)])
def test_what_is_wrong_is_named_by_its_place(row, place):
    with pytest.raises(BadTemplate) as refused:
        template_of("own", row)
    assert refused.value.facts["place"] == place
    assert refused.value.http_status == 422
    assert place in refused.value.what.zh


@pytest.mark.parametrize("row", [None, [], "x", 7])
def test_what_is_no_object_is_no_template(row):
    with pytest.raises(BadTemplate):
        template_of("own", row)


def test_a_file_is_read():
    assert template_from_bytes("own", json.dumps(GOOD).encode()) == template_of("own", GOOD)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000, b"null", b"{}"])
def test_a_file_that_is_no_template_is_refused(data):
    with pytest.raises(BadTemplate):
        template_from_bytes("own", data)


def test_the_templates_of_the_program_say_something_in_both_languages():
    for name, template in templates().items():
        assert template_named(name) is template
        assert name.endswith(f"{template.width:g}x{template.height:g}")
        assert any(element.kind == "symbol" for element in template.elements)
        for element in template.elements:
            if element.kind == "words":
                assert element.text.zh
                assert element.text.en


def test_elements_of_the_programs_templates_do_not_overlap_but_on_bands():
    for template in templates().values():
        plain = [element for element in template.elements if element.kind != "band"]
        for i, a in enumerate(plain):
            for b in plain[:i]:
                apart_x = a.x >= b.x + b.width or b.x >= a.x + a.width
                assert apart_x or a.y >= b.y + b.height or b.y >= a.y + a.height, (template.name, a, b)


@pytest.mark.parametrize("name", ["", "x", "instrument-50x30 "])
def test_an_unknown_template_is_told_with_those_that_are_known(name):
    with pytest.raises(UnknownTemplate) as refused:
        template_named(name)
    assert all(known in refused.value.rule.zh for known in templates())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@given(
    st.sampled_from(
        [("width",), ("title",), ("elements",), *[("elements", 1, m) for m in GOOD["elements"][1]]]
    ),
    JSON,
)
def test_any_json_is_a_template_or_refused_and_nothing_else(path, value):
    try:
        template = template_of("own", changed(*path, to=value))
    except BadTemplate as refused:
        assert refused.what.en
    else:
        for element in template.elements:
            assert element.x + element.width <= template.width + 1e-9
            assert element.y + element.height <= template.height + 1e-9


def test_the_members_are_those_of_the_content():
    assert len(MEMBERS) == len(set(MEMBERS)) == 14
