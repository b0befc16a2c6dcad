"""Label templates by REST: made, read, changed from a version, withdrawn, printed by; bad input in both languages."""

from __future__ import annotations

import base64
import io
import zlib
from uuid import uuid4

import pikepdf
import pytest
import zxingcpp
from tests.formats.labels.test_logos import SVG, png
from tests.formats.labels.test_zpl import drawn as drawn_by_printer
from tests.integration.api.calling import Caller, founded
from tests.integration.api.test_door import refused

from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.label_templates.selectors import LabelTemplate
from jialiang.formats.labels.templates import template_from_bytes, templates
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

AT = "/label-templates"
NEW = {"code": "gauge-60x40", "name": {"zh": "压力表标签", "en": "Gauge label"}, "width": "60", "height": "40"}
OPERATOR = "identifier_operator"
MAKERS = (OPERATOR, "instrument_manager", "quality_manager", "system_administrator")
READERS = ("receptionist", "technician", "reviewer", "signatory", "standards_keeper", "auditor", "regulator")


def encoded(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


@pytest.fixture
def operator(program):
    return program(OPERATOR)


@pytest.fixture
def made(operator):
    """A template, as it is told."""
    return operator.done(AT, NEW, 201)


def one(row) -> str:
    return f"{AT}/{row['id']}"


def rows_there(tenant) -> int:
    with scope(tenant.id):
        return LabelTemplate.objects.count()


def test_what_was_sent_is_told_with_what_was_left_to_the_door(operator):
    answer = operator.post(AT, NEW)
    told = answer.json()
    assert answer["Location"].endswith(f"{AT}/{told['id']}")
    assert {name: told[name] for name in NEW} == NEW
    assert (told["symbol"], told["language"], told["letters"]) == ("qr", "zh", 7)
    assert told["fields"] == ["name", "model", "serial", "identifier"]
    assert (told["sheet"], told["logo_digest"], told["state"], told["version"]) == ("roll", "", "in_use", 1)
    assert operator.read(one(told)) == told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"symbol": ""}, {"symbol": ""}),
        ({"symbol": "data_matrix", "fields": []}, {"symbol": "data_matrix", "fields": []}),
        ({"fields": ["due", "name", "due"]}, {"fields": ["due", "name"]}),
        ({"band": True, "language": "both"}, {"band": True, "language": "both"}),
        ({"width": "60.25", "height": "40.5"}, {"width": "60.25", "height": "40.5"}),
        ({"sheet": "a4:3x6:10,12:4,5"}, {"sheet": "a4:3x6:10,12:4,5"}),
        ({"name": {"zh": "只有中文", "en": ""}}, {"name": {"zh": "只有中文", "en": ""}}),
        ({"letters": 4}, {"letters": 4}),
    ],
    ids=str,
)
def test_every_member_is_kept_as_it_was_sent(operator, more, told):
    row = operator.done(AT, NEW | more, 201)
    assert {name: row[name] for name in told} == told


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"code": "Gauge"}, 422, "JL-LBT-002"), ({"code": "gauge_1"}, 422, "JL-LBT-002"),
        ({"code": "-gauge"}, 422, "JL-LBT-002"), ({"code": ""}, 422, "JL-LBT-001"),
        ({"name": {"zh": "", "en": ""}}, 422, "JL-LBT-001"), ({"width": ""}, 422, "JL-LBT-001"),
        ({"width": "4.99"}, 422, "JL-LBT-002"), ({"width": "300.01"}, 422, "JL-LBT-002"),
        ({"height": "1e2"}, 422, "JL-LBT-002"), ({"height": "-40"}, 422, "JL-LBT-002"),
        ({"height": "４０"}, 422, "JL-LBT-002"), ({"letters": 3}, 422, "JL-LBT-002"),
        ({"letters": 25}, 422, "JL-LBT-002"), ({"fields": ["price"]}, 422, "JL-LBT-002"),
        ({"symbol": "", "fields": []}, 422, "JL-LBT-001"), ({"letters": 24}, 422, "JL-LAB-013"),
        ({"width": "10", "height": "8", "fields": []}, 422, "JL-LAB-003"), ({"sheet": "a3"}, 404, "JL-LAB-004"),
        ({"sheet": "a4-65"}, 422, "JL-LAB-005"), ({"sheet": "a4:9x9:0,0:0,0"}, 422, "JL-LAB-015"),
        ({"logo": encoded(b"words")}, 422, "JL-LAB-014"), ({"code": "small-20x12"}, 409, "JL-LBT-003"),
    ],
    ids=str,
)  # fmt: skip
def test_what_could_not_be_printed_is_refused_in_the_language_of_the_reader(operator, tenant, more, status, code):
    zh = refused(operator.post(AT, NEW | more, headers={"Accept-Language": "zh-CN"}), status, code)
    en = refused(operator.post(AT, NEW | more, headers={"Accept-Language": "en"}), status, code)
    assert zh["detail"].startswith(zh["what"]["zh"])
    assert en["detail"].startswith(en["what"]["en"])
    assert zh["what"] == en["what"]
    assert all(zh[part]["zh"] != zh[part]["en"] for part in ("what", "rule", "way_out"))
    assert "{" not in zh["what"]["zh"] + zh["what"]["en"]
    assert rows_there(tenant) == 0


@pytest.mark.parametrize(
    ("body", "members"),
    [
        ({}, {"code", "name", "width", "height"}),
        (NEW | {"colour": "red"}, {"colour"}), (NEW | {"letters": "seven"}, {"letters"}),
        (NEW | {"letters": 0}, {"letters"}), (NEW | {"width": 60}, {"width"}),
        (NEW | {"width": "1234567"}, {"width"}), (NEW | {"band": "perhaps"}, {"band"}),
        (NEW | {"language": "fr"}, {"language"}), (NEW | {"symbol": "pdf417"}, {"symbol"}),
        (NEW | {"fields": "name"}, {"fields"}), (NEW | {"fields": ["name"] * 21}, {"fields"}),
        (NEW | {"logo": "not base64!"}, {"logo"}), (NEW | {"sheet": "x" * 41}, {"sheet"}),
        (NEW | {"name": "标签"}, {"name"}), (NEW | {"code": "x" * 31}, {"code"}),
    ],
    ids=lambda value: ",".join(sorted(value)) if isinstance(value, set) else "",
)  # fmt: skip
def test_members_of_another_kind_are_named(operator, tenant, body, members):
    told = refused(operator.post(AT, body), 422, "JL-API-001")
    named = {entry["member"].split(".")[1] for entry in told["errors"]}
    assert named == members
    assert rows_there(tenant) == 0


@pytest.mark.parametrize("role", MAKERS)
def test_whoever_keeps_labels_does_every_deed(program, role):
    caller = program(role)
    row = caller.done(AT, NEW, 201)
    changed = caller.patch(one(row), {"letters": 6, "version": 1})
    assert (changed.status_code, changed.json()["letters"], changed.json()["version"]) == (200, 6, 2)
    assert caller.done(f"{one(row)}/recall")["state"] == "withdrawn"


@pytest.mark.parametrize("role", READERS)
def test_whoever_only_reads_them_is_refused_every_deed_and_told_who_may(program, made, tenant, role):
    caller = program(role)
    assert caller.read(one(made)) == made
    assert [row["id"] for row in caller.read(AT)["members"]] == [made["id"]]
    for answer in (
        caller.post(AT, NEW | {"code": "other"}), caller.patch(one(made), {"letters": 6, "version": 1}),
        caller.post(f"{one(made)}/recall", {}),
    ):  # fmt: skip
        assert refused(answer, 403, "JL-POL-001")["facts"]["who"]
    assert rows_there(tenant) == 1
    assert caller.read(one(made))["version"] == 1


def test_a_customer_has_no_business_with_templates_and_a_stranger_none_at_all(program, anyone, made):
    for path in (AT, one(made), f"{one(made)}/template.json"):
        refused(program("customer").get(path), 403, "JL-POL-001")
        assert anyone.get(path).status_code == 401


def test_a_change_needs_the_version_that_was_read(operator, made):
    assert operator.patch(one(made), {"letters": 6}).status_code == 428
    tag = operator.get(one(made))["ETag"]
    assert tag.startswith('"1.')
    first = operator.patch(one(made), {"letters": 6}, headers={"If-Match": tag})
    assert (first.status_code, first.json()["version"]) == (200, 2)
    again = operator.patch(one(made), {"letters": 5}, headers={"If-Match": tag})
    assert again.status_code == 412
    passed = refused(operator.patch(one(made), {"letters": 5, "version": 1}), 409, "JL-LBT-409")
    assert (passed["facts"]["read"], passed["facts"]["stored"]) == ("1", "2")
    assert operator.read(one(made))["letters"] == 6


def test_whoever_has_the_version_is_not_sent_it_again(operator, made):
    tag = operator.get(one(made))["ETag"]
    assert operator.get(one(made), headers={"If-None-Match": tag}).status_code == 304
    operator.patch(one(made), {"band": True, "version": 1})
    assert operator.get(one(made), headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"name": {"zh": "新名", "en": "New name"}}, {"width": "70"}, {"height": "50"}, {"symbol": ""},
        {"symbol": "data_matrix"}, {"fields": ["due"]}, {"language": "both"}, {"letters": 9}, {"band": True},
        {"sheet": "a4"},
    ],
    ids=str,
)  # fmt: skip
def test_one_member_is_changed_and_all_others_stay(operator, made, change):
    told = operator.patch(one(made), change | {"version": 1}).json()
    assert told == made | change | {"version": 2}
    assert operator.read(one(made)) == told


def test_a_change_to_what_stands_leaves_the_version(operator, made):
    told = operator.patch(one(made), {"letters": made["letters"], "name": made["name"], "version": 1})
    assert (told.status_code, told.json()) == (200, made)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"letters": 24}, "JL-LAB-013"), ({"width": "8", "height": "8"}, "JL-LAB-013"), ({"fields": ["x"]}, "JL-LBT-002"),
     ({"logo": encoded(b"<svg/>")}, "JL-LAB-014"), ({"name": {"zh": "", "en": ""}}, "JL-LBT-001"),
     ({"code": "other", "version": 1}, "JL-API-001"), ({"state": "in_use"}, "JL-API-001")],
    ids=str,
)  # fmt: skip
def test_a_change_that_could_not_be_printed_changes_nothing(operator, made, change, code):
    refused(operator.patch(one(made), {"version": 1} | change), 422, code)
    assert operator.read(one(made)) == made


@pytest.mark.parametrize("logo", [SVG, png(80, 20)], ids=["svg", "png"])
def test_a_logo_is_told_by_its_digest_and_taken_away_by_an_empty_one(operator, logo):
    row = operator.done(AT, NEW | {"logo": encoded(logo)}, 201)
    assert len(row["logo_digest"]) == 64
    assert "logo" not in row
    other = operator.patch(one(row), {"band": True, "version": 1}).json()
    assert other["logo_digest"] == row["logo_digest"]
    bare = operator.patch(one(row), {"logo": "", "version": 2}).json()
    assert (bare["logo_digest"], bare["version"]) == ("", 3)


def test_a_withdrawn_template_is_read_and_listed_and_nothing_else(operator, made):
    gone = operator.done(f"{one(made)}/recall")
    assert (gone["state"], gone["version"]) == ("withdrawn", 2)
    assert operator.read(one(made)) == gone
    refused(operator.post(f"{one(made)}/recall", {}), 409, "JL-LBT-005")
    refused(operator.patch(one(made), {"letters": 6, "version": 2}), 409, "JL-LBT-005")
    refused(operator.post(AT, NEW), 409, "JL-LBT-003")
    assert [row["id"] for row in operator.read(AT, state="withdrawn")["members"]] == [made["id"]]
    assert operator.read(AT, state="in_use")["members"] == []


def test_the_list_goes_page_by_page_newest_first(operator):
    codes = [f"gauge-{number}" for number in range(5)]
    for code in codes:
        operator.done(AT, NEW | {"code": code, "fields": [], "symbol": "qr"}, 201)
    found, query = [], {"limit": "2"}
    while True:
        answer = operator.read(AT, **query)
        found += [row["code"] for row in answer["members"]]
        if not answer["next_after"]:
            break
        query["after"] = answer["next_after"]
    assert found == codes[::-1]
    refused(operator.get(AT, state="asleep"), 422, "JL-API-001")


def test_the_file_of_a_template_is_the_one_that_the_command_line_takes(operator, made):
    answer = operator.get(f"{one(made)}/template.json")
    assert answer["Content-Type"].startswith("application/json")
    shape = template_from_bytes("gauge", answer.content)
    assert (shape.width, shape.height, shape.title) == (60, 40, Text("压力表标签", "Gauge label"))
    assert [each.kind for each in shape.elements].count("words") == 4


def test_one_that_is_not_there_is_not_found_by_any_operation(operator):
    nowhere = f"{AT}/{uuid4()}"
    for answer in (
        operator.get(nowhere), operator.get(f"{nowhere}/template.json"),
        operator.patch(nowhere, {"letters": 6, "version": 1}), operator.post(f"{nowhere}/recall", {}),
    ):  # fmt: skip
        refused(answer, 404, "JL-LBT-004")
    assert operator.get(f"{AT}/gauge-60x40").status_code == 404


# --- printing ---------------------------------------------------------------------------------------------------


def ask(world, **more):
    return {"instrument_ids": [str(world.thermometer_id)], "template": "instrument-50x30"} | more


@pytest.mark.parametrize("template", sorted(templates()))
def test_an_instrument_is_labelled_by_every_template_of_the_program_that_fits_it(as_role, world, template):
    answer = as_role("technician").post("/labels", ask(world, template=template))
    if template.startswith("gs1"):
        refused(answer, 422, "JL-LAB-007")
        return
    if template == "asset-70x25":  # bars of a minted identifier are too fine for it
        assert refused(answer, 422, "JL-LAB-003")["facts"]["module"] < "0.19"
        return
    assert answer.status_code == 200, answer.content
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize("dots_per_inch", [203, 300, 600])
def test_a_label_printer_draws_a_symbol_that_leads_to_the_instrument(as_role, world, dots_per_inch, settings):
    as_role(OPERATOR).done(AT, NEW | {"logo": encoded(SVG), "letters": 5}, 201)
    answer = as_role("technician").post("/labels", ask(world, template=NEW["code"], dots_per_inch=dots_per_inch))
    assert answer["Content-Type"] == "application/zpl"
    [picture] = drawn_by_printer(answer.content)
    [found] = zxingcpp.read_barcodes(picture)
    with scope(world.tenant.id):
        name = identifier_of("instrument", world.thermometer_id).text
    assert found.text == f"{settings.JIALIANG.public_url}/{name}"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"template": "none"}, 404, "JL-LAB-002"), ({"sheet": "letter"}, 404, "JL-LAB-004"),
        ({"sheet": "a4:0x0:0,0:0,0"}, 422, "JL-LAB-015"), ({"start": 500}, 422, "JL-LAB-008"),
        ({"template": "status-60x40", "sheet": "a4-65"}, 422, "JL-LAB-005"),
        ({"dots_per_inch": 150}, 422, "JL-API-001"), ({"start": -1}, 422, "JL-API-001"),
        ({"language": "de"}, 422, "JL-API-001"), ({"instrument_ids": ["x"]}, 422, "JL-API-001"),
        ({"instrument_ids": ["019ecf66-5250-7000-9976-1854b9306ff5"]}, 404, "JL-INS-004"),
        ({"instrument_ids": []}, 422, "JL-LAB-008"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_with_its_reason(as_role, world, more, status, code):
    caller = as_role("instrument_manager" if more.get("instrument_ids") != [] else OPERATOR)
    told = refused(caller.post("/labels", ask(world, **more)), status, code)
    assert told["what"]["zh"] != told["what"]["en"]


def test_a_withdrawn_template_prints_nothing_more(as_role, world):
    row = as_role(OPERATOR).done(AT, NEW | {"letters": 5}, 201)
    asked = ask(world, template=NEW["code"])
    assert as_role("technician").post("/labels", asked).status_code == 200
    as_role(OPERATOR).done(f"{one(row)}/recall")
    refused(as_role("technician").post("/labels", asked), 409, "JL-LBT-005")


def test_a_customer_prints_labels_of_the_own_instruments_by_a_template_of_the_institute(as_role, world):
    as_role(OPERATOR).done(AT, NEW | {"letters": 5}, 201)
    answer = as_role("customer").post("/labels", ask(world, template=NEW["code"]))
    assert answer.content.startswith(b"%PDF-")


def test_a_sheet_has_a_page_for_as_many_labels_as_lie_on_it(as_role, world):
    twice = ask(world, sheet="a4:1x1:10,10:0,0") | {"instrument_ids": [str(world.thermometer_id)] * 3}
    printed = as_role("technician").post("/labels", twice).content
    assert pages_of(printed) == 1  # the same instrument is printed once


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def test_another_institute_knows_nothing_of_a_template(as_role, world):
    row = as_role(OPERATOR).done(AT, NEW, 201)
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-labels", name=Text("另一机构"), now=utc_now())
    stranger = founded(other, utc_now(), mark="X", short_code="OT")
    caller = Caller.of(stranger, OPERATOR)
    assert caller.read(AT)["members"] == []
    refused(caller.get(one(row)), 404, "JL-LBT-004")
    refused(caller.patch(one(row), {"letters": 6, "version": 1}), 404, "JL-LBT-004")
    refused(caller.post(f"{one(row)}/recall", {}), 404, "JL-LBT-004")
    assert caller.post(AT, NEW).status_code == 201, "a code is taken in its own institute only"
    refused(
        Caller.of(stranger, "technician").post("/labels", ask(stranger) | {"template": "gauge-none"}), 404, "JL-LAB-002"
    )
    assert as_role(OPERATOR).read(one(row)) == row


def test_a_logo_that_grows_when_it_is_unpacked_is_refused(operator):
    header = png(10, 10)
    bomb = header[:16] + (50_000).to_bytes(4, "big") * 2 + header[24:33] + zlib.compress(b"\0" * 1000)
    refused(operator.post(AT, NEW | {"logo": encoded(bomb)}), 422, "JL-LAB-014")
