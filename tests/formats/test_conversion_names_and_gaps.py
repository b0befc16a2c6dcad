"""Names that XML allows in the lossless form, and every place of a document where GBK may lack a letter."""

import itertools
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.dcc_samples import c14n

from jialiang.formats.conversion.encodings import (
    decode_text,
    encode_html,
    encode_json,
    encode_text,
    encode_xml,
)
from jialiang.formats.conversion.errors import NotEncodable, NotLossless
from jialiang.formats.conversion.lossless import FORMAT, from_lossless, to_lossless
from jialiang.formats.xml.parsing import parse_xml

# Ranges of XML 1.0, fifth edition, productions [4] and [4a]: first and last of each, and what stands beside them.
FIRST_RANGES = (
    (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D),
    (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF),
    (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
LATER_RANGES = ((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))


def element(name):
    return {"format": FORMAT, "nodes": [{"name": name}]}


def within(point, ranges):
    return any(first <= point <= last for first, last in ranges)


EDGES = sorted(
    {
        near
        for first, last in (*FIRST_RANGES, *LATER_RANGES)
        for near in (first - 1, first, last, last + 1)
        if not 0xD800 <= near <= 0xDFFF
    }
)


@pytest.mark.parametrize("point", EDGES)
def test_a_letter_begins_or_continues_a_name_exactly_as_xml_has_it(point):
    letter = chr(point)
    for name, good in (
        (letter, within(point, FIRST_RANGES)),
        (f"a{letter}", within(point, (*FIRST_RANGES, *LATER_RANGES))),
    ):
        if letter == ":":
            continue
        if good:
            assert to_lossless(parse_xml(from_lossless(element(name))))["nodes"][0]["name"] == name
        else:
            with pytest.raises(NotLossless) as refused:
                from_lossless(element(name))
            assert refused.value.code == "JL-CNV-003"


@pytest.mark.parametrize(
    "name", [":", "a:", ":a", "a:b:c", "", "a b", "a\n", "a>", "-a", "1a", None, 7, ["a"]]
)
def test_what_is_no_name_is_refused_with_its_text(name):
    with pytest.raises(NotLossless) as refused:
        from_lossless(element(name))
    shown = f"“{name}” is no XML name"
    assert shown in refused.value.what.en
    assert shown in refused.value.what.zh


def test_a_long_name_that_is_none_is_not_repeated_whole():
    with pytest.raises(NotLossless) as refused:
        from_lossless(element("!" * 5000))
    assert len(refused.value.what.en) < 300


@pytest.mark.parametrize(
    "xml",
    [
        "<𠀀/>",
        "<a 𠀀='1'/>",
        "<𠀀:𠀁 xmlns:𠀀='urn:x' 𠀀:𠀂='1'/>",
        "<e\u0301 a\u0308='1'/>",
        "<a\u203fb xmlns:x\u00b7y='urn:x'/>",
    ],
)
def test_rare_names_come_back(xml):
    tree = parse_xml(xml.encode())
    assert c14n(from_lossless(to_lossless(tree))) == c14n(tree)


# --- the gaps of GBK ------------------------------------------------------------------------------------------------

MU, KRA = "\u00b5", "\u0138"  # neither is in GBK
# xml, letters named
QUOTABLE = {
    "text": (f"<a>{MU}</a>", (MU,)),
    "attribute": (f"<a b='{KRA}'/>", (KRA,)),
    "attribute of a namespace": (f"<a xmlns:p='urn:x' p:b='{MU}'/>", (MU,)),
    "after an element": (f"<a><b/>{MU}</a>", (MU,)),
    "after a comment": (f"<a><!--x-->{MU}</a>", (MU,)),
    "between two comments": (f"<a><!--x-->{KRA}<!--y-->{MU}</a>", (KRA, MU)),
    "inside and after": (f"<a>{MU}<b>{KRA}</b>{MU}</a>", (MU, KRA)),
    "nowhere": ("<a b='米'>米</a>", ()),
    "in GBK after all": ("<a>α±℃²</a>", ("²",)),
}


@pytest.mark.parametrize("case", QUOTABLE)
def test_letters_that_become_references_are_named_wherever_they_stand(case):
    xml, unmapped = QUOTABLE[case]
    encoded = encode_xml(parse_xml(xml.encode()), "gbk")
    assert set(encoded.unmapped) == set(unmapped)
    assert encoded.instead == ("reference" if unmapped else "")
    assert c14n(parse_xml(encoded.data)) == c14n(parse_xml(xml.encode()))


UNQUOTABLE = {
    "name of an element": f"<{KRA}/>",
    "name of an attribute": f"<a {KRA}='1'/>",
    "prefix of an element": f"<{KRA}:a xmlns:{KRA}='urn:x'/>",
    "prefix of an attribute": f"<a xmlns:{KRA}='urn:x' {KRA}:b='1'/>",
    "prefix that nothing uses": f"<a xmlns:{KRA}='urn:x'/>",
    "prefix deep inside": f"<a><b xmlns:{KRA}='urn:x'/></a>",
    "comment inside": f"<a><!--{KRA}--></a>",
    "comment before the root": f"<!--{KRA}--><a/>",
    "comment after the root": f"<a/><!--{KRA}-->",
    "the second comment before the root": f"<!--x--><!--{KRA}--><a/>",
}


@pytest.mark.parametrize("case", UNQUOTABLE)
def test_letters_that_cannot_be_references_are_refused(case):
    tree = parse_xml(UNQUOTABLE[case].encode())
    with pytest.raises(NotEncodable) as refused:
        encode_xml(tree, "GBK")
    assert refused.value.code == "JL-CNV-005"
    assert refused.value.facts == {"encoding": "GBK", "characters": KRA}
    assert "GBK" in refused.value.what.zh
    assert KRA in refused.value.what.zh


@pytest.mark.parametrize("case", UNQUOTABLE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_other_encodings_have_them(case, encoding):
    tree = parse_xml(UNQUOTABLE[case].encode())
    encoded = encode_xml(tree, encoding)
    assert (encoded.unmapped, encoded.instead) == ((), "")
    assert c14n(parse_xml(encoded.data)) == c14n(tree)


def test_only_twenty_letters_of_a_refusal_are_shown():
    comment = "".join(chr(point) for point in range(0x1200, 0x1240))
    with pytest.raises(NotEncodable) as refused:
        encode_xml(parse_xml(f"<a><!--{comment}--></a>".encode()), "gbk")
    assert refused.value.facts["characters"].split() == list(comment[:20])


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


def in_gbk(letter):
    try:
        return bool(letter.encode("gbk"))
    except UnicodeEncodeError:
        return False


@given(TEXTS)
def test_exactly_the_letters_that_gbk_lacks_are_named_once_in_order(text):
    lacking = tuple(dict.fromkeys(letter for letter in text if not in_gbk(letter)))
    encoded = encode_text(text, "gbk", "〓")
    assert encoded.unmapped == lacking
    assert encoded.data.decode("gbk") == "".join(letter if in_gbk(letter) else "〓" for letter in text)


@given(TEXTS)
def test_a_page_in_gbk_has_a_reference_for_each_lacking_letter(text):
    kept = "".join(letter for letter in text if letter not in "<>&")
    encoded = encode_html(f'<meta charset="utf-8"><p>{kept}</p>', "gbk")
    expected = "".join(letter if in_gbk(letter) else f"&#{ord(letter)};" for letter in kept)
    assert encoded.data.decode("gbk") == f'<meta charset="gbk"><p>{expected}</p>'


def test_a_letter_beyond_16_bits_is_two_escapes_of_json():
    assert encode_json("𠀀µ", "gbk").data == b'"\\ud840\\udc00\\u00b5"\n'


@given(
    TEXTS.filter(lambda text: not text.startswith("\ufeff")), st.sampled_from(["utf-8", "utf-16", "gb18030"])
)
def test_a_text_is_read_from_the_bytes_alone(text, encoding):
    data = encode_text(text, encoding).data
    if encoding == "gb18030" and not text.isascii():
        try:
            data.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
        else:
            return  # bytes of both encodings: UTF-8 is tried first
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) or encoding == "utf-16":
        assert decode_text(data) == text


@pytest.mark.parametrize("data", [b"\x80\x20", b"\xff", b"a\xff\xff", b"\x81"])
def test_bytes_of_no_encoding_are_told(data):
    with pytest.raises(UnicodeDecodeError):
        decode_text(data)


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ('<meta charset="utf-8">', '<meta charset="gb18030">'),
        ("<META CHARSET=UTF-8>", "<META CHARSET=gb18030>"),
        ("<meta charset='utf-8'><meta charset='x'>", "<meta charset='gb18030'><meta charset='x'>"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
            '<meta http-equiv="Content-Type" content="text/html; charset=gb18030">',
        ),
        ("<p>charset=utf-8</p>", "<p>charset=utf-8</p>"),
    ],
)
def test_a_page_names_the_encoding_that_it_is_in(page, named):
    assert encode_html(page, "gb18030").data.decode("gb18030") == named


# --- the shape of lossless data -------------------------------------------------------------------------------------


def root(**members):
    return {"format": FORMAT, "nodes": [{"name": "a"} | members]}


# data, what the reason says
SHAPES = {
    "no object": ([], "format"),
    "another format": ({"format": "jialiang.lossless-xml/2", "nodes": []}, "format"),
    "no nodes": ({"format": FORMAT}, "nodes"),
    "nodes no list": ({"format": FORMAT, "nodes": {"name": "a"}}, "nodes"),
    "a number for a node": ({"format": FORMAT, "nodes": [1]}, "neither text nor an object"),
    "an object for nothing": (root(content=[{}]), "neither element, comment nor instruction"),
    "content no list": (root(content="x"), "content"),
    "attributes an object": (root(attributes={"b": "1"}), "pairs"),
    "an attribute of three": (root(attributes=[["b", "1", "2"]]), "pairs"),
    "an attribute without text": (root(attributes=[["b", 1]]), "no text"),
    "a namespace among the attributes": (root(attributes=[["xmlns:p", "urn:x"]]), "declares"),
    "the default namespace among the attributes": (root(attributes=[["xmlns", "urn:x"]]), "declares"),
    "a prefix with a blank": (root(declares=[["p q", "urn:x"]]), "is no prefix"),
    "a prefix with a colon": (root(declares=[["p:q", "urn:x"]]), "is no prefix"),
    "a comment with hyphens": (root(content=[{"comment": "a--b"}]), "--"),
    "a comment that ends with one": (root(content=[{"comment": "a-"}]), "--"),
    "a comment of a number": (root(content=[{"comment": 1}]), "no text"),
    "an instruction of one": (root(content=[{"instruction": ["t"]}]), "pair"),
    "an instruction that ends early": (root(content=[{"instruction": ["t", "?>"]}]), "?>"),
}


@pytest.mark.parametrize("case", SHAPES)
def test_each_wrong_shape_has_its_reason_in_both_languages(case):
    data, reason = SHAPES[case]
    with pytest.raises(NotLossless) as refused:
        from_lossless(data)
    assert reason in str(refused.value.facts["reason"])
    for words in (refused.value.what.zh, refused.value.what.en):
        assert reason in words
    assert refused.value.way_out.zh != refused.value.way_out.en


MARKUP = st.text(st.sampled_from("<>&\"'\t\n\r ]-a米"), max_size=12)


@given(MARKUP, MARKUP, MARKUP)
def test_markup_in_texts_and_attributes_is_only_text(text, said, after):
    content = [each for each in (text, {"name": "b"}, after) if each != ""]
    data = root(attributes=[["q", said]], content=content)
    tree = parse_xml(from_lossless(data))
    element = tree.getroot()
    assert (element.text or "", element.get("q"), element[0].tail or "") == (text, said, after)
    again = to_lossless(tree)["nodes"][0]
    assert again["content"] == content
    assert again["attributes"] == [["q", said]]


@pytest.mark.parametrize("order", list(itertools.permutations(string.ascii_lowercase[:3])))
def test_attributes_keep_no_order_but_none_is_lost(order):
    data = root(attributes=[[name, name.upper()] for name in order])
    written = to_lossless(parse_xml(from_lossless(data)))["nodes"][0]["attributes"]
    assert dict(written) == {"a": "A", "b": "B", "c": "C"}
