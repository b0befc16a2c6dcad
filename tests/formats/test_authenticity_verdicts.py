"""The verdict on real files: with and without a register, XML and PDF, and every trick that should not pass."""

import base64
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from lxml import etree
from tests.formats.sample_content import sample_content
from tests.formats.sample_keys import (
    CHECK_TIME,
    SIGNING_TIME,
    anchors,
    institute,
    issuing,
    signed,
    signed_sample,
    stranger,
)

from jialiang.formats.authenticity.errors import (
    NoCertificateInPdf,
    NotReadable,
    PdfNotSupported,
    SeveralCertificatesInPdf,
)
from jialiang.formats.authenticity.examination import content_digest_of, examine
from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.formats.authenticity.verdict import judge
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.dcc.errors import NotACertificate, UnsupportedVersion
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.pdf.errors import PdfUnreadable
from jialiang.formats.pdf.reading import embedded_files
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text

DS = "{http://www.w3.org/2000/09/xmldsig#}"
PDF = b"%PDF-1.7 issued page"
FORGED_PDF = b"%PDF-1.7 forged page"


@dataclass(frozen=True)
class Attached:
    """An embedded file as the reader of PDFs gives it."""

    name: str
    data: bytes


def sample_in_pdf(_):
    return (Attached("notes.txt", b"x"), Attached("certificate.xml", signed_sample()))


def facts(status="in_force", **more):
    xml = signed_sample()
    return replace(
        RegisterFacts(
            status=status, kind="calibration", due_date="2027-06-14", time_zone="Asia/Shanghai",
            issued_digests=(sha256_hex(xml), sha256_hex(PDF)), issued_content_digest=content_digest_of(xml),
            issued_xml=xml,
        ),
        **more,
    )  # fmt: skip


def verdict_on(data, register=None, at=CHECK_TIME, attachments=sample_in_pdf):
    return judge(examine(data, trusted=anchors(), at=at, attachments_of_pdf=attachments), register, at)


def outcome(verdict, name):
    return next(check.outcome for check in verdict.checks if check.name == name)


def edited(change):
    tree = etree.fromstring(signed_sample())
    change(tree, tree.find(f"{DS}Signature"))
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True)


def test_the_issued_file_is_genuine_and_says_that_no_register_was_asked():
    verdict = verdict_on(signed_sample())
    assert (verdict.verdict, verdict.status) == ("genuine", "not_checked")
    assert "未查询登记簿" in verdict.text.zh
    assert "No register was asked" in verdict.text.en
    assert [check.name for check in verdict.checks] == [
        "readable", "integrity", "signer", "chain", "time", "revocation", "bytes", "register", "due_date",
    ]  # fmt: skip


def test_with_the_register_it_is_genuine_and_in_force():
    verdict = verdict_on(signed_sample(), facts())
    assert (verdict.verdict, verdict.status) == ("genuine", "in_force")
    assert outcome(verdict, "bytes") == outcome(verdict, "register") == "ok"
    assert "JZ2026-000123" in verdict.text.zh


def test_a_superseded_certificate_names_its_successor():
    register = facts(
        "superseded", superseded_by="JZ2026-000200", since=CHECK_TIME, reason=Text("更正", "corrected")
    )
    verdict = verdict_on(signed_sample(), register)
    assert (verdict.verdict, verdict.status) == ("superseded", "superseded")
    assert "JZ2026-000200" in verdict.text.zh
    assert "JZ2026-000200" in verdict.text.en


def test_a_withdrawn_certificate_says_since_when_and_why():
    register = facts("withdrawn", since=CHECK_TIME, reason=Text("标准器失准", "standard off"))
    verdict = verdict_on(signed_sample(), register)
    assert verdict.verdict == "withdrawn"
    assert "2026-07-01" in verdict.text.zh
    assert "标准器失准" in verdict.text.zh
    assert "standard off" in verdict.text.en


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # The due date is 14 June 2027 in Shanghai, which ends at 16:00 UTC.
        (datetime(2027, 6, 14, 15, 59, tzinfo=UTC), "genuine"),
        (datetime(2027, 6, 14, 16, 1, tzinfo=UTC), "expired"),
    ],
)
def test_the_due_date_ends_with_the_day_of_the_institute(at, expected):
    assert verdict_on(signed_sample(), facts(), at=at).verdict == expected
    assert verdict_on(signed_sample(), at=at).verdict == expected


def test_an_expired_certificate_is_expired_in_the_register_and_not_checked_without():
    late = datetime(2027, 7, 1, tzinfo=UTC)
    assert verdict_on(signed_sample(), facts(), at=late).status == "expired"
    assert verdict_on(signed_sample(), at=late).status == "not_checked"


def test_a_calibration_without_an_agreed_date_never_expires():
    xml = signed(sample_content(due_date=""))
    assert verdict_on(xml, at=datetime(2027, 12, 1, tzinfo=UTC)).verdict == "genuine"


def test_a_withdrawn_and_expired_certificate_is_withdrawn():
    late = datetime(2027, 7, 1, tzinfo=UTC)
    assert verdict_on(signed_sample(), facts("withdrawn"), at=late).verdict == "withdrawn"


def test_a_changed_value_is_altered_and_the_difference_is_named():
    changed = signed_sample().replace(b"-0.166", b"-0.066", 1)
    verdict = verdict_on(changed, facts())
    assert (verdict.verdict, verdict.reason) == ("altered", "content_changed")
    (difference,) = verdict.differences
    assert (difference.name.zh, difference.issued, difference.presented) == (
        "22.346 ℃ 修正值",
        "-0.166",
        "-0.066",
    )
    assert verdict_on(changed).verdict == "altered"
    assert verdict_on(changed).differences == ()


def test_re_signed_under_another_authority_is_unknown():
    verdict = verdict_on(signed(by=stranger()[1], chain=[]))
    assert (verdict.verdict, verdict.reason) == ("unknown", "signer_not_trusted")
    assert outcome(verdict, "integrity") == "ok"
    assert not verdict_on(signed(by=stranger()[1], chain=[]), facts()).is_genuine


def test_a_signature_removed_from_one_of_ours_is_altered():
    for register in (None, facts()):
        verdict = verdict_on(edited(lambda r, s: r.remove(s)), register)
        assert (verdict.verdict, verdict.reason) == ("altered", "content_changed")


def test_an_unsigned_certificate_of_others_is_unknown(oracles):
    verdict = verdict_on((oracles / "dcc" / "samples" / "v3.3.0_gp_temperature_valid.xml").read_bytes())
    assert (verdict.verdict, verdict.reason) == ("unknown", "not_signed")


def test_a_transplanted_signature_is_altered():
    other = etree.fromstring(signed(sample_content(number="JZ2026-000999"))).find(f"{DS}Signature")
    assert verdict_on(edited(lambda r, s: (r.remove(s), r.append(other)))).verdict == "altered"


def test_another_certificate_of_the_same_institute_under_this_number_is_altered():
    """The institute's key signed it, but the register issued something else."""
    other = signed(sample_content(commission_number="W2026-9999"))
    verdict = verdict_on(other, facts())
    assert (verdict.verdict, verdict.reason) == ("altered", "not_as_issued")
    assert [d.issued for d in verdict.differences] == ["W2026-0456"]


def test_a_number_that_the_register_does_not_know_is_unknown():
    verdict = verdict_on(signed_sample(), RegisterFacts("not_registered"))
    assert (verdict.verdict, verdict.status) == ("unknown", "not_registered")


def test_a_signature_from_the_future_is_unknown():
    early = datetime(2026, 1, 2, tzinfo=UTC)
    assert verdict_on(signed_sample(), at=early).reason == "time_does_not_fit"


REWRITINGS = {
    "line ends": lambda x: x.replace(b"\n", b"\r\n"),
    "comment": lambda x: x.replace(b"<dcc:items>", b"<dcc:items><!-- 3.0 -->"),
    "comment in a number": lambda x: x.replace(b"WLB-11", b"WLB<!-- -->-11"),
    "blank in a tag": lambda x: x.replace(b"<dcc:items>", b"<dcc:items >"),
    "single quotes": lambda x: x.replace(b'lang="zh"', b"lang='zh'"),
    "character reference": lambda x: x.replace(b"WLB-11", b"WLB&#45;11"),
    "cdata": lambda x: x.replace(b"WLB-11", b"<![CDATA[WLB-11]]>"),
    "no declaration": lambda x: x.split(b"\n", 1)[1],
    "blank at the end": lambda x: x + b"\n",
    "utf-16": lambda x: x.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "blank in base64": lambda x: x.replace(b"<ds:SignatureValue>", b"<ds:SignatureValue> "),
    "namespace declared again": lambda x: x.replace(
        b"<dcc:items>", b'<dcc:items xmlns:dcc="https://ptb.de/dcc">'
    ),
}


@pytest.mark.parametrize("rewriting", REWRITINGS)
@pytest.mark.parametrize("known", [True, False])
def test_what_canonicalization_removes_is_named(rewriting, known):
    changed = REWRITINGS[rewriting](signed_sample())
    assert changed != signed_sample()
    verdict = verdict_on(changed, facts() if known else None)
    assert (verdict.verdict, verdict.reason) == ("altered", "same_content")
    assert outcome(verdict, "integrity") == "ok"
    named = next(check for check in verdict.checks if check.name == "bytes")
    assert "bytes differ, signed content the same" in named.text.en
    assert "字节不同，签名内容相同" in named.text.zh
    assert verdict.differences == ()


def test_certificates_of_others_are_not_measured_by_our_way_of_writing(oracles):
    samples = oracles / "dcc" / "samples"
    data = (samples / "v3.3.0_gp_temperature_xmldsig_signed.xml").read_bytes()
    examination = examine(data, trusted=anchors(), at=CHECK_TIME)
    assert not examination.rewritten
    assert judge(examination, None, CHECK_TIME).verdict == "unknown"


# --- PDF -----------------------------------------------------------------------------------------------------


def test_the_issued_pdf_is_genuine_by_its_own_bytes():
    verdict = verdict_on(PDF, facts())
    assert (verdict.verdict, verdict.status) == ("genuine", "in_force")


def test_a_page_painted_over_around_an_untouched_xml_is_altered():
    verdict = verdict_on(FORGED_PDF, facts())
    assert (verdict.verdict, verdict.reason) == ("altered", "page_not_as_issued")
    assert outcome(verdict, "integrity") == "ok"
    named = next(check for check in verdict.checks if check.name == "bytes")
    assert "内嵌的 XML 证书签名完好" in named.text.zh
    assert "the embedded certificate JZ2026-000123 is genuine" in verdict.text.en


def test_without_the_register_a_pdf_proves_nothing_about_its_page():
    verdict = verdict_on(PDF)
    assert (verdict.verdict, verdict.reason) == ("unknown", "page_not_provable")


def test_a_pdf_with_a_changed_xml_is_altered():
    def changed(_):
        return (Attached("c.xml", signed_sample().replace(b"-0.166", b"-0.066")),)

    assert verdict_on(FORGED_PDF, facts(), attachments=changed).reason == "content_changed"


def test_the_issued_pdf_of_a_withdrawn_certificate_is_withdrawn():
    assert verdict_on(PDF, facts("withdrawn")).verdict == "withdrawn"


def test_a_pdf_without_or_with_several_certificates_is_no_certificate():
    with pytest.raises(NoCertificateInPdf):
        verdict_on(PDF, attachments=lambda _: ())
    with pytest.raises(SeveralCertificatesInPdf):
        verdict_on(
            PDF, attachments=lambda _: (Attached("a", signed_sample()), Attached("b", signed_sample()))
        )
    with pytest.raises(PdfNotSupported):
        verdict_on(PDF, attachments=None)


def test_a_broken_pdf_is_unreadable_unless_its_number_can_be_made_out():
    def broken(_):
        raise PdfUnreadable(place="xref", reason="damaged")

    with pytest.raises(NotReadable):
        verdict_on(PDF, attachments=broken)
    verdict = verdict_on(PDF + signed_sample(), facts(), attachments=broken)
    assert (verdict.verdict, verdict.reason) == ("altered", "unreadable")


# --- unreadable ----------------------------------------------------------------------------------------------


def test_a_damaged_file_is_altered_where_its_identifier_is_readable():
    damaged = signed_sample().replace(b"</dcc:items>", b"</dcc:itms>")
    verdict = verdict_on(damaged, facts())
    assert (verdict.verdict, verdict.reason) == ("altered", "unreadable")
    examination = examine(damaged, trusted=anchors(), at=CHECK_TIME)
    assert (examination.identifier, examination.number) == ("10.9999/jl.2026.000123", "JZ2026-000123")
    assert "JL-XML-002" in dict(verdict.checks[0].evidence)["code"]


def test_a_certificate_with_a_doctype_is_altered_and_says_why():
    hostile = signed_sample().replace(
        b"?>\n", b"?>\n<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>\n", 1
    )
    verdict = verdict_on(hostile)
    assert (verdict.verdict, verdict.reason) == ("altered", "unreadable")
    assert "DOCTYPE" in verdict.checks[0].text.zh


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"hello", b"<a>", b"\x89PNG\r\n", "<a>".encode("utf-16")])
def test_what_is_nothing_at_all_is_not_readable(data):
    with pytest.raises(NotReadable) as refused:
        verdict_on(data)
    assert refused.value.way_out.zh


def test_well_formed_xml_that_is_no_certificate_is_said_to_be_none():
    with pytest.raises(NotACertificate):
        verdict_on(b"<html/>")


def test_a_good_signature_over_something_else_is_no_certificate_and_not_altered():
    xml = dcc_xml(sample_content()).replace(b'schemaVersion="3.3.0"', b'schemaVersion="9.3.0"')
    ours = sign_enveloped(xml, institute(), [issuing().certificate], SIGNING_TIME)
    with pytest.raises(UnsupportedVersion):
        verdict_on(ours)
    with pytest.raises(NotACertificate):
        verdict_on(sign_enveloped(b"<html/>", institute(), [issuing().certificate], SIGNING_TIME))


def test_a_changed_version_of_one_of_ours_is_altered():
    changed = signed_sample().replace(b'schemaVersion="3.3.0"', b'schemaVersion="9.3.0"')
    verdict = verdict_on(changed)
    assert (verdict.verdict, verdict.reason) == ("altered", "content_changed")


def test_an_old_certificate_of_others_is_not_called_altered(oracles):
    verdict = verdict_on((oracles / "dcc" / "samples" / "v2.4.0_siliziumkugel.xml").read_bytes())
    assert (verdict.verdict, verdict.reason) == ("unknown", "not_signed")
    assert "2.4.0" in verdict.checks[0].text.en


def test_the_content_digest_is_the_one_in_the_signature_so_that_anyone_can_recompute_it():
    """PTB's ``c14n-sha256``: the digest may be taken over from the certificate's own signature."""
    stated = etree.fromstring(signed_sample()).find(f".//{DS}DigestValue").text
    assert content_digest_of(signed_sample()) == base64.b64decode(stated).hex()
    assert content_digest_of(dcc_xml(sample_content())) == content_digest_of(signed_sample())


def test_a_real_pdf_is_opened_and_its_changes_are_seen():
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["certificate.xml"] = pikepdf.AttachedFileSpec(document, signed_sample())
    made = BytesIO()
    document.save(made, static_id=True)
    pdf = made.getvalue()
    register = facts(issued_digests=(sha256_hex(pdf),))
    assert verdict_on(pdf, register, attachments=embedded_files).verdict == "genuine"
    rng = random.Random(20260619)
    for _ in range(100):
        at = rng.randrange(len(pdf))
        changed = pdf[:at] + bytes([pdf[at] ^ rng.randint(1, 255)]) + pdf[at + 1 :]
        try:
            assert verdict_on(changed, register, attachments=embedded_files).verdict == "altered"
        except JialiangError as unreadable:
            assert unreadable.what.zh


def test_a_verdict_goes_to_json_with_everything_in_both_languages():
    data = verdict_on(signed_sample().replace(b"-0.166", b"-0.066"), facts()).to_json()
    assert set(data) == {"verdict", "reason", "status", "text", "checks", "differences"}
    for check in data["checks"]:
        assert check["text"]["zh"]
        assert check["text"]["en"]
        assert "{" not in check["text"]["zh"]
    assert data["differences"][0]["issued"] == "-0.166"


def test_a_strange_time_zone_in_a_file_does_not_matter():
    for zone in ("../../etc/passwd", "Mars/Olympus", "/", "嘉量"):
        assert verdict_on(signed(sample_content(time_zone=zone))).verdict == "genuine"
