"""Secrets in columns: they open for their purpose, under the passphrase they were sealed with, and not otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from jialiang.security.keys.errors import SecretLocked
from jialiang.security.keys.sealed_secrets import opened, sealed


@given(st.binary(max_size=200), st.text(max_size=40).filter(lambda text: text.isascii()))
def test_what_was_sealed_opens_for_its_purpose_and_for_no_other(secret, purpose):
    text = sealed(secret, purpose)
    assert opened(text, purpose) == secret
    with pytest.raises(SecretLocked):
        opened(text, purpose + "x")


def test_one_secret_sealed_twice_is_two_texts_that_do_not_show_it():
    first, second = sealed(b"bronze", "p"), sealed(b"bronze", "p")
    assert first != second
    assert first.isascii()
    assert "bronze" not in first


@given(st.data())
def test_every_altered_letter_is_noticed(data):
    text = sealed(b"five measures, one vessel.", "p")  # 26 bytes: no letter of the text is padding
    place = data.draw(st.integers(3, len(text) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHabcdefgh0123").filter(lambda letter: letter != text[place]))
    with pytest.raises(SecretLocked):
        opened(text[:place] + other + text[place + 1 :], "p")


@pytest.mark.parametrize("text", ["", "s1.", "s1.AAAA", "北京", "s1.北京", "s1.====", "x" * 100])
def test_what_was_never_sealed_does_not_open(text):
    with pytest.raises(SecretLocked):
        opened(text, "p")


def test_under_another_passphrase_nothing_opens_and_the_error_names_the_setting(monkeypatch):
    text = sealed(b"bronze", "handle identity 7")
    other = replace(settings.JIALIANG, key_passphrase="another passphrase of more than thirty-two letters")
    monkeypatch.setattr(settings, "JIALIANG", other)
    with pytest.raises(SecretLocked) as locked:
        opened(text, "handle identity 7")
    assert (locked.value.code, locked.value.http_status) == ("JL-KEY-014", 503)
    assert "JIALIANG_KEY_PASSPHRASE" in locked.value.way_out.en
