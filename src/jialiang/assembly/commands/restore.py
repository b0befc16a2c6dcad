"""``jialiang restore``: a backup into an empty installation, on either database."""

from __future__ import annotations

import argparse

from django.conf import settings

from jialiang.assembly.archives import restore
from jialiang.assembly.saying import counted, say
from jialiang.assembly.static_files import collect
from jialiang.kernel.text import Text


def run(arguments: argparse.Namespace) -> int:
    """Put a backup back, all of it or nothing. Returns 0."""
    kept = restore(arguments.archive)
    collect(settings.STATIC_ROOT)
    count = counted(kept.rows)
    what = Text(
        f"已恢复：{count.zh}，{kept.files} 个文件，{kept.keys} 个密钥",
        f"Restored: {count.en}, {kept.files} files, {kept.keys} keys",
    )
    say(arguments, {"archive": str(arguments.archive), **kept.to_json()}, [what])
    return 0
