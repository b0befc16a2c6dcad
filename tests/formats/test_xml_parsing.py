"""The safe parser: what it refuses, where it says the fault lies, and that it never crashes or dawdles."""

import json
import random
import time
from importlib import resources

import pytest

from jialiang.formats.xml import errors
from jialiang.formats.xml.parsing import XmlLimits, parse_xml
from jialiang.kernel.errors import JialiangError

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<lolz>&c;</lolz>"""
XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
PARAMETER_ENTITY = b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]><a/>'
ATTRIBUTE_DEFAULT = b'<!DOCTYPE a [<!ATTLIST a price CDATA "0">]><a/>'
XINCLUDE = b'<a xmlns:q="http://www.w3.org/2001/XInclude">\n<q:include href="/etc/passwd" parse="text"/></a>'


@pytest.mark.parametrize("document", [LAUGHS, XXE, PARAMETER_ENTITY, ATTRIBUTE_DEFAULT])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_doctype_is_refused_in_every_encoding(document, encoding):
    text = document.decode()
    if encoding.startswith("utf-16-"):
        text = text.replace(
            '<?xml version="1.0"?>', f'<?xml version="1.0" encoding="{encoding[:6]}{encoding[7:]}"?>'
        )
    with pytest.raises(errors.DoctypeRefused):
        parse_xml(text.encode(encoding))


def test_a_doctype_behind_comments_and_blanks_is_found_and_located():
    with pytest.raises(errors.DoctypeRefused) as refused:
        parse_xml(b'<?xml version="1.0"?>\n<!-- <a> -->\n\n  <!DOCTYPE a>\n<a/>')
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (4, 3)


def test_the_word_doctype_in_a_comment_or_text_is_no_doctype():
    tree = parse_xml(b"<!-- <!DOCTYPE a> --><a>&lt;!DOCTYPE b&gt;</a>")
    assert tree.getroot().text == "<!DOCTYPE b>"


@pytest.mark.parametrize("name", ["UTF-7", "IBM037", "UTF-32", "x-user-defined"])
def test_strange_encodings_are_refused_by_name(name):
    with pytest.raises(errors.EncodingRefused) as refused:
        parse_xml(f'<?xml version="1.0" encoding="{name}"?><a/>'.encode())
    assert refused.value.facts["encoding"] == name


def test_utf_32_is_refused_even_without_a_declaration():
    with pytest.raises(errors.EncodingRefused):
        parse_xml("<!DOCTYPE a><a/>".encode("utf-32"))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-16"])
def test_chinese_is_read_in_the_encodings_that_chinese_files_come_in(encoding):
    text = f'<?xml version="1.0" encoding="{encoding.upper()}"?><a>计量器具</a>'
    assert parse_xml(text.encode(encoding)).getroot().text == "计量器具"


def test_xinclude_is_refused_under_any_prefix_and_located():
    with pytest.raises(errors.XIncludeRefused) as refused:
        parse_xml(XINCLUDE)
    assert refused.value.facts["line"] == 2


def test_processing_instructions_are_refused_but_a_style_sheet_before_the_root_is_ignored():
    with pytest.raises(errors.ProcessingInstructionRefused):
        parse_xml(b"<a>\n<?php echo 1 ?></a>")
    with pytest.raises(errors.ProcessingInstructionRefused):
        parse_xml(b"<?php echo 1 ?><a/>")
    with pytest.raises(errors.ProcessingInstructionRefused):
        parse_xml(b'<a><?xml-stylesheet href="x.xsl"?></a>')
    with pytest.raises(errors.ProcessingInstructionRefused):
        parse_xml(b"<a/><?php echo 1 ?>")
    assert parse_xml(b'<?xml-stylesheet href="file:///x.xsl"?><a/>').getroot().tag == "a"


@pytest.mark.parametrize("depth", [201, 255, 300, 300_000])
def test_deep_nesting_is_refused(depth):
    with pytest.raises(errors.XmlTooDeep):
        parse_xml(b"<a>" * depth + b"</a>" * depth)


def test_the_deepest_allowed_nesting_is_read():
    assert parse_xml(b"<a>" * 200 + b"</a>" * 200) is not None


def test_size_attributes_and_elements_have_limits():
    with pytest.raises(errors.XmlTooLarge):
        parse_xml(b"<a>" + b" " * 100 + b"</a>", XmlLimits(size=100))
    with pytest.raises(errors.TooManyAttributes):
        parse_xml(b"<a " + b" ".join(b'a%d=""' % n for n in range(257)) + b"/>")
    with pytest.raises(errors.TooManyElements):
        parse_xml(b"<a>" + b"<b/>" * 50 + b"</a>", XmlLimits(elements=50))
    assert parse_xml(b"<a>" + b"<b/>" * 49 + b"</a>", XmlLimits(elements=50)) is not None


def test_many_namespaces_around_many_elements_are_refused_before_canonicalization_has_to_pay():
    start = b"".join(b'<a xmlns:n%d="u%d">' % (n, n) for n in range(150))
    with pytest.raises(errors.TooManyNamespaces):
        parse_xml(start + b"<b/>" * 20_000 + b"</a>" * 150)


@pytest.mark.parametrize(
    "document",
    [
        b"<a " + b" ".join(b'a%d="1"' % n for n in range(1_000_000)) + b"/>",
        b"<a " + b" ".join(b'xmlns:a%d="u"' % n for n in range(500_000)) + b"/>",
        b"<a>" + b"x" * (19 << 20) + b"</a>",
        b"<a>" + b"<b/>" * 600_000 + b"</a>",
        b"<" * 1_000_000,
        b"<a" * 500_000,
        b"<!--" * 500_000,
        b"<?x " * 500_000,
    ],
    ids=["attributes", "namespaces", "text", "elements", "brackets", "open", "comments", "instructions"],
)
def test_blown_up_documents_end_quickly_in_an_error(document):
    start = time.perf_counter()
    with pytest.raises(JialiangError):
        parse_xml(document)
    assert time.perf_counter() - start < 4


@pytest.mark.parametrize("document", [b"", b"\0", b" ", b"a", b"<a>", b"<a></b>", b"<a>&lol;</a>", b"<a>\xff</a>",
                                      b"<a>&#xD800;</a>", b"<a>\xed\xa0\x80</a>",
                                      b"<a/><a/>", b"\x1f\x8b\x08"])  # fmt: skip
def test_what_is_not_well_formed_is_said_with_line_and_column(document):
    with pytest.raises(errors.XmlNotWellFormed) as refused:
        parse_xml(document)
    assert refused.value.facts["line"] >= 1
    assert refused.value.facts["column"] >= 1
    assert "{" not in refused.value.what.zh


def test_the_fault_is_located():
    with pytest.raises(errors.XmlNotWellFormed) as refused:
        parse_xml(b"<a>\n  <b>\n  </c>\n</a>")
    assert refused.value.facts["line"] == 3
    assert "第 3 行" in refused.value.what.zh
    assert "Line 3" in refused.value.what.en


def test_random_bytes_never_give_anything_but_an_error_of_ours():
    rng = random.Random(20260616)
    alphabet = [
        b"<",
        b">",
        b"a",
        b"/",
        b"!",
        b"?",
        b"DOCTYPE",
        b"--",
        b"[",
        b"]",
        b"&",
        b"\0",
        b"\xff",
        b'"',
        b"=",
    ]
    for _ in range(3000):
        document = b"".join(rng.choices(alphabet, k=rng.randint(0, 12)))
        try:
            parse_xml(document)
        except JialiangError as error:
            assert error.what.zh
            assert error.what.en


@pytest.mark.parametrize("area", ["xml", "dcc", "sig", "chk"])
def test_every_error_has_words_in_both_languages_and_every_words_an_error(area):
    file = resources.files("jialiang.kernel") / "error_texts" / f"{area}.json"
    words = json.loads(file.read_text(encoding="utf-8"))
    for code, members in words.items():
        assert set(members) == {"what", "rule", "way_out"}, code
        for pair in members.values():
            assert pair["zh"].strip(), code
            assert pair["en"].strip(), code
    used = {cls.code for cls in _all_errors(JialiangError) if cls.code.startswith(f"JL-{area.upper()}-")}
    assert used == set(words)


def _all_errors(cls):
    __import__("jialiang.formats.authenticity.errors")
    __import__("jialiang.formats.dcc.errors")
    __import__("jialiang.formats.xades.errors")
    return {cls} | {each for child in cls.__subclasses__() for each in _all_errors(child)}


# --- what the bytes bound need not be searched, and what they do not bound is ----------------------------------------


def _encoded(text, encoding):
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{text}'
    return declared.encode(encoding)


ENCODINGS = ["UTF-8", "UTF-16", "GB18030", "ISO-8859-1"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("text", "limits", "error"),
    [
        ('<a xmlns:q="http://www.w3.org/2001/XInclude"><q:include href="x"/></a>', {}, errors.XIncludeRefused),
        ('<a xmlns:q="http://www.w3.org/2001/XInclud&#101;"><q:include href="x"/></a>', {}, errors.XIncludeRefused),
        ('<a xmlns:q="http://www.w3.org/2001/X&#x49;nclude"><q:x/></a>', {}, errors.XIncludeRefused),
        ("<a><b><?php echo?></b></a>", {}, errors.ProcessingInstructionRefused),
        ("<a/><?late thing?>", {}, errors.ProcessingInstructionRefused),
        ("<a><?xml-stylesheet href='x'?></a>", {}, errors.ProcessingInstructionRefused),
        ("<a><b/><b/><b/></a>", {"elements": 3}, errors.TooManyElements),
        ('<a><b x="1" y="2" z="3"/></a>', {"attributes": 2}, errors.TooManyAttributes),
        ("<a><b><c/></b></a>", {"depth": 2}, errors.XmlTooDeep),
        ("<a>" + "".join(f'<b xmlns:p{n}="u:{n}"/>' for n in range(5)) + "</a>", {"attributes": 4},
         errors.TooManyNamespaces),
        ("<a>" + "".join(f'<b xmlns:p{n}="u:{n}"/>' for n in range(5)) + "</a>", {"namespace_work": 100},
         errors.TooManyNamespaces),
    ],
)  # fmt: skip
def test_limits_hold_in_every_encoding(encoding, text, limits, error):
    with pytest.raises(error):
        parse_xml(_encoded(text, encoding), XmlLimits(**limits))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("<a><b/><b/></a>", {"elements": 3}),
        ("<a>" + "<!-- < -->" * 9 + "<b/></a>", {"elements": 2}),  # more letters than elements
        ('<a><b x="1" y="2"/></a>', {"attributes": 2}),
        ("<a><b/></a>", {"depth": 2}),
        ("<a>XInclude and &#60;?php?&#62; are words here</a>", {}),
        ("<a><![CDATA[<?php echo ?>]]></a>", {}),
        ("<a>" + '<b xmlns:p="u:1"/>' * 9 + "</a>", {"attributes": 4}),  # one prefix, declared often
        ("<a>" + "xmlns " * 300 + "</a>", {}),
    ],
)
def test_what_keeps_the_limits_is_read_in_every_encoding(encoding, text, limits):
    assert parse_xml(_encoded(text, encoding), XmlLimits(**limits)).getroot().tag == "a"


@pytest.mark.parametrize("encoding", ["cp037", "cp500", "cp1140"])
@pytest.mark.parametrize("declared", ["IBM037", "UTF-8", ""])
def test_the_encoding_whose_markup_is_not_ascii_is_refused(encoding, declared):
    name = f' encoding="{declared}"' if declared else ""
    with pytest.raises(errors.EncodingRefused) as refused:
        parse_xml(f'<?xml version="1.0"{name}?><a/>'.encode(encoding))
    assert refused.value.facts["encoding"] == "EBCDIC"


def test_instructions_are_found_at_any_place():
    for place in range(3):
        parts = ["<a>", "<b>", "</b></a>"]
        parts.insert(place + 1, "<?x y?>")
        with pytest.raises(errors.ProcessingInstructionRefused):
            parse_xml("".join(parts).encode())


@pytest.mark.parametrize("depth", [2, 5, 200])
def test_each_limit_of_depth_is_kept_to_the_element(depth):
    fits = b"<a>" * depth + b"</a>" * depth
    assert parse_xml(fits, XmlLimits(depth=depth)) is not None
    with pytest.raises(errors.XmlTooDeep) as refused:
        parse_xml(b"<a>" + b"\n" + fits + b"</a>", XmlLimits(depth=depth))
    assert refused.value.facts["line"] == 2
