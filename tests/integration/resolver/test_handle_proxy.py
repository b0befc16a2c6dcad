"""``GET /<prefix>/<suffix>``: sending people on, pages in both languages, and what programs get instead."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.fakes import Reply
from tests.integration.resolver.node import EMAIL, NAME, ROOT, SITE, URL, Node

from jialiang.formats.handle.values import HandleValue
from jialiang.integration.resolver.handle_proxy import appended
from jialiang.integration.resolver.handle_questions import BadQuestion

PATH = f"/{NAME}"
BROWSER = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
LD = ("accept", "application/ld+json")
JSON = ("accept", "application/json")
ENGLISH = ("accept-language", "en-GB")
LOCATIONS = HandleValue(
    5,
    "10320/LOC",
    b'<locations><location id="0" href="https://cn.example/7" country="cn"/>'
    b'<location id="1" href="https://world.example/7"/>'
    b'<location id="2" href="https://other.example/7"/>'
    b'<location http_role="conneg" href="https://data.example/7" weight="0"/></locations>',
)


def value(index: int, kind: str, text: str) -> HandleValue:
    return HandleValue(index, kind, text.encode(), timestamp=1781582850)


@pytest.fixture
def node() -> Node:
    return Node(per_minute=1000)


def location(reply: Reply) -> str:
    assert reply.status == 302
    return reply.headers["location"]


class Texts(HTMLParser):
    """What stands on a page, and where its links lead."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(reply.body.decode())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [text or "" for name, text in attributes if name in {"href", "src", "action"}]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)


# --- sending on ----------------------------------------------------------------------------------------------


def test_a_name_leads_to_its_url(node: Node) -> None:
    for fields in ([], [BROWSER], [("accept", "*/*")]):
        assert location(node.open(PATH, "", *fields)) == "https://lab.example.cn/7"


def test_the_case_of_letters_does_not_count(node: Node) -> None:
    assert location(node.open(PATH.upper())) == "https://lab.example.cn/7"


def test_locations_come_before_the_url_and_are_chosen_by_attribute_country_and_chance(node: Node) -> None:
    node.reader.record(NAME, URL, LOCATIONS)
    assert location(node.open(PATH)) == "https://world.example/7"
    node.chance = 0.99
    assert location(node.open(PATH)) == "https://other.example/7"
    assert location(node.open(PATH, "locatt=id:0")) == "https://cn.example/7"
    trusted = node.open(PATH, "", ("x-client-region", "CN-37"), client="10.0.0.1:1")
    assert location(trusted) == "https://cn.example/7"


def test_a_program_goes_to_the_location_for_data(node: Node) -> None:
    node.reader.record(NAME, URL, LOCATIONS)
    for fields in (LD, JSON):
        assert location(node.open(PATH, "", fields)) == "https://data.example/7"


def test_broken_locations_leave_the_url(node: Node) -> None:
    node.reader.record(NAME, URL, value(5, "10320/loc", "<locations>"))
    assert location(node.open(PATH)) == "https://lab.example.cn/7"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("index=1", "https://lab.example.cn/7"),
        ("type=url", "https://lab.example.cn/7"),
        ("index=2", ""),
        ("type=EMAIL", ""),
    ],
)
def test_values_that_are_chosen_decide_whether_there_is_somewhere_to_go(
    node: Node, query: str, found: str
) -> None:
    reply = node.open(PATH, query)
    assert (reply.headers.get("location", ""), reply.status) == (found, 302 if found else 200)


def test_text_is_written_behind_the_address(node: Node) -> None:
    assert location(node.open(PATH, "urlappend=%3Fpart%3D2")) == "https://lab.example.cn/7?part=2"


@pytest.mark.parametrize("text", [".evil.example/", "@evil.example/", ":8080/", "x"])
def test_text_behind_an_address_without_a_path_cannot_lead_elsewhere(node: Node, text: str) -> None:
    node.reader.record(NAME, value(1, "URL", "https://lab.example.cn"))
    assert node.open(PATH, f"urlappend={text}").status == 400


def test_letters_that_no_header_can_hold_are_encoded(node: Node) -> None:
    node.reader.record(NAME, value(1, "URL", "https://lab.example.cn/量具?a=b c\r\nset-cookie: x=1"))
    target = location(node.open(PATH))
    assert target.isascii()
    assert not set(target) & set(" \r\n")
    assert target.startswith("https://lab.example.cn/%E9%87%8F%E5%85%B7?a=b%20c%0D%0Aset-cookie")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "lab.example.cn"]
)
def test_nobody_is_sent_to_anything_but_the_web(node: Node, url: str) -> None:
    node.reader.record(NAME, value(1, "URL", url))
    reply = node.open(PATH)
    assert (reply.status, "location" in reply.headers) == (200, False)
    assert url not in Texts(reply).links


@given(st.text(max_size=30))
def test_whatever_is_appended_stays_on_the_host(text: str) -> None:
    try:
        target = appended("https://lab.example.cn/7", text)
    except BadQuestion:
        return
    assert target.startswith("https://lab.example.cn/7")
    assert target.isascii()


# --- pages ---------------------------------------------------------------------------------------------------


def full(node: Node) -> None:
    node.reader.record(
        NAME, value(1, "NAME", "数字卡尺"), value(2, "MODEL", "DC-150"), value(3, "SERIAL", "S-7"),
        value(4, "MANUFACTURER", "Example Ltd"), value(5, "CERTIFICATE", "https://lab.example.cn/c/88.999.1/cal.1?k=X"),
        value(6, "DUE_DATE", "2026-12-31"), EMAIL, HandleValue(9, "BLOB", b"\xff" * 9),
    )  # fmt: skip


def test_without_an_address_there_is_a_page_that_says_what_it_is_and_whether_it_is_in_force(
    node: Node,
) -> None:
    full(node)
    reply = node.open(PATH, "", BROWSER)
    page = Texts(reply)
    assert reply.status == 200
    for text in (
        "已登记，有效",
        "数字卡尺",
        "DC-150",
        "S-7",
        "Example Ltd",
        "2026-12-31",
        "lab@example.cn",
        NAME,
    ):
        assert text in page.text
    assert "https://lab.example.cn/c/88.999.1/cal.1?k=X" in page.links
    assert f"/check/report?identifier={NAME}&lang=zh" in page.links
    assert "9 字节" in page.text


def test_the_page_speaks_english_to_who_reads_english(node: Node) -> None:
    full(node)
    page = Texts(node.open(PATH, "", BROWSER, ENGLISH))
    assert "Registered and in force" in page.text
    assert "Serial number" in page.text
    assert "已登记" not in page.text


def test_the_language_in_the_address_and_in_the_cookie_come_first(node: Node) -> None:
    full(node)
    assert "Registered" in Texts(node.open(PATH, "lang=en", BROWSER)).text
    cookie = ("cookie", "jialiang_language=en")
    assert "Registered" in Texts(node.open(PATH, "", BROWSER, cookie)).text
    page = Texts(node.open(PATH, "lang=zh&index=1", BROWSER, cookie))
    assert "已登记" in page.text
    assert f"{PATH}?lang=en&index=1" in page.links


def test_noredirect_shows_the_page_of_a_record_with_an_address(node: Node) -> None:
    reply = node.open(PATH, "noredirect", BROWSER)
    assert reply.status == 200
    assert "https://lab.example.cn/7" in Texts(reply).links


def test_past_its_due_date_it_is_not_in_force(node: Node) -> None:
    node.reader.record(NAME, value(6, "DUE_DATE", "2026-06-15"))  # the clock says 2026-06-16
    assert "past its due date" in Texts(node.open(PATH, "", ENGLISH)).text
    node.reader.record(NAME, value(6, "DUE_DATE", "2026-06-16"))
    node.watch.seconds += 0.31
    assert "in force" in Texts(node.open(PATH, "", ENGLISH)).text


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [("suspended", 404, "Suspended"), ("retired", 410, "never given to anything else")],
)
def test_a_suspended_and_a_retired_record_have_a_page_that_says_so(
    node: Node, state: str, status: int, words: str
) -> None:
    node.reader.closed(NAME, state, status)
    reply = node.open(PATH, "", BROWSER, ENGLISH)
    assert reply.status == status
    assert words in Texts(reply).text
    assert node.open(PATH, "", JSON).status == status
    assert node.counted[-1].outcome == state


def test_a_page_loads_nothing_but_its_own_style_and_runs_no_script(node: Node) -> None:
    full(node)
    reply = node.open(PATH, "", BROWSER)
    assert "script" not in Texts(reply).tags
    assert reply.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["vary"] == "Accept, Accept-Language, Cookie"


def test_texts_of_a_record_are_shown_as_text(node: Node) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    node.reader.record(
        NAME,
        value(1, "NAME", evil),
        value(2, evil[:40], evil),
        value(3, "CERTIFICATE", "javascript:alert(1)"),
    )
    reply = node.open(PATH, "", BROWSER)
    page = Texts(reply)
    assert not {"script", "img"} & set(page.tags)
    assert evil in page.text
    assert not [link for link in page.links if link.startswith("javascript")]


def test_a_page_is_not_sent_again_to_who_has_it(node: Node) -> None:
    full(node)
    tag = node.open(PATH, "", BROWSER).headers["etag"]
    assert node.open(PATH, "", BROWSER, ("if-none-match", tag)).status == 304
    assert node.open(PATH, "", BROWSER, ENGLISH, ("if-none-match", tag)).status == 200


# --- programs ------------------------------------------------------------------------------------------------


def test_a_program_gets_linked_data(node: Node) -> None:
    full(node)
    reply = node.open(PATH, "", LD)
    said = json.loads(reply.body)
    assert reply.headers["content-type"] == "application/ld+json"
    assert (said["@id"], said["name"], said["model"]) == (f"{ROOT}/{NAME}", "数字卡尺", "DC-150")
    assert said["serialNumber"] == "S-7"
    assert said["manufacturer"]["name"] == "Example Ltd"
    assert {each["name"] for each in said["additionalProperty"]} >= {"CERTIFICATE", "DUE_DATE"}


def test_linked_data_of_a_record_with_an_address_are_not_sent_on(node: Node) -> None:
    said = json.loads(node.open(PATH, "", LD).body)
    assert said["url"] == "https://lab.example.cn/7"


def test_a_program_that_asks_for_json_gets_the_record(node: Node) -> None:
    reply = node.open(PATH, "", JSON)
    assert reply.body == node.get().body
    assert 'rel="alternate"; type="application/json"' in reply.headers["link"]


# --- what is not there ---------------------------------------------------------------------------------------


def test_a_name_that_is_not_there_has_a_page_that_says_so(node: Node) -> None:
    reply = node.open("/88.101.5/none", "", BROWSER, ENGLISH)
    assert reply.status == 404
    assert "88.101.5/none" in Texts(reply).text
    assert node.open("/88.101.5/none", "", JSON).status == 404
    assert json.loads(node.open("/88.101.5/none", "", JSON).body)["responseCode"] == 100


def test_with_a_slash_at_its_end_the_name_without_is_offered(node: Node) -> None:
    reply = node.open(f"{PATH}/", "", BROWSER, ENGLISH)
    assert reply.status == 404
    assert PATH in Texts(reply).links


def test_a_name_with_slashes_inside_is_a_name(node: Node) -> None:
    node.reader.record("88.101.5/a/b//c", URL)
    assert location(node.open("/88.101.5/a/b//c")) == "https://lab.example.cn/7"


@pytest.mark.parametrize(("prefix", "words"), [("10.1000", "not kept here"), ("88.101.6", "suspended")])
def test_the_page_says_why_a_prefix_is_not_resolved(node: Node, prefix: str, words: str) -> None:
    node.reader.prefix("88.101.6", "suspended")
    reply = node.open(f"/{prefix}/x", "", BROWSER, ENGLISH)
    assert reply.status == 404
    assert words in Texts(reply).text


def test_a_delegated_prefix_leads_to_the_other_server(node: Node) -> None:
    node.reader.prefix("88.101.9", "delegated", SITE)
    reply = node.open("/88.101.9/x", "", BROWSER)
    assert (reply.status, reply.headers["location"]) == (307, "http://192.0.2.7:8000/88.101.9/x")


@pytest.mark.parametrize("query", ["index=x", "callback=1", "x=" + "y" * 3000])
def test_a_query_that_is_not_usable_has_a_page_too(node: Node, query: str) -> None:
    reply = node.open(PATH, query, BROWSER, ENGLISH)
    assert reply.status == 400
    assert "parameter" in Texts(reply).text


def test_what_begins_like_no_prefix_is_for_the_console(node: Node) -> None:
    for path in (
        "/",
        "/check/88.101.5/x",
        "/c/88.101.5/x",
        "/instruments/1",
        "/88.101.5",
        "/.88/x",
        "/8a/x",
        "/０/x",
    ):
        assert node.open(path).body == b"django", path


def test_answers_are_counted_by_what_they_were(node: Node) -> None:
    node.open(PATH, "via=nfc")
    node.open(PATH, "noredirect")
    node.open("/88.101.5/none")
    node.open("/10.1/x")
    assert [(each.kind, each.outcome, each.carrier, each.prefix) for each in node.counted] == [
        ("redirect", "found", "nfc", "88.101.5"),
        ("page", "found", "none", "88.101.5"),
        ("page", "not_found", "none", ""),
        ("page", "refused", "none", ""),
    ]


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_asked_gets_an_answer(suffix: str, query: str, accept: str) -> None:
    node = Node(per_minute=1000)
    node.reader.record(f"88.101.5/{suffix}", URL, LOCATIONS)
    reply = node.open(f"/88.101.5/{suffix}", query, ("accept", accept))
    assert reply.status in {200, 302, 400, 404} or reply.body == b"django"
