"""Canonical paths and the way up from a single thing to its kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes import CodeRefused, canonical_path, walk_up
from jialiang.formats.codes.compression import compress
from jialiang.formats.codes.digital_link import build_digital_link, parse_digital_link

GTIN = "09506000134352"


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        (f"https://id.example.org/01/{GTIN}", f"/01/{GTIN}"),
        (f"/01/{GTIN}/10/A%2fB", f"/01/{GTIN}/10/A%2FB"),
        (f"https://a.b/x/01/{GTIN}/21/S?17=261231#f", f"/01/{GTIN}/21/S"),
        ("/ARFKk4XB0CDKWcnpq", "/01/09506000134376/10/LOT01"),
        ("https://a.b/c/ARFKk4XB0CDKWcnpq?x=1", "/01/09506000134376/10/LOT01"),
        ("/01/09506000134376/EGUs5PTU", "/01/09506000134376/10/LOT01"),
    ],
)
def test_the_path_of_a_link_in_any_form(uri, path):
    assert canonical_path(uri) == path


@pytest.mark.parametrize(
    ("path", "ways"),
    [
        (f"/01/{GTIN}", [f"/01/{GTIN}"]),
        (f"/01/{GTIN}/10/KL8G", [f"/01/{GTIN}/10/KL8G", f"/01/{GTIN}"]),
        (
            f"/01/{GTIN}/22/2A/10/1/21/9",
            [f"/01/{GTIN}/22/2A/10/1/21/9", f"/01/{GTIN}/22/2A/10/1", f"/01/{GTIN}/22/2A", f"/01/{GTIN}"],
        ),
        ("/414/9506000134352/254/KL8G", ["/414/9506000134352/254/KL8G", "/414/9506000134352"]),
        ("/8004/9506000A%2FB", ["/8004/9506000A%2FB"]),
    ],
)
def test_the_way_up_is_most_specific_first_and_ends_with_the_key(path, ways):
    assert list(walk_up(path)) == ways


@pytest.mark.parametrize("path", ["/foo", "", "/01/09506000134353", f"/01/{GTIN}/foo", "/AAAAAAAA"])
def test_what_is_no_link_has_no_path(path):
    with pytest.raises(CodeRefused):
        canonical_path(path)


@given(st.lists(st.sampled_from(["22", "10", "21"]), unique=True), st.text("ABC/%1", min_size=1, max_size=8))
def test_every_step_up_is_a_canonical_path_one_pair_shorter(qualifiers, value):
    link = build_digital_link({"01": GTIN, **dict.fromkeys(qualifiers, value)})
    ways = walk_up(link.path)
    assert len(ways) == len(qualifiers) + 1
    assert ways[0] == link.path
    for lower, upper in zip(ways, ways[1:], strict=False):
        assert lower.startswith(upper + "/")
        assert canonical_path(upper) == upper


@given(st.text("ABCabc019-_/+", min_size=1, max_size=20), st.booleans(), st.booleans())
def test_a_compressed_link_has_the_same_path(serial, keep_key, short_names):
    link = parse_digital_link(build_digital_link({"01": GTIN, "21": serial}, "https://a.b").uri())
    assert canonical_path(compress(link, keep_key=keep_key, short_names=short_names)) == link.path
