"""Comparison rounds brought to where a test needs them, with people who hold only the roles named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.ledger import actor

from jialiang.base.comparison_rounds.facts import ArtefactFacts, ParticipantFacts, ResultFacts, RoundFacts
from jialiang.base.comparison_rounds.selectors import ComparisonRound, comparison_round, participants_of
from jialiang.functions import comparison_rounds as verbs
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor

MASS = RoundFacts(
    name=Text("1 kg 砝码比对", "Comparison of a 1 kg weight"),
    quantity=Text("质量偏差", "mass deviation"),
    unit="\\milli\\gram",
    assigned_by="reference",
)
WEIGHT = ArtefactFacts(
    name=Text("1 kg 砝码 A", "1 kg weight A"), assigned_value="10.0", expanded_uncertainty="0.006", coverage_factor="2"
)
BARE_WEIGHT = ArtefactFacts(name=Text("1 kg 砝码 A", "1 kg weight A"))
SECOND_WEIGHT = ArtefactFacts(name=Text("1 kg 砝码 B", "1 kg weight B"))
MEAN_OF_TWO = (("10.0", "2"), ("12.0", "2"))


class Desk:
    """The quality manager and a technician of an institute, and the deeds that a round needs."""

    def __init__(self, tenant_id: UUID, now: datetime) -> None:
        self.tenant_id, self.now = tenant_id, now
        self.manager = self.person("quality_manager")
        self.technician = self.person("technician")

    def person(self, *roles: str) -> Actor:
        """Somebody of this institute with these roles."""
        return actor(self.tenant_id, self.now, *roles)

    def open(
        self, assigned_by: str = "reference", artefacts: Sequence[ArtefactFacts] = (), **changes: Any
    ) -> ComparisonRound:
        """A round; without artefacts it has one, with a value if a reference laboratory gives it."""
        given = {"name": MASS.name, "quantity": MASS.quantity, "unit": MASS.unit, "assigned_by": assigned_by}
        travelling = artefacts or [WEIGHT if assigned_by == "reference" else BARE_WEIGHT]
        return verbs.open_round(
            actor=self.manager, facts=RoundFacts(**given | changes), artefacts=travelling, now=self.now
        )

    def enrol(self, row: ComparisonRound, *codes: str) -> None:
        """Enrol laboratories by their codes."""
        for code in codes:
            facts = ParticipantFacts(name=Text(f"{code} 实验室", f"Laboratory {code}"), code=code)
            verbs.enrol(actor=self.manager, round_id=row.id, facts=facts, now=self.now)

    def enter(
        self, row: ComparisonRound, code: str, value: str, expanded: str = "", factor: str = "", artefact: int = 1
    ) -> None:
        """Enter a result of the laboratory with a code."""
        (participant,) = [each for each in participants_of(row.id) if each.code == code]
        facts = ResultFacts(measured_value=value, expanded_uncertainty=expanded, coverage_factor=factor)
        verbs.enter_result(
            actor=self.technician, participant_id=participant.id, artefact=artefact, facts=facts, now=self.now
        )

    def measured(
        self, results: Sequence[tuple[str, str]] = MEAN_OF_TWO, assigned_by: str = "weighted_mean", **changes: Any
    ) -> ComparisonRound:
        """A round with a result of each of the laboratories A, B, C, …"""
        row = self.open(assigned_by, **changes)
        for code, (value, expanded) in zip("ABCDEFGHIJ", results, strict=False):
            self.enrol(row, code)
            self.enter(row, code, value, expanded)
        return comparison_round(row.id)

    def evaluated(self, *given: Any, **changes: Any) -> ComparisonRound:
        """A round that is measured and evaluated."""
        row = self.measured(*given, **changes)
        return verbs.evaluate(actor=self.technician, round_id=row.id, now=self.now)

    def reported(self, *given: Any, **changes: Any) -> ComparisonRound:
        """A round that is reported."""
        row = self.evaluated(*given, **changes)
        return verbs.report(
            actor=self.manager, round_id=row.id, seen_digest=row.evaluation_digest, now=self.now
        )
