"""What each deed on a label template leaves: one audit record, one event, one version; in the own institute only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.formats.labels.test_logos import SVG, png
from tests.ledger import ROLES, World, actor
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.label_templates import errors
from jialiang.base.label_templates.facts import (
    SAMPLE_IDENTIFIERS,
    LabelTemplateFacts,
    checked_columns,
    sample_content,
    shape_of,
)
from jialiang.base.label_templates.selectors import (
    LabelTemplate,
    label_template,
    label_template_by_code,
    label_templates,
    label_templates_in_use,
)
from jialiang.formats.labels.designs import FIELDS
from jialiang.formats.labels.laying import lay_label
from jialiang.formats.labels.templates import templates
from jialiang.functions import label_templates as verbs
from jialiang.kernel.errors import NotAllowed
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.policy import roles_for
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.statuses import LabelSymbol

FACTS = LabelTemplateFacts(code="own-60x40", name=Text("本院标签", "Own label"), width="60", height="40", letters=5)


def keeper(world: World):
    return world.person("identifier_operator")


def made(world: World, **more):
    return verbs.create(actor=keeper(world), facts=replace(FACTS, **more), now=world.now)


def changed(world: World, row, **changes):
    return verbs.change(
        actor=keeper(world), template_id=row.id, changes=changes, expected_version=row.version, now=world.now
    )


def withdrawn(world: World, row):
    return verbs.withdraw(actor=keeper(world), template_id=row.id, now=world.now)


def test_making_one_leaves_one_record_and_one_event(world):
    with what_is_left() as left:
        made(world)
    told = {"code": "own-60x40", "version": 1}
    assert left.recorded == [("label_template.create", told)]
    [(name, data)] = left.told
    assert name == "label_template.created"
    assert data.items() >= told.items()


MEMBERS = {
    "letters": (6, {"letters"}), "band": (True, {"band"}), "width": ("70", {"width"}), "sheet": ("a4", {"sheet"}),
    "symbol": ("data_matrix", {"symbol"}), "fields": (("due",), {"fields"}), "language": ("en", {"language"}),
    "name": (Text("新名", "Own label"), {"name_zh"}), "logo": (SVG, {"logo_digest"}),
}  # fmt: skip


@pytest.mark.parametrize("member", MEMBERS)
def test_a_change_says_which_member_was_what_and_no_other(world, member):
    row = made(world)
    value, columns = MEMBERS[member]
    with what_is_left() as left:
        after, difference = changed(world, row, **{member: value})
    assert set(difference.new) == set(difference.old) == columns
    assert after.version == 2
    [(action, detail)], [(event, data)] = left.recorded, left.told
    assert (action, event) == ("label_template.change", "label_template.changed")
    assert set(detail["old"]) == set(detail["new"]) == columns
    assert data["members"] == sorted(columns)
    assert (data["code"], data["version"]) == ("own-60x40", 2)


@pytest.mark.parametrize("member", MEMBERS)
def test_the_change_back_restores_what_is_drawn(world, member):
    row = made(world)
    before = shape_of(row)
    was = {"logo": b"", "name": row.name, "fields": tuple(row.fields)}.get(member, getattr(row, member, None))
    row, _ = changed(world, row, **{member: MEMBERS[member][0]})
    row, difference = changed(world, row, **{member: was})
    assert difference
    assert (shape_of(label_template(row.id)), row.version) == (before, 3)


def test_withdrawing_leaves_one_record_and_one_event(world):
    row = made(world)
    with what_is_left() as left:
        withdrawn(world, row)
    assert left.recorded == [("label_template.withdraw", {"code": "own-60x40", "version": 2})]
    assert [name for name, _ in left.told] == ["label_template.withdrawn"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", ["create", "change", "withdraw"])
def test_every_role_may_what_the_policy_says_and_nothing_else(world, role, deed):
    row = made(world)
    me = actor(world.tenant_id, world.now, role, organization_id=world.dairy_id if role == "customer" else None)
    do = {
        "create": lambda: verbs.create(actor=me, facts=replace(FACTS, code="other"), now=world.now),
        "change": lambda: verbs.change(
            actor=me, template_id=row.id, changes={"letters": 6}, expected_version=1, now=world.now
        ),
        "withdraw": lambda: verbs.withdraw(actor=me, template_id=row.id, now=world.now),
    }[deed]
    if role in roles_for(f"label_template.{deed}"):
        with what_is_left() as left:
            do()
        assert [action for action, _ in left.recorded] == [f"label_template.{deed}"]
        return
    with nothing_changes(), pytest.raises(NotAllowed):
        do()


@pytest.fixture
def elsewhere(world):
    """Another institute with a keeper of labels of its own."""
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-labels", name=Text("另一机构"), now=world.now)
    return World(other.id, world.now, other.id, other.id, other.id)


def test_another_institute_finds_nothing_and_takes_the_same_code_for_itself(world, elsewhere):
    row = made(world)
    with scope(elsewhere.tenant_id):
        assert label_templates().rows == ()
        assert label_templates_in_use() == []
        for ask in (
            lambda: label_template(row.id), lambda: label_template_by_code(row.code),
            lambda: changed(elsewhere, row, letters=6), lambda: withdrawn(elsewhere, row),
        ):  # fmt: skip
            with pytest.raises(errors.LabelTemplateUnknown):
                ask()
        own = made(elsewhere, letters=6)
        assert (own.code, own.letters, own.tenant_id) == (row.code, 6, elsewhere.tenant_id)
    assert label_template_by_code(row.code).letters == 5


def test_each_institute_prints_by_its_own_template_of_the_same_code(world, elsewhere):
    made(world, logo=SVG)
    with scope(elsewhere.tenant_id):
        made(elsewhere, width="70", logo=png())
        assert (verbs.printable(FACTS.code).shape.width, verbs.printable(FACTS.code).logo) == (70, png())
    assert (verbs.printable(FACTS.code).shape.width, verbs.printable(FACTS.code).logo) == (60, SVG)


@pytest.mark.parametrize("version", [0, 2, 3, 999])
def test_a_change_from_another_version_than_the_stored_one_is_refused(world, version):
    row = made(world)
    with nothing_changes(), pytest.raises(errors.LabelTemplateChanged):
        verbs.change(
            actor=keeper(world), template_id=row.id, changes={"letters": 6}, expected_version=version, now=world.now
        )


def test_a_template_that_is_not_there_is_unknown_to_every_verb(world):
    class Nowhere:
        id, version = new_id(world.now), 1

    for deed in (lambda: changed(world, Nowhere, letters=6), lambda: withdrawn(world, Nowhere)):
        with nothing_changes(), pytest.raises(errors.LabelTemplateUnknown):
            deed()


@pytest.mark.parametrize("code", ["a", "7", "a-b", "gauge-60x40", "a" * 30, "0-0"])
def test_codes_that_can_stand_in_an_address_are_taken(world, code):
    assert label_template_by_code(made(world, code=code).code).code == code


@pytest.mark.parametrize("code", ["a-", "-a", "a_b", "A", "a.b", "a b", "标签", "a/b", "é", "a" * 31, "a\nb"])
def test_codes_that_cannot_are_refused_with_what_was_given(world, code):
    with nothing_changes(), pytest.raises(errors.LabelTemplateMember) as refused:
        made(world, code=code)
    assert refused.value.facts["member"].zh == "模板代码"


@pytest.mark.parametrize("side", ["width", "height"])
@pytest.mark.parametrize(
    ("given", "fits"),
    [("5", False), ("60", True), ("60.5", True), ("60.25", True), ("60.255", None), ("060", True), ("300", True),
     ("300.01", None), ("4.99", None), ("+60", None), (" 60 ", True), ("6 0", None), ("1_0", None),
     ("nan", None), ("inf", None), ("0x3c", None), ("60mm", None), (".5", None), ("60.", None)],
)  # fmt: skip
def test_a_size_is_a_plain_decimal_of_millimetres_or_refused(world, side, given, fits):
    if fits:
        assert getattr(made(world, **{side: given}), side) == given.strip()
    elif fits is None:
        with nothing_changes(), pytest.raises(errors.LabelTemplateMember) as refused:
            made(world, **{side: given})
        assert refused.value.facts["reason"]
    else:
        with nothing_changes(), pytest.raises(Exception, match="JL-LAB-013"):
            made(world, **{side: given})


@pytest.mark.parametrize("symbol", ["", *LabelSymbol])
def test_what_is_stored_is_what_the_sample_is_drawn_by(world, symbol):
    row = made(world, symbol=symbol, width="100", height="50", fields=tuple(FIELDS), logo=SVG)
    shape = shape_of(label_template(row.id))
    assert shape == shape_of(checked_columns(replace(
        FACTS, symbol=symbol, width="100", height="50", fields=tuple(FIELDS), logo=SVG
    )))  # fmt: skip
    laid = lay_label(shape, sample_content(shape, "qualified"), "zh")
    assert len([each for each in laid.drawn if each.element.kind == "words"]) == len(FIELDS)
    if symbol in SAMPLE_IDENTIFIERS:
        [text] = [each.text for each in laid.drawn if each.symbol]
        assert text == SAMPLE_IDENTIFIERS[symbol]


def test_fields_that_are_chosen_twice_stand_once_in_the_order_of_the_first(world):
    assert made(world, fields=("due", "name", "due", "name", "serial")).fields == ["due", "name", "serial"]


def test_the_list_is_newest_first_and_the_choice_for_printing_by_code(world):
    rows = [made(world, code=code) for code in ("c", "a", "b")]
    withdrawn(world, rows[1])
    assert [row.code for row in label_templates().rows] == ["b", "a", "c"]
    assert [row.code for row in label_templates_in_use()] == ["b", "c"]
    assert [row.code for row in label_templates(state="in_use").rows] == ["b", "c"]


def test_reading_a_list_leaves_the_logos_where_they_are(world, django_assert_num_queries):
    made(world, logo=SVG)
    with django_assert_num_queries(1):
        [row] = label_templates_in_use()
    assert "logo" in row.get_deferred_fields()


def test_a_code_of_a_template_of_the_program_stays_with_the_program(world):
    for code in templates():
        with pytest.raises(errors.LabelTemplateExists):
            made(world, code=code)
        assert verbs.printable(code).shape is templates()[code]


def test_somebody_who_is_faster_by_a_moment_is_told_as_if_the_code_had_been_taken(world, monkeypatch):
    made(world)

    class NeverThere:
        def exists(self):
            return False

    monkeypatch.setattr(type(LabelTemplate.objects), "filter", lambda *_args, **_more: NeverThere())
    with pytest.raises(errors.LabelTemplateExists):
        made(world)
