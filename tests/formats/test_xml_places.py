"""Paths of elements: they lead to their element, count among siblings of one name, and stay quick in long lists."""

import time

import pytest
from lxml import etree
from tests.formats.dcc_samples import NS, SAMPLES, sample

from jialiang.formats.xml.parsing import parse_xml
from jialiang.formats.xml.places import Places, line_of, qualified_name


@pytest.mark.parametrize("name", SAMPLES)
def test_every_path_of_a_sample_leads_to_its_element(oracles, name):
    tree, places = parse_xml(sample(oracles, name)), Places()
    prefixes = NS | {p: u for e in tree.iter(etree.Element) for p, u in e.nsmap.items() if p and p not in NS}
    for element in tree.iter(etree.Element):
        path = places.path(element)
        if all(step.partition("[")[0].count(":") == 1 for step in path.split("/")[1:]):
            assert tree.xpath(path, namespaces=prefixes) == [element]


def test_positions_count_siblings_of_one_name_in_one_namespace():
    tree = parse_xml(b'<a xmlns:p="urn:p"><b/><p:b/><b/><!-- x --><c/><b/></a>')
    paths = [Places().path(child) for child in tree.getroot().iterchildren(tag=etree.Element)]
    assert paths == ["/a/b[1]", "/a/p:b[1]", "/a/b[2]", "/a/c[1]", "/a/b[3]"]


def test_an_attribute_stands_at_the_end():
    assert Places().path(parse_xml(b"<a><b x='1'/></a>").getroot()[0], "x") == "/a/b[1]/@x"


def test_known_namespaces_have_their_usual_prefix_whatever_the_document_says():
    root = etree.fromstring('<x:real xmlns:x="https://ptb.de/si"/>')
    assert qualified_name(root) == "si:real"
    assert qualified_name(etree.fromstring('<real xmlns="https://ptb.de/si"/>')) == "si:real"
    assert qualified_name(etree.fromstring('<y:z xmlns:y="urn:y"/>')) == "y:z"
    assert qualified_name(etree.fromstring("<z/>")) == "z"


def test_the_line_is_that_of_the_file_or_none():
    tree = parse_xml(b"<a>\n\n<b/></a>")
    assert line_of(tree.getroot()[0]) == 3
    assert line_of(etree.Element("new")) is None


def test_forty_thousand_siblings_are_counted_once():
    tree, places = parse_xml(b"<a>" + b"<b/>" * 40_000 + b"</a>"), Places()
    start = time.perf_counter()
    last = [places.path(child) for child in tree.getroot()][-1]
    assert last == "/a/b[40000]"
    assert time.perf_counter() - start < 10
