"""The verdict table of the documentation and that of the code are one table."""

import itertools
from dataclasses import fields
from pathlib import Path

import pytest

from jialiang.formats.authenticity import rules
from jialiang.formats.authenticity.rules import RULES, Findings, decide

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "verdicts.md"
WORDS = {
    "readable": rules.READABLE, "integrity": rules.INTEGRITY, "chain": rules.CHAIN, "time": rules.TIME,
    "revocation": rules.REVOCATION, "bytes": rules.BYTES, "status": rules.STATUS, "due": rules.DUE,
}  # fmt: skip


def documented():
    """The rows of the table: conditions by column, verdict, reason."""
    lines = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    heads, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    for row in rows:
        cells = dict(zip(heads, row, strict=True))
        when = {name: cells[name].split("/") for name in WORDS if cells[name] != "*"}
        yield when, cells["verdict"], cells["reason"]


def every_combination():
    for words in itertools.product(*WORDS.values()):
        yield Findings(**dict(zip(WORDS, words, strict=True)))


def test_the_columns_of_the_table_are_the_findings_of_the_code():
    assert set(WORDS) == {field.name for field in fields(Findings)}
    table = list(documented())
    assert len(table) == len(RULES)
    for when, _, _ in table:
        for name, words in when.items():
            assert set(words) <= set(WORDS[name]), (name, words)


def test_the_documented_table_gives_the_verdict_of_the_code_for_every_combination():
    table = list(documented())
    count = 0
    for findings in every_combination():
        row = next(r for r in table if all(getattr(findings, n) in words for n, words in r[0].items()))
        rule = decide(findings)
        assert (rule.verdict, rule.reason) == row[1:], findings
        count += 1
    assert count == 3 * 3 * 3 * 4 * 4 * 5 * 5 * 3


def test_every_rule_decides_something():
    deciding = {decide(findings).reason for findings in every_combination()}
    assert deciding == {rule.reason for rule in RULES}


def test_genuine_needs_everything_to_hold():
    for findings in every_combination():
        if decide(findings).verdict != "genuine":
            continue
        assert (findings.readable, findings.integrity, findings.chain) == ("yes", "ok", "ok")
        assert findings.time in ("ok", "warning")
        assert findings.revocation != "failed"
        assert findings.bytes in ("as_issued", "not_checked")
        assert findings.status in ("in_force", "not_checked")
        assert findings.due != "passed"


@pytest.mark.parametrize(
    ("member", "worse"),
    [("integrity", "failed"), ("chain", "failed"), ("time", "failed"), ("revocation", "failed"), ("bytes", "differ"),
     ("status", "withdrawn"), ("due", "passed"), ("readable", "no")],
)  # fmt: skip
def test_no_finding_gets_better_by_getting_worse(member, worse):
    for findings in every_combination():
        values = {field.name: getattr(findings, field.name) for field in fields(findings)}
        assert decide(Findings(**{**values, member: worse})).verdict != "genuine"
