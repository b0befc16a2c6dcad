"""The pages of identifiers: the verdict, what stands on top, what is linked to, and the same as JSON-LD."""

from __future__ import annotations

import json
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.gs1.links import DEFAULT, Gs1Link
from jialiang.formats.gs1.linkset import LinkContext
from jialiang.formats.handle.json_values import record_json
from jialiang.formats.handle.values import HandleRecord, HandleValue
from jialiang.formats.identifier_page.linked_data import linked_data
from jialiang.formats.identifier_page.page import (
    LONGEST_SHOWN,
    PageFrame,
    http_link,
    links_page,
    message_page,
    page_words,
    record_page,
    state_of,
)

NAME, TODAY = "88.101.5/ins-7", "2026-06-16"
CHINESE, ENGLISH = PageFrame("zh", "/x?lang=en"), PageFrame("en", "/x?lang=zh")
ADDRESS = f"https://id.example.cn/{NAME}"


def value(index: int, kind: str, data: bytes) -> HandleValue:
    return HandleValue(index, kind, data, timestamp=1781582850)


def said(*values: HandleValue) -> dict[str, Any]:
    return record_json(HandleRecord(NAME, values))


def closed(state: str) -> dict[str, Any]:
    return {"responseCode": 100, "handle": NAME, "message": f"The identifier is {state}", "state": state}


class Page(HTMLParser):
    """What stands on a page and where it leads."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body.decode()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.language = ""
        self.feed(self.body)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given_ = dict(attributes)
        self.tags.append(tag)
        self.links += [given_["href"] or ""] if tag == "a" else []
        self.language = given_.get("lang") or "" if tag == "html" else self.language

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def after(self, label: str) -> str:
        return self.words[self.words.index(label) + 1]


def page(*values: HandleValue, frame: PageFrame = ENGLISH, today: str = TODAY) -> Page:
    return Page(record_page(said(*values), frame, today=today))


# --- the verdict -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "state"),
    [
        ("2026-06-15", "due"),
        ("2026-06-16", "active"),  # the day itself is still in time
        ("2026-06-17", "active"),
        ("2025-12-31", "due"),
        ("", "active"),
        ("2026-6-15", "active"),  # what is no date says nothing
        ("15.06.2026", "active"),
        ("2026/06/15", "active"),
        ("yesterday!", "active"),
    ],
)
def test_a_record_is_past_its_due_date_from_the_day_after(due: str, state: str) -> None:
    record = said(value(1, "DUE_DATE", due.encode()))
    assert state_of(record, today=TODAY, due=due) == state
    words = page_words()["verdicts"][state]["title"]
    for frame in (CHINESE, ENGLISH):
        assert words[frame.language] in Page(record_page(record, frame, today=TODAY)).text


def test_a_due_moment_counts_by_its_day() -> None:
    shown = page(value(1, "DUE_DATE", b"2026-06-15T23:59:59Z"))
    assert "was due on 2026-06-15 " not in shown.text
    assert "2026-06-15" in shown.text
    assert page_words()["verdicts"]["due"]["title"]["en"] in shown.text


def test_of_two_due_dates_the_one_of_the_lower_index_counts() -> None:
    late, early = value(2, "DUE_DATE", b"2026-01-01"), value(1, "due_date", b"2027-01-01")
    assert page_words()["verdicts"]["active"]["title"]["en"] in page(late, early).text
    late, early = value(1, "DUE_DATE", b"2026-01-01"), value(2, "due_date", b"2027-01-01")
    assert page_words()["verdicts"]["due"]["title"]["en"] in page(late, early).text


@pytest.mark.parametrize(
    ("state", "verdict"), [("suspended", "suspended"), ("retired", "retired"), ("other", "suspended")]
)
@pytest.mark.parametrize("frame", [CHINESE, ENGLISH])
def test_a_tombstone_says_its_state_and_shows_no_value(frame: PageFrame, state: str, verdict: str) -> None:
    shown = Page(record_page(closed(state), frame, today=TODAY))
    words = page_words()["verdicts"][verdict]
    for member in ("title", "fact", "next"):
        assert words[member][frame.language] in shown.text
    assert "table" not in shown.tags
    assert not any(link.startswith("/api/") for link in shown.links)
    assert NAME in shown.text


@pytest.mark.parametrize("kind", ["verdicts", "messages", "links"])
def test_every_word_is_there_in_both_languages_with_the_same_placeholders(kind: str) -> None:
    for words in page_words()[kind].values():
        for member in set(words) & {"title", "fact", "next"}:
            assert words[member]["zh"] != words[member]["en"] or "{" in words[member]["zh"]
            holes = [
                sorted(part.partition("}")[0] for part in words[member][each].split("{")[1:])
                for each in ("zh", "en")
            ]
            assert holes[0] == holes[1]


# --- what stands on a page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "label"),
    [("NAME", "Name"), ("title", "Name"), ("MODEL", "Model"), ("SERIAL_NUMBER", "Serial number"),
     ("Manufacturer", "Manufacturer"), ("OWNER", "Owner"), ("CERTIFICATE_NUMBER", "Certificate number")],
)  # fmt: skip
def test_what_people_compare_stands_on_top_by_its_name(kind: str, label: str) -> None:
    assert page(value(1, kind, b"what it says")).after(label) == "what it says"


def test_of_several_names_the_first_kind_counts_whatever_the_order_of_indexes() -> None:
    assert page(value(1, "TITLE", b"second"), value(9, "NAME", b"first")).after("Name") == "first"


def test_every_value_is_listed_with_index_type_and_day() -> None:
    shown = page(value(7, "URL", b"https://a.example"), value(300, "NOTE", "备注".encode()))
    assert shown.after("URL") == "https://a.example"
    assert shown.words.index("7") > shown.words.index("URL")
    assert {"300", "NOTE", "备注", "2026-06-16"} <= set(shown.words)


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"\xff", "1 bytes"),
        (b"\xff\xfe", "2 bytes"),
        (b"\xff" * 3, "3 bytes"),
        (b"\xff" * 4, "4 bytes"),
        (b"\xff" * 1000, "1000 bytes"),
    ],
)
def test_what_is_no_text_is_told_by_its_length(data: bytes, shown: str) -> None:
    assert shown in page(value(1, "BLOB", data)).words


@pytest.mark.parametrize("length", [LONGEST_SHOWN - 1, LONGEST_SHOWN, LONGEST_SHOWN + 1, 5000])
def test_a_long_text_is_cut_and_says_so(length: int) -> None:
    shown = next(word for word in page(value(1, "NOTE", b"x" * length)).words if word.startswith("xx"))
    assert len(shown) == min(length, LONGEST_SHOWN)
    assert shown.endswith("…") is (length > LONGEST_SHOWN)


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("https://a.example/7", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        ("ftp://a.example", False),
        ("//a.example", False),
        (" https://a.example", False),
        ("data:text/html,x", False),
        ("https:/a", False),
        ("", False),
    ],
)
def test_only_addresses_of_http_are_ever_linked_to(text: str, linked: bool) -> None:
    assert bool(http_link(text)) is linked
    shown = page(
        value(1, "URL", text.encode()),
        value(2, "CERTIFICATE", text.encode()),
        value(3, "NAME", text.encode()),
    )
    assert (text in shown.links) is linked
    assert (page_words()["words"]["certificate"]["en"] in shown.words) is linked


@given(
    st.text(min_size=1, max_size=40),
    st.sampled_from(["NAME", "NOTE", "URL", "CERTIFICATE", "DUE_DATE", "<b>"]),
)
def test_no_value_writes_markup(text: str, kind: str) -> None:
    data = text.encode("utf-8", "replace")
    plain, odd = (
        page(value(1, kind, b"plain")),
        page(value(1, kind, b"<script>x</script><a href='//e'>" + data)),
    )
    assert [tag for tag in odd.tags if tag in {"script", "b", "img", "iframe"}] == [
        tag for tag in plain.tags if tag in {"script", "b", "img", "iframe"}
    ]
    assert "//e" not in odd.links


@pytest.mark.parametrize(
    ("frame", "language", "link"), [(CHINESE, "zh-Hans", "/x?lang=en"), (ENGLISH, "en", "/x?lang=zh")]
)
def test_every_page_says_its_language_and_links_to_the_other(
    frame: PageFrame, language: str, link: str
) -> None:
    level = LinkContext(ADDRESS, "Calliper", ())
    for body in (
        record_page(said(), frame, today=TODAY),
        message_page("not_found", frame, name=NAME),
        links_page("all", frame, [level]),
    ):
        shown = Page(body)
        assert shown.language == language
        assert link in shown.links


def test_no_page_needs_a_script_or_anything_from_elsewhere() -> None:
    for body in (
        record_page(said(value(1, "NAME", b"x")), CHINESE, today=TODAY),
        message_page("bad_name", CHINESE, name="x"),
    ):
        shown = Page(body)
        assert "script" not in shown.tags
        assert all(link.startswith("/") and not link.startswith("//") for link in shown.links)


def test_a_name_with_odd_letters_is_quoted_in_its_links() -> None:
    record = {
        "responseCode": 1,
        "handle": '88.101.5/a b"?<天>',
        "values": said(value(1, "NOTE", b"x"))["values"],
    }
    shown = Page(record_page(record, ENGLISH, today=TODAY))
    assert "/api/handles/88.101.5/a%20b%22%3F%3C%E5%A4%A9%3E?pretty" in shown.links
    report = next(link for link in shown.links if link.startswith("/check/report"))
    assert '"' not in report
    assert " " not in report


# --- messages and lists of links -------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", [CHINESE, ENGLISH])
@pytest.mark.parametrize("kind", sorted(page_words()["messages"]))
def test_every_message_says_what_and_what_next_and_leaves_no_hole(kind: str, frame: PageFrame) -> None:
    facts = {"name": "<88.101.5/{x}>", "why": "why it is none", "hint": "what to do"}
    shown = Page(message_page(kind, frame, link="/there", link_text="there it is", **facts))
    assert page_words()["messages"][kind]["title"][frame.language] in shown.text
    assert "{name}" not in shown.text
    assert "{why}" not in shown.text
    assert "/there" in shown.links
    assert "<88.101.5" not in shown.body  # written as text


def test_a_message_without_a_link_has_none() -> None:
    assert Page(message_page("not_found", ENGLISH, name="x")).links == ["/check", "/x?lang=zh"]


@pytest.mark.parametrize(
    ("link", "about"),
    [
        (Gs1Link("gs1:pip", "https://a.example", "A"), "gs1:pip"),
        (Gs1Link("gs1:pip", "https://a.example", "A", ("zh", "en")), "gs1:pip · zh · en"),
        (Gs1Link("gs1:pip", "https://a.example", "A", (), "text/html"), "gs1:pip · text/html"),
        (Gs1Link("gs1:pip", "https://a.example", "A", ("zh",), "", ("CN",)), "gs1:pip · zh · CN"),
        (
            Gs1Link("gs1:pip", "https://a.example", "A", ("zh",), "text/html", ("CN", "DE")),
            "gs1:pip · zh · text/html · CN · DE",
        ),
    ],
)
def test_a_link_is_listed_with_all_that_is_said_of_it_and_no_gap(link: Gs1Link, about: str) -> None:
    shown = Page(links_page("choose", ENGLISH, [LinkContext(ADDRESS, "Calliper", (link,))]))
    assert about in shown.words
    assert link.href in shown.links
    assert {"Calliper", ADDRESS, "A"} <= set(shown.words)


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--", "]]>", "& < >"])
def test_no_text_ends_the_data_that_a_page_carries(text: str) -> None:
    data = json.dumps({"title": text})
    level = LinkContext(ADDRESS, text, (Gs1Link(DEFAULT, "https://a.example", text, is_default=True),))
    shown = Page(links_page("all", ENGLISH, [level], data=data))
    assert shown.tags.count("script") == 1
    block = shown.body.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(block) == {"title": text}
    assert text in unescape(shown.body)


# --- JSON-LD ---------------------------------------------------------------------------------------------------


def test_what_has_a_place_in_the_vocabulary_stands_there_and_the_rest_is_named() -> None:
    found = linked_data(
        said(
            value(1, "NAME", "卡尺".encode()), value(2, "MODEL", b"M1"), value(3, "SERIAL", b"7"),
            value(4, "MANUFACTURER", b"Works"), value(5, "URL", b"https://a.example"), value(6, "OWNER", b"Lab"),
            value(7, "DESC", b"150 mm"),
        ),
        ADDRESS,
    )  # fmt: skip
    assert found == {
        "@context": "https://schema.org",
        "@id": ADDRESS,
        "@type": "Product",
        "identifier": {"@type": "PropertyValue", "propertyID": "handle", "value": NAME},
        "creativeWorkStatus": "Active",
        "name": "卡尺",
        "model": "M1",
        "serialNumber": "7",
        "manufacturer": {"@type": "Organization", "name": "Works"},
        "url": "https://a.example",
        "description": "150 mm",
        "additionalProperty": [{"@type": "PropertyValue", "name": "OWNER", "value": "Lab"}],
    }


def test_a_second_value_for_the_same_place_is_kept_beside_it() -> None:
    found = linked_data(said(value(1, "NAME", b"one"), value(2, "TITLE", b"two"), value(3, "url", b"https://a.example"),
                             value(4, "URL", b"https://b.example"), value(5, "URL", b"ftp://c")), ADDRESS)  # fmt: skip
    assert (found["name"], found["url"]) == ("one", "https://a.example")
    assert [each["value"] for each in found["additionalProperty"]] == ["two", "https://b.example", "ftp://c"]


def test_octets_are_no_name() -> None:
    found = linked_data(said(value(1, "NAME", b"\xff\xfe"), value(2, "TITLE", b"Calliper")), ADDRESS)
    assert found["name"] == "Calliper"
    assert [each["name"] for each in found["additionalProperty"]] == ["NAME"]


@pytest.mark.parametrize(("state", "status"), [("suspended", "Suspended"), ("retired", "Retired")])
def test_a_tombstone_tells_its_state_and_nothing_else(state: str, status: str) -> None:
    found = linked_data(closed(state), ADDRESS)
    assert found["creativeWorkStatus"] == status
    assert set(found) == {"@context", "@id", "@type", "identifier", "creativeWorkStatus"}


@given(st.lists(st.tuples(st.sampled_from(["NAME", "URL", "MODEL", "X"]), st.text(max_size=8)), max_size=6))
def test_no_value_is_lost_in_json_ld(pairs: list[tuple[str, str]]) -> None:
    values = [value(at, kind, text.encode("utf-8", "replace")) for at, (kind, text) in enumerate(pairs, 1)]
    record = said(*values)
    found = linked_data(record, ADDRESS)
    told = [found[member] for member in ("name", "url", "model") if member in found]
    told += [each["value"] for each in found.get("additionalProperty", [])]
    assert sorted(told) == sorted(each["data"]["value"] for each in record["values"])
