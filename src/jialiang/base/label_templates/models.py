"""The table of templates of labels."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import LabelLanguage, LabelSymbol, LabelTemplateState, choices


class LabelTemplate(TenantRow):
    """A label as somebody designed it; ``width`` and ``height`` are millimetres as decimal text, ``letters`` points."""

    code = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    width = models.CharField(max_length=6)
    height = models.CharField(max_length=6)
    symbol = models.CharField(max_length=16, blank=True, choices=choices(LabelSymbol))
    fields = models.JSONField(default=list)
    language = models.CharField(max_length=4, choices=choices(LabelLanguage))
    letters = models.PositiveSmallIntegerField()
    band = models.BooleanField(default=False)
    sheet = models.CharField(max_length=40)
    logo = models.BinaryField(default=bytes)
    logo_digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        max_length=10, choices=choices(LabelTemplateState), default=LabelTemplateState.IN_USE
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="label_template_once")]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> Text:
        """Name in zh and en."""
        return Text(self.name_zh, self.name_en)
