"""What an import tells of a bad row: the heading as the table has it, what is wrong, and how to mend it."""

from __future__ import annotations

import io

import pytest
from tests.functions.prefix_verbs import add_prefix, add_template, operator

from jialiang.formats.identifier_tables import read_table
from jialiang.functions import identifier_templates, identifiers
from jialiang.functions.identifier_imports import import_rows

PREFIX = "88.101.5"
HEAD = "标识,状态,模板,代码:GIAI,2000:SERIAL,2001:MADE_ON,2009:REMARK"


@pytest.fixture
def told(world, now):
    """Import rows of the dairy under its template, and return the faults; ``heading`` may be another one."""
    add_prefix(world, "88.101", world.own_id)
    add_prefix(world, PREFIX)
    actor = operator(world)
    template = add_template(world, "1.0")
    identifier_templates.publish(actor=actor, template_id=template.id, now=now)
    add_template(world, "2.0")
    identifiers.register(actor=actor, name=f"{PREFIX}/old", values=(), now=now)

    def act(*rows: str, heading: str = HEAD, kind: str = "csv", dry_run: bool = True):
        text = "\n".join([heading, *rows] if heading else rows)
        read = read_table(io.BytesIO(text.encode()), kind)
        report = import_rows(actor=actor, rows=read, mode="create", dry_run=dry_run, now=lambda: now)
        return report.faults

    return act


BAD = {
    "no name": (",,1.0,,S1,,", "标识", "缺少标识", "整行删除"),
    "no slash": (f"{PREFIX},,1.0,,S1,,", "标识", "缺少斜杠", "前缀/后缀"),
    "a strange prefix": ("99.1/x,,1.0,,S1,,", "标识", "99.1", "申请前缀"),
    "taken": (f"{PREFIX}/old,,1.0,,S1,,", "标识", "已被分配", "另一个后缀"),
    "no such state": (f"{PREFIX}/a,废弃,1.0,,S1,,", "状态", "有效", "留空"),
    "a template that is a draft": (f"{PREFIX}/a,,2.0,,S1,,", "模板", "2.0", "发布"),
    "a template that no column holds": (f"{PREFIX}/a,,{'v' * 301},,S1,,", "模板", "300", "补正"),
    "no code of its system": (f"{PREFIX}/a,,1.0,4012 3459,S1,,", "代码:GIAI", "4012 3459", "核对代码"),
    "a required item is not there": (f"{PREFIX}/a,,1.0,,,,", "2000:SERIAL", "缺少必填项", "填写这一项"),
    "too long": (f"{PREFIX}/a,,1.0,,{'x' * 300},,", "2000:SERIAL", "长度 300", "个字符"),
    "another way to write a date": (f"{PREFIX}/a,,1.0,,S1,16.6.2026,", "2001:MADE_ON", "应为日期", "16.6.2026"),
    "a day that is none": (f"{PREFIX}/a,,1.0,,S1,2026-02-30,", "2001:MADE_ON", "应为日期", "日历中没有 2026-02-30"),
    "an item that the template has not": (f"{PREFIX}/a,,1.0,,S1,,more", "2009:REMARK", "不在模板", "清空"),
    "a cell beyond the headings": (f"{PREFIX}/a,,1.0,,S1,,,more", "", "多于表头", "列名"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_told_by_its_heading_with_reason_and_remedy(told, case):
    row, heading, reason, remedy = BAD[case]
    (fault,) = told(row)
    assert (fault.row, fault.column) == (2, heading)
    assert reason in fault.reason.zh
    assert remedy in fault.remedy.zh
    assert fault.reason.zh.endswith("。")
    assert fault.remedy.zh.endswith("。")
    assert fault.reason.en.endswith(".")
    assert fault.remedy.en.endswith(".")


@pytest.mark.parametrize("case", BAD)
def test_trial_and_import_tell_a_row_alike(told, case):
    assert told(BAD[case][0]) == told(BAD[case][0], dry_run=False)


@pytest.mark.parametrize("case", ["a required item is not there", "no code of its system", "no slash", "taken"])
def test_english_headings_are_told_as_they_stand(told, case):
    chinese = BAD[case][1]
    english = {"标识": "handle", "代码:GIAI": "code:GIAI"}.get(chinese, chinese)
    heading = "handle,state,template,code:GIAI,2000:SERIAL,2001:MADE_ON,2009:REMARK"
    assert [fault.column for fault in told(BAD[case][0], heading=heading)] == [english]


def test_a_row_with_two_bad_items_is_told_item_by_item(told):
    faults = told(f"{PREFIX}/a,,1.0,,,16.6.2026,")
    assert [(fault.row, fault.column) for fault in faults] == [(2, "2000:SERIAL"), (2, "2001:MADE_ON")]


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_name_that_stands_twice_names_the_row_of_the_first(told, dry_run):
    rows = ["no name at all,,,,,,", f"{PREFIX}/a,,1.0,,S1,,", "", f"{PREFIX}/b,,1.0,,S2,,", f"{PREFIX}/A,,1.0,,S3,,"]
    faults = told(*rows, dry_run=dry_run)
    assert [fault.row for fault in faults] == [2, 6]
    assert "第 3 行" in faults[1].reason.zh
    assert "row 3" in faults[1].reason.en
    assert "delete one of the two rows" in faults[1].remedy.en


def test_the_same_row_twice_is_no_fault(told):
    assert told(f"{PREFIX}/a,,1.0,,S1,,", f"{PREFIX}/a,,1.0,,S1,,") == []


def test_a_code_of_another_row_names_whose_it_is(told):
    faults = told(f"{PREFIX}/a,,1.0,4012345988,S1,,", f"{PREFIX}/b,,1.0,4012345988,S2,,")
    assert [(fault.row, fault.column) for fault in faults] == [(3, "代码:GIAI")]
    assert f"{PREFIX}/a" in faults[0].reason.zh


@pytest.mark.parametrize(
    ("line", "column"),
    [('{"handle": "nothing"}', "handle"), ("[1]", ""), ('{"handle": "88.1/a", "state": "gone"}', "state")],
)
def test_a_line_of_json_has_a_remedy_too(told, line, column):
    (fault,) = told(line, heading="", kind="ndjson")
    assert fault.column == column
    assert fault.remedy.zh
    assert fault.remedy.en


def test_what_is_told_travels_as_json(told):
    (fault,) = told(BAD["no slash"][0])
    said = fault.to_json()
    assert set(said) == {"row", "column", "reason", "remedy"}
    assert said["remedy"] == {"zh": fault.remedy.zh, "en": fault.remedy.en}
