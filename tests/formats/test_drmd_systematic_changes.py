"""Every element of a reference material document dropped, doubled, renamed, filled: our verdict is the schema's.

Chance finds what nobody thought of; this leaves nothing out. The business rules are compared the same way.
"""

import copy

import pytest
from lxml import etree
from tests.formats.drmd_samples import sample_xml
from tests.formats.ptb_schematron import drmd_failures, place_of
from tests.proofs.schema_documents import load_grammar

from jialiang.formats.drmd.names import DRMD, KINDS
from jialiang.formats.drmd.rules import check_rules, rules
from jialiang.formats.drmd.structure import check_structure
from jialiang.formats.xml.places import Places

DCC, SI = "https://ptb.de/dcc", "https://ptb.de/si"
SOURCES = {kind: etree.fromstring(sample_xml(kind)) for kind in KINDS}
OFFICIAL = {id_ for id_, rule in rules().items() if rule.role}


@pytest.fixture(scope="module")
def schema(oracles, tmp_path_factory):
    """The official schema, with MathML known."""
    return load_grammar(oracles / "dcoc" / "drmd" / "drmd.xsd", tmp_path_factory.mktemp("schema")).schema


def drop(element):
    element.getparent().remove(element)


def double(element):
    element.addnext(copy.deepcopy(element))


def to_the_end(element):
    element.getparent().append(element)


def to_the_front(element):
    element.getparent().insert(0, element)


def empty(element):
    element.text = None
    for child in list(element):
        element.remove(child)


def words_inside(element):
    element.text = "words"


def number_inside(element):
    element.text = "1"


def rename(element):
    element.tag = element.tag + "X"


def other_home(element):
    local = etree.QName(element).localname
    element.tag = f"{{{DCC if DRMD in str(element.tag) else DRMD}}}{local}"


def no_home(element):
    element.tag = etree.QName(element).localname


def attribute(element):
    element.set("refType", "basic_measuredValue")


def own_attribute(element):
    element.set("refType", "own_type")


def identifier(element):
    element.set("id", "one")


def reference(element):
    element.set("refId", "one two")


def certified(element):
    element.set("isCertified", "true")


def wrap(element):
    parent, place = element.getparent(), element.getparent().index(element)
    around = etree.Element(element.tag)
    around.append(element)
    parent.insert(place, around)


CHANGES = (
    drop, double, to_the_end, to_the_front, empty, words_inside, number_inside, rename, other_home, no_home, attribute,
    own_attribute, identifier, reference, certified, wrap,
)  # fmt: skip


def changed_documents(kind, change):
    """Every element but the root changed in one way, one at a time; written and read again."""
    source = SOURCES[kind]
    for number in range(1, len(list(source.iter(etree.Element)))):
        root = copy.deepcopy(source)
        chosen = list(root.iter(etree.Element))[number]
        path = root.getroottree().getpath(chosen)
        change(chosen)
        yield path, etree.fromstring(etree.tostring(root))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_every_element_changed_gets_the_verdict_of_the_schema(schema, kind, change):
    verdicts = {True: 0, False: 0}
    for path, root in changed_documents(kind, change):
        official = schema.validate(root)
        assert (check_structure(root) == ()) == official, (path, change.__name__)
        verdicts[official] += 1
    assert verdicts[False] > 0
    assert sum(verdicts.values()) > 150


@pytest.mark.slow
@pytest.mark.parametrize("change", [drop, rename, empty], ids=lambda change: change.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_every_element_changed_breaks_the_business_rules_that_they_say(oracles, kind, change):
    broken = set()
    for path, root in changed_documents(kind, change):
        tree, places = root.getroottree(), Places()
        theirs = {
            (id_, places.path(*place_of(failure, tree))) for id_, failure in drmd_failures(tree, oracles)
        }
        ours = {(found.rule, found.path) for found in check_rules(tree) if found.rule in OFFICIAL}
        assert ours == theirs, (path, change.__name__)
        broken |= {id_ for id_, _ in ours}
    assert len(broken) > 10


def test_our_own_rules_find_nothing_in_what_they_are_not_about():
    own = set(rules()) - OFFICIAL - {"DRMD-UNCERTAINTY-MISSING"}
    for path, root in changed_documents(KINDS[0], drop):
        found = {finding.rule for finding in check_rules(root.getroottree())} & own
        assert found == set(), path
