"""What patterns write, which carry no serial, and what the account says of used, void and missing numbers."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jialiang.governance.counters import selectors
from jialiang.governance.counters.errors import (
    BadNumberPattern,
    NumberAlreadyVoid,
    NumberNotFound,
    ReasonMissing,
)
from jialiang.governance.counters.models import NumberAllocation, NumberSeries
from jialiang.governance.counters.services import _number, take, void
from jialiang.kernel.text import Text
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

PATTERN = "JLX-{year}-{serial:05d}"
REASON = Text("打印错误", "misprint")
DAY = timedelta(days=1)


def taken(
    now: datetime, *, kind: str = "certificate", pattern: str = PATTERN, year: int = 2026
) -> NumberAllocation:
    return take(kind=kind, year=year, pattern=pattern, subject_id=uuid4(), now=now)


# pattern, serial: the number, or None where the pattern is refused
PATTERNS = [
    ("JLX-{year}-{serial:05d}", 1, "JLX-2026-00001"),
    ("JLX-{year}-{serial:05d}", 99999, "JLX-2026-99999"),
    ("JLX-{year}-{serial:05d}", 100000, "JLX-2026-100000"),
    ("{serial}", 1, "1"),
    ("{serial:d}", 10, "10"),
    ("{year}{serial:04d}", 7, "20260007"),
    ("{kind}-{serial}", 7, "certificate-7"),
    ("校字第{serial:06d}号", 42, "校字第000042号"),
    ("{serial:x}", 255, "ff"),
    ("{{{serial}}}", 3, "{3}"),
    ("{serial:,}", 1000, "1,000"),
    ("x" * 79 + "{serial}", 9, "x" * 79 + "9"),
    ("x" * 79 + "{serial}", 10, None),
    ("no serial", 1, None),
    ("", 1, None),
    ("{year}", 1, None),
    ("{serial!s:.1}", 10, None),  # 10 and 11 are both written 1
    ("{serial!s:.1}", 1, "1"),
    ("{number}", 1, None),
    ("{0}-{serial}", 1, None),
    ("{}", 1, None),
    ("{serial", 1, None),
    ("serial}", 1, None),
    ("{serial:q}", 1, None),
    ("{serial.nothing}", 1, None),
    ("{serial[0]}", 1, None),
    ("{serial:05s}", 1, None),
]


@pytest.mark.parametrize(("pattern", "serial", "number"), PATTERNS)
def test_what_a_pattern_writes(pattern: str, serial: int, number: str | None) -> None:
    def write() -> str:
        return _number(pattern, year=2026, serial=serial, kind="certificate")

    if number is not None:
        assert write() == number
        return
    with pytest.raises(BadNumberPattern) as refused:
        write()
    assert refused.value.facts == {"pattern": pattern}


@given(
    st.integers(1, 10**12),
    st.integers(1, 10**12),
    st.sampled_from([PATTERN, "{serial}", "{serial:x}", "{year}/{serial:03d}"]),
)
def test_two_serials_never_write_one_number(one: int, other: int, pattern: str) -> None:
    first, second = (_number(pattern, year=2026, serial=n, kind="k") for n in (one, other))
    assert (first == second) is (one == other)


def test_a_refused_pattern_takes_nothing_and_the_series_goes_on(in_tenant: Tenant, now: datetime) -> None:
    taken(now)
    with pytest.raises(BadNumberPattern):
        taken(now, pattern="none")
    assert taken(now).number == "JLX-2026-00002"
    assert selectors.gaps() == []


def test_a_changed_pattern_goes_on_with_the_next_serial(in_tenant: Tenant, now: datetime) -> None:
    assert [taken(now).number, taken(now, pattern="N{serial}").number, taken(now).number] == [
        "JLX-2026-00001", "N2", "JLX-2026-00003",
    ]  # fmt: skip


# --- voiding -------------------------------------------------------------------------------------------------

REASONS = {
    "both languages": (REASON, True),
    "Chinese alone": (Text("打印错误"), True),
    "English alone": (Text(en="misprint"), True),
    "nothing": (Text(), False),
    "blanks": (Text(" \u3000", "\t"), False),
}


@pytest.mark.parametrize(("reason", "enough"), REASONS.values(), ids=REASONS)
def test_a_number_is_voided_with_a_reason_in_one_language_at_least(
    reason: Text, enough: bool, in_tenant: Tenant, now: datetime
) -> None:
    row = taken(now)
    if enough:
        gone = void(row, reason, now + DAY)
        assert (gone.state, gone.voided_at, gone.reason) == ("void", now + DAY, reason)
        return
    with pytest.raises(ReasonMissing) as refused:
        void(row, reason, now)
    assert refused.value.facts == {"number": "JLX-2026-00001"}
    assert NumberAllocation.objects.get().state == "used"


@pytest.mark.parametrize("by_text", [True, False])
def test_a_number_is_voided_by_its_text_or_its_row_and_once(
    by_text: bool, in_tenant: Tenant, now: datetime
) -> None:
    row = taken(now)
    which = row.number if by_text else row
    void(which, REASON, now)
    with pytest.raises(NumberAlreadyVoid) as refused:
        void(which, Text("另一原因"), now + DAY)
    assert refused.value.facts == {"number": row.number, "reason": REASON}
    assert NumberAllocation.objects.get().reason == REASON


@pytest.mark.parametrize(
    "text", ["", "JLX-2026-00002", "jlx-2026-00001", " JLX-2026-00001", "JLX-2026-0000%"]
)
def test_a_number_is_found_by_its_very_text_only(text: str, in_tenant: Tenant, now: datetime) -> None:
    taken(now)
    with pytest.raises(NumberNotFound) as refused:
        void(text, REASON, now)
    assert refused.value.facts == {"number": text, "found": 0}


def test_of_equal_texts_the_kind_tells_which_is_meant(in_tenant: Tenant, now: datetime) -> None:
    for kind in ("certificate", "report"):
        taken(now, kind=kind)
    with pytest.raises(NumberNotFound) as refused:
        void("JLX-2026-00001", REASON, now)
    assert refused.value.facts["found"] == 2
    void("JLX-2026-00001", REASON, now, kind="report")
    states = {row.series.kind: row.state for row in NumberAllocation.objects.all()}
    assert states == {"certificate": "used", "report": "void"}
    with pytest.raises(NumberNotFound):
        void("JLX-2026-00001", REASON, now, kind="commission")


def test_a_void_number_is_never_given_again_and_costs_no_other(in_tenant: Tenant, now: datetime) -> None:
    first = taken(now)
    void(first, REASON, now)
    assert taken(now).number == "JLX-2026-00002"
    assert [line.state for line in selectors.account("certificate", 2026)] == ["void", "used"]


# --- the account ---------------------------------------------------------------------------------------------


def test_each_line_of_the_account_says_what_became_of_its_serial(in_tenant: Tenant, now: datetime) -> None:
    subjects = [uuid4() for _ in range(3)]
    for subject in subjects:
        take(kind="certificate", year=2026, pattern=PATTERN, subject_id=subject, now=now)
    void("JLX-2026-00002", REASON, now + DAY)
    NumberAllocation.objects.filter(serial=1).delete()
    lines = selectors.account("certificate", 2026)
    assert [(line.serial, line.number, line.state, line.subject_id) for line in lines] == [
        (1, "", "missing", None),
        (2, "JLX-2026-00002", "void", subjects[1]),
        (3, "JLX-2026-00003", "used", subjects[2]),
    ]
    assert [(line.reason, line.allocated_at, line.voided_at) for line in lines] == [
        (Text(), None, None), (REASON, now, now + DAY), (Text(), now, None),
    ]  # fmt: skip
    assert selectors.gaps() == [selectors.Gap("certificate", 2026, 1)]


@pytest.mark.parametrize(
    ("last", "kept", "missing"),
    [
        (3, {1, 2, 3}, []),
        (3, {1, 3}, [2]),
        (3, set(), [1, 2, 3]),
        (1, {1, 2, 3}, []),
        (1, {3}, [1, 2]),
        (5, {1, 2, 3}, [4, 5]),
        (0, set(), []),
    ],
)
def test_gaps_are_found_whether_rows_were_taken_out_or_the_series_was_set(
    last: int, kept: set[int], missing: list[int], in_tenant: Tenant, now: datetime
) -> None:
    for _ in range(3):
        taken(now)
    NumberAllocation.objects.exclude(serial__in=kept).delete()
    NumberSeries.objects.update(last=last)
    assert [gap.serial for gap in selectors.gaps()] == missing


def test_gaps_of_all_series_are_told_in_their_order(in_tenant: Tenant, now: datetime) -> None:
    for kind, year in (("report", 2026), ("certificate", 2027), ("certificate", 2026)):
        taken(now, kind=kind, year=year)
    NumberAllocation.objects.all().delete()
    assert [(gap.kind, gap.year) for gap in selectors.gaps()] == [
        ("certificate", 2026), ("certificate", 2027), ("report", 2026),
    ]  # fmt: skip


def test_the_account_is_that_of_the_own_institute(in_tenant: Tenant, now: datetime) -> None:
    taken(now)
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    with scope(other.id):
        assert selectors.account("certificate", 2026) == []
        assert selectors.gaps() == []
        with pytest.raises(NumberNotFound):
            void("JLX-2026-00001", REASON, now)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    deeds=st.lists(
        st.sampled_from(["take", "take in another year", "void the first", "bad pattern"]), max_size=12
    )
)
def test_whatever_is_done_every_serial_has_one_line(
    deeds: list[str], in_tenant: Tenant, now: datetime
) -> None:
    NumberAllocation.objects.all().delete()
    NumberSeries.objects.all().delete()
    counted = {2026: 0, 2027: 0}
    for deed in deeds:
        if deed.startswith("take"):
            year = 2027 if "another" in deed else 2026
            taken(now, year=year)
            counted[year] += 1
        elif deed == "bad pattern":
            with pytest.raises(BadNumberPattern):
                taken(now, pattern="x")
        else:
            first: UUID | None = (
                NumberAllocation.objects.filter(state="used").values_list("pk", flat=True).first()
            )
            if first is not None:
                void(NumberAllocation.objects.get(pk=first), REASON, now)
    for year, count in counted.items():
        assert [line.serial for line in selectors.account("certificate", year)] == list(range(1, count + 1))
    assert selectors.gaps() == []
