"""``publicOnly`` at the control plane: who may ask for more than is public, in either spelling that is read."""

from __future__ import annotations

import pytest
from tests.integration.handle_api.test_writing import EMAIL, SECRET_VALUE, URL, Door, door, world

__all__ = ["door", "world"]
SPELLINGS = ["publicOnly", "publiconly"]


@pytest.fixture
def made(door: Door) -> Door:
    """A client with a record of which one value is not public."""
    assert door.codes("PUT", "", [URL, EMAIL, SECRET_VALUE]) == (201, 1)
    return door


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_stranger_who_asks_for_more_has_to_authenticate_and_a_client_sees_what_it_says(
    made: Door, name: str
) -> None:
    for said in ("false", "0", "no", "FALSE"):
        status, told = made.handle("GET", f"?{name}={said}", authorization=None)
        assert (status, told["responseCode"]) == (401, 402)
        assert made.indexes(f"?{name}={said}") == [1, 2, 9]
    for said in ("true", "TRUE"):
        status, told = made.handle("GET", f"?auth=true&{name}={said}", authorization=None)
        assert (status, [value["index"] for value in told["values"]]) == (200, [1, 2])
        assert made.indexes(f"?{name}={said}") == [1, 2]
    assert made.indexes(f"?{name}=true&index=9") == []
    assert made.handle("GET", f"?{name}=true&index=9")[1]["responseCode"] == 200


def test_said_in_both_spellings_the_usual_one_counts(made: Door) -> None:
    assert made.indexes("?publicOnly=true&publiconly=false") == [1, 2]
    assert made.indexes("?publiconly=true&publicOnly=false") == [1, 2, 9]
    assert made.handle("GET", "?publiconly=false&publicOnly=true", authorization=None)[0] == 200
