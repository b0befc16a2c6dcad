"""10320/loc: which of several addresses a request is sent to."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.locations import (
    MOST_LOCATIONS,
    USUAL_WAYS,
    Location,
    Locations,
    LocationWishes,
    chosen_location,
    read_locations,
    wished_attribute,
)

XML = """<locations chooseby="locatt,country,weighted">
<location id="0" href="https://cn.example/7" country="cn" weight="1" />
<location id="1" href="https://world.example/7" weight="3" />
<location id="2" href="https://spare.example/7" weight="0" />
<location http_role="conneg" href="https://data.example/7" weight="0" />
</locations>"""


def read(text: str = XML) -> Locations:
    found = read_locations(text.encode())
    assert found is not None
    return found


def host(wishes: LocationWishes, chance: float = 0.0, text: str = XML) -> str:
    location = chosen_location(read(text), wishes, lambda: chance)
    return "" if location is None else location.href.split("/")[2].split(".")[0]


def test_locations_are_read_with_their_attributes_and_the_ways_of_choosing() -> None:
    found = read()
    assert found.ways == ("locatt", "country", "weighted")
    assert [location.weight for location in found.locations] == [1, 3, 0, 0]
    assert found.locations[0].attributes["country"] == "cn"
    assert found.locations[3].role == "conneg"


def test_without_chooseby_the_usual_ways_hold() -> None:
    assert read('<locations><location href="https://a.example"/></locations>').ways == USUAL_WAYS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"<a/>",
        b"<locations>",
        b"\xff\xfe",
        b'<!DOCTYPE x [<!ENTITY a "b">]><locations>&a;</locations>',
    ],
)
def test_what_is_no_such_xml_has_no_locations(data: bytes) -> None:
    assert read_locations(data) is None


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "ftp://a.example", "//a.example", "", "data:text/html,x"]
)
def test_only_addresses_of_the_web_are_taken(href: str) -> None:
    assert read(f'<locations><location href="{href}"/></locations>').locations == ()


def test_there_is_a_limit_to_their_number() -> None:
    many = '<location href="https://a.example"/>' * (MOST_LOCATIONS + 5)
    assert len(read(f"<locations>{many}</locations>").locations) == MOST_LOCATIONS


@pytest.mark.parametrize(
    ("weight", "meant"), [("2.5", 2.5), ("-1", 1), ("nan", 1), ("inf", 1), ("many", 1), ("0", 0)]
)
def test_a_weight_that_is_not_usable_is_one(weight: str, meant: float) -> None:
    assert Location("https://a.example", {"weight": weight}).weight == meant


def test_the_attribute_that_is_named_decides() -> None:
    assert host(LocationWishes(("id", "2"))) == "spare"
    assert host(LocationWishes(("id", "0"), country="de")) == "cn"
    assert host(LocationWishes(("id", "9"))) == "world"  # none has it: the other ways decide
    assert host(LocationWishes(("colour", "red"))) == "world"


def test_the_country_of_the_client_decides_and_without_one_those_without() -> None:
    assert host(LocationWishes(country="CN")) == "cn"
    assert host(LocationWishes(country="de")) == "world"
    assert host(LocationWishes()) == "world"


def test_where_every_location_has_another_country_all_of_them_count() -> None:
    text = '<locations><location href="https://a.example" country="fr"/></locations>'
    assert host(LocationWishes(country="cn"), text=text) == "a"


def test_weights_are_kept_in_the_long_run() -> None:
    text = (
        '<locations chooseby="weighted"><location href="https://a.example" weight="1"/>'
        '<location href="https://b.example" weight="3"/><location href="https://c.example" weight="0"/></locations>'
    )
    rng = Random(7)
    found = Counter(host(LocationWishes(), rng.random(), text) for _ in range(8000))
    assert found["c"] == 0
    assert found["a"] == pytest.approx(2000, abs=160)  # four standard deviations of a binomial


def test_where_all_weigh_nothing_all_are_alike() -> None:
    both = [f'<location href="https://{name}.example" weight="0"/>' for name in "ab"]
    text = f"<locations>{''.join(both)}</locations>"
    assert {host(LocationWishes(), chance, text) for chance in (0.0, 0.49)} == {"a"}
    assert {host(LocationWishes(), chance, text) for chance in (0.5, 0.99)} == {"b"}


def test_who_wants_data_goes_to_the_location_for_data_and_nobody_else() -> None:
    assert host(LocationWishes(wants_data=True)) == "data"
    assert all(host(LocationWishes(), chance) != "data" for chance in (0.0, 0.5, 0.99))


def test_who_wants_data_where_there_is_none_is_treated_like_anybody() -> None:
    text = '<locations><location href="https://a.example" http_role="no_conneg"/></locations>'
    assert host(LocationWishes(wants_data=True), text=text) == "a"


def test_only_the_ways_that_are_named_are_applied() -> None:
    text = XML.replace("locatt,country,weighted", "weighted")
    assert host(LocationWishes(("id", "2"), "de"), 0.0, text) == "cn"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("id:1", ("id", "1")),
        ("id:", ("id", "")),
        ("a:b:c", ("a", "b:c")),
        ("", None),
        (":1", None),
        ("id", None),
    ],
)
def test_the_attribute_is_read_from_the_query(text: str, meant: object) -> None:
    assert wished_attribute(text) == meant


LOCATIONS = st.lists(
    st.builds(
        Location,
        st.sampled_from(["https://a.example", "https://b.example"]),
        st.dictionaries(
            st.sampled_from(["weight", "country", "http_role", "id"]),
            st.sampled_from(["0", "1", "cn", "conneg", "x"]),
        ),
    ),
    max_size=5,
)


WISHES = st.builds(
    LocationWishes, st.none() | st.just(("id", "1")), st.sampled_from(["", "cn"]), st.booleans()
)
WAYS = st.lists(st.sampled_from([*USUAL_WAYS, "other"]), max_size=4).map(tuple)


@given(LOCATIONS, WAYS, st.floats(0, 1, exclude_max=True), WISHES)
def test_there_is_an_answer_wherever_there_is_a_location_for_everybody(
    locations: list[Location], ways: tuple[str, ...], chance: float, wishes: LocationWishes
) -> None:
    found = chosen_location(Locations(tuple(locations), ways), wishes, lambda: chance)
    assert found is None or found in locations
    if any(location.role != "conneg" for location in locations):
        assert found is not None
