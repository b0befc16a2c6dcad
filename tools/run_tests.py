"""Run every test: all on SQLite, those with a browser in processes of their own, then the stored ones on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

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


def main() -> int:
    """Return pytest's status, the first that is not 0."""
    common = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-q"]
    if sys.argv[1:]:
        return subprocess.run([*common, *sys.argv[1:]], cwd=ROOT, check=False).returncode
    first = subprocess.run([*common, "-m", "not browser"], cwd=ROOT, check=False).returncode
    for folder in WITH_BROWSER:  # a browser leaves an event loop in its process, which other tests cannot have
        print(f"\n== by browser: {folder} ==", flush=True)
        seen = subprocess.run([*common, "-m", "browser", folder], cwd=ROOT, check=False).returncode
        first = first or seen
    folders = [f"tests/{name}" for name in ON_DATABASES if (ROOT / "tests" / name).is_dir()]
    environment = os.environ | {"JIALIANG_DATABASE_URL": POSTGRES}
    print("\n== once more on PostgreSQL ==", flush=True)
    second = subprocess.run(
        [*common, "-m", "not browser and not slow", *folders], cwd=ROOT, env=environment, check=False
    ).returncode
    return first or second


if __name__ == "__main__":
    sys.exit(main())
