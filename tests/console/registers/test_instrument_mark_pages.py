"""Codes and seals on screen: recorded, taken off, compared; which one differs is said in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from jialiang.base.instrument_marks.selectors import identity_checks, marks_of
from tests.console.registers.conftest import Registers
from tests.console.whole import faults_of

As = Callable[..., Client]


def at(name, key):
    return reverse(name, args=[key])


@pytest.fixture
def client(as_: As) -> Client:
    """The browser of a technician."""
    return as_("technician")


@pytest.fixture
def marked(registers: Registers, client: Client):
    """A thermometer with a production code and a seal."""
    row = registers.thermometer
    for role, code in (("production", "P-1001"), ("seal", "F 0001")):
        body = {"role": role, "code": code, "put_by": "远山仪表厂", "put_on": "2026-06-16"}
        assert client.post(at("instrument_mark_new", row.id), body).status_code == 302
    return row


def test_what_was_recorded_stands_in_the_list_and_can_be_taken_off(marked, client):
    mark = marks_of(marked.id)[0]
    page = client.get(at("instrument_marks", marked.id)).content.decode()
    assert "P-1001" in page and "F 0001" in page
    answer = client.post(at("instrument_mark_remove", mark.id), {"state_reason": ""})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"state_reason"})
    assert client.post(at("instrument_mark_remove", mark.id), {"state_reason": "换牌"}).status_code == 302
    assert "换牌" in client.get(at("instrument_marks", marked.id)).content.decode()


def test_the_same_code_twice_is_explained_beside_the_field(marked, client):
    answer = client.post(at("instrument_mark_new", marked.id), {"role": "seal", "code": "f0001"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (409, {"code"})


def test_the_check_says_which_one_differs_and_keeps_the_answer(marked, client):
    found = {"production": "P-1001\n", "seal": "F 0002", "any_role": ""}
    answer = client.post(at("instrument_mark_check", marked.id), found, follow=True)
    [kept] = identity_checks(marked.id)
    assert [each["outcome"] for each in kept.findings] == ["agrees", "differs"]
    page = answer.content.decode()
    assert "F 0002" in page and "F 0001" in page
    client.post(at("instrument_mark_check", marked.id), {"any_role": "p-1001\r\nF0001"})
    assert identity_checks(marked.id)[0].agrees


def test_an_empty_check_is_refused_beside_the_field(marked, client):
    answer = client.post(at("instrument_mark_check", marked.id), {})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"any_role"})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_are_whole_in_both_languages(marked, client, language):
    client.get(at("instrument_marks", marked.id))  # takes the notices of recording, told in English, off
    client.cookies["jialiang_language"] = language
    client.post(at("instrument_mark_check", marked.id), {"seal": "F 0002"})
    mark = marks_of(marked.id)[0]
    for path in (
        at("instrument_marks", marked.id), at("instrument_mark_new", marked.id), at("instrument_mark_check", marked.id),
        at("instrument_mark_remove", mark.id), f"{reverse('instrument_labels')}?id={marked.id}",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200
        assert faults_of(answer.content.decode(), language) == [], path


def test_who_only_reads_sees_them_and_is_offered_nothing(marked, hire):
    reader = Client()
    reader.force_login(hire("shen.yue", "auditor"))
    context = reader.get(at("instrument_marks", marked.id)).context
    assert not (context["may_record"] or context["may_remove"] or context["may_check"])
    assert reader.get(at("instrument_mark_check", marked.id)).status_code == 403


def test_labels_of_an_instrument_are_printed_from_its_page(marked, client):
    path = f"{reverse('instrument_labels')}?id={marked.id}&id=nonsense"
    asked = {"template": "status-60x40", "sheet": "", "language": "zh", "start": "0", "dots_per_inch": "0"}
    assert client.post(path, asked).content.startswith(b"%PDF-")
    assert client.post(path, asked | {"dots_per_inch": "300"}).content.startswith(b"^XA^PW709")
    empty = client.post(reverse("instrument_labels"), asked)
    assert (empty.status_code, set(empty.context["form"].errors)) == (422, {"start"})
    assert str(reverse("instrument_labels")) in client.get(at("instrument", marked.id)).content.decode()
