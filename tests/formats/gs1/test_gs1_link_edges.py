"""GS1 links at their edges: the letters of members, types of links, defaults, and the order of choosing."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.gs1.choosing import LinkWishes, best, chosen_links
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
from jialiang.formats.gs1.linkset import LinkContext, linkset_body, read_linkset, written_linkset
from jialiang.formats.handle.published import gs1_key
from jialiang.formats.handle.values import ADMIN_READ, HandleRecord, HandleValue

ANCHOR = "https://id.example.cn/01/09506000134352"


def data(**changed: object) -> bytes:
    return json.dumps({"linkType": "gs1:pip", "href": "https://a.example", "title": "t", **changed}).encode()


def refused(member: str, **changed: object) -> BadGs1Link:
    with pytest.raises(BadGs1Link) as caught:
        parsed_link(data(**changed))
    assert caught.value.facts["member"] == member
    return caught.value


# --- members ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "href",
    [
        "https://a.example",
        "http://A.Example/x",
        "https://[2001:db8::7]:8443/p?q#f",
        "https://a.example/证书",
        "http://1.2.3.4",
        "https://a.example/%20?a=b&c='d'",
        "https://a.example/(x);y,z!$*+",
    ],
)
def test_an_address_of_http_is_taken_as_it_is_written(href: str) -> None:
    assert parsed_link(data(href=href)).href == href


@pytest.mark.parametrize(
    "href",
    [
        "",
        "https://",
        "https:///x",
        "https://_a",
        "ftp://a.example",
        "//a.example",
        "a.example",
        " https://a.example",
        "https://a.example\n",
        "https://a.example/\tx",
        "https://a.example/<b>",
        "https://a.example/{x}",
        "https://a.example\\@b",
        "https://a.example/a|b",
        "https://a.example/`",
        "https://a.example/^",
        "https://-a",
        "HTTPS://a.example",
        None,
        7,
        [],
        {},
    ],
)
def test_what_is_no_address_of_http_is_refused(href: object) -> None:
    refused("href", href=href)


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("title", "half \ud800 letter"),
        ("title", "\udfff"),
        ("href", "https://a.example/\ud800"),
        ("context", ["\ud800"]),
        ("context", "\udc00"),
        ("linkType", "gs1:p\ud800"),
    ],
)
def test_half_a_letter_is_no_text_for_it_could_never_be_published(member: str, said: object) -> None:
    fault = refused(member, **{member: said})
    assert fault.what.en.encode()  # and the refusal itself can be told
    assert json.dumps(fault.to_json(), ensure_ascii=False).encode()


def test_a_whole_letter_of_two_halves_is_one() -> None:
    assert (
        parsed_link(b'{"linkType":"gs1:pip","href":"https://a.example","title":"\\ud83d\\ude00"}').title
        == "😀"
    )


@given(st.text(max_size=20), st.sampled_from(["title", "href", "linkType", "type", "hreflang", "context"]))
def test_whatever_a_member_says_a_link_that_is_taken_can_be_published(text: str, member: str) -> None:
    try:
        link = parsed_link(data(**{member: text}))
    except BadGs1Link:
        return
    record = HandleRecord("88.101.5/x", (HandleValue(1, "GS1_LINK", link.data()),))
    body = linkset_body(record, ANCHOR)
    assert body is not None
    (level,) = read_linkset(body)
    assert [each.href for each in level.links] == [link.href]


@pytest.mark.parametrize("language", ["zh", "en", "zh-CN", "en-GB"])
def test_languages_have_two_letters_and_perhaps_a_country(language: str) -> None:
    assert parsed_link(data(hreflang=[language])).languages == (language,)


@pytest.mark.parametrize(
    "language", ["ZH", "zho", "zh-cn", "zh-Hans", "zh_CN", "z", "", "zh ", "zh\n", "中文"]
)
def test_other_spellings_of_languages_are_refused(language: str) -> None:
    refused("hreflang", hreflang=[language])
    refused("hreflang", hreflang=["zh", language])


@pytest.mark.parametrize(
    ("media", "good"),
    [
        ("text/html", True),
        ("application/ld+json", True),
        ("application/vnd.x-1.0+xml", True),
        ("text", False),
        ("text/", False),
        ("/html", False),
        ("text/html;charset=utf-8", False),
        ("text/html ", False),
        ("a/b/c", False),
        ("текст/html", False),
    ],
)
def test_a_media_type_is_type_and_subtype(media: str, good: bool) -> None:
    if good:
        assert parsed_link(data(type=media)).media_type == media
    else:
        refused("type", type=media)


@pytest.mark.parametrize("empty", [None, "", [], False])
def test_what_says_nothing_is_left_out(empty: object) -> None:
    link = parsed_link(data(hreflang=empty, type=empty, context=empty))
    assert (link.languages, link.media_type, link.contexts) == ((), "", ())
    assert set(link.to_json()) == {"linkType", "href", "title"}


def test_a_refusal_shows_at_most_eighty_letters_of_what_was_given() -> None:
    assert refused("title", title=["x" * 500]).facts["given"] == '["' + "x" * 78
    assert refused("href", href="y" * 81).facts["given"] == "y" * 80


# --- types -----------------------------------------------------------------------------------------------------


@given(st.sampled_from(["gs1:pip", "gs1:defaultLink", "gs1:A", "https://voc.example.org/x", "http://a.b/C9"]))
def test_a_type_comes_back_from_its_address(kind: str) -> None:
    assert short_type(long_type(kind)) == kind
    assert short_type(short_type(kind)) == kind


@pytest.mark.parametrize(
    "kind",
    [
        "https://ref.gs1.org/voc/",
        "https://gs1.org/voc/a/b",
        "https://gs1.org/voc/a1",
        "GS1:pip",
        "gs1:pip2",
        "gs1:",
        "gs1",
        "urn:gs1:pip",
        "https://voc.example.org/x?y",
        "https://voc.example.org/x#y",
    ],
)
def test_a_type_that_is_neither_of_the_vocabulary_nor_an_address_is_refused(kind: str) -> None:
    with pytest.raises(BadGs1Link):
        short_type(kind)


# --- the default -----------------------------------------------------------------------------------------------


def record(*values: HandleValue) -> HandleRecord:
    return HandleRecord("88.101.5/ins-7", values)


def link(name: str, kind: str = "gs1:pip", *, default: bool = False, passes: bool = True) -> HandleValue:
    made = Gs1Link(kind, f"https://a.example/{name}", name, is_default=default, passes_query=passes)
    return HandleValue({"a": 1, "b": 2, "c": 3}[name], "GS1_LINK", made.data())


URL = HandleValue(9, "URL", b"https://a.example/url")


@pytest.mark.parametrize(
    ("values", "default"),
    [
        ((link("a"),), "a"),
        ((link("a"), link("b")), "a"),
        ((link("a"), link("b", default=True)), "b"),
        ((link("a", default=True), link("b", default=True)), "a"),
        ((link("a"), URL), "url"),
        ((link("a", default=True), URL), "a"),
        ((URL,), "url"),
        ((link("a"), HandleValue(9, "URL", b"mailto:lab@example.cn")), "a"),
        ((link("a"), HandleValue(9, "URL", b"\xff")), "a"),
        ((link("a"), HandleValue(9, "URL", b"https://a.example/url", permissions=ADMIN_READ)), "a"),
        ((link("a"), HandleValue(8, "URL", b"https://a.example/8"), URL), "8"),
    ],
)
def test_exactly_one_link_is_the_default(values: tuple[HandleValue, ...], default: str) -> None:
    chosen = [each.href.rpartition("/")[2] for each in links_of(record(*values)) if each.is_default]
    assert chosen == [default]


@pytest.mark.parametrize(
    ("kinds", "title"),
    [
        (("NAME", "TITLE", "DESC"), "NAME"),
        (("DESC", "TITLE"), "TITLE"),
        (("DESC",), "DESC"),
        (("OTHER",), "88.101.5/ins-7"),
        ((), "88.101.5/ins-7"),
    ],
)
def test_a_record_is_called_by_the_first_kind_of_name_it_has(kinds: tuple[str, ...], title: str) -> None:
    assert (
        title_of(record(*(HandleValue(at, kind, kind.encode()) for at, kind in enumerate(kinds, 1)))) == title
    )


def test_a_name_that_is_empty_or_not_public_is_no_title() -> None:
    values = (
        HandleValue(1, "NAME", b""),
        HandleValue(2, "TITLE", b"secret", permissions=ADMIN_READ),
        HandleValue(3, "DESC", b"d"),
    )
    assert title_of(record(*values)) == "d"


@pytest.mark.parametrize("passes", [True, False])
def test_the_default_keeps_its_wish_about_the_query_through_a_linkset(passes: bool) -> None:
    for kind in ("gs1:pip", DEFAULT):
        body = linkset_body(record(link("a", kind, default=True, passes=passes), link("b")), ANCHOR)
        assert body is not None
        default = read_linkset(body)[0].default
        assert default is not None
        assert (default.href, default.passes_query) == ("https://a.example/a", passes)


def test_a_default_of_a_type_of_its_own_stands_under_both_types() -> None:
    said = LinkContext(ANCHOR, "d", links_of(record(link("a", default=True), link("b")))).to_json()
    assert [each["href"][-1] for each in said["https://ref.gs1.org/voc/pip"]] == ["a", "b"]
    assert said["https://ref.gs1.org/voc/defaultLink"] == [{"href": "https://a.example/a", "title": "a"}]


def test_links_of_one_type_keep_their_order_in_a_linkset() -> None:
    order = links_of(record(link("c"), link("a"), link("b")))
    assert [
        each.title for each in read_linkset(written_linkset([LinkContext(ANCHOR, "d", order)]))[0].links
    ] == [each.title for each in order]


# --- the key of a linkset --------------------------------------------------------------------------------------


@given(*[st.text("aA^bB/1", max_size=6)] * 2)
def test_two_paths_have_one_key_only_where_they_are_one(one: str, two: str) -> None:
    assert (gs1_key(one) == gs1_key(two)) is (one == two)


# --- the order of choosing -------------------------------------------------------------------------------------

FORMS = [
    Gs1Link(
        "gs1:pip",
        f"https://a.example/{language}-{media.rpartition('/')[2]}-{context}",
        "t",
        (language,) if language else (),
        media,
        (context,) if context else (),
    )
    for language, media, context in itertools.product(
        ("", "zh", "en"), ("", "text/html", "application/pdf"), ("", "CN")
    )
]


def names(links: tuple[Gs1Link, ...]) -> set[str]:
    return {each.href.rpartition("/")[2] for each in links}


@pytest.mark.parametrize(
    ("wishes", "fitting"),
    [
        (LinkWishes(), {"-html-", "--"}),  # nothing said: a page, or what says nothing of its type
        (LinkWishes(contexts=("CN",)), {"-html-CN", "--CN"}),
        (LinkWishes(contexts=("cn",), languages=("zh",)), {"zh-html-CN", "zh--CN"}),
        (LinkWishes(contexts=("DE",), languages=("zh",)), {"zh-html-", "zh--"}),
        (LinkWishes(languages=("en", "zh"), media_types=("application/pdf",)), {"en-pdf-"}),
        (LinkWishes(languages=("fr", "zh")), {"zh-html-", "zh--"}),
        (LinkWishes(languages=("fr",)), {"-html-", "--"}),  # no language is better than another's
        (LinkWishes(media_types=("image/png",)), {"--"}),
        (LinkWishes(media_types=("image/png", "application/pdf")), {"-pdf-"}),
        (LinkWishes(languages=("zh-TW",)), {"zh-html-", "zh--"}),
    ],
)
def test_context_comes_before_language_and_language_before_media_type(
    wishes: LinkWishes, fitting: set[str]
) -> None:
    assert names(best(FORMS, wishes)) == fitting


def test_the_very_language_goes_before_its_cousin() -> None:
    cousins = [
        Gs1Link("gs1:pip", f"https://a.example/{each}", "t", (each,)) for each in ("en-US", "en-GB", "en")
    ]
    for wished in ("en-US", "en-GB", "en"):
        assert names(best(cousins, LinkWishes(languages=(wished,)))) == {wished}
    assert names(best(cousins, LinkWishes(languages=("en-AU",)))) == {"en-US", "en-GB", "en"}


@given(
    st.permutations(FORMS),
    st.sampled_from(["", "zh", "en", "fr"]),
    st.sampled_from(["", "application/pdf", "image/png"]),
)
def test_the_order_of_links_does_not_decide(links: list[Gs1Link], language: str, media: str) -> None:
    wishes = LinkWishes("", tuple(filter(None, [media])), tuple(filter(None, [language])))
    assert names(best(links, wishes)) == names(best(FORMS, wishes))


def level(*links: Gs1Link, default: str = "") -> LinkContext:
    home = [Gs1Link(DEFAULT, f"https://a.example/{default}", "home", is_default=True)] if default else []
    return LinkContext(ANCHOR, "d", (*home, *links))


MULTI = [Gs1Link(DEFAULT_MULTI, f"https://a.example/{each}", "t", (each,)) for each in ("zh", "en")]


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        (LinkWishes(), {"home"}),
        (LinkWishes(languages=("en",)), {"en"}),
        (LinkWishes(languages=("en",), media_types=("image/png",)), {"en"}),
        (LinkWishes(languages=("fr",)), {"home"}),
        (LinkWishes(DEFAULT, languages=("zh",)), {"zh"}),
        (LinkWishes(DEFAULT_MULTI), {"zh", "en"}),
        (LinkWishes(DEFAULT_MULTI, languages=("zh",)), {"zh"}),
        (LinkWishes(languages=("fr", "zh", "en")), {"zh"}),
    ],
)
def test_a_default_in_several_languages_answers_who_says_a_language(
    wishes: LinkWishes, found: set[str]
) -> None:
    assert names(chosen_links([level(*MULTI, default="home")], wishes)) == found


def test_where_no_level_has_a_default_nothing_is_chosen_without_wishes() -> None:
    assert chosen_links([level(), level()], LinkWishes()) == ()
    assert chosen_links([], LinkWishes("gs1:pip")) == ()


def test_the_default_of_the_most_specific_level_that_has_one_answers() -> None:
    assert names(chosen_links([level(), level(default="lot"), level(default="gtin")], LinkWishes())) == {
        "lot"
    }
