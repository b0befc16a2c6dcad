"""Units as people write them, words of distances in both languages, pages of lists as laws."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.console.paging import page_of
from jialiang.console.pictures import embedded_png
from jialiang.console.units import UnitField, by_symbol, symbol_of
from jialiang.console.wording import distance, in_words, time_zone_in_words
from jialiang.kernel.text import Text
from jialiang.science.units import display_unit

TODAY = date(2026, 6, 16)


@pytest.mark.parametrize("symbol", by_symbol())
def test_every_symbol_on_offer_is_stored_as_a_unit_that_prints_as_it(symbol: str) -> None:
    dsi = UnitField().clean(symbol)
    assert dsi.startswith("\\")
    assert symbol in {display_unit(dsi, "zh"), display_unit(dsi, "en")}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("mg", r"\milli\gram"),
        ("Mg", "Mg"),  # a capital makes another unit: it is left to the verb
        ("MPa", r"\mega\pascal"),
        ("mPa", r"\milli\pascal"),
        (" kPa ", r"\kilo\pascal"),
        ("℃", r"\degreecelsius"),
        ("°C", r"\degreecelsius"),
        (r"\kelvin", r"\kelvin"),
        ("furlong", "furlong"),
    ],
)
def test_a_typed_unit_is_kept_in_its_spelling_of_the_ledger(typed: str, stored: str) -> None:
    assert UnitField().clean(typed) == stored


def test_a_stored_unit_is_shown_by_its_symbol_and_what_was_typed_stays() -> None:
    with translation.override("zh-hans"):
        assert symbol_of(r"\degreecelsius") == UnitField().prepare_value(r"\degreecelsius") == "℃"
    with translation.override("en"):
        assert symbol_of(r"\degreecelsius") == "°C"
    assert UnitField().prepare_value("furlong") == "furlong"
    assert UnitField().prepare_value(None) is None
    assert (symbol_of(""), symbol_of(r"\nonsense")) == ("", r"\nonsense")


@pytest.mark.parametrize(
    ("days", "expiry", "words", "kind"),
    [
        (-1, True, "expired 1 day ago", "stop"),
        (-2, True, "expired 2 days ago", "stop"),
        (-2, False, "2 days late", "stop"),
        (0, True, "today", "warn"),
        (1, True, "in 1 day", "warn"),
        (15, False, "in 15 days", "warn"),
        (16, True, "in 16 days", ""),
    ],
)
def test_a_distance_counts_days_and_is_loud_when_it_is_due(
    days: int, expiry: bool, words: str, kind: str
) -> None:
    with translation.override("en"):
        found = distance(TODAY + timedelta(days=days), TODAY, expiry=expiry)
    assert (found.words, found.kind) == (words, kind)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "表"), ("en", "Gauge"), ("en-gb", "Gauge")])
def test_a_text_is_told_in_the_language_of_the_page(language: str, word: str) -> None:
    with translation.override(language):
        assert in_words(Text("表", "Gauge")) == word
    assert (in_words(None), in_words("plain")) == ("", "plain")


def test_only_beijing_time_has_a_name_of_its_own() -> None:
    with translation.override("en"):
        assert time_zone_in_words("Asia/Shanghai") == "Beijing time (UTC+8)"
        assert time_zone_in_words("Asia/Urumqi") == "Asia/Urumqi"


def test_an_embedded_picture_holds_its_bytes() -> None:
    assert embedded_png(b"\x89PNG\xff\xfe") == "data:image/png;base64,iVBOR//+"


@settings(max_examples=40)
@given(
    st.lists(st.text("ab&=?#中 +%", min_size=1, max_size=4), unique=True, max_size=20),
    st.integers(1, 7),
    st.text("a&=中 +", max_size=5),
)
def test_following_next_visits_each_row_once_numbers_it_and_keeps_the_filter(
    keys: list[str], size: int, text: str
) -> None:
    rows = [SimpleNamespace(code=key) for key in keys]
    request, seen = RequestFactory().get("/list", {"q": text}), []
    while True:
        page = page_of(rows, request, key="code", size=size)
        assert page.first_number == (len(seen) + 1 if rows else 0)
        seen += [row.code for row in page.rows]
        assert page.last_number == len(seen)
        address = page.address(request, "next")
        if not address:
            break
        assert QueryDict(address[1:])["from"] == str(len(seen))
        request = RequestFactory().get("/list" + address)
        assert request.GET["q"] == text
        assert QueryDict(page_of(rows, request, key="code").address(request, "first")[1:]).dict() == {
            "q": text
        }
    assert seen == keys
