"""Plain values, codes, moments and texts of the kernel, one case a line."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.clock import iso_seconds, local_date
from jialiang.kernel.errors import (
    Conflict,
    InvalidInput,
    JialiangError,
    NotAllowed,
    NotFound,
    TooMany,
    Unavailable,
)
from jialiang.kernel.ids import CROCKFORD, grouped_code, new_check_code, new_id, normalized_code
from jialiang.kernel.plain import json_ready
from jialiang.kernel.text import Text


class Colour(Enum):
    RED = "red"
    DEEP = ("a", 1)


class Word(StrEnum):
    ONE = "one"


class Level(IntEnum):
    TWO = 2


@dataclass(frozen=True)
class Point:
    at: datetime
    value: Decimal


EAST = timezone(timedelta(hours=8))
MOMENT = datetime(2026, 6, 16, 15, 47, 30, 5, tzinfo=EAST)

PLAIN = [
    (None, None),
    (True, True),
    (0, 0),
    (-(2**70), -(2**70)),
    ("", ""),
    ("温度", "温度"),
    ([], []),
    ((), []),
    ((1, (2, [3])), [1, [2, [3]]]),
    ({"a": (1,)}, {"a": [1]}),
    ({1: "a"}, {"1": "a"}),
    ({UUID(int=1): 1}, {"00000000-0000-0000-0000-000000000001": 1}),
    ({3, 1, 2}, [1, 2, 3]),
    (frozenset({"b", "a"}), ["a", "b"]),
    (set(), []),
    (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (Decimal("1.50"), "1.50"),
    (Decimal("1E+3"), "1E+3"),
    (date(2026, 6, 16), "2026-06-16"),
    (MOMENT, "2026-06-16T07:47:30.000005+00:00"),
    (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00.000000+00:00"),
    (Text("甲", "A"), {"zh": "甲", "en": "A"}),
    (Text(), {}),
    (Colour.RED, "red"),
    (Colour.DEEP, ["a", 1]),
    (Word.ONE, "one"),
    (Level.TWO, 2),
    (Point(MOMENT, Decimal("0.10")), {"at": "2026-06-16T07:47:30.000005+00:00", "value": "0.10"}),
    ([Point(MOMENT, Decimal(0))], [{"at": "2026-06-16T07:47:30.000005+00:00", "value": "0"}]),
]


@pytest.mark.parametrize(("value", "plain"), PLAIN, ids=[f"{type(v).__name__}-{n}" for n, (v, _) in enumerate(PLAIN)])
def test_each_value_has_one_place_in_json(value: object, plain: object) -> None:
    found = json_ready(value)
    assert found == plain
    assert type(found) is type(plain)


REFUSED = [0.0, 1.5, float("nan"), b"x", object(), 1j, datetime(2026, 1, 1), Point, range(3), [1.5], {"a": {"b": 0.5}},
           {0.5}, Point(datetime(2026, 1, 1), Decimal(1))]  # fmt: skip


@pytest.mark.parametrize("value", REFUSED, ids=[f"{type(v).__name__}-{n}" for n, v in enumerate(REFUSED)])
def test_what_has_no_exact_place_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        json_ready(value)


CODES = [
    # as typed: as compared
    ("K7QM3XRD9FWTP", "K7QM3XRD9FWTP"),
    ("k7qm-3xrd-9fwt-p", "K7QM3XRD9FWTP"),
    ("K7QM 3XRD 9FWT P", "K7QM3XRD9FWTP"),
    ("Ｋ７ＱＭ－３ＸＲＤ－９ＦＷＴ－Ｐ", "K7QM3XRD9FWTP"),
    ("\tK7QM3XRD9FWTP\n", "K7QM3XRD9FWTP"),
    ("oO0", "000"),
    ("iIlL1", "11111"),
    ("uUvV", "VVVV"),
    ("K7QM.3XRD/9FWT_P", "K7QM3XRD9FWTP"),
    ("", ""),
    ("---", ""),
]


@pytest.mark.parametrize(("typed", "compared"), CODES)
def test_a_code_is_compared_as_it_was_meant(typed: str, compared: str) -> None:
    assert normalized_code(typed) == compared


@given(st.text(alphabet=CROCKFORD, min_size=13, max_size=13))
def test_no_code_that_is_given_out_changes_by_being_normalized_or_grouped(code: str) -> None:
    assert normalized_code(code) == code
    assert normalized_code(grouped_code(code)) == code
    assert [len(part) for part in grouped_code(code).split("-")] == [4, 4, 4, 1]


@given(st.text(max_size=30))
def test_normalizing_a_code_twice_changes_nothing_more(typed: str) -> None:
    assert normalized_code(normalized_code(typed)) == normalized_code(typed)


def test_check_codes_use_every_letter_of_the_alphabet_and_no_other() -> None:
    letters = set("".join(new_check_code() for _ in range(200)))
    assert letters == set(CROCKFORD)
    assert not letters & set("ILOU")


IDS = [
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC),
    datetime(2026, 6, 16, 7, 47, 30, 999999, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]


@pytest.mark.parametrize("moment", IDS)
def test_the_moment_can_be_read_from_an_identifier(moment: datetime) -> None:
    made = new_id(moment)
    milliseconds = made.int >> 80
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    since = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert milliseconds == since


def test_identifiers_of_one_moment_in_two_zones_share_their_time() -> None:
    utc, local = new_id(MOMENT.astimezone(UTC)), new_id(MOMENT)
    assert utc.int >> 64 == local.int >> 64
    assert utc < local


DAYS = [
    ("2026-06-16T15:59:59+00:00", "Asia/Shanghai", date(2026, 6, 16)),
    ("2026-06-16T16:00:00+00:00", "Asia/Shanghai", date(2026, 6, 17)),
    ("2026-06-16T23:59:59-11:00", "UTC", date(2026, 6, 17)),
    ("2026-03-29T01:30:00+01:00", "Europe/Berlin", date(2026, 3, 29)),
]


@pytest.mark.parametrize(("moment", "zone", "day"), DAYS)
def test_a_moment_has_the_day_of_the_zone(moment: str, zone: str, day: date) -> None:
    assert local_date(datetime.fromisoformat(moment), zone) == day


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (MOMENT, "2026-06-16T07:47:30Z"),
        (datetime(2026, 6, 16, 23, 59, 59, 999999, tzinfo=UTC), "2026-06-16T23:59:59Z"),
        (datetime(2026, 1, 1, 0, 30, tzinfo=EAST), "2025-12-31T16:30:00Z"),
    ],
)
def test_a_moment_is_written_in_utc_with_whole_seconds(moment: datetime, text: str) -> None:
    assert iso_seconds(moment) == text


LANGUAGES = [
    (Text("甲", "A"), "zh", "甲"), (Text("甲", "A"), "zh-hans", "甲"), (Text("甲", "A"), "ZH-CN", "甲"),
    (Text("甲", "A"), "en", "A"), (Text("甲", "A"), "en-gb", "A"), (Text("甲", "A"), "fr", "A"), (Text("甲", "A"), "",
     "A"),
    (Text("甲"), "en", "甲"), (Text(en="A"), "zh", "A"), (Text(), "zh", ""), (Text(), "en", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "read"), LANGUAGES)
def test_a_text_is_read_in_the_language_or_in_the_other_one(text: Text, language: str, read: str) -> None:
    assert text.in_language(language) == read


FILLED = [
    (Text("第 {n} 页", "page {n}"), {"n": 3}, Text("第 3 页", "page 3")),
    (Text("{who}", "{who}"), {"who": Text("甲", "A")}, Text("甲", "A")),
    (Text("{who}", "{who}"), {"who": Text("甲")}, Text("甲", "甲")),
    (Text("{{}}", "{{}}"), {}, Text("{}", "{}")),
    (Text("{a}", "{a}"), {"a": "{b}", "b": 1}, Text("{b}", "{b}")),
    (Text("{n:03d}", "{n:>4}"), {"n": 7}, Text("007", "   7")),
]


@pytest.mark.parametrize(("pattern", "facts", "filled"), FILLED)
def test_a_pattern_is_filled_per_language_and_once(
    pattern: Text, facts: dict[str, object], filled: Text
) -> None:
    assert pattern.format(**facts) == filled


STATUS = [
    (JialiangError, 500), (InvalidInput, 422), (NotFound, 404), (NotAllowed, 403), (Conflict, 409), (TooMany, 429),
    (Unavailable, 503),
]  # fmt: skip


def descendants(kind: type[JialiangError]) -> set[type[JialiangError]]:
    below = set(kind.__subclasses__())
    return below | {leaf for each in below for leaf in descendants(each)}


@pytest.mark.parametrize(("kind", "status"), STATUS)
def test_each_branch_of_errors_has_its_status(kind: type[JialiangError], status: int) -> None:
    assert kind.http_status == status
    hundreds = {4, 5} if kind is JialiangError else {status // 100}
    assert {leaf.http_status // 100 for leaf in descendants(kind)} <= hundreds
