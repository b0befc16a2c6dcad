"""``jialiang identifiers export FILE``: identifiers as a table that ``import`` takes back."""

from __future__ import annotations

import argparse
from pathlib import Path

from jialiang.assembly.command_errors import FileUnreadable
from jialiang.assembly.founding import founder
from jialiang.assembly.saying import say
from jialiang.formats.identifier_tables import kind_of_name
from jialiang.functions.identifier_exports import Wanted, export_identifiers
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant_by_slug


def run(arguments: argparse.Namespace) -> int:
    """Write one file that was not there, of the kind that its name tells. Returns 0."""
    file: Path = arguments.file
    kind = kind_of_name(file.name)
    tenant = tenant_by_slug(arguments.tenant)
    wanted = Wanted(prefix=arguments.prefix, state=arguments.state, beginning=arguments.beginning)
    try:
        with file.open("x+b") as out:
            try:
                with scope(tenant.pk):
                    told = export_identifiers(
                        actor=founder(tenant), wanted=wanted, kind=kind, out=out, now=utc_now()
                    )
            except BaseException:
                file.unlink()  # what is not on record has not left
                raise
    except OSError as problem:
        raise FileUnreadable(file=file, reason=problem.strerror or str(problem)) from problem
    line = Text(f"已导出 {told.rows} 个标识 → {file}", f"{told.rows} identifiers exported → {file}")
    say(arguments, {"file": str(file), "kind": kind, "rows": told.rows, "sha256": told.sha256}, [line])
    return 0
