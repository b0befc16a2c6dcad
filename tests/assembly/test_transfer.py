"""A tenant as files: out of one installation and into another without loss, or not at all."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from tests.assembly.installation import (
    FILES,
    credit_code,
    empty_database,
    founded,
    institute,
    lively,
    use_folder,
)

from jialiang.assembly import transfer
from jialiang.assembly.archive_errors import (
    ArchiveDamaged,
    ArchiveExists,
    ForeignRows,
    ImportCollides,
    KeysMissing,
    OtherVersion,
    StoredFileMissing,
    TenantPresent,
)
from jialiang.assembly.archive_files import Member, unpacked, write_archive
from jialiang.assembly.founding import found, founder
from jialiang.assembly.stored_tables import tables_now
from jialiang.assembly.transfer import FORMAT, SECRET_TABLES, export_tenant, import_tenant
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.base.organizations.selectors import count_organizations, own_organization
from jialiang.formats.public_keys import unknown_key
from jialiang.functions import organizations
from jialiang.functions.tokens import create_for_another
from jialiang.governance.outbox.selectors import events_after
from jialiang.governance.publication.selectors import answer
from jialiang.governance.storage import current_store
from jialiang.governance.storage.errors import ObjectDamaged
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.audit.selectors import history, verify_chain
from jialiang.security.keys.errors import KeyExists, KeyLocked
from jialiang.security.keys.selectors import has_authority, seal_for
from jialiang.security.tenancy.errors import TenantNotFound
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.selectors import tenant_by_slug, tenants

pytestmark = pytest.mark.django_db(transaction=True)
ORGANIZATIONS = "tables/base_organizations.organization.ndjson"
EVENTS = "tables/governance_outbox.outboxevent.ndjson"
TRAIL = "tables/security_audit.auditrecord.ndjson"
TRAIL_END = "tables/security_audit.audithead.ndjson"
Rows = list[dict[str, Any]]


@pytest.fixture
def elsewhere(settings, tmp_path: Path) -> Callable[..., None]:
    """Become another, empty installation with a data folder of its own."""

    def move(**changes: Any) -> None:
        empty_database()
        shutil.rmtree(tmp_path / "other", ignore_errors=True)
        use_folder(settings, tmp_path / "other", **changes)

    use_folder(settings, tmp_path / "data")
    return move


@pytest.fixture
def archive(elsewhere, tmp_path: Path, now: datetime) -> Path:
    """The archive of a lively institute, keys included; its installation still stands."""
    lively(now)
    export_tenant("nim", tmp_path / "nim.tar.gz", with_keys=True, now=now)
    return tmp_path / "nim.tar.gz"


def contents(file: Path, folder: Path) -> dict[str, bytes]:
    with unpacked(file, FORMAT, folder) as source:
        return {m["name"]: (source.folder / m["name"]).read_bytes() for m in source.manifest["members"]}


def trail_of(data: dict[str, bytes]) -> Rows:
    return [json.loads(line) for line in data[TRAIL].splitlines()]


def added_to_the_trail(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Return the acts that were added; whatever was there is there still, word for word."""
    known = trail_of(before)
    assert all(row in trail_of(after) for row in known)
    (head,) = (json.loads(line) for line in after[TRAIL_END].splitlines())
    assert head["seq"] == max(row["seq"] for row in trail_of(after)) == len(trail_of(after))
    return [row["action"] for row in trail_of(after) if row not in known]


def without_the_trail(data: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in data.items() if name not in (TRAIL, TRAIL_END)}


def members_of(data: dict[str, bytes]) -> list[Member]:
    return [Member(n, len(d), sha256(d).hexdigest(), lambda d=d: BytesIO(d)) for n, d in data.items()]


def rewritten(file: Path, target: Path, **changed: Callable[[Rows], Rows]) -> Path:
    """Write the archive anew with the rows of some tables changed and every digest right: a forger's work."""
    with unpacked(file, FORMAT, target.parent) as source:
        facts = {k: v for k, v in source.manifest.items() if k not in ("format", "version", "members")}
        data = contents(file, target.parent)
    for table, change in changed.items():
        name = f"tables/{table.replace('__', '.')}.ndjson"
        rows = [json.loads(line) for line in data[name].splitlines() if line]
        data[name] = b"".join(json.dumps(row).encode() + b"\n" for row in change(rows))
    write_archive(target, FORMAT, facts, members_of(data))
    return target


def test_what_goes_out_and_in_comes_out_the_same(
    archive: Path, elsewhere, tmp_path: Path, now: datetime
) -> None:
    before = contents(archive, tmp_path)
    elsewhere()
    moved = import_tenant(archive, dry_run=False, now=now)
    export_tenant("nim", tmp_path / "again.tar.gz", with_keys=True, now=now + timedelta(days=1))
    after = contents(tmp_path / "again.tar.gz", tmp_path)
    assert added_to_the_trail(before, after) == ["tenant.import"]
    assert without_the_trail(after) == without_the_trail(before)
    assert (moved.slug, moved.files, moved.keys) == ("nim", 2, 1)
    assert moved.rows["base_organizations.organization"] == 4
    assert sorted(before[f"objects/{sha256(f).hexdigest()}"] for f in FILES) == sorted(FILES)


def test_an_archive_without_keys_comes_out_the_same_too(elsewhere, tmp_path: Path, now: datetime) -> None:
    lively(now)
    export_tenant("nim", tmp_path / "a.tar.gz", with_keys=False, now=now)
    elsewhere()
    import_tenant(tmp_path / "a.tar.gz", dry_run=False, now=now)
    export_tenant("nim", tmp_path / "b.tar.gz", with_keys=False, now=now)
    before, after = (contents(tmp_path / name, tmp_path) for name in ("a.tar.gz", "b.tar.gz"))
    assert added_to_the_trail(before, after) == ["tenant.import"]
    assert without_the_trail(after) == without_the_trail(before)


def test_the_same_archive_is_written_twice_byte_for_byte_but_for_the_first_one_s_record(
    elsewhere, tmp_path: Path, now: datetime
) -> None:
    lively(now)
    export_tenant("nim", tmp_path / "a.tar.gz", with_keys=False, now=now)
    export_tenant("nim", tmp_path / "b.tar.gz", with_keys=False, now=now)
    before, after = (contents(tmp_path / name, tmp_path) for name in ("a.tar.gz", "b.tar.gz"))
    assert added_to_the_trail(before, after) == ["tenant.export"]
    assert without_the_trail(after) == without_the_trail(before)


def test_both_installations_keep_on_record_which_archive_moved(
    archive: Path, elsewhere, now: datetime
) -> None:
    digest = sha256(archive.read_bytes()).hexdigest()
    tenant = tenant_by_slug("nim")
    with scope(tenant.pk):
        (left,) = [row for row in history("tenant", str(tenant.pk)) if row.action == "tenant.export"]
    assert (left.detail["archive_sha256"], left.detail["with_keys"], left.door) == (digest, True, "cli")
    assert (left.detail["files"], left.detail["keys"]) == (2, 1)
    elsewhere()
    import_tenant(archive, dry_run=True, now=now)
    moved = import_tenant(archive, dry_run=False, now=now)
    with scope(tenant.pk):
        (arrived,) = [row for row in history("tenant", str(tenant.pk)) if row.action == "tenant.import"]
    assert arrived.detail["archive_sha256"] == digest
    assert arrived.detail["rows"] == left.detail["rows"] == sum(moved.rows.values())
    assert arrived.detail["made_at"] == "2026-06-16T07:47:30Z"
    assert verify_chain(tenant.pk) == []


def test_an_export_that_cannot_be_put_on_record_leaves_no_archive(
    elsewhere, tmp_path: Path, now: datetime, monkeypatch
) -> None:
    lively(now)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no trail")

    monkeypatch.setattr(transfer, "put_on_record", broken)
    with pytest.raises(RuntimeError):
        export_tenant("nim", tmp_path / "a.tar.gz", with_keys=False, now=now)
    assert list(tmp_path.glob("*.gz")) == []
    monkeypatch.undo()


def test_tokens_of_programs_stay_behind_unless_asked_for(elsewhere, tmp_path: Path, now: datetime) -> None:
    made = lively(now)
    with scope(made.tenant.pk):
        token = create_for_another(
            actor=founder(made.tenant), username="nim-admin", name="bench PC", days=30, now=now
        )
    export_tenant("nim", tmp_path / "without.tar.gz", with_keys=False, now=now)
    export_tenant("nim", tmp_path / "with.tar.gz", with_keys=True, now=now)
    without, whole = (contents(tmp_path / name, tmp_path) for name in ("without.tar.gz", "with.tar.gz"))
    digest = token.row.secret_digest.encode()
    assert not any(digest in data for data in without.values())
    assert digest in whole["tables/security_tokens.apitoken.ndjson"]
    secret = token.text.split("_", 2)[2].encode()
    assert not any(secret in data for data in (*without.values(), *whole.values()))


def test_the_institute_works_on_where_it_arrives(archive: Path, elsewhere, now: datetime) -> None:
    elsewhere()
    import_tenant(archive, dry_run=False, now=now)
    tenant = tenant_by_slug("nim")
    assert verify_chain(tenant.pk) == []
    assert seal_for(tenant, now).signer.sign(b"data")
    with scope(tenant.pk):
        assert own_organization().credit_code == credit_code(1)
        facts = OrganizationFacts(name=Text("新客户", "New"), credit_code=credit_code(900))
        organizations.register(actor=founder(tenant), facts=facts, now=now)
        ids = [event.id for event in events_after(0)]
    assert len(set(ids)) == len(ids)
    assert verify_chain(tenant.pk) == []
    for file in FILES:
        assert current_store().get(sha256(file).hexdigest()) == file


def test_an_installation_without_anything_gets_what_precedes_institutes(
    archive, elsewhere, now: datetime
) -> None:
    elsewhere()
    assert not has_authority()
    import_tenant(archive, dry_run=False, now=now)
    founded(now, "other", 2)
    assert [tenant.slug for tenant in tenants()] == ["nim", "other"]


def test_keys_and_second_factors_stay_behind_unless_asked_for(
    elsewhere, tmp_path: Path, now: datetime
) -> None:
    made = lively(now)
    secret = {"secret": "encrypted"}
    Authenticator.objects.create(user=made.administrator, type="totp", data=secret)
    export_tenant("nim", tmp_path / "without.tar.gz", with_keys=False, now=now)
    export_tenant("nim", tmp_path / "with.tar.gz", with_keys=True, now=now)
    without, whole = (contents(tmp_path / name, tmp_path) for name in ("without.tar.gz", "with.tar.gz"))
    gone = set(whole) - set(without)
    assert {name.partition("/")[0] for name in gone} == {"keys", "tables"}
    assert {f"tables/{table}.ndjson" for table in SECRET_TABLES} <= gone
    assert b"encrypted" in whole["tables/mfa.authenticator.ndjson"]
    assert not any(b"PRIVATE KEY" in data for data in without.values())
    with unpacked(tmp_path / "without.tar.gz", FORMAT, tmp_path) as source:
        assert source.manifest["left_out"] == ["keys", *sorted(SECRET_TABLES)]


def test_a_tenant_without_its_keys_gets_a_new_seal_by_founding_again(elsewhere, tmp_path: Path, now) -> None:
    lively(now)
    export_tenant("nim", tmp_path / "a.tar.gz", with_keys=False, now=now)
    elsewhere()
    import_tenant(tmp_path / "a.tar.gz", dry_run=False, now=now)
    later = now + timedelta(seconds=1)
    again = found(institute(), username="nim-admin", password=lambda: "", now=later)
    assert again.steps == ("seal",)
    assert again.seal.signer.sign(b"data")


def test_only_the_tenant_s_own_rows_go_out(elsewhere, tmp_path: Path, now: datetime) -> None:
    lively(now)
    lively(now, "other", 2)
    export_tenant("nim", tmp_path / "a.tar.gz", with_keys=True, now=now)
    other = str(tenant_by_slug("other").pk).encode()
    data = contents(tmp_path / "a.tar.gz", tmp_path)
    assert data[ORGANIZATIONS].count(b"\n") == 4
    assert not any(other in rows for rows in data.values())


def test_numbers_that_are_taken_are_given_anew_in_their_order(
    archive: Path, elsewhere, tmp_path, now
) -> None:
    names = [json.loads(line)["name"] for line in contents(archive, tmp_path)[EVENTS].splitlines()]
    elsewhere()
    founded(now, "other", 2)
    with everywhere("look at all events"):
        theirs = [event.id for event in events_after(0)]
    import_tenant(archive, dry_run=False, now=now)
    with scope(tenant_by_slug("nim").pk):
        arrived = events_after(0)
    assert [event.name for event in arrived] == names
    assert min(event.id for event in arrived) > max(theirs)


def test_numbers_go_on_after_the_imported_ones(archive: Path, elsewhere, now: datetime) -> None:
    elsewhere()
    import_tenant(archive, dry_run=False, now=now)
    with scope(tenant_by_slug("nim").pk):
        last = events_after(0)[-1].id
    founded(now, "other", 2)
    with scope(tenant_by_slug("other").pk):
        assert events_after(0)[0].id > last


def test_a_dry_run_checks_everything_and_writes_nothing(
    archive: Path, elsewhere, tmp_path, now: datetime
) -> None:
    elsewhere()
    moved = import_tenant(archive, dry_run=True, now=now)
    assert moved.rows["base_organizations.organization"] == 4
    assert tenants() == []
    assert not has_authority()
    assert not (tmp_path / "other" / "keys").exists()
    assert list(current_store().all_digests()) == []


def test_a_dry_run_finds_what_an_import_would(archive: Path, now: datetime) -> None:
    with pytest.raises(TenantPresent):
        import_tenant(archive, dry_run=True, now=now)


def test_a_tenant_that_is_here_is_never_touched(archive: Path, now: datetime) -> None:
    with pytest.raises(TenantPresent) as caught:
        import_tenant(archive, dry_run=False, now=now)
    assert caught.value.facts["slug"] == "nim"
    with scope(tenant_by_slug("nim").pk):
        assert count_organizations() == 4


def nothing_came_in(folder: Path) -> bool:
    keys = folder / "other" / "keys"
    left = [path.name for path in keys.glob("seal-nim-*")] if keys.is_dir() else []
    return not tables_now().rows("security_tenancy.tenant").filter(slug="nim").exists() and left == []


def test_a_sign_in_name_that_is_taken_stops_the_import(
    archive: Path, elsewhere, tmp_path, now: datetime
) -> None:
    elsewhere()
    found(institute("other", 2), username="nim-admin", password=lambda: "vessel-of-bronze-9", now=now)
    with pytest.raises(ImportCollides) as caught:
        import_tenant(archive, dry_run=False, now=now)
    assert "username" in caught.value.facts["reason"]
    assert nothing_came_in(tmp_path)


def test_another_passphrase_is_told_before_anything_is_written(
    archive: Path, elsewhere, tmp_path, now
) -> None:
    elsewhere(key_passphrase="another passphrase of forty characters..")
    with pytest.raises(KeyLocked):
        import_tenant(archive, dry_run=False, now=now)
    assert nothing_came_in(tmp_path)


def test_a_key_of_that_name_is_never_overwritten(
    archive: Path, elsewhere, tmp_path: Path, now: datetime
) -> None:
    name = next(n for n in contents(archive, tmp_path) if n.startswith("keys/"))
    elsewhere()
    (tmp_path / "other" / "keys").mkdir(parents=True)
    (tmp_path / "other" / name).write_bytes(b"mine")
    with pytest.raises(KeyExists):
        import_tenant(archive, dry_run=False, now=now)
    assert (tmp_path / "other" / name).read_bytes() == b"mine"


def test_tables_of_another_version_are_refused_by_name(archive: Path, elsewhere, tmp_path: Path, now) -> None:
    with unpacked(archive, FORMAT, tmp_path) as source:
        facts = {k: v for k, v in source.manifest.items() if k not in ("format", "version", "members")}
    facts["migrations"] = facts["migrations"] | {"base_organizations": ["0001_initial", "0002_future"]}
    write_archive(tmp_path / "later.tar.gz", FORMAT, facts, [])
    elsewhere()
    with pytest.raises(OtherVersion) as caught:
        import_tenant(tmp_path / "later.tar.gz", dry_run=False, now=now)
    assert caught.value.facts["apps"] == "base_organizations"


FOREIGN = "00000000-0000-7000-8000-00000000000f"


def test_rows_of_another_tenant_are_refused(archive: Path, elsewhere, tmp_path: Path, now: datetime) -> None:
    elsewhere()
    other = str(founded(now, "other", 2).tenant.pk)
    forged = rewritten(
        archive,
        tmp_path / "forged.tar.gz",
        base_organizations__organization=lambda rows: [
            rows[0] | {"tenant_id": other, "is_own": False},
            *rows[1:],
        ],
    )
    with pytest.raises(ForeignRows) as caught:
        import_tenant(forged, dry_run=False, now=now)
    assert caught.value.facts["table"] == "base_organizations.organization"
    assert nothing_came_in(tmp_path)


def test_rows_that_point_to_another_tenant_are_refused(
    archive: Path, elsewhere, tmp_path, now: datetime
) -> None:
    elsewhere()
    other = str(founded(now, "other", 2).administrator.pk)
    forged = rewritten(
        archive,
        tmp_path / "forged.tar.gz",
        security_accounts__roleassignment=lambda rows: [row | {"person_id": other} for row in rows],
    )
    with pytest.raises(ForeignRows) as caught:
        import_tenant(forged, dry_run=False, now=now)
    assert caught.value.facts == {"table": "security_accounts.roleassignment", "column": "person_id"}
    assert nothing_came_in(tmp_path)


FORGERIES: list[tuple[str, Callable[[Rows], Rows], type[JialiangError]]] = [
    ("base_organizations__organization", lambda rows: [*rows, rows[0]], ImportCollides),
    ("base_organizations__organization", lambda rows: [{**rows[0], "tenant_id": FOREIGN}], JialiangError),
    ("base_organizations__organization", lambda rows: [{**rows[0], "name_zh": None}], ArchiveDamaged),
    ("base_organizations__organization", lambda rows: [{**rows[0], "is_own": "yes"}], ArchiveDamaged),
    ("base_organizations__organization", lambda rows: [{**rows[0], "is_superuser": True}], ArchiveDamaged),
    ("base_organizations__organization", lambda rows: [{"id": FOREIGN}], ArchiveDamaged),
    (
        "security_accounts__roleassignment",
        lambda rows: [r | {"person_id": FOREIGN} for r in rows],
        JialiangError,
    ),
    ("security_tenancy__tenant", lambda rows: [], JialiangError),
    (
        "security_tenancy__tenant",
        lambda rows: [*rows, rows[0] | {"id": FOREIGN, "slug": "mine"}],
        ForeignRows,
    ),
]


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: f"{forgery[0]}-{forgery[2].__name__}")
def test_a_forged_archive_with_right_digests_comes_in_nowhere(
    archive: Path, elsewhere, tmp_path: Path, now: datetime, forgery
) -> None:
    table, change, problem = forgery
    elsewhere()
    forged = rewritten(archive, tmp_path / "forged.tar.gz", **{table: change})
    with pytest.raises(problem):
        import_tenant(forged, dry_run=False, now=now)
    assert tables_now().rows("security_tenancy.tenant").count() == 0
    assert nothing_came_in(tmp_path)


@pytest.mark.parametrize(
    "table", ["security_keys__authority", "governance_publication__publishedanswer", "x__y"]
)
def test_tables_that_belong_to_no_tenant_do_not_come_in(
    archive, elsewhere, tmp_path, now, table: str
) -> None:
    elsewhere()
    data = b"{}\n"
    member = Member(
        f"tables/{table.replace('__', '.')}.ndjson", 3, sha256(data).hexdigest(), lambda: BytesIO(data)
    )
    with unpacked(archive, FORMAT, tmp_path) as source:
        facts = {k: v for k, v in source.manifest.items() if k not in ("format", "version", "members")}
    write_archive(tmp_path / "forged.tar.gz", FORMAT, facts, [member])
    with pytest.raises(ArchiveDamaged):
        import_tenant(tmp_path / "forged.tar.gz", dry_run=False, now=now)


def test_a_stored_file_under_a_false_name_is_refused(archive: Path, elsewhere, tmp_path: Path, now) -> None:
    elsewhere()
    with unpacked(archive, FORMAT, tmp_path) as source:
        facts = {k: v for k, v in source.manifest.items() if k not in ("format", "version", "members")}
    data = {n: d for n, d in contents(archive, tmp_path).items() if n.startswith("tables/")}
    data[f"objects/{'ab' * 32}"] = b"not what it says"
    write_archive(tmp_path / "forged.tar.gz", FORMAT, facts, members_of(data))
    with pytest.raises(ArchiveDamaged):
        import_tenant(tmp_path / "forged.tar.gz", dry_run=False, now=now)
    assert nothing_came_in(tmp_path)


def test_what_is_not_whole_does_not_go_out(elsewhere, tmp_path: Path, now: datetime) -> None:
    lively(now)
    digest = sha256(FILES[0]).hexdigest()
    file = tmp_path / "data" / "objects" / digest[:2] / digest[2:4] / digest
    whole = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(b"damaged")
    with pytest.raises(ObjectDamaged):
        export_tenant("nim", tmp_path / "a.tar.gz", with_keys=False, now=now)
    file.unlink()
    with pytest.raises(StoredFileMissing) as caught:
        export_tenant("nim", tmp_path / "a.tar.gz", with_keys=False, now=now)
    assert caught.value.facts["table"] == "base_measurement_standards.standardcertificate"
    file.write_bytes(whole)
    for key in (tmp_path / "data" / "keys").glob("seal-*"):
        key.unlink()
    with pytest.raises(KeysMissing):
        export_tenant("nim", tmp_path / "a.tar.gz", with_keys=True, now=now)
    assert not (tmp_path / "a.tar.gz").exists()
    assert export_tenant("nim", tmp_path / "a.tar.gz", with_keys=False, now=now).files == 2


def test_an_unknown_tenant_and_a_file_that_is_there_are_told(archive: Path, tmp_path: Path, now) -> None:
    with pytest.raises(TenantNotFound):
        export_tenant("nobody", tmp_path / "x.tar.gz", with_keys=False, now=now)
    with pytest.raises(ArchiveExists):
        export_tenant("nim", archive, with_keys=False, now=now)


def test_the_public_is_answered_again_after_an_import(archive: Path, elsewhere, now: datetime) -> None:
    elsewhere()
    assert answer(unknown_key("en")) is None
    import_tenant(archive, dry_run=False, now=now)
    assert answer(unknown_key("en")) is not None
