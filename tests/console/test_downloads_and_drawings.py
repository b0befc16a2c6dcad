"""Files that are handed out, and the drawings of the house: named, typed, never run, never broken."""

from __future__ import annotations

import base64
import hashlib
import re
from xml.etree import ElementTree

import pytest

from jialiang.console import drawings
from jialiang.console.downloads import attachment
from jialiang.console.pictures import embedded_png
from jialiang.console.states import looks
from jialiang.console.templatetags import jl_marks


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("YZ-2026-C-000001.xml", "application/xml; charset=utf-8"),
        ("YZ-2026-C-000001.zh.pdf", "application/pdf"),
        ("jialiang-ca.pem", "application/x-pem-file"),
        ("jialiang.crl", "application/pkix-crl"),
        ("REPORT.PDF", "application/pdf"),
        ("script.html", "application/octet-stream"),
        ("script.svg", "application/octet-stream"),
        ("script.js", "application/octet-stream"),
        ("no-ending", "application/octet-stream"),
        ("pdf", "application/pdf"),
        (".pdf.exe", "application/octet-stream"),
    ],
)
def test_a_file_has_the_type_of_its_ending_and_anything_else_is_bytes(name: str, media_type: str) -> None:
    assert attachment(name, b"x")["Content-Type"] == media_type


@pytest.mark.parametrize(
    ("name", "plain", "encoded"),
    [
        ("a.xml", "a.xml", "a.xml"),
        ("证书.pdf", "__.pdf", "%E8%AF%81%E4%B9%A6.pdf"),
        ('a"b.pdf', "a_b.pdf", "a%22b.pdf"),
        ("a\\b.pdf", "a_b.pdf", "a%5Cb.pdf"),
        ("a?b.pdf", "a_b.pdf", "a%3Fb.pdf"),
        ("a b;c.pdf", "a b;c.pdf", "a%20b%3Bc.pdf"),
        ("ü.xml", "_.xml", "%C3%BC.xml"),
    ],
)
def test_a_name_is_told_to_old_and_new_browsers_and_never_breaks_out(
    name: str, plain: str, encoded: str
) -> None:
    disposition = attachment(name, b"")["Content-Disposition"]
    assert disposition == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
    assert disposition.isascii()


@pytest.mark.parametrize("name", ["a\r\nX-Evil: 1.pdf", "a\nb.pdf"])
def test_a_line_break_in_a_name_makes_no_header(name: str) -> None:
    with pytest.raises(ValueError, match="newlines"):
        attachment(name, b"")


@pytest.mark.parametrize("data", [b"", b"x", b"\x00\xff" * 1000, "证书".encode()])
def test_an_attachment_carries_its_digest_and_runs_nowhere(data: bytes) -> None:
    answer = attachment("a.xml", data)
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    assert answer["Repr-Digest"] == f"sha-256=:{digest}:"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.content == data


def test_the_digest_of_nothing_is_the_one_of_the_literature() -> None:
    # SHA-256 of the empty string, FIPS 180-4 examples: e3b0c442 98fc1c14 … 7852b855
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    found = re.fullmatch("sha-256=:(.*):", attachment("a", b"")["Repr-Digest"])
    assert found is not None
    assert base64.b64decode(found[1]).hex() == empty


def parsed(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)


@pytest.mark.parametrize("name", drawings.names("icons"))
def test_an_icon_is_decoration_on_a_grid_of_24(name: str) -> None:
    element = parsed(drawings.icon(name))
    assert (element.get("viewBox"), element.get("aria-hidden")) == ("0 0 24 24", "true")
    assert len(element)
    small = parsed(drawings.icon(name, small=True))
    assert small.get("class") == "jl-i jl-i-s"
    assert "style" not in drawings.icon(name)


@pytest.mark.parametrize("name", drawings.names("shapes"))
def test_a_shape_takes_its_colour_from_its_kind(name: str) -> None:
    assert parsed(drawings.shape(name)).get("class") == "jl-s"
    assert parsed(drawings.shape(name, "stop")).get("class") == "jl-s jl-stop"
    assert parsed(drawings.shape(name)).get("viewBox") == "0 0 16 16"


def test_no_two_shapes_are_drawn_alike() -> None:
    drawn = [drawings.shape(name) for name in drawings.names("shapes")]
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("kind", ["icons", "shapes"])
def test_every_drawing_stays_on_its_grid(kind: str) -> None:
    side = 24 if kind == "icons" else 16
    for name in drawings.names(kind):
        drawn = drawings.icon(name) if kind == "icons" else drawings.shape(name)
        numbers = re.findall(r'\b(?:cx|cy|x|y|x1|y1|x2|y2)="(-?[\d.]+)"', drawn)
        assert all(0 <= float(number) <= side for number in numbers), name


@pytest.mark.parametrize("draw", [drawings.icon, drawings.shape])
def test_a_drawing_that_does_not_exist_is_a_mistake_that_names_itself(draw: object) -> None:
    with pytest.raises(KeyError, match="no-such-drawing"):
        draw("no-such-drawing")


def test_every_state_is_told_by_a_shape_that_is_drawn() -> None:
    drawn = set(drawings.names("shapes"))
    used = {look.shape for states in looks().values() for look in states.values()}
    assert used <= drawn


def test_the_vessel_is_one_drawing_in_the_colour_of_its_place() -> None:
    element = parsed(drawings.vessel())
    assert element.get("stroke") == "currentColor"
    assert element.get("aria-hidden") == "true"
    assert len(element.findall("path")) == 2
    assert jl_marks.vessel() == drawings.vessel()


@pytest.mark.parametrize("picture", [b"", b"\x89PNG\r\n\x1a\n", bytes(range(256))])
def test_a_picture_in_the_page_is_its_bytes_and_nothing_from_outside(picture: bytes) -> None:
    address = embedded_png(picture)
    head, _, body = address.partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(body, validate=True) == picture


@pytest.mark.parametrize(
    ("noun", "state", "kind", "shape", "zh", "en"),
    [
        ("instrument", "registered", "idle", "dashed-circle", "新登记", "Newly registered"),
        ("instrument", "in_service", "ok", "circle-tick", "在用", "In service"),
        ("instrument", "away", "info", "arrow-circle", "送检中", "Away for calibration"),
        ("instrument", "suspended", "stop", "octagon-bar", "停用", "Out of use"),
        ("instrument", "retired", "idle", "square-cross", "报废", "Scrapped"),
        ("fitness", "fit", "ok", "circle-tick", "合格", "Fit for use"),
        ("fitness", "limited", "warn", "diamond-mark", "限用", "Limited"),
        ("fitness", "out_of_use", "stop", "octagon-bar", "停用", "Out of use"),
        ("fitness", "unproven", "idle", "dashed-circle", "新登记", "Newly registered"),
        ("fitness", "expired", "stop", "clock", "已到期", "Expired"),
        ("fitness", "away", "info", "arrow-circle", "送检中", "Away for calibration"),
        ("fitness", "retired", "idle", "square-cross", "报废", "Scrapped"),
        ("conformity", "pass", "ok", "circle-tick", "符合", "Pass"),
        ("conformity", "conditional_pass", "warn", "diamond-tick", "有条件符合", "Conditional pass"),
        ("conformity", "conditional_fail", "warn", "diamond-cross", "有条件不符合", "Conditional fail"),
        ("conformity", "fail", "stop", "octagon-cross", "不符合", "Fail"),
        ("conformity", "none", "idle", "small-ring", "不作判定", "No statement"),
        ("calibration", "draft", "info", "half-circle", "填写中", "Draft"),
        ("calibration", "in_review", "warn", "ring", "待核验", "In review"),
        ("calibration", "awaiting_approval", "warn", "pen", "待批准", "Awaiting approval"),
        ("calibration", "approved", "ok", "circle-tick", "已批准", "Approved"),
        ("calibration", "returned", "diff", "back-arrow", "已退回", "Returned"),
        ("certificate", "issuing", "info", "half-circle", "签发中", "Issuing"),
        ("certificate", "in_force", "ok", "rosette-tick", "有效", "In force"),
        ("certificate", "expired", "warn", "clock", "已到期", "Expired"),
        ("certificate", "superseded", "info", "arrow-square", "已被替代", "Superseded"),
        ("certificate", "withdrawn", "stop", "octagon-bar", "已撤销", "Withdrawn"),
        ("certificate", "void", "idle", "square-cross", "已作废", "Void"),
        ("measurement_standard", "in_use", "ok", "circle-tick", "在用", "In use"),
        ("measurement_standard", "suspended", "warn", "pause", "停用", "Suspended"),
        ("measurement_standard", "retired", "idle", "square-cross", "报废", "Retired"),
        ("measurement_standard", "ending", "warn", "clock", "即将到期", "Ending soon"),
        ("measurement_standard", "expired", "stop", "octagon-bar", "已过期", "Expired"),
        ("measurement_standard", "unproven", "idle", "dashed-circle", "尚无证书", "No certificate yet"),
        ("commission", "open", "warn", "ring", "待受理", "To be accepted"),
        ("commission", "accepted", "info", "tray", "已受理", "Accepted"),
        ("commission", "completed", "ok", "circle-tick", "已完成", "Completed"),
        ("commission", "cancelled", "idle", "square-cross", "已取消", "Cancelled"),
        ("custody", "expected", "idle", "dashed-circle", "待收样", "Expected"),
        ("custody", "received", "info", "tray", "已收样", "Received"),
        ("custody", "in_laboratory", "info", "half-circle", "在实验室", "In the laboratory"),
        ("custody", "returned", "idle", "arrow-square", "已返还", "Returned"),
        ("verdict", "genuine", "ok", "rosette-tick", "真实，且有效", "Genuine and in force"),
        ("verdict", "withdrawn", "stop", "octagon-bar", "已撤销，不得使用", "Withdrawn. Do not use"),
        ("verdict", "altered", "stop", "octagon-unequal", "已被改动，不可信", "Altered. Do not trust"),
        ("verdict", "unknown", "idle", "dashed-question", "查不到", "Not known here"),
        ("check", "passed", "ok", "circle-tick", "通过", "Holds"),
        ("check", "failed", "stop", "octagon-cross", "未通过", "Does not hold"),
        ("job", "ready", "idle", "ring", "等待中", "Waiting"),
        ("job", "leased", "info", "half-circle", "进行中", "In work"),
        ("job", "done", "ok", "circle-tick", "已完成", "Done"),
        ("job", "dead", "stop", "octagon-bar", "已停下", "Stopped"),
    ],
)
def test_the_chip_of_every_state(noun: str, state: str, kind: str, shape: str, zh: str, en: str) -> None:
    look = looks()[noun][state]
    assert (look.kind, look.shape) == (kind, shape)
    assert (look.word.zh, look.word.en) == (zh, en)
    chip = jl_marks.status(noun, state)
    assert chip.startswith(f'<span class="jl-st jl-{kind}"><svg class="jl-s"')
    assert drawings.shape(shape) in chip
