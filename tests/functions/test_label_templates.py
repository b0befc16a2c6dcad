"""Templates of labels: made, changed, withdrawn, printed by; who may, what is refused, what is left."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from tests.formats.labels.test_logos import SVG
from tests.ledger import World, actor
from tests.pictures import nothing_changes

from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.label_templates import errors
from jialiang.base.label_templates.facts import LabelTemplateFacts
from jialiang.base.label_templates.selectors import (
    label_template,
    label_template_by_code,
    label_templates,
    label_templates_in_use,
)
from jialiang.formats.labels.errors import (
    BadGrid,
    BadLogo,
    DesignTooFull,
    LabelTooLarge,
    SymbolTooFine,
    UnknownSheet,
    UnknownTemplate,
)
from jialiang.formats.labels.templates import templates
from jialiang.functions import identifier_labels
from jialiang.functions import label_templates as verbs
from jialiang.information.status import Due, Fitness
from jialiang.kernel.errors import NotAllowed
from jialiang.kernel.text import Text
from jialiang.security.audit.models import AuditRecord
from jialiang.vocabulary.statuses import FitnessForUse

FACTS = LabelTemplateFacts(
    code="gauge-50x30", name=Text("压力表标签", "Gauge label"), width="50", height="30"
)
WRITERS = ("identifier_operator", "instrument_manager", "quality_manager", "system_administrator")
READERS = ("technician", "receptionist", "customer", "auditor", "regulator", "reviewer")


def who(world: World, role: str = "instrument_manager"):
    return actor(
        world.tenant_id, world.now, role, organization_id=world.dairy_id if role == "customer" else None
    )


def make(world: World, **more):
    return verbs.create(actor=who(world), facts=replace(FACTS, **more), now=world.now)


def change(world: World, row, version=None, **changes):
    return verbs.change(
        actor=who(world),
        template_id=row.id,
        changes=changes,
        expected_version=version or row.version,
        now=world.now,
    )


def last_deed():
    return AuditRecord.objects.order_by("-seq").first()


@pytest.mark.parametrize("role", WRITERS)
def test_whoever_keeps_labels_makes_changes_and_withdraws_one(world, role):
    me = who(world, role)
    row = verbs.create(actor=me, facts=FACTS, now=world.now)
    row, altered = verbs.change(
        actor=me, template_id=row.id, changes={"letters": 8}, expected_version=1, now=world.now
    )
    assert (altered.old, altered.new) == ({"letters": 7}, {"letters": 8})
    row = verbs.withdraw(actor=me, template_id=row.id, now=world.now)
    assert (row.state, row.version, label_template(row.id).letters) == ("withdrawn", 3, 8)


@pytest.mark.parametrize("role", READERS)
def test_whoever_only_reads_them_prints_by_them_and_changes_nothing(world, role):
    row = make(world)
    me = who(world, role)
    assert verbs.printable(FACTS.code).shape.width == 50
    with nothing_changes(), pytest.raises(NotAllowed):
        verbs.create(actor=me, facts=replace(FACTS, code="other"), now=world.now)
    with nothing_changes(), pytest.raises(NotAllowed):
        verbs.change(actor=me, template_id=row.id, changes={"letters": 8}, expected_version=1, now=world.now)
    with nothing_changes(), pytest.raises(NotAllowed):
        verbs.withdraw(actor=me, template_id=row.id, now=world.now)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"code": ""}, errors.LabelTemplateIncomplete), ({"name": Text()}, errors.LabelTemplateIncomplete),
        ({"width": ""}, errors.LabelTemplateIncomplete), ({"symbol": "", "fields": ()}, errors.LabelTemplateIncomplete),
        ({"code": "Grand"}, errors.LabelTemplateMember), ({"code": "-a"}, errors.LabelTemplateMember),
        ({"code": "a" * 31}, errors.LabelTemplateMember), ({"width": "4"}, errors.LabelTemplateMember),
        ({"width": "301"}, errors.LabelTemplateMember), ({"height": "3e1"}, errors.LabelTemplateMember),
        ({"height": "30,5"}, errors.LabelTemplateMember), ({"height": "٣٠"}, errors.LabelTemplateMember),
        ({"symbol": "pdf417"}, errors.LabelTemplateMember), ({"language": "fr"}, errors.LabelTemplateMember),
        ({"letters": 3}, errors.LabelTemplateMember), ({"letters": 25}, errors.LabelTemplateMember),
        ({"fields": ("colour",)}, errors.LabelTemplateMember), ({"name": Text("a\nb")}, errors.LabelTemplateMember),
        ({"code": "small-20x12"}, errors.LabelTemplateExists), ({"sheet": "a9"}, UnknownSheet),
        ({"sheet": "a4-65"}, LabelTooLarge), ({"sheet": "a4:9x9:0,0:0,0"}, BadGrid), ({"logo": b"no"}, BadLogo),
        ({"letters": 24}, DesignTooFull), ({"width": "12", "height": "8", "fields": ()}, SymbolTooFine),
    ],
    ids=str,
)  # fmt: skip
def test_what_could_not_be_printed_or_read_is_never_stored(world, more, refusal):
    with nothing_changes(), pytest.raises(refusal):
        make(world, **more)


def test_a_code_is_taken_once(world):
    make(world)
    with nothing_changes(), pytest.raises(errors.LabelTemplateExists):
        make(world)


def test_it_leaves_an_audit_record_and_says_which_template(world):
    make(world)
    told = last_deed()
    assert (told.action, told.detail["code"], told.detail["version"]) == (
        "label_template.create",
        FACTS.code,
        1,
    )


def test_a_change_that_changes_nothing_leaves_nothing(world):
    row = make(world, logo=SVG)
    with nothing_changes():
        assert not change(world, row, letters=7, logo=SVG)[1]


def test_a_change_starts_from_the_version_that_was_read(world):
    row = make(world)
    change(world, row, letters=6)
    with nothing_changes(), pytest.raises(errors.LabelTemplateChanged) as refused:
        change(world, row, version=1, letters=5)
    assert (refused.value.facts["read"], refused.value.facts["stored"]) == (1, 2)


@pytest.mark.parametrize("member", ["code", "colour", "state"])
def test_what_is_no_member_is_not_changed(world, member):
    row = make(world)
    with nothing_changes(), pytest.raises(errors.LabelTemplateMember):
        change(world, row, **{member: "x"})


def test_a_logo_is_told_by_its_digest_only_and_can_be_taken_away(world):
    row, altered = change(world, make(world), logo=SVG)
    assert set(altered.new) == {"logo_digest"}
    assert len(row.logo_digest) == 64
    assert verbs.printable(row.code).logo == SVG
    row, _ = change(world, row, logo=b"")
    assert (bytes(row.logo), row.logo_digest) == (b"", "")


def test_a_withdrawn_one_is_neither_changed_nor_printed_by_nor_offered(world):
    row = make(world)
    assert [one.code for one in label_templates_in_use()] == [row.code]
    row = verbs.withdraw(actor=who(world), template_id=row.id, now=world.now)
    assert label_templates_in_use() == []
    assert [one.code for one in label_templates(state="withdrawn").rows] == [row.code]
    with nothing_changes(), pytest.raises(errors.LabelTemplateWithdrawn):
        change(world, row, letters=6)
    with nothing_changes(), pytest.raises(errors.LabelTemplateWithdrawn):
        verbs.withdraw(actor=who(world), template_id=row.id, now=world.now)
    with pytest.raises(errors.LabelTemplateWithdrawn):
        verbs.printable(row.code)


@pytest.mark.parametrize("code", ["none", "", "a\nb", "x" * 200])
def test_one_that_is_not_there_is_named_with_the_built_in_ones(world, code):
    with pytest.raises(UnknownTemplate) as refused:
        verbs.printable(code)
    assert "small-20x12" in str(refused.value.facts["known"])
    with pytest.raises(errors.LabelTemplateUnknown):
        label_template_by_code(code)


@pytest.mark.parametrize("name", sorted(templates()))
def test_the_preview_of_every_built_in_template_is_read_by_a_camera(name):
    picture = Image.open(io.BytesIO(verbs.preview(templates()[name], b""))).convert("L")
    assert len(zxingcpp.read_barcodes(picture)) == 1


def test_the_preview_of_what_is_not_stored_is_drawn_and_stores_nothing(world):
    with nothing_changes():
        picture = Image.open(io.BytesIO(verbs.drawn_facts(FACTS)))
    assert (picture.width, picture.height) == (
        pytest.approx(50 / 25.4 * 300, abs=2),
        pytest.approx(30 / 25.4 * 300, abs=2),
    )


def printed(world, row, **more):
    asked = {"template": "status-60x40", "sheet": "", "language": "zh"} | more
    return identifier_labels.print_instrument_labels(
        actor=who(world), instrument_ids=[row.id], now=world.now, **asked
    )


def test_an_instrument_gets_its_label_by_a_template_of_the_institute(world):
    own, row = make(world, sheet="a4:2x2:10,10:2,2"), world.instrument()
    assert printed(world, row, template=own.code).startswith(b"%PDF-")


@pytest.mark.parametrize("dots_per_inch", [203, 300, 600])
def test_for_a_label_printer_it_is_zpl_of_the_size_of_the_label_with_its_chinese_as_dots(
    world, dots_per_inch
):
    zpl = printed(world, world.instrument(), dots_per_inch=dots_per_inch).decode("ascii")
    width = {203: 480, 300: 709, 600: 1417}[dots_per_inch]
    assert zpl.startswith(f"^XA^PW{width}^LL")
    assert zpl.endswith("^FS^XZ\n")
    head, data = zpl.split("^GFA,")[1].split("^FS")[0].rsplit(",", 1)
    total, _, row_bytes = (int(part) for part in head.split(","))
    assert (len(data), row_bytes) == (2 * total, (width + 7) // 8)


def test_a_label_of_an_instrument_says_what_its_evidence_says(world, settings):
    row = world.instrument()
    name = identifier_of("instrument", row.id).text
    day = world.now.date()
    fit = Fitness(FitnessForUse.FIT, Text(), day, Due(day, "certificate"), "YZ2026-00001")
    told = identifier_labels.instrument_content(row, name, fit)
    assert (told.identifier, told.serial, told.model) == (name, row.serial_number, row.model)
    assert (told.certificate, told.done, told.due, told.status) == (
        "YZ2026-00001", day.isoformat(), day.isoformat(), "qualified",
    )  # fmt: skip
    assert told.address == f"{settings.JIALIANG.public_url}/{name}"


@pytest.mark.parametrize(
    ("state", "basis", "status", "dated"),
    [
        (FitnessForUse.FIT, "owner_interval", "qualified", (True, False)),
        (FitnessForUse.LIMITED, "certificate", "limited", (True, True)),
        (FitnessForUse.OUT_OF_USE, "certificate", "stopped", (False, True)),
        (FitnessForUse.UNPROVEN, "none", "", (False, False)),
    ],
)
def test_a_due_date_that_no_certificate_states_is_on_no_label(world, state, basis, status, dated):
    row, day = world.instrument(), world.now.date()
    since = day if state != FitnessForUse.UNPROVEN else None
    told = identifier_labels.instrument_content(
        row, "88.101.5/x", Fitness(state, Text(), since, Due(day if basis != "none" else None, basis))
    )
    assert (told.status, (bool(told.done), bool(told.due))) == (status, dated)


def test_labels_of_instruments_of_others_are_refused(world):
    row = world.instrument()
    stranger = actor(world.tenant_id, world.now, "customer", organization_id=world.mill_id)
    with pytest.raises(NotAllowed):
        identifier_labels.print_instrument_labels(
            actor=stranger,
            instrument_ids=[row.id],
            template="small-20x12",
            sheet="",
            language="zh",
            now=world.now,
        )
