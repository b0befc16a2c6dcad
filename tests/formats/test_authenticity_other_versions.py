"""Whole certificates of versions whose content is not read for the verdict: never genuine, never called damaged."""

import pytest
from tests.formats.dcc_samples import SAMPLES, certificate_with, sample
from tests.formats.sample_content import sample_content
from tests.formats.sample_keys import (
    CHECK_TIME,
    SIGNING_TIME,
    anchors,
    institute,
    issuing,
    signed_sample,
    stranger,
)

from jialiang.formats.authenticity.examination import examine
from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.formats.authenticity.verdict import judge
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.dcc.errors import UnsupportedVersion
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.dcc.versions import known_versions
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xades.signing import sign_enveloped

OLD = [each for each in known_versions() if each.startswith("2.")]
ACCUSING = ("damaged", "altered", "损坏", "被改动：")


class Attached:
    """An embedded file as the reader of PDFs gives it."""

    def __init__(self, data):
        self.name, self.data = "certificate.xml", data


def signed_old(version="2.4.0", xml=None, by=None):
    """A certificate of an old version with a signature that holds."""
    xml = xml or certificate_with(version=version, number="OLD-1")
    return sign_enveloped(xml, by or institute(), [issuing().certificate], SIGNING_TIME)


def verdict_on(data, register=None, attachments=None):
    examination = examine(data, trusted=anchors(), at=CHECK_TIME, attachments_of_pdf=attachments)
    return judge(examination, register, CHECK_TIME)


def check(verdict, name):
    return next(each for each in verdict.checks if each.name == name)


def says_nothing_bad(verdict):
    said = [verdict.text, check(verdict, "readable").text]
    return not any(word in text.in_language(language).lower()
                   for text in said for language in ("zh", "en") for word in ACCUSING)  # fmt: skip


@pytest.mark.parametrize("version", OLD)
def test_a_whole_signed_certificate_of_an_old_version_is_unknown_because_of_its_version(version):
    verdict = verdict_on(signed_old(version))
    assert (verdict.verdict, verdict.reason) == ("unknown", "version_not_read")
    assert "OLD-1" in verdict.text.en and "OLD-1" in verdict.text.zh
    readable = check(verdict, "readable")
    assert readable.outcome == "not_checked"
    assert dict(readable.evidence)["code"] == "JL-DCC-002"
    assert version in readable.text.en and version in readable.text.zh
    assert says_nothing_bad(verdict)


def test_its_signature_is_checked_as_of_any_other_file():
    verdict = verdict_on(signed_old())
    for name in ("integrity", "signer", "chain", "time"):
        assert check(verdict, name).outcome == "ok"
    other = stranger()[1]
    foreign = sign_enveloped(certificate_with(version="2.4.0", number="OLD-1"), other, [], SIGNING_TIME)
    verdict = verdict_on(foreign)
    assert (verdict.verdict, verdict.reason) == ("unknown", "version_not_read")
    assert check(verdict, "integrity").outcome == "ok"
    assert check(verdict, "chain").outcome == "failed"


def test_a_change_after_signing_is_still_found():
    verdict = verdict_on(signed_old().replace(b"OLD-1", b"OLD-2"))
    assert (verdict.verdict, verdict.reason) == ("altered", "content_changed")
    assert check(verdict, "readable").outcome == "not_checked"


def test_one_of_this_house_made_old_after_signing_is_altered():
    changed = signed_sample().replace(b'schemaVersion="3.3.0"', b'schemaVersion="2.4.0"')
    assert verdict_on(changed).verdict == "altered"
    bare = dcc_xml(sample_content()).replace(b'schemaVersion="3.3.0"', b'schemaVersion="2.4.0"')
    verdict = verdict_on(bare)
    assert (verdict.verdict, verdict.reason) == ("altered", "content_changed")


def test_a_broken_file_of_an_old_version_is_still_damaged():
    broken = signed_old().replace(b"</dcc:items>", b"</dcc:itms>")
    verdict = verdict_on(broken)
    assert (verdict.verdict, verdict.reason) == ("altered", "unreadable")
    assert "damaged" in check(verdict, "readable").text.en


@pytest.mark.parametrize("name", [each for each in SAMPLES if each.startswith("v2.")])
def test_unsigned_samples_of_old_versions_lack_a_signature_and_nothing_is_said_against_them(oracles, name):
    verdict = verdict_on(sample(oracles, name))
    assert (verdict.verdict, verdict.reason) == ("unknown", "not_signed")
    assert check(verdict, "readable").outcome == "not_checked"
    assert says_nothing_bad(verdict)


@pytest.mark.parametrize("status", ["in_force", "superseded", "withdrawn", "not_registered"])
def test_no_word_of_the_register_makes_an_old_version_genuine(status):
    xml = signed_old()
    register = RegisterFacts(status=status, issued_digests=(sha256_hex(xml),), issued_xml=xml)
    verdict = verdict_on(xml, register)
    assert (verdict.verdict, verdict.reason) == ("unknown", "version_not_read")


def test_inside_a_pdf_it_is_the_same():
    xml = signed_old()
    verdict = verdict_on(b"%PDF-1.7 page", attachments=lambda _: (Attached(xml),))
    assert (verdict.verdict, verdict.reason) == ("unknown", "version_not_read")


@pytest.mark.parametrize("version", ["9.3.0", "2.9.0", "1.0.0", "3.3", "x"])
def test_a_version_that_does_not_exist_is_refused_where_the_signature_holds(version):
    with pytest.raises(UnsupportedVersion) as refused:
        verdict_on(signed_old(version))
    assert refused.value.facts["version"] == version


def test_without_a_number_the_version_is_still_the_reason():
    bare = b'<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" schemaVersion="2.4.0"/>'
    for data in (bare, signed_old(xml=bare)):
        with pytest.raises(UnsupportedVersion):
            verdict_on(data)


def test_a_certificate_without_a_version_is_one_of_the_versions_that_had_no_attribute():
    xml = certificate_with(version="2.4.0", number="OLD-1").replace(b' schemaVersion="2.4.0"', b"")
    with pytest.raises(UnsupportedVersion) as refused:
        read_certificate(xml)
    assert refused.value.facts["version"] == "2.2.0"
    assert verdict_on(signed_old(xml=xml)).reason == "version_not_read"
