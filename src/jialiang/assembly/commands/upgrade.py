"""``jialiang upgrade``: backup, tables of this version, answers and static files anew."""

from __future__ import annotations

import argparse

from jialiang.assembly.archives import upgrade
from jialiang.assembly.saying import say
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

OF_THIS_VERSION = Text(
    "数据表、公开答复和静态文件已是本版本。", "Tables, public answers and static files are of this version."
)


def run(arguments: argparse.Namespace) -> int:
    """Upgrade the installation; stop serve and worker before. Returns 0."""
    applied, archive = upgrade(utc_now(), with_backup=not arguments.no_backup)
    lines = [Text(f"已执行迁移 {name}", f"applied {name}") for name in applied]
    if archive is not None:
        lines.insert(0, Text(f"升级前的备份：{archive}", f"backup before the upgrade: {archive}"))
    lines.append(OF_THIS_VERSION)
    say(arguments, {"applied": applied, "backup": str(archive) if archive else None}, lines)
    return 0
