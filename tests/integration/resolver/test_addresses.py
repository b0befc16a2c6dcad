"""Which question an address asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.public_keys import key_by_identifier, key_by_number
from jialiang.integration.resolver.addresses import chosen_language, prefers_json, question


def test_the_scanned_address_asks_by_identifier() -> None:
    asked = question("/c/88.999.1/CAL.2026.7F3K", "k=K7QM-3XRD")
    assert asked is not None
    assert asked.key("zh") == key_by_identifier("88.999.1/CAL.2026.7F3K", "K7QM3XRD", "zh")
    assert not asked.json_only


def test_a_suffix_may_contain_slashes() -> None:
    asked = question("/c/88.999.1/a/b", "k=1")
    assert asked is not None
    assert asked.json_key == key_by_identifier("88.999.1/a/b", "1", "json")


def test_the_form_asks_by_number_and_code() -> None:
    asked = question("/check", "number=JL%E6%A0%A1%E5%AD%972026-1&code=k7qm+3xrd")
    assert asked is not None
    assert asked.key("en") == key_by_number("JL校字2026-1", "K7QM3XRD", "en")


@pytest.mark.parametrize(
    ("path", "query"),
    [("/api/v1/authenticity", "number=A&code=B"), ("/api/v1/authenticity/88.999.1/A", "k=B&lang=en")],
)
def test_the_api_knows_json_only(path: str, query: str) -> None:
    asked = question(path, query)
    assert asked is not None
    assert asked.json_only


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", ""),
        ("/check", ""),
        ("/check", "number=A"),
        ("/check", "number=A&code=%20"),
        ("/check", "number=&code=B"),
        ("/check/file", "number=A&code=B"),
        ("/checkers", "number=A&code=B"),
        ("/c/", "k=B"),
        ("/c/88.999.1", "k=B"),
        ("/c/88.999.1/", "k=B"),
        ("/c/88.999.1/A", ""),
        ("/c/88.999.1/A", "k="),
        ("/c", "k=B"),
        ("/certificates/1", "k=B"),
        ("/api/v1/authenticity/report", ""),
        ("/api/v1/authenticityX/A/B", "k=1"),
        ("/api/v1/certificates", "number=A&code=B"),
    ],
)
def test_everything_else_is_the_control_planes(path: str, query: str) -> None:
    assert question(path, query) is None


def test_an_endless_address_asks_for_something_unknown_and_is_not_remembered() -> None:
    first, second = (
        question("/check", "number=" + "9" * 2000 + "&code=1"),
        question("/c/1/" + "9" * 2000, "k=1"),
    )
    assert first is not None
    assert second is not None
    assert first.zh_key == second.zh_key == key_by_number("", "", "zh")


@given(st.text(max_size=100), st.text(max_size=200))
def test_no_address_makes_it_stumble(path: str, query: str) -> None:
    for stem in ("/c/", "/check", "/api/v1/authenticity"):
        question(stem + path, query)
        question(stem, f"number={query}&code={path}")


@given(st.binary(max_size=60))
def test_no_percent_encoding_makes_it_stumble(raw: bytes) -> None:
    assert question("/check", "code=1&number=x" + "".join(f"%{byte:02x}" for byte in raw)) is not None


@pytest.mark.parametrize(
    ("cookie", "accept", "language"),
    [
        ("", "", "zh"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr,de;q=0.8", "zh"),
        ("", "fr, en;q=0.2, zh-CN;q=0.1", "en"),
        ("", "en;q=0.3,zh;q=0.7", "zh"),
        ("", "en;q=0", "zh"),
        ("", "en;q=nonsense, zh;q=0.1", "zh"),
        ("jialiang_language=en", "zh-CN", "en"),
        ("sessionid=1; jialiang_language=zh-hans", "en", "zh"),
        ("jialiang_language=xx", "en", "en"),
        ("other_jialiang_language=en", "zh", "zh"),
        (";;=;", ",;q=,;", "zh"),
    ],
)
def test_cookie_then_browser_then_chinese(cookie: str, accept: str, language: str) -> None:
    assert chosen_language(cookie, accept) == language


@pytest.mark.parametrize(
    ("accept", "json"),
    [
        ("application/json", True),
        ("application/problem+json", True),
        ("application/json, text/html;q=0.5", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("*/*", False),
        ("", False),
        ("application/json;q=0.1, text/html;q=0.9", False),
    ],
)
def test_json_is_given_to_who_prefers_it(accept: str, json: bool) -> None:
    assert prefers_json(accept) is json


@given(st.text(max_size=80))
def test_no_header_makes_it_stumble(text: str) -> None:
    prefers_json(text)
    assert chosen_language(text, text) in {"zh", "en"}
