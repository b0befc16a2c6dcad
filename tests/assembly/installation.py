"""An installation for the tests of assembly: founded in the test's database, with a data folder of its own."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connection
from tests.ledger import PAPER, REFERENCE_THERMOMETER, actor

from jialiang.assembly.founding import Founded, Institute, found, founder, institute_facts
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.functions import measurement_standards, organizations
from jialiang.governance.jobs.services import enqueue
from jialiang.kernel.text import Text
from jialiang.security.audit import triggers
from jialiang.security.tenancy.scope import scope
from jialiang.vocabulary.credit_codes import check_character

PASSWORD = "vessel-of-bronze-9"
SECRET = "a passphrase of forty characters or more."

FILES = (b"%PDF-1.7 paper, scanned", bytes(range(256)) * 40)


def credit_code(number: int) -> str:
    """Return a valid credit code that no body has."""
    first = f"12100000DEM{number:06d}"
    return first + check_character(first)


def use_folder(settings: Any, folder: Path, **changes: Any) -> None:
    """Point the running settings to a data folder of its own, with a secret of its own."""
    given = {"data_dir": folder, "key_passphrase": SECRET, **changes}
    settings.JIALIANG = replace(settings.JIALIANG, **given)
    settings.STATIC_ROOT = folder / "static"


def institute(slug: str = "nim", number: int = 1) -> Institute:
    """Return an institute to be founded."""
    name = Text(f"示范计量院 {slug}", f"Institute {slug}")
    facts = institute_facts(
        name=name, credit_code=credit_code(number), short_code=slug.upper().replace("-", "")
    )
    return Institute(slug=slug, facts=facts)


def founded(now: datetime, slug: str = "nim", number: int = 1) -> Founded:
    """Found an institute with an administrator ``<slug>-admin``."""
    return found(institute(slug, number), username=f"{slug}-admin", password=lambda: PASSWORD, now=now)


def lively(now: datetime, slug: str = "nim", number: int = 1) -> Founded:
    """Found an institute that has done something: customers with awkward names, a standard with files, a job."""
    made = founded(now, slug, number)
    with scope(made.tenant.pk):
        for i, name in enumerate(("晨星乳业\u3000有限公司", "Quote \" \\ '); --", "𠮷野 – Ω µ ℃"), start=1):
            facts = OrganizationFacts(name=Text(name, name), credit_code=credit_code(100 * number + i))
            organizations.register(actor=founder(made.tenant), facts=facts, now=now)
        keeper = actor(made.tenant.pk, now, "standards_keeper")
        standard = measurement_standards.register(actor=keeper, facts=REFERENCE_THERMOMETER, now=now)
        for i, file in enumerate(FILES, start=1):
            facts = replace(PAPER, number=f"GJ-2026-C-{i:06d}")
            measurement_standards.add_certificate(
                actor=keeper, standard_id=standard.id, facts=facts, file=file, now=now
            )
        payload = {"nothing": None, "list": [1, {"深": "度"}], "text": "10.000", "lines": "a\u2028b\tc", "yes": True}
        enqueue("test.kind", UUID(int=number), payload, now)
    return made


def empty_database() -> None:
    """Empty every table; the guards of the audit trail step aside for it."""
    with connection.schema_editor() as editor:
        triggers.drop(editor)
    call_command("flush", interactive=False, verbosity=0)
    with connection.schema_editor() as editor:
        triggers.create(editor)
