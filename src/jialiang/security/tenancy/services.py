"""Founding an institute on this installation."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction

from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text, is_one_line, storable
from jialiang.security.tenancy.errors import BadTenant, SlugTaken
from jialiang.security.tenancy.models import Tenant

SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")

LONGEST_NAME = 200


@transaction.atomic
def create_tenant(*, slug: str, name: Text, time_zone: str = "Asia/Shanghai", now: datetime) -> Tenant:
    """Found an institute. Raises :class:`BadTenant` (which member, why) and :class:`SlugTaken`."""
    if not SLUG.fullmatch(slug):
        raise BadTenant(member="slug", given=slug)
    if not name.zh.strip():
        raise BadTenant(member="name.zh", given=name.zh)
    for language, written in name.items():
        if len(written) > LONGEST_NAME or not is_one_line(written):
            raise BadTenant(member=f"name.{language}", given=storable(written, LONGEST_NAME))
    if time_zone not in available_timezones():
        raise BadTenant(member="time_zone", given=time_zone)
    if Tenant.objects.filter(slug=slug).exists():
        raise SlugTaken(slug=slug)
    row = Tenant(
        id=new_id(now), slug=slug, name_zh=name.zh, name_en=name.en, time_zone=time_zone, created_at=now
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:  # somebody took it in the meantime
        raise SlugTaken(slug=slug) from problem
    return row
