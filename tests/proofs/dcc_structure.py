"""Proof: our check of structure and the official schemas give one verdict, on thousands of changed documents.

Run ``python -m tests.proofs.dcc_structure --files 5000 --seed 1``. Seeds of the changes are the sample certificates,
samples that state another version where its schema accepts them, documents made from each schema, and D-SI elements.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree
from tests.proofs.mutations import Mutator
from tests.proofs.schema_documents import DCC, SI, VERSIONS, Grammar, Maker, load_grammar

from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.dsi.structure import check_dsi
from jialiang.formats.findings import DocumentFinding

ROOT = f"{{{DCC}}}digitalCalibrationCertificate"
DSI = "D-SI 2.2.1"
RARE: tuple[tuple[str, ...], ...] = (
    (), (), (), ("subItems", "itemQuantities", "installedSoftwares"), ("quantity", "hybrid", "realListXMLList"),
    ("quantity", "complex", "ellipsoidalRegion"), ("quantity", "hybrid", "complexList", "rectangularRegion"),
    ("previousReport", "certificate", "measuringEquipments", "linkedReport"), ("Signature", "KeyInfo", "Object"),
    ("formula", "mathml"), ("quantity", "complexListXMLList", "measurementUncertaintyMultivariateXMLList"),
    ("quantity", "list", "realList", "complexList"), ("quantity", "constant"), ("quantity", "relativeUncertainty"),
    ("quantity", "charsXMLList", "statements"), ("list", "dateTimeXMLList"), ("comment", "xml", "document"),
    ("refTypeDefinitions", "positionCoordinates", "conformityXMLList"),
)  # fmt: skip
"""Elements that certificates seldom have; for each group a document is made in which they stand."""

_FORMS = (
    "real", "complex", "constant", "list", "hybrid", "realList", "complexList", "realListXMLList",
    "complexListXMLList", "expandedUnc", "covarianceMatrix", "ellipsoidalRegion",
)  # fmt: skip


@dataclass(frozen=True)
class Disagreement:
    """A document on which the verdicts differ."""

    version: str
    changes: str
    official: bool
    findings: tuple[DocumentFinding, ...]
    data: bytes


@dataclass
class Tally:
    """What was compared."""

    valid: collections.Counter[str] = field(default_factory=collections.Counter)
    invalid: collections.Counter[str] = field(default_factory=collections.Counter)
    disagreements: list[Disagreement] = field(default_factory=list)

    @property
    def files(self) -> int:
        """How many documents were compared."""
        return self.valid.total() + self.invalid.total()


class Proof:
    """The schemas, and the documents that are changed, by version."""

    def __init__(self, oracles: Path, folder: Path, seed: int, versions: tuple[str, ...] = VERSIONS) -> None:
        schemas = oracles / "dcc" / "schema" / "dcc"
        self.chance = random.Random(seed)
        self.grammars = {v: load_grammar(schemas / f"v{v}" / "dcc.xsd", folder) for v in versions}
        self.grammars[DSI] = load_grammar(schemas / "dsi" / "v2.2.1.xsd", folder, mathml=False)
        self.seeds: dict[str, list[etree._Element]] = {version: [] for version in self.grammars}
        self._take_samples(oracles / "dcc" / "samples")
        self._take_elements(oracles / "dcc" / "dsi_examples")
        for version in versions:
            maker = Maker(self.grammars[version], self.chance)
            self.seeds[version] += [maker.document(ROOT, wanted) for wanted in RARE]

    def run(self, files: int) -> Tally:
        """Compare the verdicts on ``files`` changed documents."""
        tally = Tally()
        donors = [seed for seeds in self.seeds.values() for seed in seeds]
        mutator = Mutator(self.chance, donors)
        versions = list(self.grammars)
        for number in range(files):
            version = versions[number % len(versions)]
            changed, changes = mutator.mutated(self.chance.choice(self.seeds[version]))
            self.compare(version, etree.tostring(changed), changes, tally)
        return tally

    def compare(self, version: str, data: bytes, changes: str, tally: Tally) -> None:
        """Compare the verdicts on one document; the schema is that of the version it states, if it states one."""
        if version != DSI:
            version = stated_version(data)
        official = self.official(version, data)
        element = etree.fromstring(data)
        findings = check_dsi(element) if version == DSI else check_structure(element)
        (tally.valid if official else tally.invalid)[version] += 1
        if official == bool(findings):
            tally.disagreements.append(Disagreement(version, changes, official, findings, data))

    def official(self, version: str, data: bytes) -> bool:
        """Return the verdict of the official schema; of a version that does not exist nothing is valid."""
        if version not in self.grammars:
            return False
        element = etree.fromstring(data)
        return (version == DSI or element.tag == ROOT) and self.grammars[version].schema.validate(element)

    def _take_samples(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.xml")):
            data = path.read_bytes()
            own = stated_version(data)
            for version in self.seeds:
                relabelled = etree.fromstring(data)
                if version == DSI:
                    continue
                relabelled.set("schemaVersion", version)
                if version == own or self.grammars[version].schema.validate(relabelled):
                    self.seeds[version].append(etree.fromstring(etree.tostring(relabelled)))

    def _take_elements(self, folder: Path) -> None:
        found = [element for path in sorted(folder.rglob("*.xml")) for element in top_elements(path)]
        self.seeds[DSI] += self.chance.sample(found, 120)
        maker = Maker(self.grammars[DSI], self.chance)
        self.seeds[DSI] += [maker.document(f"{{{SI}}}{name}") for name in _FORMS * 4]


def stated_version(data: bytes) -> str:
    """Return the version that a document states; the last one without the attribute is 2.2.0."""
    return etree.fromstring(data).get("schemaVersion", "2.2.0")


def top_elements(path: Path) -> Iterator[etree._Element]:
    """Give the outermost D-SI elements of a file, each as a document of its own."""
    for element in etree.parse(path).iter(f"{{{SI}}}*"):
        parent = element.getparent()
        if parent is None or not str(parent.tag).startswith(f"{{{SI}}}"):
            yield etree.fromstring(etree.tostring(element, with_tail=False))


def covered(grammar: Grammar, seeds: list[etree._Element]) -> set[str]:
    """Return the names of elements that stand in documents which the schema accepts."""
    valid = (seed for seed in seeds if grammar.schema.validate(etree.fromstring(etree.tostring(seed))))
    return {str(element.tag).rpartition("}")[2] for seed in valid for element in seed.iter(etree.Element)}


def main() -> int:
    """Run the proof and print what was compared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    default = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    parser.add_argument("--oracles", type=Path, default=Path(os.environ.get("JIALIANG_ORACLES", default)))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        proof = Proof(arguments.oracles.resolve(), Path(folder), arguments.seed)
        tally = proof.run(arguments.files)
    for version in proof.grammars:
        print(f"{version:12} {tally.valid[version]:6} valid {tally.invalid[version]:6} invalid")
    for each in tally.disagreements[:5]:
        print(
            each.version, each.changes, "official:", each.official, [f.to_json() for f in each.findings[:3]]
        )
        with tempfile.NamedTemporaryFile(suffix=".xml", delete=False) as kept:
            kept.write(each.data)
            print("   kept as", kept.name)
    print(f"{tally.files} files, seed {arguments.seed}: {len(tally.disagreements)} disagreements")
    return 1 if tally.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
