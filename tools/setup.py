"""Make this checkout ready: the environment, the packages, the browser assets, the translations.

Runs with nothing but the standard library. Each step is left out when what it rests on has not changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PIP = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
DEBIAN_PACKAGES = {
    "chromium": "chromium",
    "xmlsec1": "xmlsec1",
    "qpdf": "qpdf",
    "pdftoppm": "poppler-utils",
    "wrk": "wrk",
}


def main() -> int:
    """Set up for ``demo`` or ``test``."""
    purpose = sys.argv[1] if len(sys.argv) > 1 else "demo"
    environment()
    python_packages(purpose)
    browser_assets()
    translations()
    if purpose == "test":
        debian_packages()
    return 0


def environment() -> None:
    """Create .venv once."""
    if not (VENV / "bin" / "python").exists():
        say("creating .venv")
        run([sys.executable, "-m", "venv", str(VENV)])


def python_packages(purpose: str) -> None:
    """Install the project in place with its extras, and the test tools where they are wanted."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    wanted = ["-e", f"{ROOT}[platform,postgres]", "babel>=2.16"]  # Babel compiles the catalogues of a checkout
    if purpose == "test":
        wanted += [*groups["test"], *groups["lint"], "build", "hatchling"]
    stamp = VENV / f".stamp-{purpose}"
    constraints = ROOT / "constraints.txt"
    mark = fingerprint(ROOT / "pyproject.toml", constraints)
    if up_to_date(stamp, mark) or (purpose == "demo" and up_to_date(VENV / ".stamp-test", mark)):
        return
    say("installing Python packages")
    run([*PIP, "install", "-c", str(constraints), *wanted])
    stamp.write_text(mark)


def browser_assets() -> None:
    """Fetch stylesheets, scripts and fonts by npm; nothing of them is committed."""
    stamp = ROOT / "node_modules" / ".stamp"
    mark = fingerprint(ROOT / "package.json", ROOT / "package-lock.json")
    if up_to_date(stamp, mark):
        return
    if not shutil.which("npm"):
        sys.exit("npm is needed for stylesheets and fonts: install Node.js 20 or later")
    say("installing browser assets")
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_text(mark)


def translations() -> None:
    """Compile the message catalogues."""
    run([str(VENV / "bin" / "python"), str(ROOT / "tools" / "messages.py"), "compile"])


def debian_packages() -> None:
    """As root, install the programs that tests look with; otherwise name them."""
    missing = [package for program, package in DEBIAN_PACKAGES.items() if not shutil.which(program)]
    if not Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists():
        missing.append("fonts-noto-cjk")
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        say(f"not installed, their tests are skipped: {' '.join(missing)}")
        return
    say(f"installing {' '.join(missing)}")
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update"], check=False, **quiet)
    subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *missing], check=False, **quiet)


def fingerprint(*files: Path) -> str:
    """Return one digest of several files."""
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()


def up_to_date(stamp: Path, mark: str) -> bool:
    """Whether a step ran for just this state."""
    return stamp.is_file() and stamp.read_text() == mark


def run(command: list[str]) -> None:
    """Run a command in the checkout; stop where it fails."""
    subprocess.run(command, cwd=ROOT, check=True)


def say(what: str) -> None:
    """Tell what goes on."""
    print(f"· {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
