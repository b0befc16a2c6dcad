"""Which link answers by media type, judged by a table of our own: asked for, told by the link, left unsaid."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.gs1.choosing import LinkWishes, best, chosen_links
from jialiang.formats.gs1.links import DEFAULT, Gs1Link
from jialiang.formats.gs1.linkset import LinkContext

HTML, PDF, PNG = "text/html", "application/pdf", "image/png"


def link(name: str, media: str = "", *, languages: tuple[str, ...] = (), contexts: tuple[str, ...] = ()) -> Gs1Link:
    return Gs1Link("gs1:pip", f"https://a.example/{name}", name, languages, media, contexts)


def names(links: tuple[Gs1Link, ...]) -> set[str]:
    return {each.title for each in links}


# --- no media type is asked for ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offered", "found"),
    [
        (("", HTML), {"", HTML}),  # neither beats the other: both are offered
        (("", PDF), {""}),
        ((HTML, PDF), {HTML}),
        (("", HTML, PDF), {"", HTML}),
        (("", HTML, PDF, PNG), {"", HTML}),
        ((PDF, PNG), {PDF, PNG}),
        ((PDF,), {PDF}),
        (("",), {""}),
        ((HTML,), {HTML}),
    ],
)
def test_an_untyped_link_and_a_page_fit_alike_and_other_types_less(offered: tuple[str, ...], found: set[str]) -> None:
    for order in permutations(offered):
        assert names(best([link(media, media) for media in order], LinkWishes())) == found


@pytest.mark.parametrize("explicit", [False, True])
def test_whether_the_wish_stands_in_the_query_or_not_an_untyped_link_keeps_its_place(explicit: bool) -> None:
    links = [link("untyped"), link("page", HTML)]
    wishes = LinkWishes("gs1:pip", explicit=explicit)
    assert names(chosen_links([LinkContext("https://id.example/01/1", "d", tuple(links))], wishes)) == {
        "untyped",
        "page",
    }


# --- a media type is asked for -------------------------------------------------------------------------------

ASKED = [
    # asked for, in the order of preference     offered            found
    ((HTML,), ("", HTML), {HTML}),
    ((HTML,), ("", HTML, PDF), {HTML}),
    ((PDF,), ("", HTML, PDF), {PDF}),
    ((PDF,), ("", HTML), {""}),
    ((PDF,), (HTML, PNG), {HTML, PNG}),
    ((PDF, HTML), ("", HTML, PDF), {PDF}),
    ((HTML, PDF), ("", HTML, PDF), {HTML}),
    ((PNG, HTML), ("", HTML, PDF), {HTML}),
    ((PNG,), ("",), {""}),
    ((PNG,), (PDF,), {PDF}),
    ((PNG, PDF, HTML), (HTML, PDF), {PDF}),
    ((PNG, PDF, HTML), ("", HTML), {HTML}),
]


@pytest.mark.parametrize(("asked", "offered", "found"), ASKED)
def test_the_preferred_of_the_types_that_are_there_answers(
    asked: tuple[str, ...], offered: tuple[str, ...], found: set[str]
) -> None:
    for order in permutations(offered):
        assert names(best([link(media, media) for media in order], LinkWishes(media_types=asked))) == found


def rank(asked: tuple[str, ...], media: str) -> int:
    """Say how well a link fits, lower is better, by the words of the table alone."""
    if not asked:
        return 0 if media in {"", HTML} else 1
    if media in asked:
        return asked.index(media)
    return len(asked) if not media else len(asked) + 1


TYPES = st.sampled_from(["", HTML, PDF, PNG, "text/plain"])


@given(st.lists(TYPES, min_size=1, max_size=6), st.lists(TYPES.filter(bool), unique=True, max_size=4).map(tuple))
def test_the_words_of_the_table_decide_for_any_offer(offered: list[str], asked: tuple[str, ...]) -> None:
    links = [link(f"{at}", media) for at, media in enumerate(offered)]
    top = min(rank(asked, media) for media in offered)
    fitting = {f"{at}" for at, media in enumerate(offered) if rank(asked, media) == top}
    assert names(best(links, LinkWishes(media_types=asked))) == fitting


# --- context and language come before ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        (LinkWishes(languages=("zh",)), {"zh-untyped", "zh-page"}),
        (LinkWishes(languages=("zh",), media_types=(PDF,)), {"zh-untyped"}),
        (LinkWishes(languages=("zh",), media_types=(HTML,)), {"zh-page"}),
        (LinkWishes(contexts=("CN",)), {"cn-pdf"}),
        (LinkWishes(contexts=("cn",), languages=("zh",), media_types=(HTML,)), {"cn-pdf"}),
        (LinkWishes(contexts=("DE",)), {"plain"}),
        (LinkWishes(), {"plain"}),
        (LinkWishes(languages=("fr",)), {"plain"}),
        (LinkWishes(languages=("fr", "zh")), {"zh-untyped", "zh-page"}),
    ],
)
def test_a_media_type_decides_only_among_those_that_fit_alike_before(wishes: LinkWishes, found: set[str]) -> None:
    links = [
        link("plain"),
        link("zh-untyped", languages=("zh",)),
        link("zh-page", HTML, languages=("zh",)),
        link("cn-pdf", PDF, contexts=("CN",)),
    ]
    for order in permutations(links):
        assert names(best(order, wishes)) == found


@given(st.lists(st.tuples(TYPES, st.booleans()), min_size=1, max_size=5), TYPES)
def test_a_wish_of_the_query_never_leads_to_a_link_of_another_type_while_one_has_it(
    offered: list[tuple[str, bool]], media: str
) -> None:
    links = tuple(
        link(f"{at}", kind) if plain else Gs1Link("gs1:review", f"https://a.example/{at}", f"{at}", (), kind)
        for at, (kind, plain) in enumerate(offered)
    )
    home = Gs1Link(DEFAULT, "https://a.example/", "home", is_default=True)
    wishes = LinkWishes("", (media,) if media else (), explicit=True)
    found = chosen_links([LinkContext("https://id.example/01/1", "d", (home, *links))], wishes)
    having = {each.title for each in links if media and each.media_type == media}
    assert names(found) == (having or {"home"})
