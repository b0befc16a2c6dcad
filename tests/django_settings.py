"""Settings of the test run: demo secrets, a data folder of its own, the database named by JIALIANG_DATABASE_URL."""

import os
import tempfile

os.environ.setdefault("JIALIANG_DEMO", "1")
os.environ.setdefault("JIALIANG_DATA_DIR", tempfile.mkdtemp(prefix="jialiang-tests-"))

from jialiang.assembly.django_settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one costs 50 ms a sign-in
