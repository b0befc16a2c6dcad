"""Seals that follow one another, an authority that ends, lists that grow, and key files that must not be opened."""

import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.formats.xades.chain import certificate_path, not_valid_at
from jialiang.formats.xades.revocation import revocation_finding
from jialiang.kernel.text import Text
from jialiang.security.keys import errors, pkcs8, selectors, services
from jialiang.security.keys.encrypted_files import EncryptedFileKeyStore
from jialiang.security.keys.models import SigningKey
from jialiang.security.keys.port import NAME, checked_name
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

INSTITUTE = Text("嘉量示范计量院", "Jialiang Demonstration Institute")
CREDIT_CODE = "91350100M000100Y43"
PASSPHRASE = "a passphrase for tests, long enough to pass"
DAY = timedelta(days=1)
YEAR = 365 * DAY
SECOND = timedelta(seconds=1)
BACKDATED = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def key_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EncryptedFileKeyStore:
    store = EncryptedFileKeyStore(tmp_path / "keys", PASSPHRASE)
    for module in (services, selectors):
        monkeypatch.setattr(module, "current_key_store", lambda: store)
    return store


@pytest.fixture
def root(db: None, now: datetime) -> x509.Certificate:
    services.create_authority(now)
    return selectors.authority_certificate()


@pytest.fixture
def tenant_of_seals(root: x509.Certificate, in_tenant: Tenant) -> Tenant:
    return in_tenant


def seal(tenant: Tenant, moment: datetime) -> SigningKey:
    return services.issue_seal(tenant, INSTITUTE, CREDIT_CODE, moment)


def certificate(row: SigningKey) -> x509.Certificate:
    return x509.load_pem_x509_certificate(row.certificate_pem.encode())


# --- seals that follow one another ---------------------------------------------------------------------------

# seals issued at these days, some revoked; asked at a day: which one signs
ROTATION = [
    ([0], [], 0, 0),
    ([0], [], 729, 0),
    ([0], [], 731, None),
    ([0], [], -1, None),
    ([0, 700], [], 701, 1),
    ([0, 700], [], 10, 0),
    ([0, 700], [1], 701, 0),
    ([0, 700], [0], 10, None),
    ([0, 700], [0, 1], 701, None),
    ([0, 0], [], 1, 1),
    ([0, 800], [], 750, None),
]


@pytest.mark.parametrize(("issued", "revoked", "asked", "signs"), ROTATION)
def test_the_newest_seal_in_force_and_not_revoked_signs(
    issued: list[int],
    revoked: list[int],
    asked: int,
    signs: int | None,
    tenant_of_seals: Tenant,
    now: datetime,
) -> None:
    rows = [seal(tenant_of_seals, now + day * DAY) for day in issued]
    for number in revoked:
        services.revoke(rows[number].id, "superseded", now)
    if signs is None:
        with pytest.raises(errors.SealMissing):
            selectors.seal_for(tenant_of_seals, now + asked * DAY)
    else:
        assert selectors.seal_for(tenant_of_seals, now + asked * DAY).id == rows[signs].id


def test_each_seal_has_a_key_and_a_serial_number_of_its_own(tenant_of_seals: Tenant, now: datetime) -> None:
    rows = [seal(tenant_of_seals, now) for _ in range(4)]
    certificates = [certificate(row) for row in rows]
    assert len({c.serial_number for c in certificates}) == 4
    assert len({c.public_key().public_numbers().x for c in certificates}) == 4
    assert len({row.name for row in rows}) == 4


def test_what_an_older_seal_signed_is_checked_under_its_own_certificate(
    tenant_of_seals: Tenant, now: datetime
) -> None:
    old, new = seal(tenant_of_seals, now), seal(tenant_of_seals, now + 700 * DAY)
    signature = selectors.seal_by_id(old.id).signer.sign(b"content")
    public = certificate(old).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, b"content", ec.ECDSA(hashes.SHA256()))
    assert selectors.seal_by_id(new.id).signer.sign(b"content") != signature


# --- the authority and what it certifies ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "lasts"),
    [
        (timedelta(0), 2 * YEAR),
        (7 * YEAR, 2 * YEAR),
        (8 * YEAR, 2 * YEAR),
        (8 * YEAR + DAY, 2 * YEAR - DAY),
        (10 * YEAR - DAY, DAY),
        (10 * YEAR - SECOND, SECOND),
    ],
)
def test_a_seal_lasts_two_years_or_as_long_as_the_authority(
    after: timedelta, lasts: timedelta, tenant_of_seals: Tenant, now: datetime
) -> None:
    row = seal(tenant_of_seals, now + after)
    assert row.valid_until - (now + after) == lasts
    assert row.valid_from == now + after - BACKDATED


@pytest.mark.parametrize("after", [10 * YEAR, 10 * YEAR + SECOND, 20 * YEAR])
def test_an_authority_that_has_ended_certifies_nobody(
    after: timedelta, tenant_of_seals: Tenant, root: x509.Certificate, now: datetime
) -> None:
    with pytest.raises(errors.AuthorityExpired) as refused:
        seal(tenant_of_seals, now + after)
    assert refused.value.facts == {"until": root.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert refused.value.http_status == 503
    assert selectors.signing_keys() == []


def test_a_reader_with_the_root_alone_follows_a_seal_from_its_first_to_its_last_moment(
    tenant_of_seals: Tenant, root: x509.Certificate, now: datetime
) -> None:
    leaf = certificate(seal(tenant_of_seals, now))
    path = certificate_path(leaf, [root], [], now)
    assert path == (leaf, root)
    moments = {
        now - BACKDATED - SECOND: leaf,
        now - BACKDATED: None,
        now + 2 * YEAR: None,
        now + 2 * YEAR + SECOND: leaf,
    }
    assert {moment: not_valid_at(path, moment) for moment in moments} == moments


def test_a_reader_believes_the_lists_of_the_authority(
    tenant_of_seals: Tenant, root: x509.Certificate, now: datetime
) -> None:
    row = seal(tenant_of_seals, now)
    path = (certificate(row), root)

    def outcome(signed_at: datetime, asked_at: datetime) -> str:
        return revocation_finding(path, [selectors.crl()], signing_time=signed_at, at=asked_at).outcome

    assert outcome(now, now + DAY) == "ok"
    assert outcome(now, now + 8 * DAY) == "not_checked"  # a list is good for a week
    services.revoke(row.id, "superseded", now + 2 * DAY)
    assert outcome(now, now + 3 * DAY) == "warning"
    assert outcome(now + 2 * DAY, now + 3 * DAY) == "failed"


@pytest.mark.parametrize("reason", sorted(services.REASONS))
def test_each_reason_stands_on_the_list_as_it_was_given(
    reason: str, tenant_of_seals: Tenant, now: datetime
) -> None:
    row = seal(tenant_of_seals, now)
    services.revoke(row.id, reason, now)
    (entry,) = selectors.crl()
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags[reason]
    assert SigningKey.objects.get().revocation_reason == reason


@pytest.mark.parametrize(
    "reason", ["", "unspecified", "remove_from_crl", "keyCompromise", "KEY_COMPROMISE", "lost"]
)
def test_other_reasons_revoke_nothing(reason: str, tenant_of_seals: Tenant, now: datetime) -> None:
    row = seal(tenant_of_seals, now)
    with pytest.raises(errors.BadSubject) as refused:
        services.revoke(row.id, reason, now)
    assert refused.value.facts == {"member": "reason", "given": reason}
    assert len(selectors.crl()) == 0


def test_lists_are_numbered_without_end_and_name_everybody_again(
    tenant_of_seals: Tenant, now: datetime
) -> None:
    rows = [seal(tenant_of_seals, now) for _ in range(3)]
    for number, row in enumerate(rows):
        services.revoke(row.id, "superseded", now + number * SECOND)
        listed = selectors.crl()
        assert listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == number + 2
        assert {entry.serial_number for entry in listed} == {
            int(r.serial_number, 16) for r in rows[: number + 1]
        }
    renewed = services.renew_crl(now + 6 * DAY)
    assert renewed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 5
    assert len(renewed) == 3
    assert (renewed.last_update_utc, renewed.next_update_utc) == (now + 6 * DAY - BACKDATED, now + 13 * DAY)


def test_without_an_authority_there_is_no_list(db: None, now: datetime) -> None:
    for ask in (lambda: services.renew_crl(now), selectors.crl, selectors.authority):
        with pytest.raises(errors.AuthorityMissing):
            ask()
    assert not selectors.has_authority()


def test_seals_of_two_institutes_do_not_sign_for_each_other(tenant_of_seals: Tenant, now: datetime) -> None:
    mine = seal(tenant_of_seals, now)
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    with pytest.raises(errors.SealMissing):
        selectors.seal_for(other, now)
    theirs = services.issue_seal(other, Text("另一院"), CREDIT_CODE, now)
    assert selectors.seal_for(other, now).id == theirs.id
    with scope(other.id):
        with pytest.raises(errors.SealMissing):
            selectors.seal_by_id(mine.id)
        assert [row.id for row in selectors.signing_keys()] == [theirs.id]


# --- key files -----------------------------------------------------------------------------------------------

KEY_NAMES = {
    "seal-1": True, "a1": True, "authority-0123456789abcdef": True, "a" * 100: True, "00": True, "a--b": True,
    "a": False, "": False, "a" * 101: False, "Seal-1": False, "-seal": False, "seal-": False, "seal_1": False,
    "seal.pem": False, "../seal": False, "seal/1": False, "seal\\1": False, "seal 1": False, "seal\n": False,
    "seal\x00": False, "印章": False, "seal-１": False,
}  # fmt: skip


@pytest.mark.parametrize(("name", "usable"), KEY_NAMES.items(), ids=[repr(n)[:20] for n in KEY_NAMES])
def test_which_names_a_key_may_have(
    name: str, usable: bool, key_store: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    if usable:
        assert checked_name(name) == name
        return
    for ask in (key_store.create, key_store.public_key, lambda n: key_store.sign(n, b"")):
        with pytest.raises(errors.BadKeyName):
            ask(name)
    assert not (tmp_path / "keys").exists()


@given(st.from_regex(NAME, fullmatch=True))
@settings(max_examples=40)
def test_no_name_of_a_key_leads_out_of_its_folder(name: str) -> None:
    assert Path("/keys", f"{name}.pem").resolve().parent == Path("/keys")


PASSPHRASES = ["", PASSPHRASE.upper(), PASSPHRASE + " ", PASSPHRASE[:-1], " " + PASSPHRASE, "密码", "\x00"]


@pytest.mark.parametrize("wrong", PASSPHRASES, ids=[repr(p)[:12] for p in PASSPHRASES])
def test_no_other_passphrase_opens_a_key(
    wrong: str, key_store: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    key_store.create("seal-1")
    stranger = EncryptedFileKeyStore(tmp_path / "keys", wrong)
    with pytest.raises(errors.KeyLocked) as refused:
        stranger.sign("seal-1", b"content")
    assert PASSPHRASE not in str(refused.value)


@pytest.mark.parametrize("right", ["a", "密码 with blanks ", "x" * 500, "p\x00q"])
def test_any_passphrase_that_made_a_key_opens_it(right: str, tmp_path: Path) -> None:
    made = EncryptedFileKeyStore(tmp_path / "own", right)
    public = made.create("seal-1")
    again = EncryptedFileKeyStore(tmp_path / "own", right)
    public.verify(again.sign("seal-1", b"content"), b"content", ec.ECDSA(hashes.SHA256()))


def pem(key: ec.EllipticCurvePrivateKey, passphrase: bytes | None = PASSPHRASE.encode()) -> bytes:
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


ONE, OTHER = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
PUBLIC = ONE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
FILES = {
    "both halves of one key, encrypted elsewhere": (pem(ONE), None),
    "the private half in clear": (pem(ONE, None), errors.KeyDamaged),
    "halves of two keys": (
        PUBLIC + pem(OTHER).partition(b"-----END PUBLIC KEY-----\n")[2],
        errors.KeyDamaged,
    ),
    "the public half alone": (PUBLIC, errors.KeyDamaged),
    "the private half alone": (pem(ONE).partition(b"-----END PUBLIC KEY-----\n")[2], errors.KeyDamaged),
    "nothing": (b"", errors.KeyDamaged),
    "words": (b"not a key", errors.KeyDamaged),
    "under another passphrase": (pem(ONE, b"another passphrase"), errors.KeyLocked),
    "cut in the private half": (pem(ONE)[:-60], errors.KeyLocked),
}


@pytest.mark.parametrize(("content", "error"), FILES.values(), ids=FILES)
def test_only_a_whole_encrypted_file_signs(
    content: bytes, error: type[Exception] | None, key_store: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "seal-1.pem").write_bytes(content)
    if error is None:
        ONE.public_key().verify(key_store.sign("seal-1", b"content"), b"content", ec.ECDSA(hashes.SHA256()))
        return
    with pytest.raises(error):
        key_store.sign("seal-1", b"content")


def test_a_key_file_is_for_its_owner_whatever_the_mask_of_the_process(
    key_store: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    before = os.umask(0)
    try:
        key_store.create("seal-1")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "seal-1.pem").stat().st_mode) == 0o600


def test_two_files_of_one_key_and_passphrase_have_nothing_in_common(key_store: EncryptedFileKeyStore) -> None:
    first, second = (pkcs8.encrypted_pem(ONE, PASSPHRASE.encode()) for _ in range(2))
    common = set(first.splitlines()[1:-1]) & set(second.splitlines()[1:-1])
    assert len(common) <= 1  # the first line may name the same algorithms
    for each in (first, second):
        opened = load_pem_private_key(each, PASSPHRASE.encode())
        assert isinstance(opened, ec.EllipticCurvePrivateKey)
        assert opened.private_numbers() == ONE.private_numbers()


def test_files_that_are_no_keys_are_no_names_of_keys(
    key_store: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    for name in ("b-key", "a-key"):
        key_store.create(name)
    (tmp_path / "keys" / ".unfinished-00").write_bytes(b"")
    (tmp_path / "keys" / "notes.txt").write_bytes(b"")
    assert list(key_store.names()) == ["a-key", "b-key"]
