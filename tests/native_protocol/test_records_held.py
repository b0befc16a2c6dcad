"""Native forms of records: made once, current, bounded in memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.json_values import answer_body
from jialiang.formats.handle.octets import Octets, text_octets
from jialiang.formats.handle.values import HandleRecord, HandleValue
from jialiang.formats.handle.wire.bodies import Question
from jialiang.formats.handle.wire.value_octets import read_record, record_octets
from jialiang.integration.resolver.native_records import NativeRecords, counted, native_record

RECORD = HandleRecord(
    "88.1/x",
    (
        HandleValue(1, "URL", b"a"),
        HandleValue(2, "DESC.zh", "数字压力表".encode()),
        HandleValue(3, "desc", b"\0\xff", ttl_absolute=True, ttl=1_900_000_000),
    ),
)


def _native(record: HandleRecord = RECORD, number: int = 7):
    return native_record((answer_body(record), number, 200, 1))


def _indexes(chosen: bytes | None) -> list[int]:
    assert chosen is not None
    return [value.index for value in read_record(Octets(text_octets("n") + chosen)).values]


def test_the_native_form_is_that_of_the_values():
    native = _native()
    assert (native.number, native.prefix) == (7, "88.1")
    assert text_octets(RECORD.handle) + native.rest == record_octets(RECORD)


@pytest.mark.parametrize(
    ("question", "indexes"),
    [
        (Question("n"), [1, 2, 3]),
        (Question("n", (3, 1)), [1, 3]),
        (Question("n", (), ("url",)), [1]),
        (Question("n", (), ("DESC",)), [3]),
        (Question("n", (), ("DESC.",)), [2, 3]),
        (Question("n", (1,), ("desc.ZH",)), [1, 2]),
    ],
)
def test_values_are_chosen_as_of_the_record_itself(question: Question, indexes: list[int]):
    assert _indexes(_native().chosen(question)) == indexes
    expected = RECORD.chosen(question.indexes, question.types)
    assert [value.index for value in expected.values] == indexes


def test_nothing_is_chosen_where_nothing_fits_and_of_an_empty_record():
    assert _native().chosen(Question("n", (9,))) is None
    assert _native().chosen(Question("n", (), ("",))) is None
    assert _native(HandleRecord("88.1/x", ())).chosen(Question("n")) is None


@given(
    st.lists(st.integers(1, 2**31 - 1), unique=True, max_size=4),
    st.lists(st.sampled_from(["URL", "A.b", "HS_SIG"])),
)
def test_any_choice_is_that_of_the_record(indexes: list[int], types: list[str]):
    record = HandleRecord(
        "88.1/x", tuple(HandleValue(at, "A.b" if at % 2 else "URL", b"x") for at in sorted(indexes))
    )
    question = Question("n", tuple(indexes[:2]), tuple(types))
    chosen = _native(record).chosen(question)
    expected = [value.index for value in record.chosen(question.indexes, question.types).values]
    assert (_indexes(chosen) if chosen is not None else []) == expected


def test_what_is_kept_is_found_by_the_bytes_asked_for():
    held = NativeRecords(100_000)
    native = _native()
    held.keep(b"one", "one", native)
    assert held.held(b"one") == ("one", native)
    assert held.held(b"two") is None
    newer = _native(number=8)
    held.keep(b"one", "one", newer)
    assert held.held(b"one") == ("one", newer)
    assert len(held) == 1


def test_memory_is_bounded_and_what_is_asked_for_often_stays():
    native = _native()
    room = 40 * (native.size + 20)
    held = NativeRecords(room)
    for at in range(2000):
        held.keep(f"{at:04}".encode(), "n", native)
        assert held.bytes_held <= room
        assert held.held(b"0000") is not None, "it is asked for all the time"
    assert 10 < len(held) <= 41
    assert held.held(b"0001") is None


def test_what_is_too_large_for_the_memory_is_not_kept():
    held = NativeRecords(1000)
    held.keep(b"large", "large", _native(HandleRecord("88.1/x", (HandleValue(1, "URL", b"x" * 2000),))))
    assert (held.held(b"large"), held.bytes_held) == (None, 0)


def test_everything_is_forgotten_in_the_books_too():
    held = NativeRecords(100_000)
    for _ in range(3):
        held.keep(b"one", "one", _native())
    assert held.bytes_held == _native().size + 2 * len(b"one")


def test_what_counts_together_is_one_and_the_same():
    assert counted("native_tcp", "found", "88.1") is counted("native_tcp", "found", "88.1")
    assert counted("native_udp", "not_found", "").prefix == ""
