"""The form of sealed secrets, opened here by another implementation, and everything that is not that form."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from jialiang.security.keys.errors import SecretLocked
from jialiang.security.keys.sealed_secrets import opened, sealed

PURPOSE = "handle identity 7"


def own_key() -> bytes:
    """The key by scrypt of OpenSSL with the figures that the module names."""
    passphrase = settings.JIALIANG.key_passphrase.encode()
    salt = b"jialiang sealed secrets 1"
    return hashlib.scrypt(passphrase, salt=salt, n=16384, r=8, p=5, maxmem=64 * 1024 * 1024, dklen=32)


def test_another_implementation_opens_what_was_sealed_and_seals_what_is_opened():
    text = sealed("温度计".encode(), PURPOSE)
    form, whole = text[:3], base64.urlsafe_b64decode(text[3:])
    cipher = AESGCM(own_key())
    assert form == "s1."
    assert cipher.decrypt(whole[:12], whole[12:], PURPOSE.encode()).decode() == "温度计"
    made = b"\x07" * 12 + cipher.encrypt(b"\x07" * 12, b"bronze", PURPOSE.encode())
    assert opened("s1." + base64.urlsafe_b64encode(made).decode(), PURPOSE) == b"bronze"


@given(st.integers(0, 200))
def test_a_sealed_secret_is_longer_by_a_nonce_and_a_tag_only(length: int):
    whole = base64.urlsafe_b64decode(sealed(bytes(length), PURPOSE)[3:])
    assert len(whole) == 12 + length + 16


def test_a_nonce_is_never_used_twice():
    nonces = {base64.urlsafe_b64decode(sealed(b"x", PURPOSE)[3:])[:12] for _ in range(500)}
    assert len(nonces) == 500


OTHER_FORMS: dict[str, Callable[[str], str]] = {
    "no form": lambda text: text.removeprefix("s1."),
    "a later form": lambda text: "s2." + text.removeprefix("s1."),
    "the form twice": lambda text: "s1." + text,
    "the form in capitals": lambda text: "S1." + text.removeprefix("s1."),
    "a line end at the end": lambda text: text + "\n",
    "a line end within": lambda text: text[:20] + "\n" + text[20:],
    "a blank within": lambda text: text[:20] + " " + text[20:],
    "a strange letter within": lambda text: text[:20] + "!" + text[20:],
    "a letter less": lambda text: text[:-1],
    "a byte of the tag less": lambda text: text[:-4],
    "a byte more": lambda text: text + "AAAA",
    "two of them": lambda text: text + text.removeprefix("s1."),
    "the nonce only": lambda text: text[: 3 + 16],
}


@pytest.mark.parametrize("what", OTHER_FORMS)
def test_a_text_of_another_form_is_not_opened(what: str):
    text = sealed(b"twenty-six letters of text", PURPOSE)
    assert opened(text, PURPOSE)
    with pytest.raises(SecretLocked):
        opened(OTHER_FORMS[what](text), PURPOSE)


@pytest.mark.parametrize("bit", [0, 95, 96, 97, 200, -1])
def test_every_bit_of_nonce_text_and_tag_is_authenticated(bit: int):
    whole = bytearray(base64.urlsafe_b64decode(sealed(b"twenty-six letters of text", PURPOSE)[3:]))
    bit %= len(whole) * 8
    whole[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SecretLocked):
        opened("s1." + base64.urlsafe_b64encode(bytes(whole)).decode(), PURPOSE)


@given(st.text(st.characters(codec="utf-8"), max_size=20), st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_secret_of_one_row_does_not_open_in_another(mine: str, other: str):
    text = sealed(b"x", mine)
    if mine == other:
        assert opened(text, other) == b"x"
    else:
        with pytest.raises(SecretLocked) as locked:
            opened(text, other)
        assert locked.value.facts["purpose"] == other
