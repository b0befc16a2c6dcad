"""Canonical XML letter by letter, what stands before the root, and the one writing of this house."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jialiang.formats.xml import errors
from jialiang.formats.xml.canonicalization import (
    C14N_10,
    C14N_11,
    C14N_EXCLUSIVE,
    canonical_document,
    canonical_element,
    serialized,
    without_elements,
)
from jialiang.formats.xml.parsing import XmlLimits, parse_xml
from jialiang.formats.xml.prolog import check_prolog
from jialiang.kernel.errors import JialiangError

# document: canonical form, exclusive form where it differs
FORMS = {
    "an empty element has two tags": ("<a/>", "<a></a>", None),
    "blanks inside tags go": ("<a   b = '1'  ></a  >", '<a b="1"></a>', None),
    "attributes in order of their names": ('<a z="1" b="2" aa="3"/>', '<a aa="3" b="2" z="1"></a>', None),
    "namespaces first, then by their addresses": (
        '<a z="1" xmlns:y="urn:b" y:k="3" xmlns:x="urn:c" x:k="4"/>',
        '<a xmlns:x="urn:c" xmlns:y="urn:b" z="1" y:k="3" x:k="4"></a>', None),
    "a declaration repeated below goes": (
        '<a xmlns="urn:a"><b xmlns="urn:a"/></a>', '<a xmlns="urn:a"><b></b></a>', None),
    "a declaration undone below stays": (
        '<a xmlns="urn:a"><b xmlns=""/></a>', '<a xmlns="urn:a"><b xmlns=""></b></a>', None),
    "an undone declaration of nothing goes": ('<a xmlns=""><b xmlns=""/></a>', "<a><b></b></a>", None),
    "an unused prefix stays unless exclusive": (
        '<a xmlns:x="urn:x"><b/></a>', '<a xmlns:x="urn:x"><b></b></a>', "<a><b></b></a>"),
    "a prefix is declared where it is used if exclusive": (
        '<x:a xmlns:x="urn:x" xmlns:y="urn:y"><y:b/></x:a>',
        '<x:a xmlns:x="urn:x" xmlns:y="urn:y"><y:b></y:b></x:a>',
        '<x:a xmlns:x="urn:x"><y:b xmlns:y="urn:y"></y:b></x:a>'),
    "marked text is plain text": ("<a><![CDATA[1 < 2 & 3 > 2]]></a>", "<a>1 &lt; 2 &amp; 3 &gt; 2</a>", None),
    "references to letters are letters": ("<a>&#65;&#x6e29;&quot;&apos;</a>", "<a>A温\"'</a>", None),
    "line ends in text are line feeds": ("<a>1\r\n2\r3</a>", "<a>1\n2\n3</a>", None),
    "a carriage return that was meant stays one": ("<a>&#13;</a>", "<a>&#xD;</a>", None),
    "blanks of an attribute": ('<a b="1&#9;2&#10;3&#13;4"/>', '<a b="1&#x9;2&#xA;3&#xD;4"></a>', None),
    "line ends of an attribute are blanks": ('<a b="1\n2\t3"/>', '<a b="1 2 3"></a>', None),
    "quotes of an attribute": ("<a b='\"&apos;&lt;>'/>", '<a b="&quot;\'&lt;>"></a>', None),
    "comments go": ("<!-- 1 --><a><!-- 2 -->x<!-- 3 --></a><!-- 4 -->", "<a>x</a>", None),
    "the declaration goes": ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<a/>', "<a></a>", None),
    "a style sheet stays on a line of its own": (
        '<?xml-stylesheet href="a.xsl"?><a/>', '<?xml-stylesheet href="a.xsl"?>\n<a></a>', None),
    "blanks around the root go and those inside stay": ("\n <a> \n <b/> </a> \n", "<a> \n <b></b> </a>", None),
    "xml: attributes stay": ('<a xml:lang="zh" xml:space="preserve"/>',
    '<a xml:lang="zh" xml:space="preserve"></a>', None),
    "letters of four bytes": ("<a>𠮷</a>", "<a>𠮷</a>", None),
}  # fmt: skip


@pytest.mark.parametrize(("document", "inclusive", "exclusive"), FORMS.values(), ids=FORMS)
def test_each_writing_has_its_canonical_form(document, inclusive, exclusive):
    tree = parse_xml(document.encode())
    assert canonical_document(tree, C14N_10).decode() == inclusive
    assert canonical_document(tree, C14N_11).decode() == inclusive
    assert canonical_document(tree, C14N_EXCLUSIVE).decode() == (exclusive or inclusive)


@pytest.mark.parametrize(("document", "inclusive", "_"), FORMS.values(), ids=FORMS)
def test_a_canonical_form_is_its_own_and_is_written_in_one_way(document, inclusive, _):
    assert canonical_document(parse_xml(inclusive.encode())).decode() == inclusive
    house = serialized(parse_xml(document.encode()))
    assert house.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    assert house.endswith(b">\n")
    assert serialized(parse_xml(house)) == house
    assert canonical_document(parse_xml(house)).decode() == inclusive


HOUSE = {
    "<a></a>": "<a/>",
    "<a b='1' a=\"2\"/>": '<a a="2" b="1"/>',
    "<a>x<!-- c --></a>": "<a>x</a>",
    "<a>&#65;<![CDATA[<]]></a>": "<a>A&lt;</a>",
    "<a>温度</a>": "<a>温度</a>",
    "<a>\n  <b/>\n</a>\n\n": "<a>\n  <b/>\n</a>",
}


@pytest.mark.parametrize(("document", "body"), HOUSE.items())
def test_the_house_writes_content_in_one_way(document, body):
    assert (
        serialized(parse_xml(document.encode())).decode()
        == f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
    )


PARTS = [
    ("<a><b/></a>", "<b></b>", "<b></b>"),
    ('<a xmlns="urn:a"><b/></a>', '<b xmlns="urn:a"></b>', '<b xmlns="urn:a"></b>'),
    ('<a xmlns:x="urn:x"><b/></a>', '<b xmlns:x="urn:x"></b>', "<b></b>"),
    (
        '<a xmlns:x="urn:x"><b x:k="1"/></a>',
        '<b xmlns:x="urn:x" x:k="1"></b>',
        '<b xmlns:x="urn:x" x:k="1"></b>',
    ),
    ('<a xmlns:x="urn:1"><b xmlns:x="urn:2"/></a>', '<b xmlns:x="urn:2"></b>', "<b></b>"),
    ("<a><b/> tail</a>", "<b></b>", "<b></b>"),
    ("<a>before<b>in</b></a>", "<b>in</b>", "<b>in</b>"),
]


@pytest.mark.parametrize(("document", "inclusive", "exclusive"), PARTS)
def test_a_part_brings_the_namespaces_in_force_and_no_text_around_it(document, inclusive, exclusive):
    part = parse_xml(document.encode()).getroot()[0]
    assert canonical_element(part).decode() == inclusive
    assert canonical_element(part, C14N_EXCLUSIVE).decode() == exclusive


REMOVALS = [
    # document, positions of what is taken out in document order: the rest
    ("<a><b/></a>", [1], "<a></a>"),
    ("<a>1<b/>2</a>", [1], "<a>12</a>"),
    ("<a><b/>1<c/>2</a>", [1, 2], "<a>12</a>"),
    ("<a><b/>1<c/>2</a>", [2], "<a><b></b>12</a>"),
    ("<a><b>x<c/>y</b>z</a>", [2], "<a><b>xy</b>z</a>"),
    ("<a><b/><b/><b/></a>", [1, 2, 3], "<a></a>"),
    ("<a> <b/> <c/> </a>", [1], "<a>  <c></c> </a>"),
    ("<a><b/></a>", [], "<a><b></b></a>"),
]


@pytest.mark.parametrize(("document", "positions", "rest"), REMOVALS)
def test_taking_elements_out_keeps_all_text_and_leaves_the_original(document, positions, rest):
    tree = parse_xml(document.encode())
    before = canonical_document(tree)
    elements = list(tree.iter(etree.Element))
    assert canonical_document(without_elements(tree, [elements[n] for n in positions])).decode() == rest
    assert canonical_document(tree) == before


# --- what stands before the root -----------------------------------------------------------------------------

BEFORE = {
    # document: the error with its place, or nothing
    "nothing": ("<a/>", None),
    "a declaration": ('<?xml version="1.0"?><a/>', None),
    "a comment": ("<!-- x --><a/>", None),
    "several comments and blanks": ("<!--1-->\n\t<!--2-->\r\n<a/>", None),
    "a style sheet": ('<?xml-stylesheet href="x"?><a/>', None),
    "an empty file": ("", None),
    "blanks only": (" \n ", None),
    "words": ("hello", None),
    "a declaration behind a blank": (
        ' <?xml version="1.0"?><a/>',
        (errors.ProcessingInstructionRefused, 1, 2),
    ),
    "two declarations": (
        '<?xml version="1.0"?><?xml version="1.0"?><a/>',
        (errors.ProcessingInstructionRefused, 1, 22),
    ),
    "a comment without end": ("<!-- <a/>", None),
    "a doctype": ("<!DOCTYPE a><a/>", (errors.DoctypeRefused, 1, 1)),
    "a doctype in small letters": ("<!doctype a><a/>", (errors.DoctypeRefused, 1, 1)),
    "a doctype on the third line": ("<!-- 1\n2 -->\n  <!DOCTYPE a>", (errors.DoctypeRefused, 3, 3)),
    "a doctype behind a style sheet": (
        '<?xml-stylesheet href="x"?><!DOCTYPE a>',
        (errors.DoctypeRefused, 1, 28),
    ),
    "a doctype hidden in a comment": ("<!-- <!DOCTYPE a> --><a/>", None),
    "a doctype that looks closed by a comment": (
        "<!-- --><!DOCTYPE a --><a/>",
        (errors.DoctypeRefused, 1, 9),
    ),
    "an instruction": ("<?php x?><a/>", (errors.ProcessingInstructionRefused, 1, 1)),
    "an instruction on the second line": ("\n <?x y?><a/>", (errors.ProcessingInstructionRefused, 2, 2)),
    "a known encoding": ('<?xml version="1.0" encoding="gb18030"?><a/>', None),
    "a strange encoding": ('<?xml version="1.0" encoding="EBCDIC"?><a/>', (errors.EncodingRefused, 1, 31)),
    "a strange encoding in single quotes": (
        "<?xml version='1.0' encoding='x'?><a/>",
        (errors.EncodingRefused, 1, 31),
    ),
    "an empty encoding": ('<?xml version="1.0" encoding=""?><a/>', (errors.EncodingRefused, 1, 31)),
}


@pytest.mark.parametrize(("document", "expected"), BEFORE.values(), ids=BEFORE)
def test_what_stands_before_the_root_is_let_pass_or_refused_at_its_place(document, expected):
    if expected is None:
        check_prolog(document.encode())
        return
    error, line, column = expected
    with pytest.raises(error) as refused:
        check_prolog(document.encode())
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (line, column)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("document", ["<!DOCTYPE a><a/>", "\n<!DOCTYPE a><a/>", "<!--x--> <!DOCTYPE a><a/>"])
def test_no_encoding_hides_a_doctype(document, encoding):
    with pytest.raises(JialiangError) as refused:
        parse_xml(document.encode(encoding))
    hidden = encoding.startswith("utf-16-") and document.startswith("\n")
    assert isinstance(refused.value, errors.DoctypeRefused) or hidden


LIMITS = [
    ({"size": 10}, b"<a>1234</a>", errors.XmlTooLarge),
    ({"size": 11}, b"<a>1234</a>", None),
    ({"depth": 2}, b"<a><b><c/></b></a>", errors.XmlTooDeep),
    ({"depth": 3}, b"<a><b><c/></b></a>", None),
    ({"attributes": 1}, b"<a b='1' c='2'/>", errors.TooManyAttributes),
    ({"attributes": 2}, b"<a b='1' c='2'/>", None),
    ({"elements": 2}, b"<a><b/><c/></a>", errors.TooManyElements),
    ({"elements": 3}, b"<a><b/><c/></a>", None),
    ({"namespace_work": 7}, b"<a xmlns:x='urn:x' xmlns:y='urn:y'><b/></a>", errors.TooManyNamespaces),
    ({"namespace_work": 8}, b"<a xmlns:x='urn:x' xmlns:y='urn:y'><b/></a>", None),
]


@pytest.mark.parametrize(("limits", "document", "error"), LIMITS)
def test_each_limit_is_the_last_that_is_read(limits, document, error):
    if error is None:
        assert parse_xml(document, XmlLimits(**limits)).getroot().tag == "a"
        return
    with pytest.raises(error):
        parse_xml(document, XmlLimits(**limits))


@settings(max_examples=150)
@given(st.text(alphabet="<>!?-abDOCTYPExml \n\"'=[]&;/", max_size=60))
def test_no_text_of_markup_letters_does_anything_but_be_read_or_refused(text):
    try:
        tree = parse_xml(text.encode())
    except JialiangError:
        return
    assert canonical_document(parse_xml(canonical_document(tree))) == canonical_document(tree)
