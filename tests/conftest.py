"""What all tests share: where the oracles lie, Django on a data folder of its own, an institute and its scope."""

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from jialiang.kernel.text import Text
from jialiang.security.audit import triggers
from jialiang.security.keys import pkcs8
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from tests.sampled_cases import sampled

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"
hypothesis_settings.register_profile("unhurried", deadline=None)  # other work on the machine is no fault
hypothesis_settings.load_profile("unhurried")
AUDIT_UNGUARDED = pytest.StashKey[DjangoDbBlocker]()
KEY_FILE_COST = pkcs8.COST


def pytest_configure() -> None:
    """Look for rings of garbage seldom: the tests of one process hold millions of things that stay."""
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep so many cases of each test as ``CASES_OF_EACH_TEST`` says, all without it."""
    most = int(os.environ.get("CASES_OF_EACH_TEST", "0"))
    if most:
        items[:], left_out = sampled(items, most)
        config.hook.pytest_deselected(items=left_out)


def absent(what: str, reason: str) -> None:
    """Skip by name where something is absent; with CI=true that is a failure."""
    message = f"{what} is absent: {reason}"
    if IN_CI:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session", autouse=True)
def _cheap_key_files() -> Iterator[None]:
    """Encrypt key files fast: their price is tested with the key store, and every institute of a test has two."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pkcs8, "COST", 16)
        yield


@pytest.fixture
def dear_key_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Encrypt key files at the product's price."""
    monkeypatch.setattr(pkcs8, "COST", KEY_FILE_COST)


@pytest.fixture(scope="session")
def oracles() -> Path:
    """The folder of third-party vectors and schemas that tests compare with."""
    folder = Path(os.environ.get("JIALIANG_ORACLES", ROOT.parent / "shared" / "data")).resolve()
    if not folder.is_dir():
        absent("oracles", f"no folder {folder}; set JIALIANG_ORACLES")
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Give this run a database of its own: a file for SQLite (threads share it), a name for PostgreSQL."""
    own = f"jialiang_test_{os.getpid()}"
    on_sqlite = connection.vendor == "sqlite"
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = (
        str(settings.JIALIANG.data_dir / f"{own}.sqlite3") if on_sqlite else own
    )
    connection.settings_dict["TEST"]["NAME"] = settings.DATABASES["default"]["TEST"]["NAME"]


@pytest.fixture(scope="session", autouse=True)
def _quick_emptying() -> Iterator[None]:
    """Empty PostgreSQL by DELETE: TRUNCATE makes every table and index anew, seconds after each test that commits."""
    truncating = DatabaseOperations.sql_flush

    def deleting(ops: Any, style: Any, tables: Any, *, reset_sequences: bool = False, **options: Any) -> Any:
        if reset_sequences:
            return truncating(ops, style, tables, reset_sequences=True, **options)
        deletions = [f"DELETE FROM {ops.quote_name(table)}" for table in tables]
        role = "SET LOCAL session_replication_role = {}"  # no trigger and no foreign key stands in the way
        return [role.format("replica"), *deletions, role.format("DEFAULT")] if deletions else []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", deleting)
        yield


@pytest.fixture(autouse=True)
def _flushable_audit(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a test with real transactions be cleaned up: the audit trail refuses to be emptied otherwise."""
    marker = request.node.get_closest_marker("django_db")
    real = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not real and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    request.node.stash[AUDIT_UNGUARDED] = request.getfixturevalue("django_db_blocker")
    with connection.schema_editor() as editor:
        triggers.drop(editor)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Put the guards of the audit trail back once the database has been emptied; after the last test it is gone."""
    outcome = yield
    if AUDIT_UNGUARDED in item.stash and nextitem is not None:
        with item.stash[AUDIT_UNGUARDED].unblock(), connection.schema_editor() as editor:
            triggers.drop(editor)
            triggers.create(editor)
    return outcome


@pytest.fixture
def now() -> datetime:
    """The moment at which tests take place."""
    return datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)


@pytest.fixture
def tenant(db: None, now: datetime) -> Tenant:
    """An institute."""
    name = Text(zh="嘉量示范计量院", en="Jialiang Demonstration Institute of Metrology")
    return create_tenant(slug="demo-institute", name=name, time_zone="Asia/Shanghai", now=now)


@pytest.fixture
def in_tenant(tenant: Tenant) -> Iterator[Tenant]:
    """The institute, in scope for the whole test."""
    with scope(tenant.id):
        yield tenant


@pytest.fixture
def postgres(db: None) -> None:
    """Skip by name what only PostgreSQL can show when the run is on SQLite."""
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only: set JIALIANG_DATABASE_URL=postgresql://…")
