"""The rules that a machine holds: style, types, imports, the shape of the house; and that each of them bites."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PACKAGE = ROOT / "src" / "jialiang"
BAR = (
    "module_median<=120",
    "module_p90<=300",
    "module_max<=500",
    "lines_in_modules_over_1000_share<=0",
    "function_p90<=28",
    "long_function_share<=0.005",
    "branchy_function_share<=0.01",
    "many_arguments_share<=0.01",
    "public_function_doc_share>=0.95",
    "public_class_doc_share>=0.95",
    "typed_function_share>=1.0",
    "test_ratio>=1.5",
    "hard_cycles<=0",
    "all_cycles<=0",
    "group_mutual_pairs<=0",
    "soft_imports_per_kloc<=0.3",
    "broad_excepts_per_kloc<=0.2",
    "suppressions_per_kloc<=1.0",
    "todos_per_kloc<=0",
)


def ran(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"JIALIANG_DEMO": "1", "PYTHONPATH": str(cwd / "src")}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_ruff_finds_nothing():
    result = ran(str(BIN / "ruff"), "check", "--no-cache", ".")
    assert result.returncode == 0, result.stdout


def test_mypy_finds_nothing_and_is_strict_on_the_core():
    result = ran(str(BIN / "mypy"))
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_import_contracts_hold():
    result = ran(str(BIN / "lint-imports"), "--no-cache")
    assert result.returncode == 0, result.stdout


def test_the_house_meets_its_bar():
    result = ran(sys.executable, "tools/house_stats.py", "src", "--tests", "../tests", "--gate", *BAR)
    assert result.returncode == 0, result.stdout


PLANTED = {
    "layers": ("base/organizations/planted.py", "import jialiang.functions.people\n"),
    "core": ("kernel/planted.py", "import django\n"),
    "base-order": ("base/organizations/planted.py", "import jialiang.base.certificates.selectors\n"),
    "app-order": ("base/organizations/models.py", "import jialiang.base.organizations.services\n"),
    "base-tables": ("functions/planted.py", "import jialiang.base.organizations.models\n"),
    "security-tables": ("functions/planted.py", "import jialiang.security.accounts.models\n"),
    "governance-tables": ("functions/planted.py", "import jialiang.governance.jobs.models\n"),
    "siblings": ("vocabulary/planted.py", "import jialiang.vocabulary.planted_other\n"),
    "security-order": ("security/actor.py", "import jialiang.security.policy\n"),
    "governance-parts": ("governance/jobs/planted.py", "import jialiang.governance.outbox.services\n"),
    "business": ("business/planted.py", "import jialiang.business.planted_other\n"),
}


def contracts() -> list[dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    house = tmp_path_factory.mktemp("house")
    (house / "src").mkdir()
    leave = shutil.ignore_patterns("static", "__pycache__", "locale")
    shutil.copytree(PACKAGE, house / "src" / "jialiang", ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", house)
    return house


def test_every_contract_has_a_planted_violation():
    assert {str(contract["id"]) for contract in contracts()} == set(PLANTED)


@pytest.mark.parametrize("contract", sorted(PLANTED))
def test_a_planted_violation_breaks_its_contract(contract: str, copied_house: Path):
    place, line = PLANTED[contract]
    target = copied_house / "src" / "jialiang" / place
    before = target.read_text(encoding="utf-8") if target.exists() else None
    other = target.with_name("planted_other.py")
    target.write_text((before or '"""Planted."""\n') + line, encoding="utf-8")
    if "planted_other" in line:
        back = line.replace("planted_other", "planted")
        other.write_text('"""Planted."""\n' + back, encoding="utf-8")
    try:
        result = ran(str(BIN / "lint-imports"), "--no-cache", "--contract", contract, cwd=copied_house)
        assert result.returncode == 1, result.stdout
        assert target.stem in result.stdout
    finally:
        other.unlink(missing_ok=True)
        if before is None:
            target.unlink()
        else:
            target.write_text(before, encoding="utf-8")
