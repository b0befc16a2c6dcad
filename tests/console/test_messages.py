"""Errors of the house become pages with code, rule and way out, in both languages."""

from collections.abc import Callable

import pytest
from django.http import Http404
from django.test import Client, override_settings
from django.urls import include, path

from jialiang.console import messages
from jialiang.kernel.errors import JialiangError, error_texts
from jialiang.security.tenancy.scope import current_tenant_id

pytestmark = pytest.mark.django_db
OURS = [
    messages.PageNotFound,
    messages.PageRefused,
    messages.FormNotTrusted,
    messages.UnexpectedFault,
    messages.BadAddress,
    messages.TooManyAttempts,
]


def interlock(request):
    raise messages.Interlock


def refused(request):
    raise messages.PageRefused(address=request.path)


def gone(request):
    raise Http404


def broken(request):
    raise RuntimeError("a secret detail")


urlpatterns = [
    path("interlock", interlock),
    path("refused", refused),
    path("gone", gone),
    path("broken", broken),
    path("", include("jialiang.console.urls")),
]
handler403 = "jialiang.console.messages.page_refused"
handler404 = "jialiang.console.messages.page_not_found"
handler500 = "jialiang.console.messages.unexpected_fault"
with_errors = override_settings(ROOT_URLCONF="tests.console.test_messages")


@pytest.mark.parametrize("error", OURS)
def test_every_error_of_the_console_has_its_words_in_both_languages(error: type[JialiangError]) -> None:
    words = error_texts("con")[error.code]
    for member in ("what", "rule", "way_out"):
        assert words[member]["zh"]
        assert words[member]["en"]


@with_errors
@pytest.mark.parametrize(
    ("address", "status", "code"),
    [("/refused", 403, "JL-CON-002"), ("/gone", 404, "JL-CON-001"), ("/nowhere", 404, "JL-CON-001")],
)
def test_an_error_page_has_status_code_rule_and_way_out(
    signed_in: Callable[..., Client], address: str, status: int, code: str
) -> None:
    response = signed_in("technician", language="en").get(address)
    html = response.content.decode()
    assert response.status_code == status
    for part in (code, "The rule", "The way out", "What you can do now", "Request"):
        assert part in html, part
    assert 'href="/"' in html


@with_errors
def test_the_labels_of_an_error_page_are_in_the_language_of_the_page(
    signed_in: Callable[..., Client],
) -> None:
    html = signed_in("technician").get("/refused").content.decode()
    assert "依据的规则" in html
    assert "怎么办" in html
    assert "您的角色不能打开 /refused。" in html


@with_errors
def test_a_fault_says_nothing_about_its_inside(signed_in: Callable[..., Client]) -> None:
    client = signed_in("technician", language="en")
    client.raise_request_exception = False
    response = client.get("/broken")
    assert response.status_code == 500
    assert "JL-CON-004" in response.content.decode()
    assert "secret detail" not in response.content.decode()
    assert "Traceback" not in response.content.decode()


@with_errors
def test_htmx_gets_the_message_alone_for_the_place_of_notices(signed_in: Callable[..., Client]) -> None:
    response = signed_in("technician").get("/refused", headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert response["HX-Retarget"] == "#notices"
    assert b"<html" not in response.content
    assert b"JL-CON-002" in response.content


@with_errors
def test_every_request_has_a_number_of_its_own(signed_in: Callable[..., Client]) -> None:
    client = signed_in("technician")
    numbers = {messages._request_number() for _ in range(200)}
    assert len(numbers) == 200
    assert client.get("/refused").content != client.get("/refused").content


@with_errors
def test_strangers_get_error_pages_too(client: Client) -> None:
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert "JL-CON-001" in response.content.decode()
    assert "jl-side" not in response.content.decode()


def test_the_scope_of_the_institute_is_closed_after_the_request(signed_in: Callable[..., Client]) -> None:
    signed_in("technician").get("/")
    with pytest.raises(JialiangError, match="JL-TEN-001"):
        current_tenant_id()
