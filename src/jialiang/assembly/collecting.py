"""Collecting what the processes of this machine counted, and freezing the days that are over."""

from __future__ import annotations

import fcntl
import logging
from datetime import UTC, datetime
from pathlib import Path

from jialiang.functions.resolution_statistics import freeze_days
from jialiang.governance.resolution_counts.selectors import offset_of
from jialiang.governance.resolution_counts.services import collect
from jialiang.integration.resolver.counting import SUFFIX
from jialiang.kernel.errors import JialiangError
from jialiang.security.tenancy.selectors import tenants

logger = logging.getLogger(__name__)
TIME_ZONE = "Asia/Shanghai"


def collect_counts(folder: Path) -> int:
    """Collect every log in ``folder`` and return how many were finished; a finished log is deleted.

    A log that cannot be read stays where it is, is named in the program's log, and does not hold up the others.
    """
    finished = 0
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            finished += _collected(path)
        except JialiangError as problem:
            logger.error("%s: %s", path.name, problem)  # noqa: TRY400
    return finished


def freeze_finished_days(now: datetime) -> None:
    """Freeze the days that are over, by the time zone of the first institute."""
    institutes = tenants()
    for day in freeze_days(time_zone=institutes[0].time_zone if institutes else TIME_ZONE, now=now):
        logger.info("statistics of %s frozen", day)


def _collected(path: Path) -> bool:
    process = path.name.removesuffix(SUFFIX)
    with path.open("rb") as file:
        is_dead = _let_go(file.fileno())
        offset, _ = offset_of(process)
        last_sign = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        file.seek(offset)
        done = collect(process, file.read(), offset=offset, is_dead=is_dead, last_sign=last_sign)
    if done and is_dead:
        path.unlink()
    return done and is_dead


def _let_go(descriptor: int) -> bool:
    """Tell whether the process that writes a log is gone; asked before reading, so that its last line is read."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
