"""Numbers, jobs, events, answers and the audit chain once more on PostgreSQL, when the run itself is on SQLite."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from tests.conftest import absent

SERVER = os.environ.get("JIALIANG_TEST_POSTGRESQL", "postgresql://root@127.0.0.1:5432/test")
ROOT = Path(__file__).resolve().parents[2]
CONCURRENT = (
    "tests/governance/counters",
    "tests/governance/jobs",
    "tests/governance/outbox",
    "tests/governance/publication",
    "tests/security/audit",
    "tests/security/tenancy",
)


@pytest.mark.postgres
@pytest.mark.slow
def test_many_at_once_get_along_on_postgresql_too() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("this very run is on PostgreSQL")
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError as problem:
        absent("PostgreSQL", f"{SERVER}: {problem}")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *CONCURRENT],
        cwd=ROOT,
        env={**os.environ, "JIALIANG_DATABASE_URL": SERVER},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout[-4000:]
    assert " passed" in run.stdout
    assert "skipped" not in run.stdout
