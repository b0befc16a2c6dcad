"""The life of identifiers at the browser: prefix, template, table, labels, what a stranger sees, in both languages."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from tests.journeys.browsing import PHONE, Opened, Window, row_with, symbols_printed
from tests.journeys.conftest import Demonstration

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LICENCE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CODES = {"zh": "871", "en": "872"}
COMPANIES = {"zh": "40123459", "en": "40123460"}
PURPOSES = {"zh": "为出厂的压力表赋码", "en": "Identifiers for pressure gauges leaving the works"}
QUOTA = "2500"
ROWS = 2000
PRINTED = 3
HEAD = (
    "标识", "状态", "模板", "代码:GIAI", "2000:NAME", "2001:MODEL", "2002:SERIAL", "2003:MANUFACTURER", "2004:MADE_ON",
    "2009:REMARK", "1:CERTIFICATE",
)  # fmt: skip
ITEMS = (
    # type, name in Chinese and English, kind of data, required
    ("NAME", "名称", "Name", "text", True),
    ("MODEL", "型号规格", "Model", "text", True),
    ("SERIAL", "出厂编号", "Serial number", "text", True),
    ("MANUFACTURER", "制造商", "Manufacturer", "text", False),
    ("MADE_ON", "出厂日期", "Made on", "date", False),
)
NAMES = {"zh": "精密压力表", "en": "Precision pressure gauge"}
MAKERS = {"zh": "云泽仪表厂", "en": "Yunze Instrument Works"}
IN_FORCE = {"zh": "已登记，有效", "en": "Registered and in force"}
SUSPENDED = {"zh": "已暂停", "en": "Suspended"}
GENUINE = {"zh": "真实，且有效", "en": "Genuine and in force"}
NOT_HERE = {"zh": "不由本平台解析", "en": "Not resolved here"}
THANKS = {"zh": "举报已收到", "en": "The report is there"}

BAD: dict[int, tuple[int, str, tuple[str, str], tuple[str, str]]] = {
    # row: column, bad cell, (reason, remedy) in Chinese and in English
    100: (0, "", ("缺少标识", "整行删除"), ("identifier is missing", "delete the whole row")),
    200: (0, "PREFIX", ("缺少斜杠", "请写成“前缀/后缀”"), ("no slash", "Write prefix/suffix")),
    300: (0, "88..5/x", ("前缀中有空段", "请写成“前缀/后缀”"), ("empty prefix segment", "Write prefix/suffix")),
    400: (0, "99.1/mine", ("不能在前缀 99.1 下写入", "请先申请前缀"), ("under the prefix 99.1", "Apply for a prefix")),
    500: (0, "PREFIX/G-498", ("出现两次", "第 498 行"), ("twice with different contents", "first in row 498")),
    600: (0, "PREFIX/first", ("已被分配", "请换用另一个后缀"), ("has been given already", "Use another suffix")),
    700: (1, "废弃", ("登记时的状态", "即为有效"), ("active or reserved", "nothing for active")),
    800: (2, "v" * 301, ("最多 300 个字符", "请按模板补正"), ("300 letters", "Mend the items")),
    900: (3, "4012 3459", ("4012 3459", "请核对代码"), ("4012 3459", "Compare the code")),
    1000: (3, "COMPANY08988", ("已属于另一标识", "请核对代码"), ("names another identifier", "Compare the code")),
    1100: (6, "", ("出厂编号（2002）：缺少必填项", "请填写"), ("Serial number (2002): it is required", "Fill it in")),
    1200: (5, "x" * 300, ("长度 300", "0 至 255"), ("300 letters", "0 to 255 letters")),
    1300: (8, "16.6.2026", ("应为日期", "16.6.2026"), ("it is a date", "16.6.2026")),
    1400: (8, "2026-02-30", ("应为日期", "日历中没有"), ("it is a date", "There is no day 2026-02-30")),
}  # fmt: skip


@dataclass
class Life:
    """What one step hands to the next."""

    language: str
    files: Path
    certificate: str
    prefix: str = ""
    application: str = ""
    record: str = ""
    decoded: list[str] = field(default_factory=list)

    def told(self, words: dict[int, str] | dict[str, str]) -> str:
        return words[self.language]  # type: ignore[index]


def workbook(life: Life, *, mended: bool) -> bytes:
    """A table of 2 000 gauges; unless ``mended``, 14 of its rows are bad in 14 ways."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEAD)
    for number in range(2, ROWS + 2):
        row = [f"{life.prefix}/G-{number}", "有效", "V1", f"{life.told(COMPANIES)}{number:04}8",
               life.told(NAMES), "YB-150A",
               f"S-{number}", life.told(MAKERS), "2026-06-16", "", life.certificate]  # fmt: skip
        if number in BAD and not mended:
            column, cell, *_ = BAD[number]
            row[column] = cell.replace("PREFIX", life.prefix).replace("COMPANY", life.told(COMPANIES))
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_an_application_to_a_suspended_identifier_that_a_stranger_sees(
    language: str, opened: Opened, installation: str, demonstration: Demonstration, tmp_path: Path
):
    checked = urlsplit(demonstration.report["check_url"])
    life = Life(language, tmp_path, f"{installation}{checked.path}?{checked.query}")
    with opened(language, "customer") as desk, opened(language) as stranger:
        apply(desk, life)
        nothing_resolves(stranger, life)
        with opened(language, "identifiers") as operator:
            approve(operator, life)
        make_template(desk, life)
        register_one(desk, life)
        import_with_bad_rows(desk, life)
        import_mended(desk, life)
        print_labels(desk, life)
        assert all(address.startswith(f"{installation}/{life.prefix}/") for address in life.decoded)
        look_and_report(stranger, life)
        suspend(desk, stranger, life)


def apply(desk: Window, life: Life) -> None:
    """Hand in the application with a document."""
    desk.go("/prefixes/applications/")
    desk.see("i01-applications", everywhere=True)
    desk.main_action()
    desk.page.locator("select[name=parent_id]").select_option(index=1)
    above = desk.page.locator("select[name=parent_id] option:checked").inner_text()
    desk.page.locator("[name=wished_code]").fill(life.told(CODES))
    desk.page.locator("[name=purpose]").fill(life.told(PURPOSES))
    licence = {"name": "licence.pdf", "mimeType": "application/pdf", "buffer": LICENCE}
    desk.page.set_input_files("[name=documents]", [licence])
    desk.see("i02-apply", everywhere=True)
    desk.main_action()
    life.prefix = f"{above}.{life.told(CODES)}"
    life.application = urlsplit(desk.page.url).path
    assert "licence.pdf" in desk.words()
    assert desk.page.locator(f"form[action='{life.application}approve']").count() == 0
    desk.see("i03-application", everywhere=True)


def nothing_resolves(stranger: Window, life: Life) -> None:
    """Before approval the prefix is nobody's."""
    stranger.page.set_viewport_size(PHONE)
    stranger.go(f"/{life.prefix}/G-2", status=404)
    assert life.told(NOT_HERE) in stranger.words()
    stranger.see("i04-before-approval")


def approve(operator: Window, life: Life) -> None:
    """Read the document, then grant the prefix with a quota."""
    operator.go("/prefixes/applications/")
    operator.see("i05-desk", everywhere=True)
    operator.press_and_wait(operator.page.locator(f"a[href='{life.application}']"))
    with operator.page.expect_download() as coming:
        operator.page.locator("a[href$='/documents/1'], a[href$='/documents/0']").first.click()
    assert Path(coming.value.path()).read_bytes() == LICENCE
    assert operator.page.locator("[name=grant-code]").input_value() == life.told(CODES)
    operator.page.locator("[name=grant-quota]").fill(QUOTA)
    operator.see("i06-decision", everywhere=True)
    operator.main_action()
    assert life.prefix in operator.words()
    operator.see("i07-approved")


def make_template(desk: Window, life: Life) -> None:
    """Draft a template, item by item, and publish it."""
    desk.go(life.application)
    desk.see("i08-granted", everywhere=True)
    desk.main_action()
    desk.page.locator("select[name=prefix_text]").select_option(life.prefix)
    desk.page.locator("[name=code]").fill("V1")
    desk.page.locator("[name=name_zh]").fill("压力表")
    desk.page.locator("[name=name_en]").fill("Pressure gauges")
    desk.see("i09-template-form")
    desk.main_action()
    page = urlsplit(desk.page.url).path
    for kind, zh, en, data, required in ITEMS:
        desk.go(f"{page}items/new")
        for name, text in (("type", kind), ("name_zh", zh), ("name_en", en)):
            desk.page.locator(f"[name={name}]").fill(text)
        desk.page.locator("select[name=data_type]").select_option(data)
        desk.page.locator("input[name=required]").set_checked(required)
        if kind == "NAME":
            desk.see("i10-item", everywhere=True)
        desk.main_action()
    desk.see("i11-draft", everywhere=True)
    desk.main_action()
    desk.see("i12-published")


def register_one(desk: Window, life: Life) -> None:
    """The first one is registered by the form of the template."""
    desk.go("/identifiers/new")
    desk.press_and_wait(row_with(desk.page, life.prefix).get_by_role("link").first)
    for name, text in (("suffix", "first"), ("item_2000", life.told(NAMES)), ("item_2001", "YB-1"), ("item_2002", "1")):
        desk.page.locator(f"[name={name}]").fill(text)
    desk.see("i13-register", everywhere=True)
    desk.main_action()
    assert f"{life.prefix}/first" in desk.words()
    desk.see("i14-registered", everywhere=True)


def import_with_bad_rows(desk: Window, life: Life) -> None:
    """Every bad row is explained where it is bad; the good ones are written."""
    desk.go("/identifiers/import")
    desk.see("i15-import", everywhere=True)
    _try_table(desk, "gauges.xlsx", workbook(life, mended=False))
    _each_is_explained(desk, life)
    desk.see("i16-tried", everywhere=True)
    desk.main_action()
    assert _facts(desk)[0] == ROWS - len(BAD)
    _each_is_explained(desk, life)
    desk.see("i17-written", everywhere=True)


def _each_is_explained(desk: Window, life: Life) -> None:
    rows = desk.page.locator("main table tbody tr").all_inner_texts()
    assert len(rows) == len(BAD)
    for line, (number, (column, _, *words)) in zip(rows, sorted(BAD.items()), strict=True):
        reason, remedy = words[life.language == "en"]
        for told in (str(number), HEAD[column], reason, remedy):
            assert told in line, f"row {number}: no “{told}” in “{line}”"


def import_mended(desk: Window, life: Life) -> None:
    """The mended table finds 1 986 as they stand and writes 14."""
    _try_table(desk, "mended.xlsx", workbook(life, mended=True))
    assert _facts(desk) == [ROWS, ROWS - len(BAD), 0]
    desk.main_action()
    assert _facts(desk) == [len(BAD), 0, ROWS - len(BAD), 0]
    desk.see("i18-all-written", everywhere=True)


def _try_table(desk: Window, name: str, data: bytes) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    desk.page.set_input_files("input[name=file]", {"name": name, "mimeType": kind, "buffer": data})
    desk.press_and_wait(desk.page.locator("form[enctype='multipart/form-data'] button"))


def _facts(desk: Window) -> list[int]:
    return [int(text) for text in desk.page.locator("main .jl-facts dd").all_inner_texts()]


def print_labels(desk: Window, life: Life) -> None:
    """Labels of some of them, read back from the page as printed."""
    desk.go(f"/identifiers/?prefix={life.prefix}")
    desk.see("i19-list", everywhere=True)
    for box in desk.page.locator("main input[name=id]").all()[:PRINTED]:
        box.check()
    desk.press_and_wait(desk.page.locator("main .jl-bulk button"))
    assert len(desk.page.locator("[name=names]").input_value().split()) == PRINTED
    desk.page.locator("select[name=sheet]").select_option("a4-24")
    desk.see("i20-labels", everywhere=True)
    with desk.page.expect_download() as coming:
        desk.page.locator("button[data-main-action]").click()
    sheet = life.files / "labels.pdf"
    coming.value.save_as(sheet)
    life.decoded = symbols_printed(sheet, dpi=300)
    assert len(life.decoded) == PRINTED


def look_and_report(stranger: Window, life: Life) -> None:
    """Whoever scans a label sees what it is and whether it is in force, and may report a fake."""
    stranger.go(life.decoded[0])
    name = urlsplit(life.decoded[0]).path[1:]
    serial = f"S-{name.rpartition('-')[2]}"
    for told in (life.told(IN_FORCE), name, life.told(NAMES), "YB-150A", serial, life.told(MAKERS), life.told(GENUINE)):
        assert told in stranger.words(), told
    stranger.see("i21-public", everywhere=True)
    stranger.page.set_viewport_size(PHONE)
    stranger.press_and_wait(stranger.page.locator("a[href^='/check/report']"))
    assert stranger.page.locator("[name=identifier]").input_value() == name
    stranger.page.locator("[name=description]").fill("标签与器具不符 / The label is on another gauge")
    stranger.see("i22-report", everywhere=True)
    stranger.page.set_viewport_size(PHONE)
    stranger.press_and_wait(stranger.page.locator("form button"))
    assert life.told(THANKS) in stranger.words()
    stranger.see("i23-reported")


def suspend(desk: Window, stranger: Window, life: Life) -> None:
    """Suspend what the stranger has in hand: a second later the page says so."""
    address = life.decoded[0]
    name = urlsplit(address).path[1:]
    desk.go(f"/identifiers/?q={name}")
    desk.press_and_wait(row_with(desk.page, name).get_by_role("link").first)
    desk.see("i24-identifier", everywhere=True)
    desk.press_and_wait(desk.page.locator("a[href$='/suspend']"))
    desk.page.locator("[name=reason]").fill("标签误贴 / Labelled by mistake")
    desk.see("i25-suspend")
    desk.main_action()
    stranger.sees_within_a_second(address, life.told(IN_FORCE))
    stranger.page.set_viewport_size(PHONE)
    stranger.go(address, status=404)
    assert life.told(SUSPENDED) in stranger.words()
    expect(stranger.page.locator("main")).not_to_contain_text(life.told(MAKERS))
    stranger.see("i26-public-suspended", everywhere=True)
    desk.see("i27-suspended", everywhere=True)
