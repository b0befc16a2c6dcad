"""Key stores: one conformance test for every adapter, and what the encrypted files do beyond it."""

import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.formats.xades.port import Signer
from jialiang.kernel.text import Text
from jialiang.security.keys import encrypted_files, errors
from jialiang.security.keys.authority import StoredKey, root_certificate
from jialiang.security.keys.current import current_key_store
from jialiang.security.keys.encrypted_files import EncryptedFileKeyStore
from jialiang.security.keys.pkcs8 import encrypted_pem
from jialiang.security.keys.port import KeyStore

PASSPHRASE = "a passphrase for tests, long enough to pass"
ADAPTERS: dict[str, Callable[[Path], KeyStore]] = {
    "encrypted_files": lambda folder: EncryptedFileKeyStore(folder, PASSPHRASE),
}
SHA256 = ec.ECDSA(hashes.SHA256())


@pytest.fixture(params=sorted(ADAPTERS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> KeyStore:
    return ADAPTERS[request.param](tmp_path / "keys")


@pytest.fixture
def files(tmp_path: Path) -> EncryptedFileKeyStore:
    return EncryptedFileKeyStore(tmp_path / "keys", PASSPHRASE)


def test_a_new_key_on_p256_signs_and_its_public_half_verifies(store: KeyStore) -> None:
    public = store.create("seal-1")
    assert isinstance(public.curve, ec.SECP256R1)
    assert store.public_key("seal-1") == public
    signature = store.sign("seal-1", b"content")
    public.verify(signature, b"content", SHA256)
    with pytest.raises(InvalidSignature):
        public.verify(signature, b"contenu", SHA256)


def test_signing_is_deterministic_so_that_a_crash_changes_nothing(store: KeyStore) -> None:
    store.create("seal-1")
    assert store.sign("seal-1", b"content") == store.sign("seal-1", b"content")
    assert store.sign("seal-1", b"content") != store.sign("seal-1", b"other content")


def test_every_key_is_another_one_and_names_are_in_order(store: KeyStore) -> None:
    assert list(store.names()) == []
    assert store.create("seal-2") != store.create("seal-1")
    assert list(store.names()) == ["seal-1", "seal-2"]


def test_a_key_is_never_overwritten(store: KeyStore) -> None:
    public = store.create("seal-1")
    with pytest.raises(errors.KeyExists):
        store.create("seal-1")
    assert store.public_key("seal-1") == public


def test_an_unknown_key_is_not_found(store: KeyStore) -> None:
    for ask in (lambda: store.public_key("nothing"), lambda: store.sign("nothing", b"")):
        with pytest.raises(errors.KeyNotFound):
            ask()


@pytest.mark.parametrize(
    "name", ["", "a", "../escape", "a/b", "A1", "a.b", "-ab", "ab-", "印章", "a" * 101, "ab\n"]
)
def test_a_name_never_leads_out_of_the_store(name: str, store: KeyStore) -> None:
    for ask in (store.create, store.public_key, lambda n: store.sign(n, b"")):
        with pytest.raises(errors.BadKeyName):
            ask(name)


def test_a_signer_belongs_to_the_certificate_of_its_own_key(store: KeyStore, now: object) -> None:
    public = store.create("root-1")
    store.create("root-2")
    certificate = root_certificate(store, "root-1", name=Text(zh="根", en="Root"), now=now)
    signer = store.signer("root-1", certificate)
    assert isinstance(signer, Signer)
    assert signer.certificate == certificate
    public.verify(signer.sign(b"content"), b"content", SHA256)
    with pytest.raises(errors.SealMismatch):
        store.signer("root-2", certificate)


def test_a_store_opened_anew_has_the_same_keys(
    store: KeyStore, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    public = store.create("seal-1")
    again = ADAPTERS[request.node.callspec.params["store"]](tmp_path / "keys")
    assert again.public_key("seal-1") == public
    public.verify(again.sign("seal-1", b"content"), b"content", SHA256)


def test_a_stored_key_signs_and_does_not_come_out(store: KeyStore) -> None:
    public = store.create("seal-1")
    key = StoredKey(store, "seal-1")
    assert (key.public_key(), key.key_size, key.curve.name) == (public, 256, "secp256r1")
    public.verify(key.sign(b"content", SHA256), b"content", SHA256)
    for take_out in (
        key.private_numbers,
        lambda: key.private_bytes(None, None, None),
        lambda: key.exchange(ec.ECDH(), public),
    ):
        with pytest.raises(TypeError):
            take_out()


def test_key_files_are_for_their_owner_only(files: EncryptedFileKeyStore, tmp_path: Path) -> None:
    files.create("seal-1")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "seal-1.pem").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["seal-1.pem"]


def test_another_passphrase_opens_nothing_and_says_what_to_look_at(
    files: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    public = files.create("seal-1")
    stranger = EncryptedFileKeyStore(tmp_path / "keys", PASSPHRASE + "?")
    with pytest.raises(errors.KeyLocked) as caught:
        stranger.sign("seal-1", b"content")
    assert "JIALIANG_KEY_PASSPHRASE" in caught.value.rule.zh
    assert PASSPHRASE not in str(caught.value.to_json())
    assert stranger.public_key("seal-1") == public


@pytest.mark.usefixtures("dear_key_files")
def test_openssl_opens_the_file_with_the_passphrase_and_finds_the_same_key(
    files: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    files.create("seal-1")
    file = tmp_path / "keys" / "seal-1.pem"
    content = file.read_bytes()
    private = tmp_path / "private.pem"
    private.write_bytes(content[content.index(b"-----BEGIN ENCRYPTED") :])
    printed = subprocess.run(
        ["openssl", "pkey", "-in", str(private), "-passin", f"pass:{PASSPHRASE}", "-pubout"],
        capture_output=True,
        check=True,
    )
    assert printed.stdout == content[: content.index(b"-----BEGIN ENCRYPTED")]
    parsed = subprocess.run(
        ["openssl", "asn1parse", "-in", str(private)], capture_output=True, check=True
    ).stdout
    for part in (b"PBES2", b"scrypt", b"aes-256-cbc", b"INTEGER           :4000"):
        assert part in parsed


@settings(deadline=None, max_examples=4)
@given(passphrase=st.text(min_size=1, max_size=60).map(str.encode))
def test_any_key_written_under_any_passphrase_is_read_back(passphrase: bytes) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    read = load_pem_private_key(encrypted_pem(key, passphrase), passphrase)
    assert isinstance(read, ec.EllipticCurvePrivateKey)
    assert read.private_numbers() == key.private_numbers()


def test_a_changed_key_file_never_signs_with_another_key(
    files: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    public = files.create("seal-1")
    file = tmp_path / "keys" / "seal-1.pem"
    whole = file.read_bytes()
    letters = [i for i, byte in enumerate(whole) if chr(byte).isalnum()]
    for position in letters[:: len(letters) // 12]:
        changed = bytes([ord("A") if whole[position] != ord("A") else ord("B")])
        file.write_bytes(whole[:position] + changed + whole[position + 1 :])
        fresh = EncryptedFileKeyStore(tmp_path / "keys", PASSPHRASE)
        try:
            signature = fresh.sign("seal-1", b"content")
        except (errors.KeyLocked, errors.KeyDamaged):
            continue
        public.verify(signature, b"content", SHA256)  # a letter that DER does not look at


@pytest.mark.parametrize(
    "raised", [ValueError("x"), TypeError("x"), UnsupportedAlgorithm("x"), InternalError("x", [])]
)
def test_whatever_the_library_says_of_a_damaged_key_it_is_locked(
    raised: Exception, files: EncryptedFileKeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise raised

    files.create("seal-1")
    monkeypatch.setattr(encrypted_files, "load_pem_private_key", refuse)
    with pytest.raises(errors.KeyLocked) as refused:
        EncryptedFileKeyStore(tmp_path / "keys", PASSPHRASE).sign("seal-1", b"content")
    assert refused.value.facts["name"] == "seal-1"


@pytest.mark.parametrize("content", [b"", b"not a key", b"-----BEGIN PUBLIC KEY-----\n"])
def test_a_file_that_is_no_key_is_damaged(
    content: bytes, files: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    files.create("seal-1")
    (tmp_path / "keys" / "seal-1.pem").write_bytes(content)
    for ask in (lambda: files.public_key("seal-1"), lambda: files.sign("seal-1", b"")):
        with pytest.raises(errors.KeyDamaged):
            ask()


def test_a_file_cut_off_before_its_private_half_is_damaged(
    files: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    files.create("seal-1")
    file = tmp_path / "keys" / "seal-1.pem"
    content = file.read_bytes()
    file.write_bytes(content[: content.index(b"-----BEGIN ENCRYPTED")])
    with pytest.raises(errors.KeyDamaged):
        files.sign("seal-1", b"content")


def test_a_private_half_of_another_key_is_damaged_and_not_used(
    files: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    files.create("seal-1")
    files.create("seal-2")
    halves = {}
    for name in ("seal-1", "seal-2"):
        content = (tmp_path / "keys" / f"{name}.pem").read_bytes()
        cut = content.index(b"-----BEGIN ENCRYPTED")
        halves[name] = (content[:cut], content[cut:])
    (tmp_path / "keys" / "seal-1.pem").write_bytes(halves["seal-1"][0] + halves["seal-2"][1])
    with pytest.raises(errors.KeyDamaged):
        files.sign("seal-1", b"content")


def test_a_changed_file_is_noticed_although_the_key_was_open(
    files: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    files.create("seal-1")
    files.sign("seal-1", b"content")
    (tmp_path / "keys" / "seal-1.pem").write_bytes(b"overwritten")
    with pytest.raises(errors.KeyDamaged):
        files.sign("seal-1", b"content")


def test_of_two_who_make_the_same_key_at_once_one_is_refused(tmp_path: Path) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(3)

    def make() -> None:
        barrier.wait()
        try:
            EncryptedFileKeyStore(tmp_path / "keys", PASSPHRASE).create("seal-1")
            outcomes.append("made")
        except errors.KeyExists:
            outcomes.append("refused")

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused", "refused"]
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["seal-1.pem"]


MAKER = """
import sys
from pathlib import Path
from jialiang.security.keys.encrypted_files import EncryptedFileKeyStore
store = EncryptedFileKeyStore(Path(sys.argv[1]), sys.argv[2])
for number in range(10000):
    store.create(f"key-{number}")
    print(number, flush=True)
"""


def test_a_killed_maker_of_keys_leaves_whole_key_files_only(
    files: EncryptedFileKeyStore, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", MAKER, str(tmp_path / "keys"), PASSPHRASE],
        stdout=subprocess.PIPE,
        text=True,
    ) as maker:
        assert maker.stdout is not None
        acknowledged = [int(maker.stdout.readline()) for _ in range(2)]
        maker.kill()
    names = list(files.names())
    assert {f"key-{number}" for number in acknowledged} <= set(names)
    for name in names:
        files.public_key(name).verify(files.sign(name, b"content"), b"content", SHA256)


def test_the_installations_store_is_opened_once(settings: object) -> None:
    assert current_key_store() is current_key_store()
