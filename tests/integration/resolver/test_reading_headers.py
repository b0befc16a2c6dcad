"""What headers say: the order of preference, the form that is wanted, the language of a page, the client's region."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.fakes import Request

from jialiang.integration.resolver.addresses import LANGUAGE_COOKIE
from jialiang.integration.resolver.clients import TrustedProxies
from jialiang.integration.resolver.page_headers import PAGE_HEADERS, frame_of, wanted_form
from jialiang.integration.resolver.preferences import MOST, preferred
from jialiang.integration.resolver.regions import RegionHeader, region_of

PROXY, STRANGER = "10.1.2.3:4711", "203.0.113.9:4711"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CURL = "*/*"


# --- the order of preference -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "order"),
    [
        ("", ()),
        (" , ,", ()),
        ("zh", ("zh",)),
        ("zh,en", ("zh", "en")),  # of the same weight: as written
        ("en;q=0.8,zh", ("zh", "en")),
        ("en;q=0.8, zh;q=0.9, fr;q=0.7", ("zh", "en", "fr")),
        ("zh-CN,zh;q=0.9,en;q=0.8", ("zh-cn", "zh", "en")),
        ("EN-gb", ("en-gb",)),
        ("text/html;level=1;q=0.5,application/json", ("application/json", "text/html")),
        ("a ; Q = 0.1 , b;q=0.2", ("b", "a")),
        ("a;q=1.000,b;q=0.999", ("a", "b")),
        ("a;q=0.001,b;q=0", ("a",)),  # 0 refuses
        ("a;q=0.000", ()),
        ("a;q=-1,b", ("b",)),
        ("a;q=nan,b", ("b",)),
        ("a;q=much,b;q=0.1", ("b",)),
        ("b;q=1,a;q=7", ("b", "a")),  # more than 1 is 1
        ("b;q=1,a;q=inf", ("b", "a")),
        (";q=1,b", ("b",)),  # no name
        ("a;v=b3;q=0.2,b;q=0.3", ("b", "a")),
    ],
)
def test_names_come_by_their_weight_and_else_as_they_are_written(header: str, order: tuple[str, ...]) -> None:
    assert preferred(header) == order


@pytest.mark.parametrize(("count", "kept"), [(MOST - 1, MOST - 1), (MOST, MOST), (MOST + 1, MOST)])
def test_of_an_endless_header_only_the_first_names_are_read(count: int, kept: int) -> None:
    header = ",".join(f"n{number}" for number in range(count))
    assert preferred(header) == tuple(f"n{number}" for number in range(kept))


@given(st.permutations(["a", "b", "c", "d", "e"]))
def test_different_weights_decide_whatever_the_order_of_writing(written: list[str]) -> None:
    weights = {"a": "1", "b": "0.8", "c": "0.5", "d": "0.25", "e": "0.001"}
    assert preferred(",".join(f"{name};q={weights[name]}" for name in written)) == ("a", "b", "c", "d", "e")


@given(st.text(max_size=60))
def test_no_header_makes_the_reading_stumble_and_no_name_comes_out_loud(header: str) -> None:
    for name in preferred(header):
        assert name == name.strip().lower() != ""
        assert "," not in name
        assert ";" not in name


# --- page, Handle JSON or JSON-LD ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "page"),
        (CURL, "page"),
        (FIREFOX, "page"),
        ("text/*", "page"),
        ("application/xhtml+xml", "page"),
        ("application/json", "json"),
        ("application/*", "json"),
        ("application/ld+json", "ld"),
        ("application/json, text/html;q=0.9", "json"),
        ("application/json;q=0.9, text/html", "page"),
        ("application/json;q=0.5, application/ld+json;q=0.6", "ld"),
        ("application/json, application/ld+json", "json"),
        ("application/json, */*", "json"),
        ("image/png, application/json;q=0.1", "json"),  # what is not known here is passed over
        ("image/png", "page"),
        ("text/html;q=0, application/json;q=0.1", "json"),
        ("APPLICATION/JSON", "json"),
        ("application/json;charset=utf-8", "json"),
    ],
)
def test_the_form_is_the_one_preferred_among_those_there_are(accept: str, form: str) -> None:
    assert wanted_form(accept) == form


# --- the frame of a page ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "accept", "language"),
    [
        ("", "", "zh"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "zh-CN,en;q=0.9", "zh"),
        ("", "fr", "zh"),
        ("en", "zh-CN", "en"),
        ("zh", "en", "zh"),
        ("EN-GB", "zh", "en"),
        ("fr", "en", "en"),
        ("", "en;q=0", "zh"),
    ],
)
def test_the_query_decides_before_the_browser_and_chinese_is_the_last_word(
    lang: str, accept: str, language: str
) -> None:
    request = Request("/88.101.5/x", fields=[("accept-language", accept)])
    found = frame_of(request, {"lang": lang} if lang else {}).language
    assert found == language


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_cookie_of_the_person_stands_between_the_query_and_the_browser(language: str) -> None:
    other = "en" if language == "zh" else "zh"
    fields = [("cookie", f"a=b; {LANGUAGE_COOKIE}={language}"), ("accept-language", other)]
    assert frame_of(Request("/88.101.5/x", fields=fields), {}).language == language
    assert frame_of(Request("/88.101.5/x", fields=fields), {"lang": other}).language == other


@pytest.mark.parametrize(
    ("path", "given_", "link"),
    [
        ("/88.101.5/x", {}, "/88.101.5/x?lang=en"),
        ("/88.101.5/x", {"lang": "en"}, "/88.101.5/x?lang=zh"),
        ("/88.101.5/x", {"noredirect": ""}, "/88.101.5/x?noredirect=&lang=en"),
        ("/88.101.5/a b?c#d", {}, "/88.101.5/a%20b%3Fc%23d?lang=en"),
        ("/88.101.5/天平", {}, "/88.101.5/%E5%A4%A9%E5%B9%B3?lang=en"),
        ("/88.101.5/x", {"type": "U&R=L"}, "/88.101.5/x?type=U%26R%3DL&lang=en"),
    ],
)
def test_the_other_language_is_one_link_away_with_the_same_question(
    path: str, given_: dict[str, str], link: str
) -> None:
    assert frame_of(Request(path), given_).language_link == link


@given(
    st.text(min_size=1, max_size=12),
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text(max_size=8), max_size=3),
)
def test_following_the_language_link_twice_leads_back_to_the_same_question(
    suffix: str, given_: dict[str, str]
) -> None:
    first = frame_of(Request(f"/88.101.5/{suffix}"), given_)
    query = dict(parse_qsl(first.language_link.partition("?")[2], keep_blank_values=True))
    second = frame_of(Request(f"/88.101.5/{suffix}"), query)
    assert {first.language, second.language} == {"zh", "en"}
    assert {**query, "lang": first.language} == {**given_, "lang": first.language}


def test_pages_run_no_script_and_are_framed_by_nobody() -> None:
    headers = dict(PAGE_HEADERS)
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert set(headers["vary"].split(", ")) == {"Accept", "Accept-Language", "Cookie"}


# --- the region of the client ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("CN", "CN"),
        ("cn", "CN"),
        (" CN ", "CN"),
        ("CN-37", "CN-37"),
        ("gb-eng", "GB-ENG"),
        ("FR-2A", "FR-2A"),
        ("", ""),
        ("C", ""),
        ("CHN", ""),
        ("C1", ""),
        ("CN-", ""),
        ("CN-3702", ""),
        ("CN-3_", ""),
        ("CN 37", ""),
        ("CN-37\n", "CN-37"),
        ("C\nN", ""),
        ("中国", ""),
        ("ß", ""),  # whose capitals would be those of South Sudan
        ("ﬁ", ""),  # and these of Finland
        ("XX, CN", ""),
    ],
)
def test_a_region_is_two_letters_and_perhaps_a_part_of_the_country(text: str, region: str) -> None:
    assert region_of(text) == region


@given(st.text(max_size=8))
def test_a_region_never_has_letters_that_did_not_stand_there(text: str) -> None:
    assert region_of(text) in {"", text.strip().upper()}
    assert region_of(text).isascii()


@pytest.mark.parametrize(
    ("header", "proxies", "client", "region"),
    [
        ("X-Client-Region", ["10.0.0.0/8"], PROXY, "CN-37"),
        ("x-client-region", ["10.0.0.0/8"], PROXY, "CN-37"),
        ("X-Client-Region", ["10.0.0.0/8"], STRANGER, ""),  # anyone can write a header
        ("X-Client-Region", [], PROXY, ""),
        ("", ["10.0.0.0/8"], PROXY, ""),
        ("X-Other", ["10.0.0.0/8"], PROXY, ""),
        ("X-Client-Region", ["::ffff:0:0/96", "10.0.0.0/8"], "[::ffff:10.1.2.3]:4711", "CN-37"),
        ("X-Client-Region", ["10.0.0.0/8"], "unix:", ""),
    ],
)
def test_only_a_trusted_proxy_says_where_a_client_is(
    header: str, proxies: list[str], client: str, region: str
) -> None:
    request = Request(fields=[("x-client-region", "cn-37")], client=client)
    assert RegionHeader(header, TrustedProxies(proxies)).of(request) == region


def test_without_the_header_nothing_is_known_even_of_a_trusted_proxy() -> None:
    assert RegionHeader("X-Client-Region", TrustedProxies(["10.0.0.0/8"])).of(Request(client=PROXY)) == ""
