"""Identifiers on screen: who sees them, how they are found, registered, changed and moved, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from jialiang.base.identifiers import selectors
from jialiang.base.identifiers.errors import ValueRepeated
from jialiang.base.identifiers.models import Identifier
from jialiang.base.identifiers.records import RecordCode
from jialiang.console.identifiers.forms import RecordForm
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifier_templates, identifiers
from jialiang.governance.resolution_counts.models import ResolutionCount
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from tests.console.registers.identifier_desk import GIAI, NAME, SECRET, Desk, browser_of, page_of
from tests.console.whole import faults_of
from tests.functions.prefix_verbs import operator

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


def pages(desk: Desk) -> list[str]:
    one = desk.record.id
    return [
        reverse("identifiers"),
        reverse("identifiers") + "?q=88.101.5/T&state=active&prefix=88.101.5",
        reverse("identifiers") + "?q=nothing",
        reverse("identifier_new"),
        reverse("identifier_new_plain"),
        reverse("identifier_new_by", args=[desk.template_id]),
        reverse("identifier", args=[one]),
        reverse("identifier_change", args=[one]),
        *(reverse("identifier_deed", args=[one, deed]) for deed in ("suspend", "resume", "retire", "activate")),
    ]


@LANGUAGES
@pytest.mark.parametrize("person", ["operator", "dairy"])
def test_every_page_is_whole_in_both_languages(identifier_desk, person, language):
    browser = browser_of(identifier_desk, person, language)
    for path in pages(identifier_desk):
        response = browser.get(path)
        assert response.status_code == 200, path
        assert faults_of(response.content.decode(), language) == [], path


def test_the_page_of_one_tells_values_rights_codes_history_and_where_everyone_finds_it(identifier_desk, settings):
    shown = page_of(identifier_desk, "operator", "identifier", identifier_desk.record.id)
    for told in ("ST-1", "2000", "everyone reads", "administrators write", "GIAI", GIAI, "primary", "Registered"):
        assert told in shown, told
    assert f"{settings.JIALIANG.public_url}/{NAME}" in shown
    assert f'href="/{NAME}"' in shown
    assert operator(identifier_desk.world).name.zh in shown


def test_a_secret_key_is_named_and_never_shown(identifier_desk):
    shown = page_of(identifier_desk, "operator", "identifier", identifier_desk.record.id)
    assert "HS_SECKEY" in shown
    assert "A secret: it is not shown." in shown
    assert SECRET not in shown


def test_data_that_are_no_text_are_told_by_their_length(identifier_desk, now):
    value = HandleValue(7, "PHOTO", b"\xff\xfe\x00")
    identifiers.add_values(actor=operator(identifier_desk.world), name=NAME, values=[value], now=now)
    assert "3 bytes" in page_of(identifier_desk, "dairy", "identifier", identifier_desk.record.id)


def test_the_history_says_which_values_came_changed_and_went(identifier_desk, now):
    actor = operator(identifier_desk.world)
    identifiers.add_values(actor=actor, name=NAME, values=[HandleValue(5, "NOTE", b"a")], now=now)
    identifiers.modify_values(actor=actor, name=NAME, values=[HandleValue(5, "NOTE", b"b")], now=now)
    identifiers.remove_values(actor=actor, name=NAME, indexes=[5], now=now)
    identifiers.suspend(actor=actor, name=NAME, reason="被盗", now=now)
    browser = browser_of(identifier_desk, "dairy")
    history = browser.get(reverse("identifier", args=[identifier_desk.record.id])).context["history"]
    told = [(one.deed, one.added, one.changed, one.removed, one.version.reason) for one in history]
    assert told == [
        ("Suspended", [], [], [], "被盗"),
        ("Values changed", [], [], [5], ""),
        ("Values changed", [], [5], [], ""),
        ("Values changed", [5], [], [], ""),
        ("Registered", [], [], [], ""),
    ]


def test_how_often_it_is_resolved_is_for_those_who_may_read_the_statistics(identifier_desk):
    now = utc_now() - timedelta(hours=2)
    for prefix, number in (("88.101.5", 41), ("88.102", 7)):
        ResolutionCount.objects.create(
            hour=now.replace(minute=0, second=0, microsecond=0), kind="handle_json", outcome="found",
            carrier="qr", region="", prefix=prefix, number=number,
        )  # fmt: skip
    path = reverse("identifier", args=[identifier_desk.record.id])
    assert "41 times in 7 days" in browser_of(identifier_desk, "auditor").get(path).content.decode()
    assert browser_of(identifier_desk, "dairy").get(path).context["resolved"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"T-1", "T-2", "U-1"}),
        ("q=88.101.5/T", {"T-1", "T-2"}),
        ("q=88.101.5/t-2", {"T-2"}),
        ("q=88.101.5/", {"T-1", "T-2"}),
        ("q=88.101.5", set()),
        ("prefix=88.101.5&q=T-1", {"T-1"}),
        ("prefix=88.102", {"U-1"}),
        ("prefix=88.102&q=88.101.5/T", set()),
        ("prefix=1.2.3", {"T-1", "T-2", "U-1"}),
        (f"q={GIAI}", {"T-1"}),
        ("state=reserved", {"T-2"}),
        ("state=retired", set()),
        ("state=nonsense", {"T-1", "T-2", "U-1"}),
        ("q=%25/_", set()),
    ],
)
def test_identifiers_are_found_by_beginning_prefix_state_and_code(identifier_desk, query, found):
    answer = browser_of(identifier_desk, "operator").get(f"{reverse('identifiers')}?{query}")
    assert {row.name.partition("/")[2] for row in answer.context["list_page"].rows} == found
    assert answer.context["list_page"].total == len(found)
    assert ("No identifier fits." in answer.content.decode()) is (not found)


def test_a_long_list_is_read_page_by_page_and_keeps_its_filter(identifier_desk, now):
    items = [identifiers.BatchItem(f"88.102/N-{n}") for n in range(60)]
    identifiers.register_many(actor=operator(identifier_desk.world), items=items, mode="create", now=now)
    browser = browser_of(identifier_desk, "operator")
    first = browser.get(reverse("identifiers") + "?prefix=88.102&q=N-").context["list_page"]
    following = browser.get(reverse("identifiers") + f"?prefix=88.102&q=N-&after={first.after}&from=50")
    rest = following.context["list_page"]
    assert (len(first.rows), len(rest.rows), first.total) == (50, 10, 60)
    assert not {row.name for row in first.rows} & {row.name for row in rest.rows}


def test_a_customer_sees_and_offers_only_what_is_the_own_organizations(identifier_desk):
    browser = browser_of(identifier_desk, "dairy")
    listed = browser.get(reverse("identifiers"))
    assert {row.name for row in listed.context["list_page"].rows} == {NAME, "88.101.5/T-2"}
    assert "88.102" not in listed.content.decode()
    foreign = selectors.record("88.102/U-1").id
    for path in ("identifier", "identifier_change"):
        assert browser.get(reverse(path, args=[foreign])).status_code == 403
    assert browser.get(reverse("identifier_deed", args=[foreign, "retire"])).status_code == 403
    assert browser.get(reverse("identifier_new_plain")).context["form"].fields["prefix_text"].choices == [
        ("88.101.5", "88.101.5")
    ]


@pytest.mark.parametrize(("person", "reads"), [("auditor", 200), ("technician", 200), ("mill", 403), ("nobody", 403)])
def test_who_may_only_read_is_offered_nothing_and_refused_everything(identifier_desk, person, reads):
    browser = browser_of(identifier_desk, person)
    one = browser.get(reverse("identifier", args=[identifier_desk.record.id]))
    assert one.status_code == reads
    if reads == 200:
        assert (one.context["deeds"], one.context["may_change"]) == ([], False)
        assert browser.get(reverse("identifier_new")).status_code == 403
    assert browser.get(reverse("identifier_change", args=[identifier_desk.record.id])).status_code == 403
    answer = browser.post(reverse("identifier_deed", args=[identifier_desk.record.id, "retire"]), {"reason": "r"})
    assert answer.status_code == 403
    assert selectors.record(NAME).state == "active"


def test_strangers_are_asked_to_sign_in(identifier_desk, client):
    for path in pages(identifier_desk):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/account/" in answer["Location"] or "login" in answer["Location"] or "sign-in" in answer["Location"]


def test_another_institute_finds_nothing(identifier_desk, now):
    path = reverse("identifier", args=[identifier_desk.record.id])
    other = create_tenant(slug="other", name=Text("别院", "Other"), time_zone="Asia/Shanghai", now=now)
    with scope(other.id), pytest.raises(Exception, match="IDE-003"):
        selectors.record_by_id(identifier_desk.record.id)
    missing = path.replace(str(identifier_desk.record.id), "018f0000-0000-7000-8000-000000000000")
    assert browser_of(identifier_desk, "operator").get(missing).status_code == 404


def test_records_are_read_by_many_names_at_once_in_their_order(identifier_desk):
    found = selectors.records_named(["88.102/u-1", "88.101.5/none", NAME, "88.102/U-1"])
    assert [record.name for record in found] == ["88.102/U-1", NAME]
    assert selectors.records_named([]) == []


# registering


def filled(**members):
    """What a form by the template sends."""
    return {
        "prefix_text": "88.101.5", "suffix": "T-9", "state": "active", "item_2000": "ST-9",
        "item_2001": "2026-06-16", "further": "", "codes": "",
    } | members  # fmt: skip


def registers(desk, person="dairy", **members):
    path = reverse("identifier_new_by", args=[desk.template_id])
    return browser_of(desk, person).post(path, filled(**members), follow=True)


def test_the_fields_of_registering_are_the_items_of_the_template(identifier_desk):
    form = browser_of(identifier_desk, "dairy").get(
        reverse("identifier_new_by", args=[identifier_desk.template_id])
    ).context["form"]
    assert [(name, [bound.name for bound in fields]) for name, fields in form.grouped()] == [
        ("The identifier", ["prefix_text", "suffix", "state"]),
        ("Values by the template", ["item_2000", "item_2001"]),
        ("Further values and codes", ["further", "codes"]),
    ]
    assert (form["item_2000"].label, form["item_2000"].field.required) == ("Serial number", True)
    assert (form["item_2001"].field.required, form["item_2001"].field.widget.input_type) == (False, "date")


def test_a_customer_registers_by_the_template_and_sees_the_record(identifier_desk):
    answer = registers(identifier_desk, further="1 URL https://example.org/a b", codes=f"GIAI {GIAI}9\n")
    assert "Registered: 88.101.5/T-9" in answer.content.decode()
    record = selectors.record("88.101.5/T-9")
    assert [(v.index, v.type, v.text) for v in record.record.values] == [
        (1, "URL", "https://example.org/a b"), (2000, "SERIAL", "ST-9"), (2001, "MADE_ON", "2026-06-16"),
    ]  # fmt: skip
    assert record.codes == (RecordCode("GIAI", f"{GIAI}9", primary=True),)
    assert (record.template, record.state, record.organization_id) == ("1.0", "active", identifier_desk.world.dairy_id)


def test_without_a_suffix_the_next_free_number_is_given(identifier_desk):
    registers(identifier_desk, suffix="", item_2000="A")
    registers(identifier_desk, suffix="", item_2000="B", state="reserved")
    assert [selectors.record(f"88.101.5/{n}").state for n in (1, 2)] == ["active", "reserved"]


def test_without_a_template_the_values_are_lines(identifier_desk):
    path = reverse("identifier_new_plain")
    body = {"prefix_text": "88.102", "suffix": "plain", "state": "active", "further": "1 URL https://a.example\n\n2 X"}
    answer = browser_of(identifier_desk, "operator").post(path, body, follow=True)
    assert answer.status_code == 200
    values = selectors.record("88.102/plain").record.values
    assert [(v.index, v.type, v.text) for v in values] == [(1, "URL", "https://a.example"), (2, "X", "")]


@LANGUAGES
@pytest.mark.parametrize(
    ("members", "field", "told"),
    [
        ({"item_2000": ""}, "item_2000", ""),
        ({"item_2001": "16.6.2026"}, "item_2001", "2026-06-16"),
        ({"suffix": "t-1"}, "suffix", "JL-IDE-002"),
        ({"further": "URL https://a.example"}, "further", "1"),
        ({"further": "1 URL x\n1 URL y"}, "further", "JL-IDE-006"),
        ({"further": "2050 X y"}, "further", "2050"),
        ({"codes": "GIAI"}, "codes", "GIAI"),
        ({"codes": "GIAI 4012 3459"}, "codes", "JL-IDE-011"),
        ({"codes": f"GIAI {GIAI}"}, "codes", "JL-IDE-009"),
        ({"item_2000": "ST-1"}, "item_2000", "88.101.5/T-1"),
        ({"item_2000": "ST-1"}, "item_2000", "JL-IDE-021"),
        ({"prefix_text": "88.102"}, "prefix_text", ""),
        ({"state": "retired"}, "state", ""),
    ],
)
def test_what_cannot_be_registered_is_explained_beside_its_field(identifier_desk, members, field, told, language):
    path = reverse("identifier_new_by", args=[identifier_desk.template_id])
    answer = browser_of(identifier_desk, "dairy", language).post(path, filled(**members))
    assert answer.status_code in (409, 422)
    errors = answer.context["form"].errors
    assert set(errors) == {field}
    assert told in " ".join(errors[field])
    assert faults_of(answer.content.decode(), language) == []
    assert Identifier.objects.count() == 3


def test_a_draft_and_a_withdrawn_template_register_nothing(identifier_desk, now):
    identifier_templates.withdraw(
        actor=operator(identifier_desk.world), template_id=identifier_desk.template_id, reason="r", now=now
    )
    answer = registers(identifier_desk)
    assert answer.status_code == 404
    assert "JL-TPL" in answer.content.decode()
    assert identifier_desk.template_id not in {
        row.id for row in browser_of(identifier_desk, "dairy").get(reverse("identifier_new")).context["rows"]
    }


def test_a_value_of_an_item_without_a_field_is_told_over_the_form():
    form = RecordForm({}, template=None)
    form.is_valid()
    facts = {"identifier": "88.1/a", "template": "V1", "index": 2000, "item": Text("编号", "Serial number")}
    form.refuse(ValueRepeated(**facts, given="S1", holder="—"))
    assert form.status == 409
    assert "JL-IDE-021" in " ".join(form.non_field_errors())


# changing


def changed(desk, person="dairy", **members):
    path = reverse("identifier_change", args=[desk.record.id])
    form = browser_of(desk, person).get(path).context["form"]
    return browser_of(desk, person).post(path, {**form.initial, **members}, follow=True)


def test_saving_without_a_change_leaves_everything_as_it_was(identifier_desk):
    before = selectors.record(NAME)
    assert changed(identifier_desk).status_code == 200
    assert selectors.record(NAME) == before


def test_changing_a_value_keeps_the_rights_of_others_and_the_secret(identifier_desk):
    before = {value.index: value for value in selectors.record(NAME).record.values}
    answer = changed(identifier_desk, item_2000="ST-1A", further="1 URL https://new.example")
    assert "The values are saved." in answer.content.decode()
    record = selectors.record(NAME)
    after = {value.index: value for value in record.record.values}
    assert (after[2000].text, after[1].text, record.version) == ("ST-1A", "https://new.example", 2)
    assert after[1].permissions == before[1].permissions == 0b1100
    assert after[300] == before[300]
    assert after[300].text == SECRET


def test_an_item_that_is_emptied_and_a_line_that_is_left_out_are_taken_out(identifier_desk):
    changed(identifier_desk, item_2001="", further="", codes="")
    record = selectors.record(NAME)
    assert [value.index for value in record.record.values] == [300, 2000]
    assert record.codes == ()


def test_of_two_who_change_at_once_the_second_is_told(identifier_desk, now):
    path = reverse("identifier_change", args=[identifier_desk.record.id])
    browser = browser_of(identifier_desk, "dairy")
    form = browser.get(path).context["form"]
    note = HandleValue(9, "NOTE", b"meanwhile")
    identifiers.add_values(actor=operator(identifier_desk.world), name=NAME, values=[note], now=now)
    answer = browser.post(path, {**form.initial, "item_2000": "mine"})
    assert answer.status_code == 409
    assert "JL-IDE-005" in answer.content.decode()
    assert operator(identifier_desk.world).name.zh in answer.content.decode()
    assert "mine" not in [value.text for value in selectors.record(NAME).record.values]


def test_values_that_do_not_fit_are_refused_and_nothing_is_written(identifier_desk):
    answer = changed(identifier_desk, item_2000="x" * 300)
    assert answer.status_code == 422
    assert selectors.record(NAME).version == 1


# moving through the states


def moved(desk, deed, reason="r", language="en", name=NAME):
    path = reverse("identifier_deed", args=[selectors.record(name).id, deed])
    return browser_of(desk, "dairy", language).post(path, {"reason": reason}, follow=True)


def test_a_customer_suspends_resumes_and_retires_an_own_identifier(identifier_desk):
    for deed, state in (("suspend", "suspended"), ("resume", "active"), ("retire", "retired")):
        assert moved(identifier_desk, deed).status_code == 200
        assert selectors.record(NAME).state == state
    one = browser_of(identifier_desk, "dairy").get(reverse("identifier", args=[identifier_desk.record.id]))
    assert (one.context["deeds"], one.context["may_change"]) == ([], False)
    assert [version.reason for version in selectors.history(NAME)] == ["r", "r", "r", ""]


def test_a_reserved_identifier_is_activated_without_a_reason(identifier_desk):
    assert moved(identifier_desk, "activate", "", name="88.101.5/T-2").status_code == 200
    assert selectors.record("88.101.5/T-2").state == "active"


@LANGUAGES
@pytest.mark.parametrize(
    ("deed", "reason", "status"),
    [
        ("suspend", "", 422), ("suspend", "   ", 422), ("suspend", "x" * 201, 422), ("retire", "", 422),
        ("resume", "r", 409), ("activate", "r", 409),
    ],
)  # fmt: skip
def test_a_deed_that_will_not_do_says_why(identifier_desk, deed, reason, status, language):
    answer = moved(identifier_desk, deed, reason, language)
    assert answer.status_code == status
    assert answer.context["form"].errors
    assert faults_of(answer.content.decode(), language) == []
    assert selectors.record(NAME).state == "active"


def test_a_deed_that_there_is_not_is_not_found(identifier_desk):
    assert moved(identifier_desk, "explode").status_code == 404
