"""GS1 links: values, linksets valid by the published schema, and which link answers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import absent

from jialiang.formats.gs1.choosing import LinkWishes, chosen_links
from jialiang.formats.gs1.links import (
    DEFAULT,
    DEFAULT_MULTI,
    BadGs1Link,
    Gs1Link,
    links_of,
    long_type,
    parsed_link,
    short_type,
    title_of,
)
from jialiang.formats.gs1.linkset import LinkContext, joined, linkset_body, read_linkset, written_linkset
from jialiang.formats.handle.values import ADMIN_READ, HandleRecord, HandleValue

ROOT = "https://id.example.cn"
ANCHOR = f"{ROOT}/01/09506000134352"
PIP = Gs1Link("gs1:pip", "https://lab.example.cn/pip", "Product information", ("zh", "en"), "text/html")
CERTIFICATE = Gs1Link(
    "gs1:certificationInfo", "https://lab.example.cn/certificate", "证书", ("zh",), "application/pdf"
)
HOME = Gs1Link(DEFAULT, "https://lab.example.cn/", "Calliper", is_default=True)


def record(*values: HandleValue) -> HandleRecord:
    return HandleRecord("88.101.5/ins-7", values)


def link_value(index: int, link: Gs1Link, permissions: int = 14) -> HandleValue:
    return HandleValue(index, "GS1_LINK", link.data(), permissions=permissions)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    folder = Path(
        os.environ.get("JIALIANG_ORACLES", Path(__file__).resolve().parents[2].parent / "shared" / "data")
    )
    file = folder / "identifiers" / "gs1-linkset-schema.json"
    if not file.is_file():
        absent("oracles", f"no {file}")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


LINKS = st.builds(
    Gs1Link,
    st.sampled_from(
        ["gs1:pip", "gs1:certificationInfo", "gs1:traceability", "https://voc.example.org/x", DEFAULT_MULTI]
    ),
    st.sampled_from([f"https://lab.example.cn/{at}" for at in range(5)]),
    st.text(min_size=1, max_size=12).filter(str.strip),
    st.lists(st.sampled_from(["zh", "en", "fr", "en-GB"]), unique=True, max_size=2).map(tuple),
    st.sampled_from(["", "text/html", "application/pdf", "application/ld+json"]),
    st.lists(st.sampled_from(["CN", "DE"]), unique=True, max_size=2).map(tuple),
    st.just(False),
    st.booleans(),
)
LEVELS = st.builds(
    lambda links: LinkContext(
        ANCHOR, "Calliper", (Gs1Link(**{**_fields(links[0]), "is_default": True}), *links[1:])
    ),
    st.lists(LINKS, min_size=1, max_size=5, unique_by=lambda link: (link.href, link.title)),
)


def _fields(link: Gs1Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in Gs1Link.__slots__}


def test_a_link_is_read_from_the_data_of_its_value() -> None:
    written = {
        "linkType": "gs1:pip", "href": "https://lab.example.cn/pip", "title": "Page", "hreflang": ["zh"],
        "type": "text/html", "context": ["CN"], "default": True, "fwqs": False,
    }  # fmt: skip
    link = parsed_link(json.dumps(written).encode())
    assert link == Gs1Link(
        "gs1:pip", "https://lab.example.cn/pip", "Page", ("zh",), "text/html", ("CN",), True, False
    )
    assert link.to_json() == written


@given(LINKS)
def test_a_link_survives_as_the_data_of_a_value(link: Gs1Link) -> None:
    assert parsed_link(link.data()) == link


def test_a_language_and_a_context_may_be_one_text() -> None:
    link = parsed_link(
        b'{"linkType":"gs1:pip","href":"https://a.example","title":"t","hreflang":"zh","context":"CN"}'
    )
    assert (link.languages, link.contexts) == (("zh",), ("CN",))


@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"linkType": "pip"}, "linkType"),
        ({"linkType": "gs1:"}, "linkType"),
        ({"linkType": "gs1:p i p"}, "linkType"),
        ({"linkType": None}, "linkType"),
        ({"href": "/pip"}, "href"),
        ({"href": "javascript:alert(1)"}, "href"),
        ({"href": "https://a.example/a b"}, "href"),
        ({"href": 'https://a.example/"'}, "href"),
        ({"title": " "}, "title"),
        ({"title": 7}, "title"),
        ({"hreflang": ["chinese"]}, "hreflang"),
        ({"hreflang": [7]}, "hreflang"),
        ({"type": "html"}, "type"),
        ({"context": [""]}, "context"),
        ({"default": "yes"}, "default"),
        ({"fwqs": 0}, "fwqs"),
    ],
)
def test_what_is_no_link_is_refused_by_its_member(changed: dict[str, object], member: str) -> None:
    with pytest.raises(BadGs1Link) as caught:
        parsed_link(
            json.dumps({"linkType": "gs1:pip", "href": "https://a.example", "title": "t", **changed}).encode()
        )
    assert caught.value.facts["member"] == member
    assert caught.value.what.zh != caught.value.what.en


@pytest.mark.parametrize("data", [b"", b"[]", b"text", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_no_link(data: bytes) -> None:
    with pytest.raises(BadGs1Link):
        parsed_link(data)


@pytest.mark.parametrize(
    "written",
    [
        "gs1:pip",
        "https://gs1.org/voc/pip",
        "https://www.gs1.org/voc/pip",
        "https://ref.gs1.org/voc/pip",
        "http://gs1.org/voc/pip",
    ],
)
def test_the_names_of_the_vocabulary_are_one(written: str) -> None:
    assert short_type(written) == "gs1:pip"
    assert long_type("gs1:pip") == "https://ref.gs1.org/voc/pip"
    assert long_type("https://voc.example.org/x") == "https://voc.example.org/x"


def test_the_default_is_the_link_that_says_so() -> None:
    chosen = Gs1Link("gs1:traceability", "https://a.example/t", "Trace", is_default=True)
    found = links_of(record(link_value(1, PIP), link_value(2, chosen), link_value(3, CERTIFICATE)))
    assert [link.is_default for link in found] == [False, True, False]


def test_without_one_the_url_is_the_default_and_named_by_the_record() -> None:
    found = links_of(
        record(
            HandleValue(1, "URL", b"https://a.example"),
            HandleValue(2, "NAME", "卡尺".encode()),
            link_value(3, PIP),
        )
    )
    assert found[0] == Gs1Link(DEFAULT, "https://a.example", "卡尺", is_default=True)
    assert found[1] == PIP


def test_without_a_url_the_first_link_is_the_default_and_two_defaults_are_one() -> None:
    assert [link.is_default for link in links_of(record(link_value(1, PIP), link_value(2, CERTIFICATE)))] == [
        True,
        False,
    ]
    both = [Gs1Link("gs1:pip", f"https://a.example/{at}", "t", is_default=True) for at in range(2)]
    assert [link.is_default for link in links_of(record(link_value(1, both[0]), link_value(2, both[1])))] == [
        True,
        False,
    ]


def test_what_is_not_public_or_no_link_is_not_listed() -> None:
    values = (
        link_value(1, PIP, ADMIN_READ),
        HandleValue(2, "GS1_LINK", b"broken"),
        HandleValue(3, "URL", b"ftp://a"),
    )
    assert links_of(record(*values)) == ()
    assert linkset_body(record(*values), ANCHOR) is None


def test_a_record_calls_itself_by_its_name_else_by_its_handle() -> None:
    assert (
        title_of(record(HandleValue(1, "DESC", b"about"), HandleValue(2, "name", b"Calliper"))) == "Calliper"
    )
    assert title_of(record()) == "88.101.5/ins-7"


def test_a_published_linkset_has_what_the_standard_asks_for(schema: dict[str, Any]) -> None:
    body = linkset_body(
        record(
            HandleValue(1, "URL", b"https://lab.example.cn/"), link_value(2, PIP), link_value(3, CERTIFICATE)
        ),
        ANCHOR,
    )
    assert body is not None
    said = json.loads(body)
    jsonschema.validate(said, schema)
    (context,) = said["linkset"]
    assert context["anchor"] == ANCHOR
    assert context["https://ref.gs1.org/voc/defaultLink"] == [
        {"href": "https://lab.example.cn/", "title": "88.101.5/ins-7"}
    ]
    assert context["https://ref.gs1.org/voc/pip"][0]["hreflang"] == ["zh", "en"]


@given(LEVELS)
def test_every_linkset_is_valid_and_read_back_with_the_same_links(
    schema: dict[str, Any], level: LinkContext
) -> None:
    body = written_linkset([level])
    jsonschema.validate(json.loads(body), schema)
    (again,) = read_linkset(body)
    assert {(link.link_type, link.href, link.title) for link in again.links} == {
        (link.link_type, link.href, link.title) for link in level.links
    }
    assert again.default is not None
    assert level.default is not None
    assert again.default.href == level.default.href


def test_the_levels_of_several_rows_are_one_linkset() -> None:
    rows = [
        written_linkset([LinkContext(f"{ANCHOR}/21/7", "One", (HOME,))]),
        written_linkset([LinkContext(ANCHOR, "All", (HOME,))]),
    ]
    assert [level.description for level in read_linkset(joined(rows))] == ["One", "All"]
    assert joined(rows[:1]) == rows[0]


SERIAL = LinkContext(
    f"{ANCHOR}/21/7",
    "No. 7",
    (Gs1Link(DEFAULT, "https://a.example/7", "No. 7", is_default=True), CERTIFICATE),
)
GTIN = LinkContext(
    ANCHOR, "Calliper", (HOME, PIP, Gs1Link("gs1:certificationInfo", "https://a.example/type", "Type"))
)


def hrefs(contexts: list[LinkContext], wishes: LinkWishes) -> list[str]:
    return [link.href.rpartition("/")[2] for link in chosen_links(contexts, wishes)]


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        (LinkWishes(), ["7"]),
        (LinkWishes(DEFAULT), ["7"]),
        (LinkWishes("gs1:pip"), ["pip"]),
        (LinkWishes("gs1:certificationInfo"), ["certificate"]),
        (LinkWishes("gs1:nothing"), []),
        (LinkWishes(languages=("en",), explicit=True), ["pip"]),
        (LinkWishes(media_types=("application/pdf",), explicit=True), ["certificate"]),
        (LinkWishes(media_types=("image/png",), explicit=True), ["7"]),
        (LinkWishes(languages=("en",)), ["7"]),
    ],
)
def test_the_most_specific_level_that_has_a_link_type_answers(wishes: LinkWishes, found: list[str]) -> None:
    assert hrefs([SERIAL, GTIN], wishes) == found


def test_a_wish_that_nothing_fulfils_does_not_shut_out_what_is_there() -> None:
    assert hrefs([SERIAL, GTIN], LinkWishes("gs1:pip", ("image/png",), ("fr",), ("DE",))) == ["pip"]


def several(*links: Gs1Link) -> list[LinkContext]:
    return [LinkContext(ANCHOR, "Calliper", (HOME, *links))]


def of(kind: str, name: str, *languages: str, media: str = "", context: str = "") -> Gs1Link:
    return Gs1Link(kind, f"https://a.example/{name}", name, languages, media, (context,) if context else ())


def test_language_media_type_and_context_choose_among_links_of_one_type() -> None:
    levels = several(
        of("gs1:pip", "zh", "zh"), of("gs1:pip", "en", "en"), of("gs1:pip", "pdf", "en", media="application/pdf"),
        of("gs1:pip", "de", "en", context="DE"),
    )  # fmt: skip
    assert hrefs(levels, LinkWishes("gs1:pip", languages=("zh-CN", "en"))) == ["zh"]
    assert hrefs(levels, LinkWishes("gs1:pip", ("application/pdf",), ("en",))) == ["pdf"]
    assert hrefs(levels, LinkWishes("gs1:pip", languages=("en",), contexts=("de",))) == ["de"]
    assert hrefs(levels, LinkWishes("gs1:pip", languages=("fr", "en"))) == ["en"]


def test_several_that_fit_equally_well_are_all_offered_and_one_address_is_one() -> None:
    levels = several(of("gs1:pip", "a"), of("gs1:pip", "b"), of("gs1:pip", "a"))
    assert hrefs(levels, LinkWishes("gs1:pip")) == ["a", "b"]
    assert hrefs(several(of("gs1:pip", "a"), of("gs1:pip", "a")), LinkWishes("gs1:pip")) == ["a"]


def test_defaults_in_several_languages_follow_the_headers() -> None:
    levels = several(of(DEFAULT_MULTI, "zh", "zh"), of(DEFAULT_MULTI, "en", "en"))
    assert hrefs(levels, LinkWishes(languages=("en-GB",))) == ["en"]
    assert hrefs(levels, LinkWishes(languages=("fr",))) == [""]


@given(st.lists(LEVELS, min_size=1, max_size=3), st.builds(
    LinkWishes,
    st.sampled_from(["", "gs1:pip", "gs1:none", DEFAULT]),
    st.lists(st.sampled_from(["text/html", "application/pdf"]), max_size=2).map(tuple),
    st.lists(st.sampled_from(["zh", "en-GB", "fr"]), max_size=2).map(tuple),
    st.lists(st.sampled_from(["CN", "de"]), max_size=1).map(tuple),
    st.booleans(),
))  # fmt: skip
def test_whatever_is_wished_the_answer_is_a_link_of_the_linkset_and_never_missing_without_a_type(
    levels: list[LinkContext], wishes: LinkWishes
) -> None:
    found = chosen_links(levels, wishes)
    everything = [link for level in levels for link in level.links]
    assert all(link in everything for link in found)
    assert len({link.href for link in found}) == len(found)
    if not wishes.link_type:
        assert found
    elif wishes.link_type == "gs1:pip":
        assert bool(found) == any(link.link_type == "gs1:pip" for link in everything)
