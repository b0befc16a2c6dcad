"""What the demonstration leaves in its folder: the files, and a report of what the real checker said of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from jialiang.assembly.forgery import altered, resigned_by_stranger
from jialiang.base.certificates.selectors import certificate, file_of
from jialiang.business.demonstration.data import world
from jialiang.business.demonstration.scenario import Played
from jialiang.formats.symbols import qr_png
from jialiang.functions.authenticity import check_file
from jialiang.governance.storage.current import current_store
from jialiang.science.fit import fit_straight_line
from jialiang.security.keys.selectors import authority_certificate
from jialiang.security.tenancy.scope import scope

POINT_OF_CHECK = 30.0


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file of the demonstration and the verdict that it is there to show."""

    name: str
    data: bytes
    shows: str


def leave(folder: Path, played: Played, now: datetime, seconds: float) -> dict[str, Any]:
    """Write certificate, root, QR symbol, one file per verdict and ``report.json``; return the report."""
    folder.mkdir(parents=True, exist_ok=True)
    with scope(played.tenant_id):
        exhibits = list(_exhibits(played, now))
        address = json.loads(certificate(played.genuine).content)["check_url"]
    for exhibit in exhibits:
        (folder / exhibit.name).write_bytes(exhibit.data)
    (folder / "ca.pem").write_bytes(authority_certificate().public_bytes(Encoding.PEM))
    (folder / "qr.png").write_bytes(qr_png(address))
    report = {
        "gum_h3": gum_h3(),
        "verdicts": [_checked(exhibit, now) for exhibit in exhibits],
        "check_url": address,
        "seconds": round(seconds, 2),
    }
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    (folder / "report.json").write_text(text, encoding="utf-8")
    return report


def gum_h3() -> dict[str, float]:
    """Return the line of GUM H.3 as this engine fits it to the readings that the demonstration entered."""
    h3 = world()["gum_h3"]
    points, corrections = ([float(text) for text in h3[column]] for column in ("indication", "correction"))
    line = fit_straight_line(points, corrections, reference_point=20.0)
    at_30 = line.predict(POINT_OF_CHECK)
    return {
        "y1": line.intercept,
        "u_y1": line.intercept_standard_uncertainty,
        "y2": line.slope,
        "u_y2": line.slope_standard_uncertainty,
        "r": line.correlation,
        "b30": at_30.value,
        "u_b30": at_30.standard_uncertainty,
    }


def _exhibits(played: Played, now: datetime) -> Iterator[Exhibit]:
    xml = _file(played.genuine, "xml")
    yield Exhibit("certificate.xml", xml, "genuine")
    yield Exhibit("certificate.zh.pdf", _file(played.genuine, "pdf_zh"), "genuine")
    yield Exhibit("certificate.en.pdf", _file(played.genuine, "pdf_en"), "genuine")
    yield Exhibit("expired.xml", _file(played.expired, "xml"), "expired")
    yield Exhibit("superseded.xml", _file(played.superseded, "xml"), "superseded")
    yield Exhibit("withdrawn.xml", _file(played.withdrawn, "xml"), "withdrawn")
    yield Exhibit("altered.xml", altered(xml), "altered")
    yield Exhibit("unknown.xml", resigned_by_stranger(xml, now), "unknown")


def _file(certificate_id: Any, kind: str) -> bytes:
    return current_store().get(file_of(certificate_id, kind).sha256)


def _checked(exhibit: Exhibit, now: datetime) -> dict[str, Any]:
    answer = check_file(data=exhibit.data, name=exhibit.name, now=now).answer
    return {
        "file": exhibit.name,
        "shows": exhibit.shows,
        "verdict": answer.verdict,
        "status": answer.status,
        "checks": [{"name": c.name, "outcome": c.outcome, "text": c.text.to_json()} for c in answer.checks],
    }
