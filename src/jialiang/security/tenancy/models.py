"""The table of institutes."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text


class Tenant(models.Model):
    """An institute that works on this installation; all its data stand in its scope."""

    id = models.UUIDField(primary_key=True, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=60, default="Asia/Shanghai")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(zh=self.name_zh, en=self.name_en)
