"""``python -m benchmarks.certificates``: reading and checking certificates, beside the parsers that others build on.

Processor time a file, median over the shared samples: parse, own structure check, rules, typed model, every quantity;
beside lxml parse + official XSD (the floor), xmlschema, and dcclib's XSD check where an environment with it is named
(``--dcclib PYTHON``). The import in a fresh process, and files a second of a bulk check on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import xmlschema
from lxml import etree

from jialiang.assembly.bulk.checking import How, check_many
from jialiang.assembly.bulk.jobs import selected
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.model import document_of
from jialiang.formats.dcc.quantities.reading import quantities
from jialiang.formats.dcc.rules.checking import check_rules
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.dcc.versions import version_of
from jialiang.formats.xml.parsing import parse_xml

ROOT = Path(__file__).resolve().parent.parent
ORACLES = Path(os.environ.get("JIALIANG_ORACLES", ROOT.parent / "shared" / "data")).resolve()
AIMS = {
    "checked_and_typed_ms": (5.0, "at most"),
    "ratio_to_lxml": (15.0, "at most"),
    "import_s": (0.3, "at most"),
    "files_per_second": (300.0, "at least"),
}
IMPORT = "import time; t = time.process_time(); import jialiang.formats.dcc.certificate; print(time.process_time() - t)"
DCCLIB = """
import json, statistics, sys, time
from dcclib.validation import XsdValidator
pairs, times, known = json.loads(sys.argv[1]), [], {}
for xsd, file, runs in pairs:
    validator = known.setdefault(xsd, None) or XsdValidator.from_file(xsd)
    known[xsd] = validator
    validator.validate_file(file)
    took = []
    for _ in range(runs):
        begun = time.process_time(); validator.validate_file(file); took.append(time.process_time() - begun)
    times.append(1e3 * statistics.median(took))
print(statistics.median(times))
"""


def main() -> int:
    """Measure everything, print a table and leave it as JSON. Returns 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="runs for each file")
    parser.add_argument("--files", type=int, default=10_000, help="files of the bulk check")
    parser.add_argument("--dcclib", default="", metavar="PYTHON", help="interpreter of an environment with dcclib")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "certificates.json")
    chosen = parser.parse_args()
    if not ORACLES.is_dir():
        print(f"no samples at {ORACLES}: set JIALIANG_ORACLES")
        return 1
    figures = measured(chosen)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(figures, indent=2) + "\n")
    return report(figures)


def measured(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return every figure by name."""
    files = samples()
    figures: dict[str, Any] = {"machine": f"{os.cpu_count()} cores", "samples": len(files), "runs": chosen.runs}
    figures |= per_file(files, chosen.runs)
    if chosen.dcclib:
        pairs = json.dumps([[str(official(v)), str(f), chosen.runs] for f, v in files])
        done = subprocess.run([chosen.dcclib, "-c", DCCLIB, pairs], capture_output=True, text=True, check=True)
        figures["dcclib_xsd_ms"] = float(done.stdout)
    took = [subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True).stdout
            for _ in range(5)]  # fmt: skip
    figures["import_s"] = statistics.median(map(float, took))
    return figures | bulk(files, chosen.files)


def samples() -> list[tuple[Path, str]]:
    """Return the shared samples with their versions."""
    found = sorted((ORACLES / "dcc" / "samples").glob("*.xml"))
    return [(file, version_of(etree.parse(str(file)))) for file in found]


def official(version: str) -> Path:
    """Return the official schema of a version."""
    return ORACLES / "dcc" / "schema" / "dcc" / f"v{version}" / "dcc.xsd"


def per_file(files: list[tuple[Path, str]], runs: int) -> dict[str, float]:
    """Return medians over files of the median over runs, in milliseconds of processor time."""
    lax = {version: etree.XMLSchema(etree.parse(str(official(version)))) for _, version in files}
    rows: list[dict[str, float]] = []
    for file, version in files:
        data = file.read_bytes()
        floor = partial(_floor, data, lax[version])
        parts: dict[str, Callable[[], object]] = {
            "lxml_parse_and_xsd_ms": floor,
            "parse_ms": partial(parse_xml, data),
            "structure_ms": partial(check_structure, parse_xml(data)),
            "rules_ms": partial(check_rules, parse_xml(data)),
            "typed_model_ms": partial(document_of, parse_xml(data)),
            "quantities_ms": partial(quantities, parse_xml(data)),
            "checked_ms": partial(_checked, data),
            "checked_and_typed_ms": partial(_typed, data),
            "everything_ms": partial(_everything, data),
        }
        rows.append({name: timed(part, runs) for name, part in parts.items()})
        rows[-1]["ratio_to_lxml"] = paired(partial(_typed, data), floor, runs)
        rows[-1]["ratio_to_lxml_with_all_quantities"] = paired(partial(_everything, data), floor, runs)
    figures = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    slow = {version: xmlschema.XMLSchema(str(official(version))) for _, version in files}
    figures["xmlschema_ms"] = statistics.median(timed(partial(slow[v].is_valid, str(f)), 3) for f, v in files)
    return figures


def _floor(data: bytes, schema: etree.XMLSchema) -> bool:
    return schema.validate(etree.fromstring(data))


def _checked(data: bytes) -> None:
    Certificate.read(data).check()


def _typed(data: bytes) -> None:
    certificate = Certificate.read(data)
    certificate.check()
    document_of(certificate.tree)


def _everything(data: bytes) -> None:
    certificate = Certificate.read(data)
    certificate.check()
    document_of(certificate.tree)
    certificate.quantities()


def timed(deed: Callable[[], object], runs: int) -> float:
    """Return the median processor time in milliseconds, after one run that is not counted."""
    deed()
    return statistics.median(_once(deed) for _ in range(runs))


def paired(deed: Callable[[], object], floor: Callable[[], object], runs: int) -> float:
    """Return the median ratio of runs one after the other, which a busy machine slows alike."""
    return statistics.median(_once(deed) / statistics.median(_once(floor) for _ in range(5)) for _ in range(runs))


def _once(deed: Callable[[], object]) -> float:
    begun = time.process_time()
    deed()
    return 1e3 * (time.process_time() - begun)


def bulk(files: list[tuple[Path, str]], count: int) -> dict[str, float]:
    """Check ``count`` copies of the samples with two processes; wall time, and processor time of both together."""
    with tempfile.TemporaryDirectory(prefix="jl-bench-") as folder:
        for number in range(count):
            source = files[number % len(files)][0]
            shutil.copyfile(source, Path(folder) / f"{number:06d}.xml")
        jobs = selected([Path(folder)]).jobs
        before, begun = os.times(), time.perf_counter()
        checked = sum(1 for _ in check_many(jobs, How(certificates_only=True, brief=True), workers=2))
        wall, after = time.perf_counter() - begun, os.times()
    used = (after.user + after.system + after.children_user + after.children_system) - (
        before.user + before.system + before.children_user + before.children_system
    )
    if checked != count:
        raise SystemExit(f"{checked} reports for {count} files")
    return {"files": count, "files_per_second": count / wall, "bulk_cpu_ms_per_file": 1e3 * used / count,
            "files_per_second_of_two_free_cores": 2 * count / used}  # fmt: skip


def report(figures: dict[str, Any]) -> int:
    """Print the figures with their aims. Returns 1 when one is missed."""
    missed = 0
    for name, figure in figures.items():
        text = f"{figure:.3f}" if isinstance(figure, float) else str(figure)
        if name in AIMS:
            aim, sense = AIMS[name]
            holds = figure <= aim if sense == "at most" else figure >= aim
            missed += not holds
            text += f"   (aim: {sense} {aim:g}: {'holds' if holds else 'MISSED'})"
        print(f"{name:36} {text}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
