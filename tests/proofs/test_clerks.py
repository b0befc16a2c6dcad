"""A sample of the clerks at once; ``make proof NAME=clerks`` lets a hundred of them work."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import psycopg
import pytest
from tests.conftest import absent
from tests.proofs.clerks import POSTGRES
from tests.serving import ROOT, without_settings

SECONDS = 300


@pytest.fixture
def server() -> str:
    """The address of a PostgreSQL server that may create databases."""
    address = os.environ.get("JIALIANG_TEST_POSTGRES", POSTGRES)
    try:
        psycopg.connect(address.rpartition("/")[0] + "/postgres", connect_timeout=5).close()
    except psycopg.OperationalError as problem:
        absent("PostgreSQL", f"{str(problem).strip()[:200]}; set JIALIANG_TEST_POSTGRES=postgresql://…")
    return address


@pytest.mark.slow
@pytest.mark.postgres
def test_clerks_at_once_lose_and_double_nothing_over_http(server: str):
    options = ["--clerks", "6", "--jobs", "2", "--seed", "7", "--database-url", server]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.proofs.clerks", *options],
        env=without_settings(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = json.loads(ran.stdout)
    assert found["problems"] == []
    assert (found["intakes"], found["certificates"], found["failed_requests"]) == (12, 12, 0)
    assert found["requests"] >= 12 * 5
