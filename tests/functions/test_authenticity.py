"""The public checker on real files: genuine, expired, superseded, withdrawn, altered, unknown."""

from __future__ import annotations

import io
import random
import re
from datetime import timedelta

import pikepdf
import pytest
from tests.formats import sample_keys
from tests.functions import record_world
from tests.functions.record_world import PASSWORD, World, build_world

from jialiang.base.certificates import selectors
from jialiang.base.certificates.errors import FakeReportEmpty
from jialiang.base.certificates.models import FakeReport
from jialiang.formats.authenticity.errors import NotReadable
from jialiang.formats.xades.port import PrivateKeySigner
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.functions import authenticity, calibrations, certificates
from jialiang.functions.authenticity import FakeSeen
from jialiang.functions.certificates import Confirmation
from jialiang.governance.storage.current import current_store
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.ids import grouped_code
from jialiang.kernel.text import Text
from jialiang.security.audit.selectors import page as audit_page
from jialiang.security.tenancy.scope import scope

REASON = Text("原始记录有误", "The record was wrong")


@pytest.fixture
def world(tenant, now) -> World:
    with scope(tenant.id):
        return build_world(tenant, now)


@pytest.fixture
def issued(world):
    with scope(world.tenant.id):
        return record_world.issued_certificate(world, due_date_agreed=True, agreed_interval_months=12)


def _file(world: World, certificate, kind: str = "xml") -> bytes:
    with scope(world.tenant.id):
        return current_store().get(selectors.file_of(certificate.id, kind).sha256)


def _verdict(data: bytes, at, name: str = "certificate.xml") -> str:
    return authenticity.check_file(data=data, name=name, now=at).verdict.verdict


def _ask(certificate, at, code: str = ""):
    return authenticity.check_by_code(number=certificate.number, code=code or certificate.check_code, now=at)


def test_every_issued_file_is_genuine_and_in_force(world, issued):
    for kind in ("xml", "pdf_zh", "pdf_en"):
        checked = authenticity.check_file(data=_file(world, issued, kind), name=kind, now=world.now)
        assert checked.verdict.verdict == "genuine"
        assert checked.answer.certificate.number == issued.number
        assert {check.outcome for check in checked.answer.checks} <= {"ok", "not_checked"}


def test_number_and_code_or_identifier_and_code_are_answered(world, issued):
    by_number = _ask(issued, world.now)
    typed = f" {issued.number.lower()} "
    grouped = grouped_code(issued.check_code).lower()
    loosely = authenticity.check_by_code(number=typed, code=grouped, now=world.now)
    with scope(world.tenant.id):
        identifier = selectors.certificate(issued.id).identifier.text
    by_identifier = authenticity.check_by_identifier(
        identifier=identifier, code=issued.check_code, now=world.now
    )
    assert by_number == loosely == by_identifier
    assert by_number.verdict == "genuine"
    assert by_number.certificate.results.rows[0][:2] == ("22", by_number.certificate.results.rows[0][1])


def test_a_wrong_code_gets_the_same_answer_as_a_number_that_was_never_given(world, issued):
    wrong = _ask(issued, world.now, code="0" * 13)
    never = authenticity.check_by_code(number=issued.number, code="1" * 13, now=world.now)
    nobody = authenticity.check_by_code(number="YZ-2026-C-999999", code=issued.check_code, now=world.now)
    assert wrong == never
    assert (wrong.verdict, wrong.certificate) == ("unknown", None)
    assert (nobody.verdict, nobody.certificate) == ("unknown", None)


def test_a_certificate_that_is_still_being_issued_is_not_known(world):
    with scope(world.tenant.id):
        numbered = record_world.numbered_certificate(world)
    assert _ask(numbered, world.now).verdict == "unknown"


def test_after_the_agreed_day_it_is_genuine_but_expired(world, issued):
    last_moment = world.now.replace(year=2027, month=6, day=15, hour=15, minute=59)
    assert _ask(issued, last_moment).verdict == "genuine"
    after = last_moment + timedelta(minutes=1)
    assert _ask(issued, after).verdict == "expired"
    assert _verdict(_file(world, issued), after) == "expired"


def test_a_withdrawn_certificate_says_since_when_and_why(world, issued):
    with scope(world.tenant.id):
        certificates.withdraw(
            actor=world.people["signatory"],
            certificate_id=issued.id,
            reason=REASON,
            confirmation=Confirmation(password=PASSWORD),
            now=world.now + timedelta(hours=1),
        )
    checked = authenticity.check_file(data=_file(world, issued), name="a.xml", now=world.now + timedelta(hours=2))
    assert checked.verdict.verdict == checked.answer.verdict == "withdrawn"
    assert checked.answer.reason == REASON
    assert checked.answer.since == "2026-06-16T16:47:30+08:00"
    assert _ask(issued, world.now + timedelta(hours=2)).verdict == "withdrawn"


def test_a_superseded_certificate_names_its_successor(world, issued):
    with scope(world.tenant.id):
        copy = certificates.amend(
            actor=world.people["signatory"], certificate_id=issued.id, reason=REASON, now=world.now
        )
        calibrations.submit(actor=world.people["technician"], calibration_id=copy.id, now=world.now)
        record_world.pass_review(world, copy.id)
        second = record_world.approve(world, copy.id)
        certificates.finish(actor=world.worker(), certificate_id=second.id, now=world.now)
    for kind in ("xml", "pdf_zh"):
        checked = authenticity.check_file(data=_file(world, issued, kind), name=kind, now=world.now)
        assert checked.verdict.verdict == "superseded"
        assert checked.answer.superseded_by_number == second.number
        assert second.check_code in checked.answer.superseded_by_url
    assert _verdict(_file(world, second), world.now) == "genuine"


def test_a_changed_figure_is_altered_and_the_difference_is_named(world, issued):
    xml = _file(world, issued)
    value = re.search(rb"<si:valueXMLList>([^<]+)<", xml).group(1)
    forged = xml.replace(value, value.replace(b"2", b"3", 1), 1)
    checked = authenticity.check_file(data=forged, name="forged.xml", now=world.now)
    assert checked.answer.verdict == "altered"
    assert checked.answer.differences


@pytest.mark.parametrize("seed", range(3))
def test_random_changes_of_one_byte_are_never_genuine(world, issued, seed):
    xml = bytearray(_file(world, issued))
    dice = random.Random(seed)
    outcomes = set()
    for _ in range(40):
        place = dice.randrange(len(xml))
        changed = bytes(xml[:place]) + bytes([xml[place] ^ (1 << dice.randrange(8))]) + bytes(xml[place + 1 :])
        try:
            outcomes.add(_verdict(changed, world.now))
        except JialiangError:
            outcomes.add("refused")
    assert "genuine" not in outcomes
    assert "altered" in outcomes


def test_a_page_painted_over_is_altered_though_its_xml_is_genuine(world, issued):
    with pikepdf.open(io.BytesIO(_file(world, issued, "pdf_zh"))) as pdf:
        pdf.add_blank_page()
        painted = io.BytesIO()
        pdf.save(painted)
    checked = authenticity.check_file(data=painted.getvalue(), name="painted.pdf", now=world.now)
    assert checked.verdict.verdict == "altered"
    assert checked.verdict.reason == "page_not_as_issued"


def test_a_removed_signature_is_altered(world, issued):
    bare = re.sub(rb"<ds:Signature .*</ds:Signature>", b"", _file(world, issued), flags=re.DOTALL)
    assert _verdict(bare, world.now) in ("altered", "unknown")
    assert _verdict(bare, world.now) == "altered"


def test_signed_again_under_another_authority_is_unknown(world, issued):
    bare = re.sub(rb"<ds:Signature .*</ds:Signature>", b"", _file(world, issued), flags=re.DOTALL)
    key = sample_keys.key("somebody else's seal")
    own = sample_keys.certificate("云泽市计量测试院", key, None)
    stranger = PrivateKeySigner(key, own)
    assert _verdict(sign_enveloped(bare, stranger, (), issued.signing_time), world.now) == "unknown"


def test_what_is_no_certificate_is_refused_and_not_judged(world, issued):
    with pytest.raises(NotReadable):
        authenticity.check_file(data=b"hello", name="a.txt", now=world.now)


def test_a_report_of_a_fake_reaches_the_institute_of_the_number(world, issued):
    report_id = authenticity.report_fake(
        seen=FakeSeen(number=issued.number, description="印章模糊", contact="a@example.org"), now=world.now
    )
    with scope(world.tenant.id):
        report = FakeReport.objects.get(pk=report_id)
        assert (report.certificate_id, report.description) == (issued.id, "印章模糊")
        assert audit_page(limit=1)[0].action == "fake.report"
    with pytest.raises(FakeReportEmpty):
        authenticity.report_fake(seen=FakeSeen(contact="a@example.org"), now=world.now)


def test_an_issued_file_is_handed_out_by_its_digest_only(world, issued):
    xml = _file(world, issued)
    digest = _ask(issued, world.now).certificate.files[0].sha256
    assert authenticity.issued_file(sha256=digest) == (f"{issued.number}.xml", xml)
    assert authenticity.issued_file(sha256="0" * 64) is None
