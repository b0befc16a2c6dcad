"""A register to measure with: certificates published through the real service, in the real form."""

from __future__ import annotations

import os
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jialiang.assembly.django_settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from jialiang.base.certificates.publishing import JSON_HEADERS, PAGE_HEADERS, publish_unknown  # noqa: E402
from jialiang.formats.public_keys import CHECKED_AT_MARKER, key_by_number  # noqa: E402
from jialiang.formats.public_page.answer import (  # noqa: E402
    PublicAnswer,
    PublicCertificate,
    PublicCheck,
    VerdictName,
)
from jialiang.formats.public_page.page import answer_json, render_page  # noqa: E402
from jialiang.governance.publication.answers import Answer  # noqa: E402
from jialiang.governance.publication.services import publish  # noqa: E402
from jialiang.kernel.clock import iso_seconds, utc_now  # noqa: E402
from jialiang.kernel.text import Text  # noqa: E402

MARK = CHECKED_AT_MARKER.decode()
CHECKS = ("integrity", "chain", "time", "revocation", "status")


def number(serial: int) -> str:
    """Return the number of a certificate."""
    return f"JL2026-T-{serial:06}"


def code(serial: int) -> str:
    """Return the check code of a certificate."""
    return f"K7QM3XRD{serial:05}"


def address(serial: int) -> str:
    """Return the address that asks for a certificate by number and check code, as JSON."""
    return f"/api/v1/authenticity?number={number(serial)}&code={code(serial)}"


def create(certificates: int) -> None:
    """Make the tables and publish so many certificates."""
    call_command("migrate", verbosity=0)
    publish_unknown("check.example", utc_now())
    for serial in range(certificates):
        issue(serial)


def issue(serial: int, verdict: VerdictName = "genuine") -> None:
    """Publish the answers of a certificate in its three forms, in one transaction."""
    now = utc_now()
    given = _answer(serial, verdict, now)
    forms = [("json", answer_json(given, checked_at=MARK), JSON_HEADERS)]
    forms += [(form, render_page(given, form, checked_at=MARK), PAGE_HEADERS) for form in ("zh", "en")]
    publish(
        [Answer(key_by_number(number(serial), code(serial), form), body, head) for form, body, head in forms],
        now,
    )


def _answer(serial: int, verdict: VerdictName, now: datetime) -> PublicAnswer:
    certificate = PublicCertificate(
        number=number(serial),
        identifier=f"88.999.1/CAL.{serial}",
        kind="calibration",
        instrument=Text(zh="玻璃液体温度计", en="Liquid-in-glass thermometer"),
        model="WLG-50",
        serial_number=f"T{serial:05}",
        institute=Text(zh="云泽市计量测试所（虚构）", en="Yunze Institute of Metrology (fictional)"),
        institute_phone="000-00000000",
        begin_date="2026-06-15",
        end_date="2026-06-15",
        issue_date="2026-06-16",
        due_date="",
        signer=Text(zh="机构签章", en="Institute seal"),
        authority=Text(zh="演示根", en="Demonstration root"),
        authority_fingerprint="AB:CD:" * 15 + "EF:01",
        claimed_signing_time="2026-06-16T07:47:30Z",
    )
    checks = tuple(PublicCheck(name, "ok", Text(zh="相符", en="As issued")) for name in CHECKS)
    since = "" if verdict == "genuine" else iso_seconds(now)
    status = "in_force" if verdict == "genuine" else verdict
    reason = Text(zh="读数有误", en="A reading was wrong") if since else Text()
    return PublicAnswer(verdict, status, checks, certificate, since, reason, domain="check.example")
