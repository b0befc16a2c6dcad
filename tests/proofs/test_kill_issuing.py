"""A sample of the kill series; ``make proof kill_issuing`` runs the long one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_killed_workers_leave_nothing_half_made():
    url = os.environ.get("JIALIANG_DATABASE_URL", "")
    known = {name: text for name, text in os.environ.items() if not name.startswith(("JIALIANG_", "DJANGO_"))}
    command = [sys.executable, "-m", "tests.proofs.kill_issuing", "--kills", "3", "--seed", "7"]
    ran = subprocess.run(
        [*command, "--database-url", url], env=known, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = json.loads(ran.stdout)
    assert found["problems"] == []
    assert found["certificates"] == 8
