"""Proof: our check of a DRMD's structure and the official schema give one verdict, on thousands of changed documents.

Run ``python -m tests.proofs.drmd_structure --files 3000 --seed 1``. Seeds of the changes are documents made from the
schema, both kinds and all rarely used elements among them, and documents that our own writer makes.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

from lxml import etree
from tests.formats.drmd_samples import sample_xml
from tests.proofs.dcc_structure import Disagreement, Tally
from tests.proofs.mutations import Mutator
from tests.proofs.schema_documents import Maker, load_grammar

from jialiang.formats.drmd.names import KINDS, ROOT
from jialiang.formats.drmd.structure import check_structure

RARE: tuple[tuple[str, ...], ...] = (
    (), (), (), (), ("untilRevoked",), ("timeAfterDispatch", "dispatchDate"), ("specificTime", "documentIdentifiers"),
    ("materialClass", "minimumSampleSize", "hybrid"), ("itemQuantities", "materialIdentifiers"),
    ("procedures", "usedMethodQuantities", "results"), ("propertyIdentifiers", "quantity", "list"),
    ("quantity", "real", "propertyIdentifiers"), ("quantity", "realListXMLList", "measurementMetaData"),
    ("quantity", "complexListXMLList"), ("quantity", "constant"), ("quantity", "charsXMLList"),
    ("quantity", "noQuantity", "formula", "mathml"), ("organizationIdentifiers", "respPersons", "comment"),
    ("document", "Signature", "KeyInfo", "Object"), ("statement", "file", "subcontractors", "legalNotice"),
    ("commutability", "metrologicalTraceability", "referenceToCertificationReport"),
)  # fmt: skip
"""Elements that documents seldom have; for each group one is made in which they stand."""


class Proof:
    """The schema, and the documents that are changed."""

    def __init__(self, oracles: Path, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.grammar = load_grammar(oracles / "dcoc" / "drmd" / "drmd.xsd", folder)
        maker = Maker(self.grammar, self.chance)
        self.seeds = [maker.document(ROOT, wanted) for wanted in RARE]
        self.seeds += [etree.fromstring(sample_xml(kind)) for kind in KINDS]

    def run(self, files: int) -> Tally:
        """Compare the verdicts on ``files`` changed documents."""
        tally = Tally()
        mutator = Mutator(self.chance, self.seeds)
        for _ in range(files):
            changed, changes = mutator.mutated(self.chance.choice(self.seeds))
            self.compare(etree.tostring(changed), changes, tally)
        return tally

    def compare(self, data: bytes, changes: str, tally: Tally) -> None:
        """Compare the verdicts on one document."""
        official = self.official(data)
        findings = check_structure(etree.fromstring(data))
        (tally.valid if official else tally.invalid)["DRMD"] += 1
        if official == bool(findings):
            tally.disagreements.append(Disagreement("DRMD", changes, official, findings, data))

    def official(self, data: bytes) -> bool:
        """Return the verdict of the official schema; another root is no DRMD."""
        element = etree.fromstring(data)
        return element.tag == ROOT and self.grammar.schema.validate(element)


def main() -> int:
    """Run the proof and print what was compared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    default = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    parser.add_argument("--oracles", type=Path, default=Path(os.environ.get("JIALIANG_ORACLES", default)))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = Proof(arguments.oracles.resolve(), Path(folder), arguments.seed).run(arguments.files)
    for each in tally.disagreements[:5]:
        print(each.changes, "official:", each.official, [found.to_json() for found in each.findings[:3]])
        with tempfile.NamedTemporaryFile(suffix=".xml", delete=False) as kept:
            kept.write(each.data)
            print("   kept as", kept.name)
    counts = f"{tally.valid.total()} valid, {tally.invalid.total()} invalid"
    print(f"{tally.files} files ({counts}), seed {arguments.seed}: {len(tally.disagreements)} disagreements")
    return 1 if tally.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
