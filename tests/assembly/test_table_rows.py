"""Rows as lines of JSON and back: every column of every table, nothing lost, nothing strange let in."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models

from jialiang.assembly.archive_errors import ArchiveDamaged
from jialiang.assembly.stored_tables import MADE_BY_MIGRATING, SHORT_LIVED, tables_now
from jialiang.assembly.table_rows import BATCH, columns, lines, read_rows, write_rows

JOB, ANSWER, ATTEMPT = (
    "governance_jobs.job",
    "governance_publication.publishedanswer",
    "security_accounts.roleassignment",
)


class Measured(models.Model):
    """A table that no migration makes: kinds of columns that the platform does not use yet."""

    id = models.BigAutoField(primary_key=True)
    exact = models.DecimalField(max_digits=20, decimal_places=6)

    class Meta:
        app_label = "tests_of_rows"
        managed = False


class Fleeting(models.Model):
    """A table with a kind of column that nothing can move."""

    id = models.BigAutoField(primary_key=True)
    length = models.DurationField()

    class Meta:
        app_label = "tests_of_rows"
        managed = False


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[models.Model]]:
    """Read lines as rows of a table."""

    def reading(model: type[models.Model], *texts: str) -> list[models.Model]:
        path = tmp_path / "rows.ndjson"
        path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
        return [row for batch in read_rows(model, path) for row in batch]

    return reading


@pytest.mark.django_db
def test_every_column_of_every_table_can_be_moved() -> None:
    tables = tables_now()
    assert len(tables.models) > 30
    for label in tables.models:
        assert list(lines(tables.rows(label))) == []


@pytest.mark.django_db
def test_the_tables_are_those_of_the_program() -> None:
    left_out = MADE_BY_MIGRATING | SHORT_LIVED
    wanted = {
        model._meta.label_lower: columns(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label not in left_out
    }
    found = {label: columns(model) for label, model in tables_now().models.items()}
    assert {k: sorted(v) for k, v in found.items()} == {k: sorted(v) for k, v in wanted.items()}


def test_no_column_writes_the_time_by_itself() -> None:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            assert not (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)), field


@pytest.mark.django_db
def test_an_answer_comes_back_byte_for_byte(tmp_path: Path) -> None:
    tables = tables_now()
    model = tables.models[ANSWER]
    moment = datetime(2026, 6, 16, 7, 47, 30, 123456, tzinfo=UTC)
    body = bytes(range(256))
    given = model(
        key="k", version=7, body=body, headers='{"a": "é\u2028"}', not_after=None, changed_at=moment
    )
    tables.rows(ANSWER).bulk_create([given])
    path = tmp_path / "answers.ndjson"
    assert write_rows(tables.rows(ANSWER), path) == 1
    assert path.read_bytes().count(b"\n") == 1
    (row,) = next(read_rows(model, path))
    assert bytes(row.body) == body
    assert (row.key, row.version, row.headers) == ("k", 7, '{"a": "é\u2028"}')
    assert (row.not_after, row.changed_at) == (None, moment)


@pytest.mark.django_db
def test_dates_and_ids_are_text_in_their_usual_form(in_tenant, tmp_path: Path) -> None:
    tables = tables_now()
    person = tables.models["security_accounts.person"](
        id=UUID(int=5),
        tenant_id=in_tenant.pk,
        username="li",
        name_zh="李",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    tables.rows("security_accounts.person").bulk_create([person])
    row = tables.models[ATTEMPT](
        id=UUID(int=6),
        tenant_id=in_tenant.pk,
        person_id=person.pk,
        role="auditor",
        valid_from=date(2026, 2, 28),
        granted_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    tables.rows(ATTEMPT).bulk_create([row])
    (line,) = lines(tables.rows(ATTEMPT))
    told = json.loads(line)
    assert told["valid_from"] == "2026-02-28"
    assert told["granted_at"] == "2026-01-02T03:04:05.000000+00:00"
    assert told["person_id"] == "00000000-0000-0000-0000-000000000005"
    assert told["valid_until"] is None


def test_a_decimal_keeps_its_zeros(read) -> None:
    (row,) = read(Measured, '{"id": 1, "exact": "10.000"}')
    assert row.exact == Decimal("10.000")
    assert str(row.exact) == "10.000"


def test_a_kind_of_column_that_is_not_known_is_named(read) -> None:
    with pytest.raises(ArchiveDamaged, match="JL-PKG-002") as caught:
        read(Fleeting, '{"id": 1, "length": "PT1S"}')
    assert "DurationField" in caught.value.facts["reason"].en


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no json",
        "[]",
        "{}",
        '{"id": 1}',
        '{"id": 1, "exact": "1", "more": 2}',
        '{"id": null, "exact": "1"}',
        '{"id": "1", "exact": "1"}',
        '{"id": true, "exact": "1"}',
        '{"id": 1.0, "exact": "1"}',
        '{"id": 1, "exact": 1}',
        '{"id": 1, "exact": "one"}',
        '{"id": 1, "exact": NaN}',
        '{"id": 1, "exact": ' + "[" * 100_000,
    ],
)
def test_a_line_that_is_no_row_is_refused_with_its_number(read, line: str) -> None:
    with pytest.raises(ArchiveDamaged) as caught:
        read(Measured, '{"id": 1, "exact": "1.5"}', line)
    assert caught.value.facts["member"] == "rows.ndjson:2"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("changed_at", "2026-06-16T07:47:30"),
        ("changed_at", "yesterday"),
        ("changed_at", 5),
        ("body", "not base64!"),
        ("body", [1]),
        ("key", 5),
        ("version", "7"),
    ],
)
def test_a_value_of_another_kind_is_refused(read, column: str, value: object) -> None:
    row = {
        "key": "k",
        "version": 1,
        "body": "",
        "headers": "{}",
        "not_after": None,
        "changed_at": "2026-06-16T07:47:30+00:00",
    }
    model = tables_now().models[ANSWER]
    assert len(read(model, json.dumps(row))) == 1
    with pytest.raises(ArchiveDamaged):
        read(model, json.dumps(row | {column: value}))


def test_many_rows_come_in_batches(tmp_path: Path) -> None:
    path = tmp_path / "rows.ndjson"
    path.write_text("".join(f'{{"id":{i},"exact":"{i}"}}\n' for i in range(BATCH + 3)), encoding="utf-8")
    assert [len(batch) for batch in read_rows(Measured, path)] == [BATCH, 3]
