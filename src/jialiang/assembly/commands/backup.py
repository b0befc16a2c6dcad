"""``jialiang backup``: database, stored files and encrypted keys in one archive."""

from __future__ import annotations

import argparse

from jialiang.assembly.archives import back_up
from jialiang.assembly.saying import counted, say
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

PASSPHRASE = Text(
    "密钥口令（JIALIANG_KEY_PASSPHRASE）不在备份中，请另行妥善保管；没有它就无法恢复签名。",
    "The passphrase of the keys (JIALIANG_KEY_PASSPHRASE) is not in the backup: keep it elsewhere, or nothing signs.",
)


def run(arguments: argparse.Namespace) -> int:
    """Write a backup while work goes on. Returns 0."""
    kept = back_up(arguments.archive, utc_now())
    count = counted(kept.rows)
    what = Text(
        f"已备份：{count.zh}，{kept.files} 个文件，{kept.keys} 个密钥 → {arguments.archive}",
        f"Backed up: {count.en}, {kept.files} files, {kept.keys} keys → {arguments.archive}",
    )
    say(arguments, {"archive": str(arguments.archive), **kept.to_json()}, [what, PASSPHRASE])
    return 0
