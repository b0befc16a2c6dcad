"""The verb behind every form of a certificate: by number or id, issued bytes where there are any, permission first."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.functions import record_world
from tests.functions.record_world import World, build_world

from jialiang.base.certificates.errors import CertificateUnknown
from jialiang.base.certificates.selectors import file_of
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.errors import UnknownEncoding, UnknownNotation
from jialiang.formats.conversion.registry import notations
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.documents.envelopes import parts_in
from jialiang.functions.certificate_forms import form_of, forms_offered
from jialiang.governance.storage.current import current_store
from jialiang.security.audit.models import AuditRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(in_tenant, now) -> World:
    """An institute whose people calibrate."""
    return build_world(in_tenant, now)


@pytest.fixture
def issued(world):
    return record_world.issued_certificate(world)


def stored(certificate, kind: str) -> bytes:
    return current_store().get(file_of(certificate.id, kind).sha256)


def made(world, certificate: str, name: str, wish: Wish | None = None):
    return form_of(actor=world.people["reviewer"], certificate=certificate, name=name, wish=wish or Wish("zh"))


def test_number_and_id_name_the_same_certificate(world, issued) -> None:
    for name in ("xml", "json", "csv"):
        assert made(world, issued.number, name) == made(world, str(issued.id), name)


ISSUED = [("xml", "zh", "xml"), ("pdf", "zh", "pdf_zh"), ("pdf", "en", "pdf_en")]


@pytest.mark.parametrize(("name", "language", "kind"), ISSUED)
def test_what_was_issued_is_handed_out_byte_for_byte(world, issued, name: str, language: str, kind: str) -> None:
    form = made(world, issued.number, name, Wish(language))
    assert form.data == stored(issued, kind)
    assert form.name == file_of(issued.id, kind).file_name


@pytest.mark.parametrize("name", ["json", "cbor", "msgpack"])
def test_lossless_forms_hold_the_issued_xml(world, issued, name: str) -> None:
    (part,) = parts_in("f", made(world, issued.number, name).data)
    assert part.certificate.quantities() == Certificate.read(stored(issued, "xml")).quantities()


def test_another_encoding_is_made_and_not_the_issued_file(world, issued) -> None:
    form = made(world, issued.number, "xml", Wish("zh", "gb18030"))
    assert form.data != stored(issued, "xml")
    assert Certificate.read(form.data).number == issued.number
    with pytest.raises(UnknownEncoding):
        made(world, issued.number, "xml", Wish("zh", "big5"))


def test_forms_offered_are_xml_pages_and_the_registry() -> None:
    names = [each.name for each in forms_offered()]
    assert names[:2] == ["xml", "pdf"]
    assert sorted(names) == sorted({"xml", "pdf", *notations()})


@pytest.mark.parametrize("certificate", ["YZ-1999-C-000001", "", "no number", "' OR 1=1"])
def test_an_unknown_number_is_unknown(world, certificate: str) -> None:
    with pytest.raises(CertificateUnknown):
        made(world, certificate, "json")


def test_an_unknown_id_and_an_unknown_notation(world, issued) -> None:
    with pytest.raises(CertificateUnknown):
        made(world, str(uuid4()), "json")
    with pytest.raises(UnknownNotation):
        made(world, issued.number, "docx")


def test_reading_a_form_leaves_no_act(world, issued) -> None:
    before = AuditRecord.objects.count()
    made(world, issued.number, "data-json")
    assert AuditRecord.objects.count() == before
