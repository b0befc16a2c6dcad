"""``python -m benchmarks.uncertainty_peers``: our engine beside GTC, metrolopy, suncal, uncertainties and allantools.

Makes an environment of its own for each peer (``build/peers``), generates models and phase records, compares every
figure that both give, and explains each difference by a convention that reproduces it. ``--write`` writes the page
``docs/reference/uncertainty-peers.md``. Ends with 1 where a difference is unexplained or a peer fails on a model, with
2 where no peer could be asked; a peer that cannot be installed is named.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.peers.comparing import Comparison, compare
from benchmarks.peers.environments import ENVIRONMENTS, PEERS, Peer, PeerAbsent, ask, install
from benchmarks.peers.explaining import Explainer, explanations
from benchmarks.peers.generating import generate
from benchmarks.peers.own import answer, answer_record
from benchmarks.peers.page import Findings, page
from benchmarks.peers.records import generate_records

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "uncertainty-peers.md"
RECORDS_OF = "allantools"


def compare_with(peers: Sequence[Peer], *, models: int, records: int, seed: int, folder: Path) -> Findings:
    """Ask every peer and explain what differs. A peer whose environment does not answer is absent."""
    asked = generate(models, seed)
    phases = generate_records(records, seed)
    own = {model["id"]: answer(model) for model in asked}
    own |= {record["id"]: answer_record(record) for record in phases}
    explainer = Explainer(explanations(), {each["id"]: each for each in [*asked, *phases]}, own)
    findings = Findings(seed, models, records)
    for peer in peers:
        theirs = phases if peer.name == RECORDS_OF else asked
        try:
            told = ask(peer, theirs, folder=folder)
        except PeerAbsent as problem:
            findings.absent[peer.name] = str(problem)
            continue
        _add(findings, compare(peer.name, told, theirs, own), told, explainer)
    return findings


def _add(findings: Findings, compared: Comparison, told: dict[str, Any], explainer: Explainer) -> None:
    findings.comparisons.append(compared)
    for found in compared.differences:
        findings.explained[found] = explainer.explain(found, told["answers"][found.model])


def _installed(chosen: Sequence[Peer], folder: Path) -> tuple[list[Peer], dict[str, str]]:
    present, absent = [], {}
    for peer in chosen:
        try:
            install(peer, folder=folder)
            present.append(peer)
        except PeerAbsent as problem:
            absent[peer.name] = str(problem)
    return present, absent


def _told(findings: Findings) -> dict[str, Any]:
    return {
        "seed": findings.seed,
        "models": findings.models,
        "records": findings.records,
        "absent": findings.absent,
        "peers": [
            {
                "peer": c.peer,
                "version": c.version,
                "compared": dict(c.compared),
                "left_out": dict(c.left_out),
                "refused": c.refused,
            }
            for c in findings.comparisons
        ],
        "differences": [
            asdict(found) | {"explained_by": [e.id for e in why]} for found, why in findings.explained.items()
        ],
    }


def _summary(findings: Findings) -> None:
    for each in findings.comparisons:
        total = sum(each.compared.values())
        alike = total - len(each.differences)
        print(f"{each.peer} {each.version}: {each.models} models, {total} figures, {alike} alike to 1e-9")
        reasons = Counter(
            " + ".join(e.id for e in why) or "UNEXPLAINED"
            for found, why in findings.explained.items()
            if found.peer == each.peer
        )
        for reason, count in reasons.items():
            print(f"    {count:5} {reason}")
    for name, reason in findings.absent.items():
        print(f"absent: {name}: {reason}")
    for found in findings.unexplained:
        print(f"UNEXPLAINED {found}")
    for peer, model, words in findings.failures:
        print(f"FAILED {peer} on {model}: {words}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and tell. Returns 0, 1 (unexplained) or 2 (no peer)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=300)
    parser.add_argument("--records", type=int, default=12)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--peer", action="append", choices=[peer.name for peer in PEERS], help="only these")
    parser.add_argument("--environments", type=Path, default=ENVIRONMENTS)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "uncertainty_peers.json")
    chosen = parser.parse_args(arguments)
    wanted = [peer for peer in PEERS if not chosen.peer or peer.name in chosen.peer]
    present, absent = _installed(wanted, chosen.environments)
    findings = compare_with(
        present, models=chosen.models, records=chosen.records, seed=chosen.seed, folder=chosen.environments
    )
    findings.absent |= absent
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(_told(findings), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if chosen.write:
        PAGE.write_text(page(findings, explanations()), encoding="utf-8")
    _summary(findings)
    if not findings.comparisons:
        return 2
    return 1 if findings.unexplained or findings.failures else 0


if __name__ == "__main__":
    sys.exit(main())
