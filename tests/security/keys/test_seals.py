"""The authority, institutes' seals, and the list of those revoked, read back by other programs."""

import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, transaction

from jialiang.formats.xades.port import Signer
from jialiang.kernel.text import Text
from jialiang.security.keys import authority as authority_module
from jialiang.security.keys import errors, selectors, services
from jialiang.security.keys.encrypted_files import EncryptedFileKeyStore
from jialiang.security.keys.models import Authority, SigningKey
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.credit_codes import check_character, why_not_credit_code

INSTITUTE = Text(zh="嘉量示范计量院", en="Jialiang Demonstration Institute")
CREDIT_CODE = "91350100M000100Y43"  # the sample code of GB 32100-2015's public examples


@pytest.fixture(autouse=True)
def key_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EncryptedFileKeyStore:
    store = EncryptedFileKeyStore(tmp_path / "keys", "a passphrase for tests, long enough to pass")
    for module in (services, selectors):
        monkeypatch.setattr(module, "current_key_store", lambda: store)
    return store


@pytest.fixture
def authority(db: None, now: datetime) -> x509.Certificate:
    services.create_authority(now)
    return selectors.authority_certificate()


@pytest.fixture
def seal(authority: x509.Certificate, in_tenant: Tenant, now: datetime) -> SigningKey:
    return services.issue_seal(in_tenant, INSTITUTE, CREDIT_CODE, now)


def test_the_root_signs_itself_for_ten_years_and_may_only_sign_certificates_and_lists(
    authority: x509.Certificate, now: datetime
) -> None:
    authority.verify_directly_issued_by(authority)
    assert (authority.not_valid_after_utc - now).days == 3650
    assert authority.not_valid_before_utc < now
    constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)
    usage = authority.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.key_cert_sign
    assert usage.value.crl_sign
    assert not usage.value.digital_signature


def test_there_is_one_authority_and_a_second_cannot_even_be_written_by_hand(
    authority: x509.Certificate, now: datetime
) -> None:
    with pytest.raises(errors.AuthorityExists):
        services.create_authority(now)
    for only in (True, False):
        with pytest.raises(IntegrityError), transaction.atomic():
            Authority.objects.create(
                id=uuid4(), only=only, name_zh="二", name_en="2", key_name="x", created_at=now
            )


def test_the_fingerprint_is_the_one_that_openssl_prints(authority: x509.Certificate) -> None:
    pem = selectors.authority().certificate_pem
    printed = subprocess.run(
        ["openssl", "x509", "-noout", "-fingerprint", "-sha256"],
        input=pem.encode(),
        capture_output=True,
        check=True,
    )
    assert printed.stdout.decode().strip().split("=")[1] == selectors.authority().fingerprint


def test_a_seal_names_the_institute_and_its_credit_code_for_two_years(
    seal: SigningKey, now: datetime
) -> None:
    certificate = selectors.seal_for(seal.tenant_id).certificate
    subject = certificate.subject
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == INSTITUTE.zh
    assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == INSTITUTE.zh
    assert NameOID.ORGANIZATION_IDENTIFIER.dotted_string == "2.5.4.97"
    identifier = subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)[0].value
    assert identifier == f"NTRCN-{CREDIT_CODE}"
    assert (certificate.not_valid_after_utc - now).days == 730
    assert seal.valid_until == certificate.not_valid_after_utc


def test_a_seal_signs_and_does_not_repudiate_and_nothing_else(seal: SigningKey) -> None:
    usage = selectors.seal_for(seal.tenant_id).certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not (usage.value.key_cert_sign or usage.value.crl_sign or usage.value.key_agreement)


def test_openssl_accepts_the_chain_and_the_signature(seal: SigningKey, tmp_path: Path, now: datetime) -> None:
    view = selectors.seal_for(seal.tenant_id)
    (tmp_path / "root.pem").write_bytes(view.chain[-1].public_bytes(Encoding.PEM))
    (tmp_path / "seal.pem").write_bytes(view.certificate.public_bytes(Encoding.PEM))
    at = str(int((now + timedelta(days=1)).timestamp()))
    verified = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-attime", at, "-CAfile", "root.pem", "seal.pem"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert verified.stdout.decode().strip() == "seal.pem: OK", verified.stderr
    (tmp_path / "data").write_bytes(b"signed by the seal")
    (tmp_path / "signature").write_bytes(view.signer.sign(b"signed by the seal"))
    for command in (
        "openssl x509 -in seal.pem -pubkey -noout -out public.pem",
        "openssl dgst -sha256 -verify public.pem -signature signature data",
    ):
        subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)


def test_the_view_of_a_seal_is_a_signer_and_signs_the_same_bytes_again(seal: SigningKey) -> None:
    view = selectors.seal_for(seal.tenant_id)
    assert isinstance(view.signer, Signer)
    assert view.signer.certificate == view.certificate == view.chain[0]
    assert view.chain[-1] == selectors.authority_certificate()
    assert view.signer.sign(b"content") == view.signer.sign(b"content")
    view.certificate.public_key().verify(view.signer.sign(b"content"), b"content", ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("code", ["", "123", "91350100m000100y43", "91350100M000100Y4 ", "嘉" * 18])
def test_a_seal_needs_a_credit_code(
    code: str, authority: x509.Certificate, in_tenant: Tenant, now: datetime
) -> None:
    with pytest.raises(errors.BadSubject):
        services.issue_seal(in_tenant, INSTITUTE, code, now)
    assert not selectors.signing_keys()


def test_a_credit_code_of_digits_only_is_as_good_as_one_with_letters() -> None:
    digits = "12100000400000001" + check_character("12100000400000001")
    assert digits.isdigit()
    assert why_not_credit_code(digits) == ""
    subject = authority_module.seal_subject(INSTITUTE, digits)
    (found,) = subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    assert found.value == f"NTRCN-{digits}"


@pytest.mark.parametrize(
    "code",
    ["", CREDIT_CODE.lower(), CREDIT_CODE[:-1], CREDIT_CODE + "1", CREDIT_CODE + "\n", "９" * 18, "1" * 17 + "-"],
)
def test_a_credit_code_of_another_form_makes_no_subject(code: str) -> None:
    with pytest.raises(errors.BadSubject):
        authority_module.seal_subject(INSTITUTE, code)


def test_a_name_too_long_for_a_common_name_stands_whole_in_the_organization(
    authority: x509.Certificate, in_tenant: Tenant, now: datetime
) -> None:
    name = Text(zh="示范省计量科学研究院（华东国家计量测试中心示范分中心）")
    services.issue_seal(in_tenant, name, CREDIT_CODE, now)
    subject = selectors.seal_for(in_tenant).certificate.subject
    assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == name.zh
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == CREDIT_CODE


def test_without_an_authority_no_seal_is_issued(in_tenant: Tenant, now: datetime) -> None:
    with pytest.raises(errors.AuthorityMissing) as caught:
        services.issue_seal(in_tenant, INSTITUTE, CREDIT_CODE, now)
    assert "jialiang init" in caught.value.way_out.zh


def test_a_seal_issued_late_in_the_authoritys_life_ends_with_it(
    authority: x509.Certificate, in_tenant: Tenant, now: datetime
) -> None:
    late = services.issue_seal(in_tenant, INSTITUTE, CREDIT_CODE, now + timedelta(days=9 * 365))
    assert late.valid_until == authority.not_valid_after_utc


def test_the_first_list_of_the_authority_is_empty_and_signed(
    authority: x509.Certificate, now: datetime
) -> None:
    listed = selectors.crl()
    assert listed.is_signature_valid(authority.public_key())
    assert len(listed) == 0
    assert listed.next_update_utc == now + timedelta(days=7)


def test_a_revoked_seal_is_on_the_list_at_once_and_no_longer_signs(seal: SigningKey, now: datetime) -> None:
    later = now + timedelta(hours=1)
    services.revoke(seal.id, "key_compromise", later)
    listed = selectors.crl()
    entry = listed.get_revoked_certificate_by_serial_number(int(seal.serial_number, 16))
    assert entry is not None
    assert entry.revocation_date_utc == later
    assert (
        entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
        is x509.ReasonFlags.key_compromise
    )
    assert listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 2
    assert listed.is_signature_valid(selectors.authority_certificate().public_key())
    with pytest.raises(errors.SealMissing):
        selectors.seal_for(seal.tenant_id)
    assert selectors.seal_by_id(seal.id).certificate.serial_number == int(seal.serial_number, 16)


def test_revoking_twice_or_for_an_invented_reason_is_refused(seal: SigningKey, now: datetime) -> None:
    with pytest.raises(errors.BadSubject):
        services.revoke(seal.id, "because", now)
    services.revoke(seal.id, "superseded", now)
    with pytest.raises(errors.SealAlreadyRevoked):
        services.revoke(seal.id, "superseded", now)
    with pytest.raises(errors.SigningKeyUnknown):
        services.revoke(uuid4(), "superseded", now)


def test_the_list_covers_all_institutes_and_the_newest_seal_signs(seal: SigningKey, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    foreign = services.issue_seal(other, Text(zh="另一计量院"), CREDIT_CODE, now)
    newer = services.issue_seal(seal.tenant, INSTITUTE, CREDIT_CODE, now + timedelta(days=30))
    assert selectors.seal_for(seal.tenant_id).id == newer.id
    assert selectors.seal_for(seal.tenant_id, now).id == newer.id or newer.valid_from > now
    assert [key.id for key in selectors.signing_keys()] == [newer.id, seal.id]
    with scope(other.id):
        services.revoke(foreign.id, "cessation_of_operation", now)
    services.revoke(seal.id, "superseded", now)
    assert {entry.serial_number for entry in selectors.crl()} == {
        int(foreign.serial_number, 16),
        int(seal.serial_number, 16),
    }


def test_a_seal_of_another_institute_cannot_be_revoked_from_here(seal: SigningKey, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    with scope(other.id), pytest.raises(errors.SigningKeyUnknown):
        services.revoke(seal.id, "superseded", now)


def test_a_seal_is_in_force_from_its_first_to_its_last_moment(seal: SigningKey, now: datetime) -> None:
    assert selectors.seal_for(seal.tenant_id, now).id == seal.id
    for moment in (seal.valid_from - timedelta(seconds=1), seal.valid_until):
        with pytest.raises(errors.SealMissing):
            selectors.seal_for(seal.tenant_id, moment)


def test_a_swapped_key_file_does_not_sign_under_the_seals_certificate(
    seal: SigningKey, tmp_path: Path, key_store: EncryptedFileKeyStore
) -> None:
    key_store.create("intruder")
    (tmp_path / "keys" / f"{seal.name}.pem").write_bytes((tmp_path / "keys" / "intruder.pem").read_bytes())
    with pytest.raises(errors.SealMismatch):
        selectors.seal_for(seal.tenant_id)
