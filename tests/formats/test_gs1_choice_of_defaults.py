"""Links of a linkset: a choice of defaults, conditions without a link type, and addresses that are URIs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.test_gs1_links import ANCHOR, HOME, LINKS, hrefs, link_value, of, record, several

from jialiang.formats.gs1.choosing import NO_MEDIA_TYPE, LinkWishes, best, chosen_links
from jialiang.formats.gs1.links import DEFAULT, DEFAULT_MULTI, Gs1Link
from jialiang.formats.gs1.linkset import LinkContext, linkset_body, read_linkset, with_choice_of_defaults
from jialiang.kernel.uris import plain_uri

VOC = "https://ref.gs1.org/voc/"
PAGE, PDF = "text/html", "application/pdf"
ZH = of(DEFAULT_MULTI, "zh", "zh", media=PAGE)
EN = of(DEFAULT_MULTI, "en", "en", media=PAGE)


def types(links: tuple[Gs1Link, ...]) -> list[tuple[str, str, bool]]:
    return [(link.link_type, link.href.rpartition("/")[2], link.is_default) for link in links]


@pytest.mark.parametrize(
    ("links", "told"),
    [
        ((HOME,), [(DEFAULT, "", True)]),
        ((HOME, ZH, EN), [(DEFAULT, "", True), (DEFAULT_MULTI, "zh", False), (DEFAULT_MULTI, "en", False)]),
        ((HOME, ZH), [(DEFAULT, "", True), (DEFAULT_MULTI, "zh", False), (DEFAULT_MULTI, "", False)]),
        ((HOME, of(DEFAULT_MULTI, "same")), [(DEFAULT, "", True)]),  # nobody could be led there
        ((replace(ZH, is_default=True),), [(DEFAULT, "zh", True)]),
        (
            (replace(of("gs1:pip", "p", "zh", media=PAGE), is_default=True), ZH),
            [("gs1:pip", "p", True)],
        ),
        (
            (replace(of("gs1:pip", "p", "en", media=PAGE), is_default=True), ZH),
            [("gs1:pip", "p", True), (DEFAULT_MULTI, "zh", False), (DEFAULT_MULTI, "p", False)],
        ),
        ((), []),
        ((ZH,), [(DEFAULT_MULTI, "zh", False)]),  # a level without a default has nothing to join
    ],
)
def test_a_choice_of_defaults_is_between_several(
    links: tuple[Gs1Link, ...], told: list[tuple[str, str, bool]]
) -> None:
    assert types(with_choice_of_defaults(links)) == told


@given(st.lists(LINKS, min_size=1, max_size=5, unique_by=lambda link: (link.href, link.title)))
def test_whatever_the_links_the_default_stays_and_no_choice_has_one_member(links: list[Gs1Link]) -> None:
    links[0] = replace(links[0], is_default=True)
    told = with_choice_of_defaults(links)
    assert [link.href for link in told if link.is_default] == [links[0].href]
    assert sum(link.link_type == DEFAULT_MULTI for link in told) != 1
    assert {link.href for link in told} <= {link.href for link in links}
    assert with_choice_of_defaults(told) == told
    kept = {(link.link_type, link.href) for link in links if link.link_type != DEFAULT_MULTI}
    assert kept <= {(link.link_type, link.href) for link in told}


def test_the_published_linkset_has_the_choice_and_one_bare_default() -> None:
    home = replace(of("gs1:pip", "home", "en", media=PAGE, context="CN"), is_default=True)
    body = linkset_body(record(link_value(1, home), link_value(2, ZH)), ANCHOR)
    assert body is not None
    (level,) = json.loads(body)["linkset"]
    assert level[f"{VOC}defaultLink"] == [{"href": "https://a.example/home", "title": "home"}]
    assert [each["href"].rpartition("/")[2] for each in level[f"{VOC}defaultLinkMulti"]] == ["zh", "home"]
    assert level[f"{VOC}defaultLinkMulti"][1]["hreflang"] == ["en"]
    (again,) = read_linkset(body)
    assert again.default is not None
    assert again.default.href == home.href


@pytest.mark.parametrize(
    ("href", "told"),
    [
        ("https://a.example/证书?号=7#节", "https://a.example/%E8%AF%81%E4%B9%A6?%E5%8F%B7=7#%E8%8A%82"),
        ("https://a.example/%E8%AF%81", "https://a.example/%E8%AF%81"),
        ("https://a.example/plain", "https://a.example/plain"),
    ],
)
@pytest.mark.parametrize("passes_query", [True, False])
def test_addresses_in_a_linkset_are_uris(href: str, told: str, passes_query: bool) -> None:
    link = Gs1Link("gs1:pip", href, "t", is_default=True, passes_query=passes_query)
    said = LinkContext(ANCHOR, "Calliper", (link,)).to_json()
    extra = {} if passes_query else {"fwqs": False}
    assert said[f"{VOC}defaultLink"] == said[f"{VOC}pip"] == [{"href": told, "title": "t", **extra}]
    assert plain_uri(told) == told


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        ({"media_types": (PAGE,)}, ["plain"]),
        ({"media_types": (PAGE,), "languages": ("fr",)}, ["fr"]),
        ({"media_types": (PAGE,), "languages": ("fr",), "contexts": ("CA",)}, ["fr-ca"]),
        ({"media_types": (PAGE,), "contexts": ("CA",)}, ["fr-ca"]),
        ({"media_types": (NO_MEDIA_TYPE,)}, ["untyped"]),
        ({"media_types": (NO_MEDIA_TYPE,), "languages": ("fr",)}, ["fr"]),  # no untyped one: any type will do
        ({"media_types": (NO_MEDIA_TYPE,), "languages": ("de",)}, [""]),
        ({"media_types": (PDF,)}, [""]),
        ({"languages": ("fr",)}, ["fr"]),
    ],
)
def test_without_a_link_type_the_conditions_choose_and_the_plainer_link_goes_first(
    wishes: dict[str, tuple[str, ...]], found: list[str]
) -> None:
    levels = several(
        of("gs1:pip", "plain", media=PAGE),
        of("gs1:pip", "fr", "fr", media=PAGE),
        of("gs1:pip", "fr-ca", "fr", media=PAGE, context="CA"),
        of("gs1:instructions", "untyped"),
    )
    assert hrefs(levels, LinkWishes(explicit=True, **wishes)) == found


def test_the_defaults_go_before_the_defaults_own_type_and_that_before_the_others() -> None:
    own = replace(of("gs1:pip", "pip-en", "en", media=PAGE), is_default=True)
    others = (of("gs1:pip", "pip-zh", "zh", media=PAGE), of("gs1:review", "review-zh", "zh", media=PAGE))
    wish = LinkWishes(languages=("zh",), explicit=True)
    with_choice = [LinkContext(ANCHOR, "Calliper", (own, *others, ZH, EN))]
    without = [LinkContext(ANCHOR, "Calliper", (own, *others))]
    assert hrefs(with_choice, wish) == ["zh"]
    assert hrefs(without, wish) == ["pip-zh"]
    assert hrefs(several(*others), wish) == ["pip-zh", "review-zh"]  # nothing tells them apart: a choice


def test_the_level_above_does_not_compete_with_links_of_the_same_type() -> None:
    lower = LinkContext(f"{ANCHOR}/21/7", "No. 7", (of("gs1:pip", "seven", "zh"),))
    upper = several(of("gs1:pip", "all", "zh"), of("gs1:review", "review", "fr"))
    assert hrefs([lower, *upper], LinkWishes(languages=("zh",), explicit=True)) == ["seven"]
    assert hrefs([lower, *upper], LinkWishes(languages=("fr",), explicit=True)) == ["review"]


@given(st.lists(LINKS, min_size=1, max_size=6), st.sampled_from(["zh", "en", "fr"]))
def test_an_explicit_wish_is_fulfilled_where_any_link_can(links: list[Gs1Link], language: str) -> None:
    wishes = LinkWishes(languages=(language,), explicit=True)
    found = chosen_links(several(*links), wishes)
    able = [link for link in links if any(each.startswith(language) for each in link.languages)]
    if able:
        assert all(any(each.startswith(language) for each in link.languages) for link in found)
        assert best(found, wishes) == found
    else:
        assert found == (HOME,)
