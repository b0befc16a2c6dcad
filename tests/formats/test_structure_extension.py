"""Types that extend those of another vocabulary, and elements of one fixed value, on grammars of a few words."""

import pytest
from lxml import etree

from jialiang.formats.structure.checking import StructureCheck
from jialiang.formats.structure.findings import Reporter
from jialiang.formats.structure.models import Models
from jialiang.formats.structure.notation import (
    AnyOrder,
    Child,
    Choice,
    Foreign,
    Repeated,
    Sequence,
    qualified,
    read_expression,
)
from jialiang.formats.structure.versions import Vocabulary

TYPE = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type'


def words(prefix, *, elements, types, values=None, aliases=None, attributes=None):
    return Vocabulary(
        prefix=prefix, namespace=f"urn:{prefix}", version="1", uses="", aliases=aliases or {},
        attributes=attributes or {}, elements=elements, types=types, values=values or {}, names={},
    )  # fmt: skip


LOW = words(
    "low",
    elements={"plain": "plainType"},
    types={
        "plainType": "one:word two:xs:integer? @id",
        "openType": "one:word ( two:word | [plain] )* @kind:xs:string!",
    },
    aliases={"word": "xs:string"},
    attributes={"id": "xs:ID"},
)
HIGH = words(
    "high",
    elements={"root": "rootType"},
    types={
        "rootType": "( thing:thingType | plain:low:plainType | bare:bareType | open:openType | deep:deepType "
        "| yes:_yes )+",
        "thingType": "+low:plainType three:word* @three:xs:boolean",
        "bareType": "+low:plainType",
        "deepType": "+thingType four:word",
        "openType": "+low:openType five:word?",
    },
    values={"_yes": {"of": "xs:boolean", "fixed": "true"}},
    aliases={"word": "xs:token"},
)
MODELS = Models((HIGH, LOW))


def kinds(inside):
    """The kinds of what is found in a root with some content."""
    root = etree.fromstring(f'<h:root xmlns:h="urn:high" xmlns:l="urn:low">{inside}</h:root>')
    reporter = Reporter("T", MODELS.prefixes)
    StructureCheck(MODELS, reporter).run(root)
    return [finding.rule.removeprefix("T-") for finding in reporter.result()]


ONE, TWO = "<l:one>a</l:one>", "<l:two>2</l:two>"
THREE, FOUR, FIVE = "<h:three>b</h:three>", "<h:four>c</h:four>", "<h:five>d</h:five>"


@pytest.mark.parametrize(
    "inside",
    [
        f"<h:thing>{ONE}</h:thing>",
        f"<h:thing>{ONE}{TWO}</h:thing>",
        f"<h:thing>{ONE}{TWO}{THREE}{THREE}</h:thing>",
        f'<h:thing id="a" three="true">{ONE}{THREE}</h:thing>',
        f"<h:bare>{ONE}</h:bare>",
        f'<h:bare id="b">{ONE}{TWO}</h:bare>',
        f"<h:deep>{ONE}{FOUR}</h:deep>",
        f'<h:deep id="c" three="0">{ONE}{TWO}{THREE}{FOUR}</h:deep>',
        f'<h:open kind="k">{ONE}</h:open>',
        f'<h:open kind="k">{ONE}{TWO}{TWO}{FIVE}</h:open>',
        f'<h:open kind="k">{ONE}<l:plain>{ONE}</l:plain>{FIVE}</h:open>',
        f"<h:plain>{ONE}</h:plain>",
    ],
)
def test_what_an_extending_type_allows(inside):
    assert kinds(inside) == []


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<h:thing/>", "INCOMPLETE"),
        (f"<h:thing>{THREE}</h:thing>", "UNEXPECTED"),
        (f"<h:thing>{ONE}{THREE}{TWO}</h:thing>", "UNEXPECTED"),
        ("<h:thing><h:one>a</h:one></h:thing>", "UNEXPECTED"),
        (f"<h:thing>{ONE}<l:three>b</l:three></h:thing>", "UNEXPECTED"),
        (f"<h:thing>{ONE}<l:two>two</l:two></h:thing>", "VALUE"),
        (f'<h:thing three="maybe">{ONE}</h:thing>', "ATTRIBUTE-VALUE"),
        (f'<h:bare three="true">{ONE}</h:bare>', "ATTRIBUTE"),
        (f"<h:bare>{ONE}{THREE}</h:bare>", "UNEXPECTED"),
        (f"<h:deep>{ONE}</h:deep>", "INCOMPLETE"),
        (f"<h:deep>{ONE}{FOUR}{THREE}</h:deep>", "UNEXPECTED"),
        (f"<h:open>{ONE}</h:open>", "ATTRIBUTE-MISSING"),
        (f'<h:open kind="k">{FIVE}</h:open>', "UNEXPECTED"),
        (f"<h:plain>{ONE}{THREE}</h:plain>", "UNEXPECTED"),
    ],
)
def test_what_it_does_not_allow(inside, kind):
    assert kind in kinds(inside)


@pytest.mark.parametrize(
    ("named", "element", "inside", "taken"),
    [
        ("h:thingType", "plain", ONE + THREE, True),
        ("h:bareType", "plain", ONE, True),
        ("h:deepType", "plain", ONE + FOUR, True),
        ("h:deepType", "thing", ONE + FOUR, True),
        ("h:thingType", "thing", ONE, True),
        ("l:plainType", "thing", ONE, False),
        ("h:thingType", "deep", ONE + FOUR, False),
        ("h:bareType", "thing", ONE, False),
        ("h:openType", "plain", ONE, False),
        ("h:nothing", "plain", ONE, False),
    ],
)
def test_an_extending_type_may_stand_for_what_it_extends_and_not_the_reverse(named, element, inside, taken):
    found = kinds(f'<h:{element} {TYPE}="{named}">{inside}</h:{element}>')
    assert ("TYPE" not in found) == taken
    if taken:
        assert found == []


@pytest.mark.parametrize(
    ("inside", "held"),
    [
        ("<h:yes>true</h:yes>", True), ("<h:yes/>", True), ("<h:yes></h:yes>", True),
        ("<h:yes>1</h:yes>", False), ("<h:yes> true</h:yes>", False), ("<h:yes>false</h:yes>", False),
        (f'<h:yes {TYPE}="xs:boolean">true</h:yes>', True), (f'<h:yes {TYPE}="xs:boolean">false</h:yes>', False),
        (f'<h:yes {TYPE}="xs:string">true</h:yes>', False), (f'<h:yes {TYPE}="h:_yes">true</h:yes>', False),
        ("<h:yes><h:three/></h:yes>", False),
    ],
)  # fmt: skip
def test_a_fixed_value_is_that_value_or_nothing(inside, held):
    assert (kinds(inside) == []) == held


def test_the_allowed_value_is_named():
    reporter = Reporter("T", MODELS.prefixes)
    root = etree.fromstring('<h:root xmlns:h="urn:high"><h:yes>no</h:yes></h:root>')
    StructureCheck(MODELS, reporter).run(root)
    (found,) = reporter.result()
    assert found.text.en.endswith("expected: true.")


def test_every_child_of_a_qualified_expression_has_its_home_and_nothing_else_changes():
    text = "a:x ( b:y* | c:z? )+ [d] {any lax}"
    plain, moved = read_expression(text), qualified(read_expression(text), "low")

    def children(expression):
        if isinstance(expression, Child):
            return [expression]
        if isinstance(expression, Repeated):
            return children(expression.part)
        if isinstance(expression, Sequence | Choice | AnyOrder):
            return [each for part in expression.parts for each in children(part)]
        assert isinstance(expression, Foreign)
        return []

    assert [(c.name, c.type, c.home) for c in children(moved)] == [
        (c.name, c.type, "low") for c in children(plain)
    ]
    assert qualified(moved, "high") == moved
    assert qualified(read_expression("( a:x & b:y? )"), "low").parts[0].home == "low"
