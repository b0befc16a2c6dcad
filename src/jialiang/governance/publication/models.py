"""The table of published answers, which the public front reads and nothing else."""

from __future__ import annotations

from django.db import models


class PublishedAnswer(models.Model):
    """A ready-made answer; the columns are a contract (docs/reference/published-answers.md)."""

    key = models.CharField(max_length=200, primary_key=True)
    version = models.BigIntegerField(unique=True)
    body = models.BinaryField()
    headers = models.TextField(default="{}")
    not_after = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        """The table is named for readers that are not Django; ``version`` is the change feed."""

        db_table = "published_answer"

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class AnswerVersion(models.Model):
    """The version given last; its one row is locked until commit, so versions appear in their order."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    last = models.BigIntegerField(default=0)

    class Meta:
        """One row, made by the first answer."""

        db_table = "published_answer_version"

    def __str__(self) -> str:
        return str(self.last)
