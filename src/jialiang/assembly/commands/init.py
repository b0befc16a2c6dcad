"""``jialiang init``: tables, authority, institute, seal, first administrator; may be repeated."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable

from django.conf import settings

from jialiang.assembly.command_errors import FileUnreadable
from jialiang.assembly.founding import (
    Founded,
    Institute,
    PasswordNeeded,
    PasswordsDiffer,
    found,
    institute_facts,
    slug_of,
)
from jialiang.assembly.saying import say
from jialiang.assembly.static_files import collect
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.keys.selectors import authority

STEPS = {
    "authority": Text("已建立证书根（CA）", "certificate authority made"),
    "institute": Text("已登记机构", "institute registered"),
    "seal": Text("已签发机构印章证书", "institute's seal issued"),
    "administrator": Text("已添加管理员", "administrator added"),
    "answers": Text("已发布“查无此证”的公开答复", "answer to unknown numbers published"),
}


def run(arguments: argparse.Namespace) -> int:
    """Found an institute on this installation. Returns 0."""
    name = Text(arguments.institute_zh, arguments.institute_en)
    short_code = arguments.short_code.strip().upper()
    facts = institute_facts(name=name, credit_code=arguments.credit_code, short_code=short_code)
    slug = arguments.slug or slug_of(short_code)
    founded = found(
        Institute(slug=slug, facts=facts, time_zone=arguments.time_zone),
        username=arguments.admin,
        password=_password(arguments),
        now=utc_now(),
    )
    files = collect(settings.STATIC_ROOT)
    say(arguments, _document(founded, files), _lines(founded))
    return 0


def _password(arguments: argparse.Namespace) -> Callable[[], str]:
    def given() -> str:
        if arguments.password_file is not None:
            return _first_line(arguments)
        if not sys.stdin.isatty():
            raise PasswordNeeded(username=arguments.admin)
        first = getpass.getpass(f"{arguments.admin}: 密码 / password: ")
        if getpass.getpass(f"{arguments.admin}: 再次输入 / once more: ") != first:
            raise PasswordsDiffer()
        return first

    return given


def _first_line(arguments: argparse.Namespace) -> str:
    try:
        text: str = arguments.password_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise FileUnreadable(file=arguments.password_file, reason=str(problem)) from problem
    lines = text.splitlines()
    if not lines or not lines[0]:
        raise PasswordNeeded(username=arguments.admin)
    return lines[0]


def _document(founded: Founded, files: int) -> dict[str, object]:
    return {
        "tenant": {"id": str(founded.tenant.pk), "slug": founded.tenant.slug},
        "administrator": founded.administrator.username,
        "authority_fingerprint": authority().fingerprint,
        "seal_valid_until": founded.seal.valid_until.isoformat(),
        "steps": list(founded.steps),
        "static_files": files,
    }


def _lines(founded: Founded) -> list[Text]:
    lines = [STEPS[step] for step in founded.steps] or [
        Text("一切已就绪，未作改动", "all there, nothing changed")
    ]
    slug, login, print_ = founded.tenant.slug, founded.administrator.username, authority().fingerprint
    return [
        *lines,
        Text(f"租户：{slug}　管理员：{login}", f"tenant: {slug}  administrator: {login}"),
        Text(f"CA 指纹（SHA-256）：{print_}", f"CA fingerprint (SHA-256): {print_}"),
    ]
