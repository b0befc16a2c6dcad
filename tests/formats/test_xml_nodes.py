"""XML as plain values: whatever is read is written again with the same canonical form."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from jialiang.formats.xml.nodes import (
    Comment,
    Instruction,
    Node,
    NodeDocument,
    node_of,
    nodes_of,
    written,
    written_node,
)

A = "urn:a"


def _canonical(data: bytes | str) -> bytes:
    return etree.tostring(etree.fromstring(data).getroottree(), method="c14n", with_comments=True)


def _round(data: bytes | str) -> bytes:
    return written(nodes_of(etree.fromstring(data).getroottree()))


DOCUMENTS = [
    '<a xmlns="urn:a"><b xmlns=""><c xmlns="urn:a"/></b></a>',
    '<p:a xmlns:p="urn:a"><b xmlns:q="urn:a"><q:c p:d="1"/><p:c q:d="2"/></b></p:a>',
    '<a xmlns:x="urn:u" xmlns:y="urn:u"><x:b/><y:b y:k="1" x:j="2"/></a>',
    "<!--a--><?x y?><a>t<!--c-->u<?p q?>v<?empty?></a><!--z--><?k?>",
    '<a xmlns:x="urn:u"><b xmlns:x="urn:w" x:k="1"><x:c xmlns:x="urn:u" x:k="2"/></b></a>',
    '<a b="&#9;&#10;&#13; &lt;&amp;&quot;&apos;>">&lt;&amp;>]]&gt;&#13;\n</a>',
    '<a xmlns="urn:u" xmlns:p="urn:u"><p:b/><b/></a>',
    '<p:a xmlns:p="urn:u" xmlns="urn:u"><p:b q="1" p:q="2"/><b/></p:a>',
    '<a xmlns="urn:a"><x:b xmlns:x="urn:b" xmlns=""><c/></x:b></a>',
    '<a xml:lang="zh" xml:space="preserve"> <b xml:id="x"/> </a>',
    '<a xmlns:unused="urn:q"><b xmlns:unused="urn:r"/><b/></a>',
    "<a>\U0001f600量é</a>",
    "<a><b/>tail<b></b>tail<b> </b></a>",
    '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:a b.xsd"/>',
]


@pytest.mark.parametrize("text", DOCUMENTS)
def test_namespaces_comments_and_characters_survive(text: str) -> None:
    assert _canonical(_round(text)) == _canonical(text)


def test_all_certificates_and_dsi_files_survive(oracles: Path) -> None:
    paths = [*(oracles / "dcc" / "samples").glob("*.xml"), *(oracles / "dcc" / "dsi_examples").rglob("*.xml")]
    assert len(paths) == 29
    for path in paths:
        assert _canonical(_round(path.read_bytes())) == _canonical(path.read_bytes()), path.name


def test_writing_is_stable(oracles: Path) -> None:
    once = _round((oracles / "dcc" / "samples" / "v2.4.0_siliziumkugel.xml").read_bytes())
    assert _round(once) == once


def test_equal_documents_are_equal_values_whatever_their_lines() -> None:
    one, other = (node_of(etree.fromstring(text)) for text in ("<a\n\n><b/></a>", "<a><b/></a>"))
    assert one == other
    assert hash(one) == hash(other)
    assert one.elements[0].line == 3
    assert one != node_of(etree.fromstring("<a><b/> </a>"))


def test_a_part_of_a_document_takes_its_namespaces_with_it() -> None:
    root = etree.fromstring('<p:a xmlns:p="urn:a" xmlns="urn:d"><b><p:c/></b></p:a>')
    node = node_of(root[0])
    assert dict(node.namespaces) == {"p": "urn:a", "": "urn:d"}
    assert etree.fromstring(written_node(node))[0].tag == "{urn:a}c"


def test_children_and_texts_are_found() -> None:
    node = node_of(etree.fromstring('<a xmlns="urn:a" k="v">x<b>1</b>y<!--n--><c/><b>2</b>z</a>'))
    assert (node.name, node.namespace, node.local) == ("{urn:a}a", A, "a")
    assert node.text == "xyz"
    assert [each.text for each in node.all("b")] == ["1", "2"]
    assert [each.local for each in node.all("b", "c")] == ["b", "c", "b"]
    assert node.first("c", "b") is node.elements[0]
    assert node.first("nothing") is None
    assert (node.get("k"), node.get("nothing")) == ("v", None)
    assert [each.local for each in node.walk()] == ["a", "b", "c", "b"]
    assert node.content[3] == Comment("n")


def test_what_stands_outside_the_root_keeps_its_order() -> None:
    document = nodes_of(etree.fromstring("<!--1--><?two x?><a/><!--3--><!--4-->").getroottree())
    assert document.before == (Comment("1"), Instruction("two", "x"))
    assert document.after == (Comment("3"), Comment("4"))
    assert _canonical(written(document)) == b"<!--1-->\n<?two x?>\n<a></a>\n<!--3-->\n<!--4-->"


def test_a_document_can_be_made_by_hand() -> None:
    child = Node("{urn:a}b", "p", attributes=(("k", "<1>"),), content=("t", Comment("c")))
    root = Node("{urn:a}a", "p", namespaces=(("p", A),), content=(child, "\n"))
    data = written(NodeDocument(root))
    assert data.endswith(b'<p:a xmlns:p="urn:a"><p:b k="&lt;1>">t<!--c--></p:b>\n</p:a>\n')
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')


def test_a_prefix_that_is_not_declared_is_an_error() -> None:
    with pytest.raises(KeyError):
        written_node(Node("a", attributes=(("{urn:q}k", "v"),)))


_NAMES = st.sampled_from(["a", "b", "{urn:a}c", "{urn:b}d"])
_PREFIXES = st.sampled_from(
    [{}, {"p": "urn:a"}, {None: "urn:a"}, {"q": "urn:b", "p": "urn:b"}, {"r": "urn:a", "s": "urn:a"}]
)
_LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
_TEXTS = st.text(_LETTERS, max_size=5)


@st.composite
def _trees(draw: st.DrawFn, depth: int = 3) -> etree._Element:
    element = etree.Element(draw(_NAMES), nsmap=draw(_PREFIXES))
    for name in draw(st.lists(_NAMES, max_size=2, unique=True)):
        element.set(name, draw(_TEXTS))
    element.text = draw(_TEXTS)
    for _ in range(draw(st.integers(0, 3)) if depth else 0):
        child = draw(st.one_of(_trees(depth=depth - 1), st.just(None)))
        child = etree.Comment("said") if child is None else child
        child.tail = draw(_TEXTS)
        element.append(child)
    return element


@given(_trees())
def test_trees_of_any_shape_survive(tree: etree._Element) -> None:
    data = etree.tostring(tree)
    assert _canonical(_round(data)) == _canonical(data)
    assert node_of(etree.fromstring(data)) == node_of(etree.fromstring(_round(data)))


@pytest.mark.parametrize(
    "below",
    [
        '<b xmlns=""><c/></b>',
        '<b xmlns="urn:b"/>',
        '<b xmlns:p="urn:p"/>',
        '<b xmlns:p="urn:b"><p:c p:x="1"/></b>',
        '<b xmlns="urn:a"/>',
        '<b><c><d xmlns:z="urn:z" z:y="1"/></c></b>',
        '<q:b xmlns:q="urn:q"/>',
        "<b/>",
        '<p:b p:x="1"/>',
    ],
)
@pytest.mark.parametrize(
    "root", ['xmlns="urn:a" xmlns:p="urn:p"', 'xmlns:p="urn:p" xmlns:r="urn:p"', 'xmlns:p="urn:p"']
)
def test_namespaces_declared_below_the_root_are_not_overlooked(root: str, below: str) -> None:
    data = f"<a {root}>{below}</a>".encode()
    tree = etree.fromstring(data).getroottree()
    document = nodes_of(tree)
    assert etree.tostring(etree.fromstring(written(document)), method="c14n") == etree.tostring(tree, method="c14n")
    for element, node in zip(tree.iter(etree.Element), document.root.walk(), strict=True):
        outer = element.getparent().nsmap if element.getparent() is not None else {}
        new = {prefix or "": uri or "" for prefix, uri in element.nsmap.items() if outer.get(prefix) != uri}
        assert dict(node.namespaces) == new
