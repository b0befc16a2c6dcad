"""Telling an operator what is wrong with an installation, and how to mend it: the command ``check``.

Every part looks at one thing and yields findings; a part that needs the tables is left out, by name, where there are
none. Nothing is changed by looking, and a part that breaks is itself a finding.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from jialiang.assembly import diagnosis_database, diagnosis_keys, diagnosis_machine, diagnosis_records
from jialiang.assembly.findings import Finding, error

Part = Callable[[datetime], Iterator[Finding]]
logger = logging.getLogger(__name__)

ALWAYS: dict[str, Part] = {
    "database": diagnosis_database.database,
    "settings": diagnosis_machine.settings_in_use,
    "disk": diagnosis_machine.disk,
    "fonts": diagnosis_machine.fonts,
    "static files": diagnosis_machine.static_files,
    "translations": diagnosis_machine.translations,
}
WITH_DATABASE: dict[str, Part] = {"migrations": diagnosis_database.migrations}
WITH_TABLES: dict[str, Part] = {
    "clock": diagnosis_database.clock,
    "keys": diagnosis_keys.keys,
    "revocation list": diagnosis_keys.revocation_list,
    "jobs": diagnosis_records.jobs,
    "issuing": diagnosis_records.issuing,
    "numbers": diagnosis_records.numbers,
    "published answers": diagnosis_records.published_answers,
    "stored files": diagnosis_records.stored_files,
}
THOROUGH: dict[str, Part] = {
    "frozen contents": diagnosis_records.frozen_contents,
    "digests": diagnosis_records.digests,
    "audit trail": diagnosis_records.audit_trail,
}
BLOCKING = frozenset(
    {
        "database.unreachable",
        "database.damaged",
        "migrations.none",
        "migrations.unapplied",
        "migrations.later",
    }
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was looked at, what was left out, and every finding."""

    looked_at: tuple[str, ...]
    left_out: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Tell whether no finding is an error."""
        return all(finding.severity != "error" for finding in self.findings)


def diagnose(now: datetime, *, quick: bool = False) -> Diagnosis:
    """Look at everything; ``quick`` leaves out what reads every record or stored file."""
    stages = (ALWAYS, WITH_DATABASE, {**WITH_TABLES, **({} if quick else THOROUGH)})
    findings: list[Finding] = []
    looked: list[str] = []
    for stage in stages:
        if any(f.severity == "error" and f.key in BLOCKING for f in findings):
            break
        for name, part in stage.items():
            findings += _looked(name, part, now)
            looked.append(name)
    left_out = tuple(name for name in (*WITH_DATABASE, *WITH_TABLES, *THOROUGH) if name not in looked)
    return Diagnosis(tuple(looked), left_out, tuple(findings))


def _looked(name: str, part: Part, now: datetime) -> list[Finding]:
    try:
        return list(part(now))
    except Exception as problem:
        logger.debug("the check of %s broke", name, exc_info=True)
        return [error("check.broken", part=name, reason=f"{type(problem).__name__}: {problem}")]
