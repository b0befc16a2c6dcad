"""What audit records, events and jobs may carry."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.canonical import canonical_json
from jialiang.kernel.plain import json_ready
from jialiang.kernel.text import Text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_what_is_json_already_stays_as_it_is(data: object) -> None:
    assert json_ready(data) == data
    assert canonical_json(json_ready(data)) == canonical_json(data)


def test_numbers_keep_their_text_and_moments_become_utc() -> None:
    assert json_ready(Decimal("10.000")) == "10.000"
    shanghai = timezone(timedelta(hours=8))
    moment = datetime(2026, 6, 16, 15, 47, 30, tzinfo=shanghai)
    assert json_ready(moment) == "2026-06-16T07:47:30.000000+00:00"
    assert json_ready(moment) == json_ready(moment.astimezone(UTC))
    assert json_ready(date(2026, 6, 16)) == "2026-06-16"


def test_ids_texts_sets_enumerations_and_dataclasses_become_json() -> None:
    class Colour(StrEnum):
        RED = "red"

    class Weight(Enum):
        HEAVY = Decimal("2.50")

    @dataclass
    class Thing:
        name: Text
        parts: tuple[int, ...]

    assert json_ready(UUID(int=1)) == "00000000-0000-0000-0000-000000000001"
    assert json_ready({"b", "a"}) == ["a", "b"]
    assert json_ready([Colour.RED, Weight.HEAVY]) == ["red", "2.50"]
    assert type(json_ready(Colour.RED)) is str
    assert json_ready(Thing(Text(zh="温度计"), (1, 2))) == {"name": {"zh": "温度计"}, "parts": [1, 2]}
    assert json_ready({UUID(int=1): 1}) == {"00000000-0000-0000-0000-000000000001": 1}


@pytest.mark.parametrize("wrong", [0.1, [1.0], {"a": {"b": 2.5}}, b"", object(), datetime(2026, 1, 1), Text])  # noqa: DTZ001
def test_what_has_no_one_exact_text_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError):
        json_ready(wrong)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e300, -0.0, complex(1, 2), bytearray(b"x")])
def test_numbers_without_exact_text_are_refused_at_any_depth(number: object) -> None:
    for nested in (number, [number], {"a": {"b": (number,)}}, {"set": frozenset({1}), "x": [number]}):
        with pytest.raises(TypeError):
            json_ready(nested)


@given(
    st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5))])
    )
)
def test_moments_of_any_zone_are_one_text_if_they_are_one_moment(moment: datetime) -> None:
    if not datetime(1, 1, 3, tzinfo=UTC) < moment < datetime(9999, 12, 29, tzinfo=UTC):
        return
    text = json_ready(moment)
    assert text.endswith("+00:00")
    assert datetime.fromisoformat(text) == moment
    assert json_ready(moment.astimezone(timezone(timedelta(hours=3)))) == text


@given(st.sets(st.text(max_size=5)))
def test_a_set_has_one_order(members: set[str]) -> None:
    assert json_ready(members) == json_ready(frozenset(sorted(members, reverse=True))) == sorted(members)


def test_true_and_one_stay_different() -> None:
    assert canonical_json(json_ready([True, 1, False, 0, None])) == b"[true,1,false,0,null]"
