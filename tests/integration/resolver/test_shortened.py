"""Bodies in memory: shorter than on the wire, and the same bytes again whatever they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.json_values import answer_body
from jialiang.formats.handle.values import HandleRecord, HandleValue
from jialiang.integration.resolver.shortened import shortened, whole

RECORD = answer_body(
    HandleRecord(
        "88.101.5/ins-1",
        (
            HandleValue(1, "URL", b"https://lab.example.cn/instruments/1", timestamp=1781596050),
            HandleValue(2, "NAME", "数字式温度计".encode(), timestamp=1781596050),
            HandleValue(3, "SERIAL", b"S-1", timestamp=1781596050),
        ),
    )
)


@given(st.binary(max_size=200))
def test_any_bytes_come_back(body: bytes) -> None:
    assert whole(shortened(body)) == body


@given(st.lists(st.sampled_from([RECORD, RECORD[:60], b'","values":[{"index":', b"\1", b"\6\0", b"\0", b'Z"},'])))
def test_passages_in_any_order_and_bytes_that_stand_for_them_come_back(parts: list[bytes]) -> None:
    body = b"".join(parts)
    assert whole(shortened(body)) == body


@given(
    st.lists(st.tuples(st.integers(1, 2**32 - 1), st.text(max_size=20), st.text(max_size=20)), max_size=5),
    st.integers(0, 2**31 - 1),
)
def test_every_record_comes_back(values: list[tuple[int, str, str]], moment: int) -> None:
    written = tuple(
        HandleValue(index, kind, text.encode(), timestamp=moment) for index, kind, text in values
    )
    body = answer_body(HandleRecord("88.101.5/ins-1", written))
    held = shortened(body)
    assert whole(held) == body
    assert not held.startswith(b"\0")  # what the interface writes is never taken for something else
    assert len(held) <= len(body)


def test_a_usual_record_takes_less_than_half() -> None:
    assert len(shortened(RECORD)) < 0.45 * len(RECORD)


@pytest.mark.parametrize("body", [b"", b"\0", b"\0\0", b"\1", b"{}", b'{"index":\2'])
def test_bodies_without_a_passage_cost_at_most_a_byte(body: bytes) -> None:
    assert len(shortened(body)) <= len(body) + 1
    assert whole(shortened(body)) == body
