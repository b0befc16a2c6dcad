"""``jialiang import``: a tenant out of an archive that ``export`` wrote."""

from __future__ import annotations

import argparse

from jialiang.assembly.saying import counted, say
from jialiang.assembly.transfer import import_tenant
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

NEW_SEAL = Text(
    "档案中没有签名密钥：以同样的短码和信用代码再运行 jialiang init，为机构签发新印章。",
    "No signing keys came along: run jialiang init with the same short name and credit code for a new seal.",
)
POSSIBLE = Text("可以导入（未写入）", "can be imported, nothing written")
DONE = Text("已导入", "imported")


def run(arguments: argparse.Namespace) -> int:
    """Read a tenant, all of it or nothing. Returns 0."""
    moved = import_tenant(arguments.archive, dry_run=arguments.dry_run, now=utc_now())
    count = counted(moved.rows)
    done = POSSIBLE if arguments.dry_run else DONE
    what = Text(
        f"{moved.slug} {done.zh}：{count.zh}，{moved.files} 个文件，{moved.keys} 个密钥",
        f"{moved.slug} {done.en}: {count.en}, {moved.files} files, {moved.keys} keys",
    )
    document = {"archive": str(arguments.archive), "dry_run": arguments.dry_run, **moved.to_json()}
    say(arguments, document, [what] if moved.keys else [what, NEW_SEAL])
    return 0
