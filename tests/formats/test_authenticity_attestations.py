"""What certificates of conformity and tokens claim to be, and what of it is believed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from tests.formats.dcoc_samples import SAMPLE
from tests.formats.sample_keys import anchors, institute, issuing, signed_sample, stranger
from tests.formats.test_credential_rules import small

from jialiang.assembly.document_files import page_fonts
from jialiang.formats.authenticity.attestations import claim_of_dcoc, is_dcoc, is_token
from jialiang.formats.authenticity.errors import NotReadable, SeveralCertificatesInPdf
from jialiang.formats.authenticity.examination import examine
from jialiang.formats.authenticity.verdict import judge
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.credential.errors import KeyNotCarried
from jialiang.formats.credential.tokens import enveloped, read_token, sign_token
from jialiang.formats.dcoc.conversion import convert
from jialiang.formats.dcoc.documents import write_dcoc
from jialiang.formats.dcoc.xml_form import write_xml
from jialiang.formats.pdf.reading import embedded_files
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.errors import JialiangError

AT = datetime(2026, 6, 17, 8, 0, tzinfo=UTC)
URL = "https://institute.example/c/86.1500.7/C-2026-7?k=ABC234"


def xml(identifier=URL, **changes):
    """A signed certificate of conformity."""
    content = write_xml(replace(SAMPLE, identifier=identifier, **changes))
    return sign_enveloped(content, institute(), (issuing().certificate,), AT)


def token(signer=None, **link):
    """A token that carries its certificate and, if given, a link to a certificate."""
    credential = small()
    credential["credentialSubject"]["conformityCertificate"] = {"type": ["SecureLink", "Link"], **link}
    by = signer or institute()
    chain = (by.certificate, issuing().certificate)
    return sign_token(credential, by, "did:web:x#1", chain=chain, signing_time=AT)


def test_a_certificate_of_conformity_claims_number_identifier_and_code():
    claim = claim_of_dcoc(parse_xml(xml()))
    assert (claim.number, claim.identifier, claim.check_code) == (SAMPLE.number, "86.1500.7/C-2026-7", "ABC234")


@pytest.mark.parametrize(
    "address",
    [
        "https://institute.example/certificates/7",
        "https://institute.example/c/86.1500.7/C-2026-7",
        "https://institute.example/c/86.1500.7/C-2026-7?k=1&k=2",
        "https://institute.example/c/86.1500.7/C-2026-7/x?k=1",
        "https://[institute/c/86.1500.7/7?k=1",
        "",
    ],
)
def test_an_address_of_another_form_claims_no_more_than_the_number(address):
    found = parse_xml(write_xml(replace(SAMPLE, identifier="")).replace(
        b"schemaVersion", f'identifier="{address.replace("&", "&amp;")}" schemaVersion'.encode(), 1
    ))  # fmt: skip
    assert is_dcoc(found)
    claim = claim_of_dcoc(found)
    assert (claim.number, claim.identifier, claim.check_code) == (SAMPLE.number, "", "")


def made_pdf(data):
    """The PDF that this house makes of a certificate of conformity."""
    return convert(data, "pdf", Wish("zh", fonts=page_fonts())).data


def test_a_pdf_of_a_certificate_of_conformity_is_recognised_by_the_xml_that_it_carries():
    pdf = made_pdf(xml())
    found = examine(pdf, trusted=anchors(), at=AT, attachments_of_pdf=embedded_files)
    assert (found.kind, found.states, found.number, found.xml) == ("pdf", "dcoc", SAMPLE.number, xml())
    assert (found.identifier, found.check_code) == ("86.1500.7/C-2026-7", "ABC234")
    assert found.findings.integrity.outcome == "ok"
    alone = examine(xml(), trusted=anchors(), at=AT)
    assert (found.content_digest, found.sha256) == (alone.content_digest, sha256_hex(pdf))
    verdict = judge(found, None, AT)
    assert (verdict.verdict, verdict.reason) == ("unknown", "page_not_provable")


def test_an_altered_certificate_of_conformity_in_a_pdf_is_altered():
    changed = xml().replace("示例衡器厂".encode(), "示例量具厂".encode(), 1)
    found = examine(made_pdf(changed), trusted=anchors(), at=AT, attachments_of_pdf=embedded_files)
    assert found.findings.integrity.outcome == "failed"
    assert judge(found, None, AT).reason == "content_changed"


def test_an_unsigned_certificate_of_conformity_in_a_pdf_is_not_signed():
    found = examine(made_pdf(write_xml(SAMPLE)), trusted=anchors(), at=AT, attachments_of_pdf=embedded_files)
    assert (found.states, judge(found, None, AT).reason) == ("dcoc", "not_signed")


@pytest.mark.parametrize("second", [xml, signed_sample])
def test_two_certificates_of_whatever_sort_in_a_pdf_are_one_too_many(second):
    attached = (SimpleNamespace(name="a", data=xml()), SimpleNamespace(name="b", data=second()))
    with pytest.raises(SeveralCertificatesInPdf):
        examine(b"%PDF-1.7", trusted=anchors(), at=AT, attachments_of_pdf=lambda _: attached)


def test_a_certificate_of_conformity_in_utf_16_in_a_pdf_is_found_as_well():
    data = write_xml(SAMPLE).decode().replace("UTF-8", "UTF-16", 1).encode("utf-16")
    attached = (SimpleNamespace(name="a", data=data), SimpleNamespace(name="b", data=b"<other/>"))
    found = examine(b"%PDF-1.7", trusted=anchors(), at=AT, attachments_of_pdf=lambda _: attached)
    assert (found.states, found.number) == ("dcoc", SAMPLE.number)


def test_whole_and_altered_are_told_apart_without_a_register():
    found = examine(xml(), trusted=anchors(), at=AT)
    assert (found.kind, found.states, found.number, found.check_code) == ("xml", "dcoc", SAMPLE.number, "ABC234")
    assert not found.rewritten
    assert found.findings.integrity.outcome == "ok"
    changed = xml().replace("示例衡器厂".encode(), "示例量具厂".encode(), 1)
    worse = examine(changed, trusted=anchors(), at=AT)
    assert worse.findings.integrity.outcome == "failed"
    assert judge(worse, None, AT).verdict == "altered"


def test_an_unsigned_one_of_somebody_else_is_unknown_and_one_of_ours_altered():
    plain = examine(write_xml(replace(SAMPLE, identifier="https://x.example/1")), trusted=anchors(), at=AT)
    assert (judge(plain, None, AT).verdict, judge(plain, None, AT).reason) == ("unknown", "not_signed")
    ours = examine(write_xml(replace(SAMPLE, identifier=URL)), trusted=anchors(), at=AT)
    assert judge(ours, None, AT).verdict == "altered"


def test_other_notations_of_it_have_no_signature_to_check():
    with pytest.raises(NotReadable):
        examine(write_dcoc(SAMPLE, "json"), trusted=anchors(), at=AT)


def test_a_token_and_its_envelope_are_the_same_document():
    text = token(linkURL=URL, linkName="C-2026-7")
    envelope = json.dumps(enveloped(read_token(text))).encode()
    assert is_token(text.encode())
    assert is_token(envelope)
    first, second = (examine(each, trusted=anchors(), at=AT) for each in (text.encode() + b"\n", envelope))
    assert replace(first, findings=None) == replace(second, findings=None)
    assert [f.findings.signing_time for f in (first, second)] == [AT, AT]
    assert (first.kind, first.states, first.identifier) == ("token", "credential", "86.1500.7/C-2026-7")
    assert first.findings.integrity.outcome == "ok"
    assert first.findings.signing_time == AT


def test_a_token_under_a_stranger_s_certificate_is_whole_but_nobody_s():
    found = examine(token(stranger()[1]).encode(), trusted=anchors(), at=AT)
    assert found.findings.integrity.outcome == "ok"
    assert found.findings.chain.outcome == "failed"
    assert judge(found, None, AT).verdict == "unknown"


def test_a_moment_of_signing_in_the_future_does_not_fit():
    found = examine(token().encode(), trusted=anchors(), at=AT - timedelta(days=1))
    assert found.findings.time.outcome == "failed"


def test_a_token_without_certificate_says_so():
    bare = sign_token(small(), institute(), "did:web:x#1").encode()
    with pytest.raises(KeyNotCarried) as refused:
        examine(bare, trusted=anchors(), at=AT)
    assert refused.value.facts["key"] == "did:web:x#1"


@pytest.mark.parametrize("link", [{}, {"linkURL": 7}, {"linkName": None}, {"linkURL": "https://x.example/"}])
def test_a_link_of_another_kind_claims_nothing(link):
    found = examine(token(**link).encode(), trusted=anchors(), at=AT)
    assert (found.identifier, found.check_code) == ("", "")


@pytest.mark.parametrize("data", [b"eyJ.x.y", b'{"id": "data:application/vc+jwt,e.e.e", "@context": []}'])
def test_what_only_looks_like_a_token_is_refused(data):
    with pytest.raises(JialiangError) as refused:
        examine(data, trusted=anchors(), at=AT)
    assert refused.value.code in ("JL-VC-002", "JL-JSN-001", "JL-JSON-001")


@pytest.mark.parametrize("data", [b"", b"<a/>", b"a.b.c", b"{}", b"%PDF-1.7", b"eyJ"])
def test_other_bytes_are_no_token(data):
    assert not is_token(data)
