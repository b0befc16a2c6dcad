"""A sample of the proof of structure; ``python -m tests.proofs.dcc_structure`` runs all of it."""

from __future__ import annotations

import collections
import random
from pathlib import Path

import pytest
from lxml import etree
from tests.proofs.dcc_structure import DSI, ROOT, Proof, Tally, covered, stated_version
from tests.proofs.mutations import CHANGES, Mutator
from tests.proofs.schema_documents import DCC, VERSIONS, Maker

from jialiang.formats.dcc.structure import check_structure

FILES = 440


@pytest.fixture(scope="module")
def proof(oracles: Path, tmp_path_factory: pytest.TempPathFactory) -> Proof:
    """The proof with a seed of this run; it is printed where a test fails."""
    seed = random.SystemRandom().randrange(1_000_000)
    print("seed", seed)
    return Proof(oracles, tmp_path_factory.mktemp("schemas"), seed)


@pytest.mark.slow
def test_our_verdict_is_that_of_the_schema_on_changed_documents(proof: Proof) -> None:
    tally = proof.run(FILES)
    assert tally.files == FILES
    assert [(each.version, each.changes, each.official) for each in tally.disagreements] == []
    for version in (*VERSIONS, DSI):
        assert tally.valid[version] + tally.invalid[version] >= FILES / 25, version
    # Both verdicts must come often, or nothing is compared.
    assert tally.valid.total() > FILES / 10
    assert tally.invalid.total() > FILES / 3


@pytest.mark.slow
def test_seeds_are_valid_and_hold_the_rarely_used_elements(proof: Proof) -> None:
    rare = {
        "2.2.0": {"hybrid", "complex", "covariance", "linkedReport", "constant"},
        "3.1.1": {"hybrid", "complex", "covariance", "linkedReport", "mathml", "relativeUncertaintySingle"},
        "3.2.0": {"Signature", "X509Data", "charsXMLList", "refTypeDefinition"},
        "3.3.0": {"subItems", "complexListXMLList", "linkedReport", "Signature", "usedMethodQuantity"},
    }
    for version, names in rare.items():
        found = covered(proof.grammars[version], proof.seeds[version])
        missing = names - found
        assert len(missing) <= 1, (version, missing)


@pytest.mark.slow
def test_documents_made_from_a_schema_are_valid_by_it_and_by_us(proof: Proof) -> None:
    for version in VERSIONS:
        maker = Maker(proof.grammars[version], random.Random(7))
        for _ in range(3):
            data = etree.tostring(maker.document(ROOT))
            assert proof.official(version, data), version
            assert check_structure(etree.fromstring(data)) == (), version


def test_samples_stand_under_every_version_whose_schema_accepts_them(proof: Proof) -> None:
    counts = {version: len(proof.seeds[version]) for version in VERSIONS}
    assert counts["3.1.0"] > counts["3.0.0"] >= counts["2.2.0"] >= 18
    for version in VERSIONS[1:]:
        assert all(stated_version(etree.tostring(seed)) == version for seed in proof.seeds[version])


def test_a_disagreement_is_kept_with_its_document(proof: Proof) -> None:
    tally = Tally()
    data = etree.tostring(proof.seeds["3.3.0"][-1])
    proof.compare("3.3.0", data, "none", tally)
    assert (tally.files, tally.disagreements) == (1, [])
    # With another grammar in place of the right one, the verdicts differ and the proof says so.
    right = proof.grammars["3.3.0"]
    proof.grammars["3.3.0"] = proof.grammars["2.2.0"]
    try:
        proof.compare("3.3.0", data, "none", tally)
    finally:
        proof.grammars["3.3.0"] = right
    assert [(each.version, each.official, each.data) for each in tally.disagreements] == [
        ("3.3.0", False, data)
    ]


def test_every_kind_of_change_changes_documents() -> None:
    source = etree.fromstring(
        f'<dcc:a xmlns:dcc="{DCC}" id="x1"><dcc:b lang="de">text</dcc:b><dcc:c><dcc:d>1</dcc:d><dcc:e/></dcc:c>'
        "<dcc:f>t</dcc:f></dcc:a>"
    )
    before = etree.tostring(source)
    changed: collections.Counter[str] = collections.Counter()
    for number in range(2000):
        mutated, names = Mutator(random.Random(number), [source]).mutated(source)
        if "+" not in names:
            changed[names] += etree.tostring(mutated) != before
    assert etree.tostring(source) == before
    assert {change.__name__ for change in CHANGES} == {name for name, times in changed.items() if times}


def test_the_same_seed_gives_the_same_documents() -> None:
    source = etree.fromstring(f'<dcc:a xmlns:dcc="{DCC}"><dcc:b>1</dcc:b><dcc:c x="y"/></dcc:a>')
    one, other = (
        [etree.tostring(Mutator(random.Random(5), [source]).mutated(source)[0]) for _ in range(5)]
        for _ in "ab"
    )
    assert one == other
