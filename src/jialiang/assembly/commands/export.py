"""``jialiang export``: a whole tenant as one archive."""

from __future__ import annotations

import argparse

from jialiang.assembly.saying import counted, say
from jialiang.assembly.transfer import export_tenant
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

WITHOUT = Text(
    "未包含签名密钥、第二验证因素和接口令牌；需要时加 --with-keys。",
    "Signing keys, second factors and API tokens are left out; --with-keys adds them.",
)


def run(arguments: argparse.Namespace) -> int:
    """Write a tenant into an archive. Returns 0."""
    moved = export_tenant(arguments.tenant, arguments.archive, with_keys=arguments.with_keys, now=utc_now())
    count = counted(moved.rows)
    what = Text(
        f"已导出 {moved.slug}：{count.zh}，{moved.files} 个文件，{moved.keys} 个密钥 → {arguments.archive}",
        f"{moved.slug} exported: {count.en}, {moved.files} files, {moved.keys} keys → {arguments.archive}",
    )
    document = {"archive": str(arguments.archive), "with_keys": arguments.with_keys, **moved.to_json()}
    say(arguments, document, [what] if arguments.with_keys else [what, WITHOUT])
    return 0
