"""Settings of the test run: demo secrets, a data folder of its own, the database named by JIALIANG_DATABASE_URL.

Workers of a parallel run inherit their controller's environment; each gets a folder of its own below the
controller's, for who clears a cache there would forget what another worker counts.
"""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("JIALIANG_DEMO", "1")
os.environ.setdefault("JIALIANG_DATA_DIR", tempfile.mkdtemp(prefix="jialiang-tests-"))
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    own = Path(os.environ["JIALIANG_DATA_DIR"]) / worker
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["JIALIANG_DATA_DIR"] = str(own)

from jialiang.assembly.django_settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one costs 50 ms a sign-in
