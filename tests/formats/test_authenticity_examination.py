"""Examining bytes: what can still be made out of damaged files, and that only signed words are read."""

import time

import pytest
from lxml import etree
from tests.formats.sample_content import sample_content
from tests.formats.sample_keys import CHECK_TIME, anchors, signed, signed_sample

from jialiang.formats.authenticity.errors import NotReadable
from jialiang.formats.authenticity.examination import content_digest_of, examine
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.xml.errors import DoctypeRefused, XIncludeRefused, XmlTooDeep, XmlTooLarge
from jialiang.formats.xml.parsing import XmlLimits

DS = b"http://www.w3.org/2000/09/xmldsig#"
IDENTIFIER = "10.9999/jl.2026.000123"


def examined(data, **more):
    return examine(data, trusted=anchors(), at=CHECK_TIME, **more)


def test_a_whole_file_says_everything():
    examination = examined(signed_sample())
    assert examination.kind == "xml"
    assert examination.is_readable
    assert (examination.identifier, examination.number) == (IDENTIFIER, "JZ2026-000123")
    assert examination.sha256 == sha256_hex(signed_sample())
    assert examination.content_digest == content_digest_of(signed_sample())
    assert not examination.rewritten
    assert examination.view.results[0].quantities[1].quantity_values[0] == "21.521"


DAMAGES = {
    "cut": lambda x: x[: len(x) // 2],
    "nul": lambda x: x.replace(b"<dcc:items>", b"<dcc:items>\0"),
    "tag": lambda x: x.replace(b"</dcc:items>", b"</dcc:item>"),
    "bad utf-8": lambda x: x.replace(b"WLB", b"\xff\xfe"),
    "entity": lambda x: x.replace(b"WLB", b"&wlb;"),
    "twice": lambda x: x + x,
    "junk in front": lambda x: b"junk" + x,
    "utf-16 cut": lambda x: x.decode().replace("UTF-8", "UTF-16").encode("utf-16")[:-40],
    "too deep": lambda x: x.replace(b"<dcc:items>", b"<dcc:items>" + b"<d>" * 250),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_still_says_which_certificate_it_was(damage):
    examination = examined(DAMAGES[damage](signed_sample()))
    assert not examination.is_readable
    assert (examination.identifier, examination.number) == (IDENTIFIER, "JZ2026-000123")
    assert examination.problem.what.zh
    assert examination.view is None


def test_the_number_suffices_where_the_identifier_is_lost():
    damaged = signed_sample().replace(b"jl_identifier", b"jl_identifie").replace(b"</dcc:items>", b"")
    examination = examined(damaged)
    assert (examination.identifier, examination.number) == ("", "JZ2026-000123")


def test_a_file_with_neither_is_not_readable():
    damaged = (
        signed_sample()
        .replace(b"jl_identifier", b"x")
        .replace(b"uniqueIdentifier", b"y")
        .replace(b"</", b"<")
    )
    with pytest.raises(NotReadable) as refused:
        examined(damaged)
    assert "JL-CHK-001" in str(refused.value)


def test_an_identifier_of_strange_letters_is_shown_without_them():
    damaged = (
        signed_sample().replace(IDENTIFIER.encode(), b"10.9\x1b[31m\xff/1").replace(b"</dcc:items>", b"")
    )
    assert examined(damaged).identifier.isprintable()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda x: x.replace(b"?>\n", b"?>\n<!DOCTYPE a>\n", 1), DoctypeRefused),
        (lambda x: x.replace(b"<dcc:items>", b'<dcc:items><i:include xmlns:i="http://www.w3.org/2001/XInclude"/>'),
         XIncludeRefused),
        (lambda x: x.replace(b"<dcc:items>", b"<dcc:items>" + b"<d>" * 300 + b"</d>" * 300), XmlTooDeep),
    ],
)  # fmt: skip
def test_hostile_additions_to_a_certificate_are_named(change, problem):
    assert isinstance(examined(change(signed_sample())).problem, problem)


def test_the_limit_of_size_can_be_set():
    assert isinstance(examined(signed_sample(), limits=XmlLimits(size=1000)).problem, XmlTooLarge)


def test_a_comment_inside_a_signed_number_does_not_shorten_what_is_read():
    """The known trick: the signature sees 10.9999/jl.2026.000123, a careless reader only what stands before."""
    tricked = signed_sample().replace(IDENTIFIER.encode(), b"10.9999/jl.2026<!---->.000123")
    examination = examined(tricked)
    assert examination.findings.integrity.outcome == "ok"
    assert examination.identifier == IDENTIFIER
    assert examination.rewritten


def test_only_what_was_signed_is_read():
    examination = examined(signed_sample())
    assert b"SignatureValue" not in examination.view.canonical_xml
    assert examination.view.canonical_xml == examination.findings.signed_content


def test_of_a_changed_file_what_is_there_is_read_and_marked_by_integrity():
    examination = examined(signed_sample().replace(b"A-1987-003", b"A-1987-009"))
    assert examination.view.items[0].serial_number == "A-1987-009"
    assert examination.findings.integrity.outcome == "failed"


def test_the_content_digest_does_not_depend_on_signer_time_or_writing():
    digest = content_digest_of(signed_sample())
    assert content_digest_of(signed(chain=[])) == digest
    assert content_digest_of(signed_sample().replace(b"\n", b"\r\n")) == digest
    assert content_digest_of(signed(sample_content(check_code="AAAAAAAAAAAAA"))) != digest


def test_the_content_digest_leaves_out_all_signatures_of_the_root():
    tree = etree.fromstring(signed_sample())
    tree.append(etree.fromstring(etree.tostring(tree[-1])))
    assert content_digest_of(etree.tostring(tree)) == content_digest_of(signed_sample())


def test_ten_thousand_signatures_are_refused_in_reasonable_time():
    flood = signed_sample().replace(
        b"<dcc:items>", b"<dcc:items>" + b'<s:Signature xmlns:s="%s"/>' % DS * 10_000
    )
    tail = b'<s:Signature xmlns:s="%s"/>' % DS * 10_000 + b"</dcc:digitalCalibrationCertificate>"
    for data in (flood, signed_sample().replace(b"</dcc:digitalCalibrationCertificate>", tail)):
        start = time.perf_counter()
        assert examined(data).findings.integrity.code == "JL-SIG-011"
        assert time.perf_counter() - start < 5


def test_examining_twice_gives_the_same():
    assert examined(signed_sample()).sha256 == examined(signed_sample()).sha256
    assert examined(signed_sample()).view == examined(signed_sample()).view


def test_a_view_goes_to_json_without_its_bytes():
    data = examined(signed_sample()).view.to_json()
    assert "canonical_xml" not in data
    assert data["identifier"] == IDENTIFIER
    assert data["kind"] == "calibration"
    assert data["results"][0]["quantities"][2]["expanded_uncertainties"][0] == "0.018"
