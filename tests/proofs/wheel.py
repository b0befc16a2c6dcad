"""Install the wheel alone in a fresh environment, without npm and without the checkout, and run the main job in it.

    python -m tests.proofs.wheel [--keep FOLDER]

Then: ``jialiang demo --once`` ends with 0 and leaves its files; a real installation is founded, checked, backed up and
restored; no file of the checkout is read (the commands run with an empty PATH for npm and in a folder of their own).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LEFT = ("certificate.xml", "certificate.zh.pdf", "certificate.en.pdf", "ca.pem", "qr.png", "report.json")
SECRETS = {"JIALIANG_SECRET_KEY": "proof-" * 8, "JIALIANG_KEY_PASSPHRASE": "wheel-" * 8}
FOUND = ("--institute-zh", "示范计量院（虚构）", "--credit-code", "12100000DEM0000015", "--short-code", "GJ")


def main() -> int:
    """Run the proof; 0 when all of it holds."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--keep", type=Path, help="folder to work in and to leave (default: a temporary one)"
    )
    keep = arguments.parse_args().keep
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        return prove(keep.resolve())
    with tempfile.TemporaryDirectory(prefix="jialiang-wheel-") as folder:
        return prove(Path(folder))


def prove(folder: Path) -> int:
    """Build, install, run, look."""
    begun = time.monotonic()
    wheel = built(folder)
    say(f"{wheel.name}: {wheel.stat().st_size / 1024**2:.1f} MiB")
    command = installed(folder, wheel)
    say(f"installed after {time.monotonic() - begun:.0f} s")
    where = ran(command.parent / "python", "-c", "import jialiang; print(jialiang.__file__)", folder=folder)
    assert not Path(where.strip()).is_relative_to(ROOT), where
    demonstration(command, folder)
    operation(command, folder)
    say(
        f"holds: the wheel alone runs the main job and a real installation ({time.monotonic() - begun:.0f} s)"
    )
    return 0


def built(folder: Path) -> Path:
    """Return the wheel of the checkout."""
    ran(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", folder=ROOT)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def installed(folder: Path, wheel: Path) -> Path:
    """Install the wheel with its extra ``platform`` and return the command."""
    venv.create(folder / "venv", with_pip=True)
    pip = (folder / "venv" / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet")
    ran(*pip, "install", "-c", ROOT / "constraints.txt", f"{wheel}[platform]", folder=folder)
    return folder / "venv" / "bin" / "jialiang"


def demonstration(command: Path, folder: Path) -> None:
    """The demonstration leaves its files and every verdict is as meant."""
    ran(command, "demo", "--once", "--out", folder / "demo", folder=folder)
    missing = [name for name in LEFT if not (folder / "demo" / name).is_file()]
    assert not missing, missing
    report = json.loads((folder / "demo" / "report.json").read_text(encoding="utf-8"))
    verdicts = {entry["file"]: entry["verdict"] for entry in report["verdicts"]}
    assert set(verdicts.values()) == {"genuine", "expired", "superseded", "withdrawn", "altered", "unknown"}
    say(f"demo: {len(verdicts)} verdicts, {report['seconds']} s")


def operation(command: Path, folder: Path) -> None:
    """A real installation is founded, checked, backed up, restored and checked again."""
    (folder / "password").write_text("vessel-of-bronze-9\n")
    here = {"JIALIANG_DATA_DIR": str(folder / "data"), **SECRETS}
    told(command, "init", *FOUND, "--password-file", folder / "password", folder=folder, environment=here)
    document = told(command, "check", folder=folder, environment=here)
    assert document["holds"], document
    told(command, "backup", folder / "backup.tar.gz", folder=folder, environment=here)
    there = here | {"JIALIANG_DATA_DIR": str(folder / "restored")}
    told(command, "restore", folder / "backup.tar.gz", folder=folder, environment=there)
    again = told(command, "check", folder=folder, environment=there)
    assert again["holds"], again
    assert again["findings"] == [], again["findings"]
    say("init, check, backup, restore, check: hold")


def told(command: Path, *words: object, folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Run a command with ``--json`` and return what it said."""
    document: dict[str, Any] = json.loads(
        ran(command, *words, "--json", folder=folder, environment=environment)
    )
    return document


def ran(*words: object, folder: Path, environment: dict[str, str] | None = None) -> str:
    """Run a program in a folder, outside every environment of ours; stop where it fails."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("JIALIANG_", "PYTHON", "DJANGO_", "VIRTUAL_"))
    }
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=kept | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def say(line: str) -> None:
    """Tell how far it is."""
    print(f"· {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
