"""A sample of the proof of structure of DRMD; ``python -m tests.proofs.drmd_structure`` runs all of it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from lxml import etree
from tests.proofs.dcc_structure import Tally
from tests.proofs.drmd_structure import Proof

FILES = 600


@pytest.fixture(scope="module")
def proof(oracles: Path, tmp_path_factory: pytest.TempPathFactory) -> Proof:
    """The proof with a seed of this run; it is printed where a test fails."""
    seed = random.SystemRandom().randrange(1_000_000)
    print("seed", seed)
    return Proof(oracles, tmp_path_factory.mktemp("schemas"), seed)


def test_our_verdict_is_that_of_the_schema_on_changed_documents(proof: Proof) -> None:
    tally = proof.run(FILES)
    assert [(each.changes, each.official) for each in tally.disagreements] == []
    # Both verdicts must come often, or nothing is compared.
    assert tally.valid.total() > FILES / 10
    assert tally.invalid.total() > FILES / 3
    assert tally.files == FILES


def test_what_is_changed_is_valid_and_holds_all_elements_of_the_schema(proof: Proof) -> None:
    found: set[str] = set()
    for seed in proof.seeds:
        assert proof.official(etree.tostring(seed))
        found |= {str(element.tag) for element in seed.iter(etree.Element)}
    own = {f"{{urn:drmd:schema}}{name}" for name in (
        "untilRevoked", "timeAfterDispatch", "dispatchDate", "specificTime", "materialClass", "minimumSampleSize",
        "itemQuantities", "propertyIdentifiers", "procedures", "commutability", "statement", "document",
        "organizationIdentifier", "documentIdentifier", "materialIdentifier", "list", "comment", "subcontractors",
    )}  # fmt: skip
    assert len(own - found) <= 1, own - found


def test_a_disagreement_is_kept_with_its_document(proof: Proof) -> None:
    tally = Tally()
    data = etree.tostring(proof.seeds[-1])
    proof.compare(data, "none", tally)
    assert (tally.files, tally.disagreements) == (1, [])
    right, proof.official = proof.official, lambda data: False  # type: ignore[method-assign]
    try:
        proof.compare(data, "none", tally)
    finally:
        proof.official = right  # type: ignore[method-assign]
    assert [(each.changes, each.official, each.data) for each in tally.disagreements] == [
        ("none", False, data)
    ]
