"""Exporting identifiers: the import finds every row as it stands; who may, what is left on record, how much memory."""

from __future__ import annotations

import csv
import io
import tracemalloc
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from openpyxl import load_workbook
from tests.functions.prefix_verbs import add_prefix, add_template
from tests.ledger import ROLES

from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.handle.values import HandleReference, HandleValue
from jialiang.formats.identifier_tables import KINDS, TableUnfit, read_table
from jialiang.formats.identifier_tables.columns import LONGEST_CELL
from jialiang.functions import identifier_templates, identifiers
from jialiang.functions.identifier_batches import BatchItem
from jialiang.functions.identifier_exports import Wanted, export_identifiers
from jialiang.functions.identifier_imports import import_rows
from jialiang.security.audit.models import AuditRecord
from jialiang.security.policy import NotAuthorized, roles_for
from jialiang.vocabulary.statuses import IdentifierState

OWN, OTHER = "88.101.5", "88.102.1"
URL = HandleValue(1, "URL", b"https://example.org/1")
HARD = {
    "formula": (HandleValue(1, "URL", b'=HYPERLINK("https://x","y")'), HandleValue(2, "NOTE", b"+86 531")),
    "wide-formula": (HandleValue(2, "NOTE", "＝1+1".encode()), HandleValue(3, "NOTE", b"@cmd")),
    "apostrophe": (HandleValue(2, "NOTE", b"'=1"), HandleValue(3, "NOTE", b"'")),
    "octets": (HandleValue(9, "KEY", b"\xff\x00\xfe"), URL),
    "two lines": (HandleValue(2, "NOTE", b"first\r\nsecond\tthird"),),
    "blanks": (HandleValue(2, "NOTE", b"  around  "), HandleValue(3, "NOTE", b"")),
    "other type": (HandleValue(1, "EMAIL", b"a@example.org"), HandleValue(2, "1:NOTE", b"x")),
    "rights": (HandleValue(1, "URL", b"https://example.org/2", permissions=0b1100, ttl=60),),
    "references": (replace(URL, references=(HandleReference(300, "0.NA/88.101.5"),)),),
    "escapes": (HandleValue(2, "NOTE", b"_x0041_ _x000D_ \\n \"; , "[:-1]), HandleValue(3, "a;b,c\"", b"x")),
    "number": (HandleValue(2, "NOTE", b"00123"), HandleValue(3, "NOTE", b"1e5")),
    "moment": (HandleValue(1, "URL", b"https://x", ttl=1_900_000_000, ttl_absolute=True),),
}  # fmt: skip


@pytest.fixture
def operator(world):
    return world.person("identifier_operator")


@pytest.fixture
def full(world, operator, now):
    """Records of every state, with what cells can hardly tell, of two organizations."""
    add_prefix(world, OWN)
    add_prefix(world, OTHER, world.mill_id)
    earlier = now - timedelta(hours=1)
    for place, (name, values) in enumerate(HARD.items()):
        identifiers.register(actor=operator, name=f"{OWN}/{place}-{name}", values=values, now=earlier)
    giai, oid = RecordCode("GIAI", "40123459/1"), RecordCode("OID", "1.2.156")
    others = [RecordCode("OID", "1.2.157"), RecordCode("GIAI", "40123459/2", primary=True)]
    identifiers.register(actor=operator, name=f"{OWN}/codes", values=(URL,), codes=[giai, oid], now=earlier)
    identifiers.register(actor=operator, name=f"{OWN}/codes-2", values=(), codes=others, now=earlier)
    identifiers.register(actor=operator, name=f"{OWN}/later", values=(URL,), state="reserved", now=earlier)
    for name in ("stopped", "gone"):
        identifiers.register(actor=operator, name=f"{OWN}/{name}", values=(URL,), now=earlier)
    identifiers.suspend(actor=operator, name=f"{OWN}/stopped", reason="r", now=now)
    identifiers.retire(actor=operator, name=f"{OWN}/gone", now=now)
    identifiers.register(actor=operator, name=f"{OTHER}/1", values=(URL,), now=earlier)
    return len(HARD) + 6


def exported(actor, kind, now, **wanted):
    out = io.BytesIO()
    told = export_identifiers(actor=actor, wanted=Wanted(**wanted), kind=kind, out=out, now=now)
    assert out.tell() == 0
    return told, out.getvalue()


def names_of(data, kind="ndjson"):
    return [row.name for row in read_table(io.BytesIO(data), kind)]


def tried(actor, data, kind, mode, now):
    rows = read_table(io.BytesIO(data), kind)
    return import_rows(actor=actor, rows=rows, mode=mode, dry_run=True, now=lambda: now)


@pytest.mark.parametrize("mode", ["create", "update"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_import_finds_every_row_of_an_export_as_it_stands(full, operator, now, kind, mode):
    told, data = exported(operator, kind, now)
    assert told.rows == full
    report = tried(operator, data, kind, mode, now)
    assert [(fault.row, fault.reason.en) for fault in report.faults] == []
    assert report.counts == {"unchanged": full}


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_changed_since_is_no_longer_as_the_table_says(full, operator, now, kind):
    _, data = exported(operator, kind, now)
    moved = replace(URL, data=b"https://example.org/moved")
    identifiers.put_values(actor=operator, name=f"{OWN}/codes", values=(moved,), now=now)
    assert tried(operator, data, kind, "update", now).counts == {"unchanged": full - 1, "updated": 1}
    again = tried(operator, data, kind, "create", now)
    assert again.counts == {"unchanged": full - 1, "refused": 1}


def test_a_record_keeps_to_its_template_and_one_that_breaks_it_by_now_is_still_as_it_stands(world, operator, now):
    add_prefix(world, OWN)
    template = add_template(world, "1.0")
    identifier_templates.publish(actor=operator, template_id=template.id, now=now)
    values = (HandleValue(2000, "SERIAL", b"S-1"), HandleValue(2001, "MADE_ON", b"2024-03-17"))
    identifiers.register(actor=operator, name=f"{OWN}/t", values=values, template="1.0", now=now)
    identifier_templates.withdraw(actor=operator, template_id=template.id, reason="r", now=now)
    for kind in KINDS:
        _, data = exported(operator, kind, now)
        assert [row.template for row in read_table(io.BytesIO(data), kind)] == ["1.0"]
        for mode in ("create", "update"):
            assert tried(operator, data, kind, mode, now).counts == {"unchanged": 1}


def test_a_state_of_the_past_is_read_and_no_new_record_begins_in_it(full, operator, now):
    text = f"identifier,state\n{OWN}/new-1,suspended\n{OWN}/new-2,已注销\n{OWN}/later,retired\n".encode()
    report = tried(operator, text, "csv", "create", now)
    assert report.counts == {"refused": 3}
    assert [fault.row for fault in report.faults] == [2, 3, 4]


def test_no_cell_of_a_csv_begins_like_a_formula_and_no_cell_of_a_workbook_is_one(full, operator, now):
    _, data = exported(operator, "csv", now)
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row if cell]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r＝＋－＠"]
    _, data = exported(operator, "xlsx", now)
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    assert any(cell.value == "+86 531" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"state": "reserved"}, ["later"]),
        ({"state": "suspended"}, ["stopped"]),
        ({"state": "retired"}, ["gone"]),
        ({"code": "40123459/1"}, ["codes"]),
        ({"name": f"{OWN}/LATER"}, ["later"]),
        ({"beginning": f"{OWN}/CODES"}, ["codes", "codes-2"]),
        ({"prefix": OWN, "state": "reserved"}, ["later"]),
        ({"prefix": "88.999"}, []),
    ],
)
def test_a_filter_leaves_what_the_list_shows(full, operator, now, wanted, expected):
    told, data = exported(operator, "ndjson", now, **wanted)
    assert names_of(data) == [f"{OWN}/{suffix}" for suffix in expected]
    assert told.rows == len(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_fits_the_table_is_empty_and_still_a_table(full, operator, now, kind):
    told, data = exported(operator, kind, now, prefix="88.999")
    assert (told.rows, names_of(data, kind)) == (0, [])


@pytest.mark.parametrize("role", ROLES)
def test_each_role_exports_what_it_may_read(full, world, now, role):
    actor = world.person(role, organization_id=world.mill_id)
    if role not in roles_for("identifier.export"):
        with pytest.raises(NotAuthorized):
            exported(actor, "ndjson", now)
        return
    _, data = exported(actor, "ndjson", now)
    assert names_of(data) == [f"{OTHER}/1"] if role == "customer" else len(names_of(data)) == full


def test_a_customer_without_an_organization_exports_nothing(full, world, now):
    _, data = exported(world.person("customer", organization_id=None), "ndjson", now)
    assert data == b""


def test_values_that_nobody_may_read_are_left_out(full, operator, now):
    hidden = HandleValue(300, "HS_SECKEY", b"a secret of the dairy", permissions=0b0100)
    identifiers.put_values(actor=operator, name=f"{OWN}/codes", values=(hidden,), now=now)
    for kind in KINDS:
        _, data = exported(operator, kind, now)
        found = {row.name: row for row in read_table(io.BytesIO(data), kind)}
        assert [value.index for value in found[f"{OWN}/codes"].values] == [1]


def test_the_audit_record_says_who_took_what(full, operator, now):
    told, data = exported(operator, "csv", now, prefix=OWN, state="active")
    act = AuditRecord.objects.order_by("-seq").first()
    assert (act.action, act.actor_id, act.at) == ("identifier.export", operator.person_id, now)
    wanted = {"prefix": OWN, "state": "active"}
    digest = sha256(data).hexdigest()
    assert act.detail == {"kind": "csv", "wanted": wanted, "rows": told.rows, "sha256": digest}
    assert told.sha256 == digest


def test_a_record_too_large_for_a_cell_is_told_and_stands_in_ndjson(full, operator, now):
    long = HandleValue(5, "NOTE", ("长" * (LONGEST_CELL + 1)).encode())
    identifiers.put_values(actor=operator, name=f"{OWN}/later", values=(long,), now=now)
    before = AuditRecord.objects.count()
    for kind in ("csv", "xlsx"):
        with pytest.raises(TableUnfit) as refused:
            exported(operator, kind, now)
        assert f"{OWN}/later" in refused.value.facts["reason"].en
    assert AuditRecord.objects.count() == before
    _, data = exported(operator, "ndjson", now)
    assert tried(operator, data, "ndjson", "update", now).counts == {"unchanged": full}


@pytest.mark.parametrize("kind", KINDS)
def test_memory_does_not_grow_with_the_number_of_records(world, operator, now, kind, tmp_path):
    add_prefix(world, OWN)

    def peak(first, last):
        items = [BatchItem(f"{OWN}/{n}", (URL,), state=IdentifierState.ACTIVE) for n in range(first, last)]
        identifiers.register_many(actor=operator, items=items, mode="create", now=now)
        with (tmp_path / f"{last}.{kind}").open("x+b") as out:
            tracemalloc.start()
            export_identifiers(actor=operator, wanted=Wanted(), kind=kind, out=out, now=now)
            used = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return used

    few, many = peak(0, 2000), peak(2000, 6000)
    assert many < 1.3 * few + 200_000
