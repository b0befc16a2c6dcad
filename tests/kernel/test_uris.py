"""Addresses in the letters of a URI."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.uris import plain_uri

_URI = re.compile(
    r"(?:[A-Za-z0-9%/:=&?~#+!$,;'@()*\[\]._-])*", re.ASCII
)  # the characters of RFC 3986, section 2


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("https://a.example/p?x=1&y=2#part", "https://a.example/p?x=1&y=2#part"),
        ("https://a.example/证", "https://a.example/%E8%AF%81"),
        ("https://a.example/%E8%AF%81", "https://a.example/%E8%AF%81"),  # not encoded twice
        ("https://a.example/a b", "https://a.example/a%20b"),
        ('https://a.example/"<>\\^`{|}', "https://a.example/%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ("https://a.example/\r\nSet-Cookie: x", "https://a.example/%0D%0ASet-Cookie:%20x"),
        (
            "https://[2001:db8::7]:8443/~x/(y)/z;v=1,2!$'*+@",
            "https://[2001:db8::7]:8443/~x/(y)/z;v=1,2!$'*+@",
        ),
        ("", ""),
    ],
)
def test_what_a_uri_cannot_hold_is_percent_encoded(address: str, uri: str) -> None:
    assert plain_uri(address) == uri


@given(st.text(max_size=60))
def test_every_text_becomes_letters_of_a_uri_once_and_means_the_same(text: str) -> None:
    uri = plain_uri(text)
    assert _URI.fullmatch(uri)
    assert plain_uri(uri) == uri
    assert unquote(uri) == unquote(text)


@given(
    st.text(st.characters(exclude_characters="/?#[]", exclude_categories=("Cs",)), min_size=1, max_size=20)
)
def test_the_host_stays_where_it_is(path: str) -> None:
    parts = urlsplit(plain_uri(f"https://lab.example.cn/{path}"))
    assert (parts.scheme, parts.netloc) == ("https", "lab.example.cn")
