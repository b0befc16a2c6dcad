"""Run every test: all on SQLite, those with a browser in processes of their own, then the stored ones on PostgreSQL.

PostgreSQL gets every test of what is stored, and three cases of each; ``tools/run_tests.py postgres`` gives it all.
"""

import os
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
ON_DATABASES = [
    "security",
    "governance",
    "base",
    "information",
    "functions",
    "business",
    "integration",
    "assembly",
]
WITH_BROWSER = ["tests/console", "tests/journeys"]
POSTGRES = os.environ.get("JIALIANG_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
CASES_ON_POSTGRES = 3
NICER = 5
COMMON = [sys.executable, "-m", "pytest", "--dist", "loadfile", "-q"]


def main() -> int:
    """Return pytest's status, the first that is not 0."""
    if sys.argv[1:] == ["postgres"]:
        return on_postgres()
    if sys.argv[1:]:
        return tests("-n", "2", *sys.argv[1:])
    statuses = [tests("-n", "3", "-m", "not browser")]  # some wait for processes of their own
    with tempfile.TemporaryFile("w+") as said, ThreadPoolExecutor(1) as beside:
        # A browser waits most of its time: the other database takes what it leaves, and is told of afterwards.
        other = beside.submit(on_postgres, CASES_ON_POSTGRES, said)
        for folder in WITH_BROWSER:  # a browser leaves an event loop in its process, which other tests cannot have
            print(f"\n== by browser: {folder} ==", flush=True)
            statuses.append(tests("-n", "2", "-m", "browser", folder))
        statuses.append(other.result())
        said.seek(0)
        print(f"\n== once more on PostgreSQL ==\n{said.read()}", flush=True)
    return next(filter(None, statuses), 0)


def tests(*arguments: str, out: IO[str] | None = None, niceness: int = 0, **settings: str) -> int:
    """Run pytest with what every run has; return its status."""
    command = ["nice", "-n", str(niceness), *COMMON, *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | settings, stdout=out, stderr=out, check=False).returncode


def on_postgres(cases: int = 0, out: IO[str] | None = None) -> int:
    """Run the tests of stored things there, so many cases of each (0: all).

    An absent server is told by name, and fails where CI is true.
    """
    address = urlsplit(POSTGRES)
    try:
        socket.create_connection((address.hostname or "127.0.0.1", address.port or 5432), 5).close()
    except OSError as problem:
        print(f"PostgreSQL is absent: {problem} (JIALIANG_TEST_POSTGRES says where it is)", file=out, flush=True)
        return int(os.environ.get("CI") == "true")
    folders = [f"tests/{name}" for name in ON_DATABASES if (ROOT / "tests" / name).is_dir()]
    chosen = ("-n", "2", "-m", "not browser and not slow", *folders)
    settings = {"JIALIANG_DATABASE_URL": POSTGRES, "CASES_OF_EACH_TEST": str(cases)}
    return tests(*chosen, out=out, niceness=NICER if out else 0, **settings)


if __name__ == "__main__":
    sys.exit(main())
