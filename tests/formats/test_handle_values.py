"""Values and records of the Handle System: what is public, what is asked for, and identities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.values import (
    ADMIN_READ,
    ADMIN_WRITE,
    PUBLIC_READ,
    PUBLIC_WRITE,
    USUAL_PERMISSIONS,
    HandleRecord,
    HandleReference,
    HandleValue,
    ResponseCode,
    parsed_identity,
)

URL = HandleValue(1, "URL", b"https://a.example")
EMAIL = HandleValue(2, "EMAIL", b"lab@example.org")
ADMIN = HandleValue(100, "HS_ADMIN", b"\x07\xf3")
SECRET = HandleValue(300, "HS_SECKEY", b"secret", permissions=ADMIN_READ | ADMIN_WRITE)
RECORD = HandleRecord("88.101.5/ins-7", (URL, EMAIL, ADMIN, SECRET))


def test_the_permission_bits_are_those_of_the_wire() -> None:
    assert (ADMIN_READ, ADMIN_WRITE, PUBLIC_READ, PUBLIC_WRITE) == (8, 4, 2, 1)
    assert USUAL_PERMISSIONS == 0b1110


def test_a_secret_is_not_public() -> None:
    assert RECORD.public().values == (URL, EMAIL, ADMIN)
    assert not SECRET.is_public


@pytest.mark.parametrize(
    ("indexes", "types", "found"),
    [
        ((), (), (URL, EMAIL, ADMIN, SECRET)),
        ((2,), (), (EMAIL,)),
        ((2, 1), (), (URL, EMAIL)),
        ((), ("url",), (URL,)),
        ((), ("HS_",), ()),
        ((2,), ("URL",), (URL, EMAIL)),
        ((77,), (), ()),
        ((), ("NONE",), ()),
    ],
)
def test_values_are_chosen_by_index_or_type(
    indexes: tuple[int, ...], types: tuple[str, ...], found: tuple[HandleValue, ...]
) -> None:
    assert RECORD.chosen(indexes, types) == HandleRecord("88.101.5/ins-7", found)


def test_a_type_with_a_dot_at_its_end_means_the_type_and_its_subtypes() -> None:
    kinds = [HandleValue(1, kind, b"") for kind in ("URL", "url.1", "URL.mirror", "URLX", "10320/LOC")]
    assert [value.has_type("URL.") for value in kinds] == [True, True, True, False, False]
    assert [value.has_type("10320/loc") for value in kinds] == [False, False, False, False, True]


def test_bytes_that_are_not_utf8_have_no_text() -> None:
    assert URL.text == "https://a.example"
    assert ADMIN.text is None


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("301:88.111.1/test", HandleReference(301, "88.111.1/test")),
        ("0:88.1/a:b", HandleReference(0, "88.1/a:b")),
        ("300:88.101.5/压力表", HandleReference(300, "88.101.5/压力表")),
        ("88.111.1/test", None),
        (":88.1/x", None),
        ("300:", None),
        ("-1:88.1/x", None),
        ("３:88.1/x", None),
        ("12345678901:88.1/x", None),
        ("", None),
    ],
)
def test_an_identity_is_an_index_and_a_handle(text: str, identity: HandleReference | None) -> None:
    assert parsed_identity(text) == identity


@given(st.integers(0, 2**31 - 1), st.text(min_size=1, max_size=30))
def test_an_identity_written_is_read_again(index: int, handle: str) -> None:
    identity = HandleReference(index, handle)
    assert parsed_identity(identity.text) == identity


def test_the_response_codes_are_those_of_the_recorded_answers() -> None:
    assert ResponseCode(408).name == "NOT_LOGGED_IN"
    assert ResponseCode(402).name == "AUTHENTICATION_NEEDED"
    assert [ResponseCode.SUCCESS, ResponseCode.HANDLE_NOT_FOUND, ResponseCode.VALUES_NOT_FOUND] == [1, 100, 200]
