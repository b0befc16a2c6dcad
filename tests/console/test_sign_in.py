"""Signing in: password, lock-out, one-time codes, recovery codes, passkeys, and what strangers cannot do."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client, override_settings

from jialiang.console.sign_in import SecondFactorAdapter, SecretUnreadable
from jialiang.security.accounts.models import Person
from tests.console.people import PASSWORD

pytestmark = pytest.mark.django_db
WRONG = "User name or password is wrong"


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["jialiang_language"] = "en"
    return client


def enter(client: Client, password: str = PASSWORD, login: str = "li.xiaoliang", **more: str):
    return client.post("/sign-in/", {"login": login, "password": password, **more})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_person_signs_in_and_arrives_at_home(english: Client, add_person: Callable[..., Person]) -> None:
    add_person("li.xiaoliang", "technician")
    response = enter(english)
    assert (response.status_code, response.url) == (302, "/")
    page = english.get("/").content.decode()
    assert "Li Xiaoliang" in page
    assert "Technician" in page


def test_the_page_asked_for_is_the_page_one_arrives_at(
    english: Client, add_person: Callable[..., Person]
) -> None:
    add_person("li.xiaoliang", "technician")
    assert enter(english, next="/search?q=a").url == "/search?q=a"


def test_nobody_is_led_to_another_host(english: Client, add_person: Callable[..., Person]) -> None:
    add_person("li.xiaoliang", "technician")
    assert enter(english, next="https://elsewhere.example/").url == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    english: Client, add_person: Callable[..., Person]
) -> None:
    add_person("li.xiaoliang", "technician")
    wrong = enter(english, "another password")
    unknown = enter(english, "another password", "nobody")
    assert WRONG in wrong.content.decode()
    assert WRONG in unknown.content.decode()
    assert 'role="alert"' in wrong.content.decode()


def test_five_failures_lock_the_account_even_for_the_right_password(
    english: Client, add_person: Callable[..., Person]
) -> None:
    add_person("li.xiaoliang", "technician")
    for _ in range(5):
        assert WRONG in enter(english, "another password").content.decode()
    assert "Too many failed attempts" in enter(english).content.decode()


def test_a_deactivated_account_is_told_so(english: Client, add_person: Callable[..., Person]) -> None:
    person = add_person("li.xiaoliang", "technician")
    person.is_active = False
    person.save(update_fields=["is_active"])
    response = enter(english)
    followed = english.get(response.url) if response.status_code == 302 else response
    assert "Signed in" not in followed.content.decode()
    assert english.get("/").status_code == 302


@pytest.mark.parametrize("address", ["/signup/", "/accounts/signup/", "/account/signup/", "/sign-in/signup/"])
def test_there_is_no_sign_up(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_signing_out_needs_a_form_and_ends_the_session(signed_in: Callable[..., Client]) -> None:
    client = signed_in("technician")
    assert client.get("/sign-out/").status_code == 200
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/").status_code == 302


def test_a_form_without_its_token_changes_nothing(add_person: Callable[..., Person]) -> None:
    add_person("li.xiaoliang", "technician")
    client = Client(enforce_csrf_checks=True)
    response = enter(client)
    assert response.status_code == 403
    assert "JL-CON-003" in response.content.decode()


@pytest.fixture
def confirmed(english: Client, add_person: Callable[..., Person]) -> Client:
    """A client that signed in and confirmed the password once more, as changing the way of signing in asks for."""
    add_person("li.xiaoliang", "technician")
    enter(english)
    asked = "/account/security/totp/activate/"
    assert english.get(asked).url.startswith("/account/confirm/")
    assert english.post("/account/confirm/", {"password": PASSWORD, "next": asked}).url == asked
    return english


def set_up_codes(client: Client) -> str:
    page = client.get("/account/security/totp/activate/").content.decode()
    secret = re.search(r'jl-code jl-block jl-strong">([A-Z2-7]+)<', page)[1]
    response = client.post("/account/security/totp/activate/", {"code": code_of(secret)})
    assert response.status_code == 302
    return secret


def test_an_authenticator_is_set_up_and_asked_for_at_the_next_sign_in(confirmed: Client) -> None:
    secret = set_up_codes(confirmed)
    confirmed.post("/sign-out/")
    response = enter(confirmed)
    assert response.url == "/account/security/authenticate/"
    assert confirmed.get("/").status_code == 302
    page = confirmed.get(response.url).content.decode()
    assert "Second factor" in page
    assert confirmed.post(response.url, {"code": "000000"}).status_code == 200
    cache.clear()  # a code counts once; the next one would take half a minute
    assert confirmed.post(response.url, {"code": code_of(secret)}).url == "/"


def test_the_secret_of_one_time_codes_is_not_stored_in_clear(confirmed: Client) -> None:
    secret = set_up_codes(confirmed)
    stored = str(Authenticator.objects.get(type="totp").data)
    assert secret not in stored


def test_under_another_passphrase_the_secret_stays_closed(settings) -> None:
    stored = SecondFactorAdapter().encrypt("SECRET")
    assert SecondFactorAdapter().decrypt(stored) == "SECRET"
    other = type(settings.JIALIANG)(key_passphrase="x" * 40)
    with override_settings(JIALIANG=other), pytest.raises(SecretUnreadable):
        SecondFactorAdapter().decrypt(stored)


def test_recovery_codes_open_the_door_once(confirmed: Client) -> None:
    set_up_codes(confirmed)
    page = confirmed.get("/account/security/recovery-codes/").content.decode()
    codes = re.findall(r'jl-code-big">(\d{8})<', page)
    assert len(codes) == 10
    for expected in ("/", None):
        confirmed.post("/sign-out/")
        stage = enter(confirmed).url
        response = confirmed.post(stage, {"code": codes[0]})
        assert (response.url if response.status_code == 302 else None) == expected


def test_the_pages_of_second_factors_open(confirmed: Client) -> None:
    set_up_codes(confirmed)
    for address in (
        "/account/security/",
        "/account/security/totp/deactivate/",
        "/account/security/recovery-codes/",
        "/account/security/recovery-codes/generate/",
        "/account/security/webauthn/",
        "/account/security/webauthn/add/",
        "/account/confirm/",
        "/account/security/reauthenticate/",
    ):
        response = confirmed.get(address)
        assert response.status_code == 200, address
        assert "<h1>" in response.content.decode(), address


def test_a_passkey_is_offered_with_a_challenge(english: Client) -> None:
    assert "passkey_login" in english.get("/sign-in/").content.decode()
    options = english.get("/account/security/webauthn/login/", headers={"Accept": "application/json"}).json()
    assert len(options["request_options"]["publicKey"]["challenge"]) >= 22


def test_the_password_is_changed_with_the_old_one(confirmed: Client) -> None:
    new = "eight bronze measures"
    given = {"oldpassword": "wrong", "password1": new, "password2": new}
    refused = confirmed.post("/account/password/", given)
    assert 'aria-invalid="true"' in refused.content.decode()
    assert confirmed.post("/account/password/", given | {"oldpassword": PASSWORD}).status_code == 302
    confirmed.post("/sign-out/")
    assert enter(confirmed, new).url == "/"


@pytest.mark.parametrize("weak", ["short", "password123"])
def test_a_weak_password_is_refused(confirmed: Client, weak: str) -> None:
    given = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert 'aria-invalid="true"' in confirmed.post("/account/password/", given).content.decode()


def test_labels_are_no_placeholders(client: Client) -> None:
    assert "placeholder" not in client.get("/sign-in/").content.decode()
