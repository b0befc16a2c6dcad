"""Canonical XML: what disappears in it, what stays, and that xmlsec1's reading of it is ours (see signing)."""

import pytest

from jialiang.formats.xml.canonicalization import (
    C14N_10,
    C14N_11,
    C14N_EXCLUSIVE,
    AmbiguousInheritance,
    canonical_document,
    canonical_element,
    serialized,
    without_element,
)
from jialiang.formats.xml.errors import NotCanonicalizable
from jialiang.formats.xml.parsing import parse_xml


@pytest.mark.parametrize(
    "writing",
    [
        b"<a c='2' b='1'><d></d></a>",
        b"<a b='1' c='2'><d/></a>",
        b'<?xml version="1.0" encoding="UTF-8"?>\n<a b="1"   c="2"  ><d /></a>\n',
        b"<a b='1' c='2'><!-- a note --><d/></a>",
        b"<a b='&#49;' c='2'><d/></a>",
        "<a b='1' c='2'><d/></a>".encode("utf-16"),
    ],
)
def test_different_writings_of_one_content_have_one_canonical_form(writing):
    assert canonical_document(parse_xml(writing)) == b'<a b="1" c="2"><d></d></a>'


def test_cdata_is_text_and_line_ends_are_one():
    assert canonical_document(parse_xml(b"<a>x<![CDATA[<y>]]>\r\n</a>")) == b"<a>x&lt;y&gt;\n</a>"


def test_blanks_in_content_stay():
    assert canonical_document(parse_xml(b"<a> 1 </a>")) == b"<a> 1 </a>"


def test_a_style_sheet_before_the_root_is_part_of_the_document():
    assert b"xml-stylesheet" in canonical_document(parse_xml(b'<?xml-stylesheet href="x"?><a/>'))


def test_a_part_brings_the_namespaces_around_it_unless_exclusive():
    part = parse_xml(b'<p:a xmlns:p="urn:u" xmlns:q="urn:v"><p:b/></p:a>').getroot()[0]
    assert canonical_element(part, C14N_11) == b'<p:b xmlns:p="urn:u" xmlns:q="urn:v"></p:b>'
    assert canonical_element(part, C14N_EXCLUSIVE) == b'<p:b xmlns:p="urn:u"></p:b>'


@pytest.mark.parametrize("attribute", ["xml:id", "xml:base", "xml:lang", "xml:space"])
def test_a_part_below_xml_attributes_is_refused_because_versions_disagree(attribute):
    part = parse_xml(f'<a {attribute}="preserve"><b/></a>'.encode()).getroot()[0]
    for algorithm in (C14N_10, C14N_11):
        with pytest.raises(AmbiguousInheritance):
            canonical_element(part, algorithm)
    assert canonical_element(part, C14N_EXCLUSIVE) == b"<b></b>"


@pytest.mark.parametrize("document", [b'<a xmlns="u"/>', b'<a xmlns:p="../x"><p:b/></a>'])
def test_relative_namespaces_have_no_canonical_form(document):
    with pytest.raises(NotCanonicalizable):
        canonical_document(parse_xml(document))


def test_unknown_algorithms_are_refused():
    with pytest.raises(ValueError, match="unknown"):
        canonical_document(parse_xml(b"<a/>"), "http://www.w3.org/2010/xml-c14n2")


@pytest.mark.parametrize(
    ("document", "rest"),
    [
        (b"<a><b/></a>", b"<a></a>"),
        (b"<a> <b/> </a>", b"<a>  </a>"),
        (b"<a>1<c/>2<b/>3</a>", b"<a>1<c></c>23</a>"),
        (b"<a>1<b/>3<c/></a>", b"<a>13<c></c></a>"),
        (b'<a xmlns:p="urn:u"><c/><p:b/>x</a>', b'<a xmlns:p="urn:u"><c></c>x</a>'),
    ],
)
def test_taking_an_element_out_keeps_every_text_around_it(document, rest):
    tree = parse_xml(document)
    element = next(e for e in tree.getroot() if e.tag in ("b", "{urn:u}b"))
    assert canonical_document(without_element(tree, element)) == rest
    assert element.getparent() is not None, "the original must not change"


def test_the_root_cannot_be_taken_out():
    tree = parse_xml(b"<a/>")
    with pytest.raises(ValueError, match="root"):
        without_element(tree, tree.getroot())


def test_serializing_is_idempotent_and_keeps_the_canonical_form():
    tree = parse_xml("<a b='1'><c>量</c><d></d></a>".encode())
    once = serialized(tree)
    assert serialized(parse_xml(once)) == once
    assert canonical_document(parse_xml(once)) == canonical_document(tree)
