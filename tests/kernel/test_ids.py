"""Identifiers sort by time; check codes carry 65 bits and survive how people type them."""

import os
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.ids import (
    CROCKFORD,
    MOMENTS_KEPT,
    grouped_code,
    new_check_code,
    new_id,
    normalized_code,
)

MOMENT = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)


def test_an_identifier_is_uuid_version_7_of_its_moment():
    identifier = new_id(MOMENT)
    assert identifier.version == 7
    assert identifier.variant == "specified in RFC 4122"
    assert identifier.int >> 80 == int(MOMENT.timestamp() * 1000)


def test_identifiers_sort_by_time():
    later = [new_id(MOMENT + timedelta(milliseconds=n)) for n in range(50)]
    assert later == sorted(later)


def test_identifiers_of_one_moment_sort_in_the_order_in_which_they_were_made():
    made = [new_id(MOMENT) for _ in range(2000)]
    assert all(earlier < later for earlier, later in zip(made, made[1:], strict=False))
    assert all(identifier.version == 7 and identifier.variant == made[0].variant for identifier in made)


@given(
    st.lists(
        st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
        min_size=2,
        max_size=20,
    )
)
def test_identifiers_sort_by_moment_to_the_microsecond_whatever_the_order_of_making(moments):
    made = [(moment, new_id(moment)) for moment in moments]
    assert sorted(made, key=lambda pair: pair[1]) == sorted(made, key=lambda pair: pair[0])
    for moment, identifier in made:
        elapsed = moment - datetime(1970, 1, 1, tzinfo=UTC)
        assert identifier.int >> 80 == elapsed // timedelta(milliseconds=1)


def test_moments_of_neighbouring_microseconds_do_not_share_a_place():
    ids = [new_id(MOMENT + timedelta(microseconds=n)) for n in range(3000)]
    assert ids == sorted(ids)
    assert len({identifier.int >> 64 for identifier in ids}) == 3000


def test_threads_never_get_the_same_identifier_and_each_sees_its_own_grow():
    made: list[list[UUID]] = [[] for _ in range(8)]

    def make(own: list[UUID]) -> None:
        own.extend(new_id(MOMENT) for _ in range(500))

    threads = [threading.Thread(target=make, args=(own,)) for own in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({identifier for own in made for identifier in own}) == 8 * 500
    assert all(own == sorted(own) for own in made)


def test_the_next_identifier_cannot_be_told_from_the_last():
    made = [new_id(MOMENT).int for _ in range(200)]
    steps = {later - earlier for earlier, later in zip(made, made[1:], strict=False)}
    assert len(steps) == 199
    assert max(steps) > 1 << 30


def test_what_is_remembered_of_moments_is_bounded_and_the_latest_is_kept():
    last = new_id(MOMENT)
    for n in range(1, MOMENTS_KEPT):
        new_id(MOMENT + timedelta(seconds=n))
    assert new_id(MOMENT) > last


def test_a_forked_process_does_not_continue_the_same_sequence():
    new_id(MOMENT)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, new_id(MOMENT).bytes)
        os._exit(0)
    os.waitpid(child, 0)
    steps = abs(UUID(bytes=os.read(reading, 16)).int - new_id(MOMENT).int)
    os.close(reading)
    os.close(writing)
    assert steps > 1 << 33  # a continued sequence would lie within one step of 32 bits


def test_a_check_code_has_13_letters_of_5_bits():
    codes = {new_check_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 13 and set(code) <= set(CROCKFORD) for code in codes)


@given(st.text(CROCKFORD, min_size=13, max_size=13))
def test_a_code_survives_grouping_case_and_full_width(code):
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in code)
    for typed in (
        grouped_code(code),
        code.lower(),
        f"  {code} ",
        full_width,
        grouped_code(code).replace("-", " "),
    ):
        assert normalized_code(typed) == code


def test_letters_that_look_like_digits_are_taken_as_digits():
    assert normalized_code("oOiIlL") == "001111"


def test_a_code_is_grouped_by_four():
    assert grouped_code("K7QM3XRD9FWTP") == "K7QM-3XRD-9FWT-P"
