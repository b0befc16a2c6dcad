"""The requirements trace: every requirement has one row, and whatever a row names is there."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRACE = ROOT / "docs" / "reference" / "requirements.csv"
STATES = {"answered", "partly", "open"}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with TRACE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def required(oracles: Path) -> list[dict[str, str]]:
    with (oracles.parent / "requirements" / "requirements.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_requirement_is_traced_once_and_in_its_order(rows: list[dict[str, str]], oracles: Path):
    assert [row["id"] for row in rows] == [requirement["id"] for requirement in required(oracles)]


def test_the_trace_uses_its_own_words(rows: list[dict[str, str]], oracles: Path):
    theirs = {requirement["id"]: requirement["requirement"] for requirement in required(oracles)}
    assert not [row["id"] for row in rows if row["answer"].strip() == theirs[row["id"]].strip()]


def test_states_are_known_and_every_row_says_what_answers_or_what_is_missing(rows: list[dict[str, str]]):
    assert {row["state"] for row in rows} <= STATES
    assert not [row["id"] for row in rows if not row["answer"].endswith(".")]


def test_what_is_answered_or_partly_answered_names_places_and_tests(rows: list[dict[str, str]]):
    lacking = [r["id"] for r in rows if r["state"] != "open" and not (r["where"] and r["tests"])]
    assert not lacking


def test_what_is_open_claims_neither_place_nor_test(rows: list[dict[str, str]]):
    assert not [r["id"] for r in rows if r["state"] == "open" and (r["where"] or r["tests"])]


def test_every_named_place_exists(rows: list[dict[str, str]]):
    missing = {(r["id"], name) for r in rows for name in r["where"].split() if not (ROOT / name).exists()}
    assert not missing


def test_every_named_test_exists(rows: list[dict[str, str]]):
    missing = {(r["id"], name) for r in rows for name in r["tests"].split() if not exists(name)}
    assert not missing


def exists(node_id: str) -> bool:
    """Whether a test file, or ``file::test`` in it, is there."""
    path, _, test = node_id.partition("::")
    file = ROOT / path
    if not (file.is_file() and file.name.startswith("test_")):
        return False
    return not test or re.search(rf"^def {re.escape(test)}\(", file.read_text(encoding="utf-8"), re.M) is not None


@pytest.mark.parametrize(
    ("node_id", "there"),
    [
        ("tests/house/test_requirements_trace.py", True),
        ("tests/house/test_requirements_trace.py::test_every_named_test_exists", True),
        ("tests/house/test_requirements_trace.py::test_every_named", False),
        ("tests/house/test_nothing.py", False),
        ("tests/conftest.py", False),
    ],
)
def test_a_test_that_is_not_there_is_found_out(node_id: str, there: bool):
    assert exists(node_id) is there
