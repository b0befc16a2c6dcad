"""Tables of number series and of every number that was ever taken."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow


class NumberSeries(TenantRow):
    """The series of one kind in one year of the institute; ``last`` is the serial taken last."""

    kind = models.CharField(max_length=60)
    year = models.IntegerField()
    last = models.BigIntegerField(default=0)

    class Meta:
        """One series per institute, kind and year."""

        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "year"], name="one_series")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class NumberAllocation(TenantRow):
    """A taken number: used by a thing, or void with its reason; never given out again, never deleted."""

    STATES = [("used", "used"), ("void", "void")]

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="allocations")
    serial = models.BigIntegerField()
    number = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=STATES, default="used")
    subject_id = models.UUIDField()
    reason_zh = models.CharField(max_length=500, blank=True)
    reason_en = models.CharField(max_length=500, blank=True)
    allocated_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        """Neither a serial nor a written number occurs twice in a series."""

        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="one_serial"),
            models.UniqueConstraint(fields=["series", "number"], name="one_number"),
        ]
        indexes = [models.Index(fields=["tenant", "number"], name="number_lookup")]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def reason(self) -> Text:
        """Why the number is void, in both languages."""
        return Text(zh=self.reason_zh, en=self.reason_en)
