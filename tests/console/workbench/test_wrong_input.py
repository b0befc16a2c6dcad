"""What the workbench refuses, how it says so, and that nothing of a visit stays behind."""

from __future__ import annotations

import zlib
from base64 import b64encode
from typing import Any

import pytest
from django.core.cache import cache

from jialiang.console.workbench import carrying, views
from jialiang.console.workbench.carrying import MOST_CARRIED
from jialiang.console.workbench.drawing import MOST, e_n_drawing
from tests.console.workbench.desk import FIRST, SI, Visitor, zipped

pytestmark = pytest.mark.django_db


def packed(name: bytes, data: bytes) -> str:
    return b64encode(zlib.compress(name + b"\0" + data)).decode()


def problems(visitor: Visitor) -> list[str]:
    """The codes that the page shows."""
    found = visitor.page().xpath("//span[contains(@class, 'jl-code') and contains(@class, 'jl-3rd')]/text()")
    return [str(each).strip() for each in found if str(each).strip().startswith("JL-")]


@pytest.mark.parametrize("step", [*views.STEPS, *views.DOWNLOADS])
def test_a_step_without_a_file_asks_for_one(step: str) -> None:
    visitor = Visitor()
    assert visitor.hand_in(step).status_code == 422
    assert problems(visitor) == ["JL-WBE-001"]
    assert visitor.page().xpath("//*[@role='alert']")


FILES = [
    ("rubbish.bin", b"\x00\x01\x02\xff" * 50, "JL-XML-013"),
    ("broken.xml", b"<a><b></a>", "JL-XML-002"),
    ("other.xml", b"<a/>", "JL-FIL-004"),
    ("entity.xml", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "JL-XML-003"),
    ("broken.zip", b"PK\x03\x04broken", "JL-FIL-001"),
    ("empty.zip", zipped(), "JL-FIL-003"),
    ("notes.zip", zipped(note_txt=b"x"), "JL-FIL-003"),
    ("nested.zip", zipped(a_zip=zipped(b_xml=FIRST)), "JL-FIL-002"),
    ("bomb.zip", zipped(a_xml=b"0" * 12_000_000), "JL-FIL-002"),
    ("crowd.zip", zipped(**{f"c{n}_xml": b"<a/>" for n in range(101)}), "JL-FIL-002"),
    ("broken.pdf", b"%PDF-1.7 broken", "JL-PDF-005"),
    ("plain.json", b"{}", "JL-CNV-003"),
    ("broken.json", b"{", "JL-CNV-004"),
    ("broken.cbor", b"\xff\xff", "JL-CNV-004"),
    ("broken.msgpack", b"\xc1", "JL-CNV-004"),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("name", "data", "code"), FILES, ids=[name for name, _, _ in FILES])
def test_a_file_that_cannot_be_read_is_said_beside_the_others(
    name: str, data: bytes, code: str, language: str
) -> None:
    visitor = Visitor(language)
    answer = visitor.hand_in("check", (name, data), ("good.xml", FIRST))
    assert answer.status_code == 200
    assert code in problems(visitor)
    assert name in visitor.text()
    assert ("有效" if language == "zh" else "valid") in visitor.text()
    assert len(visitor.carried()) == 2


def test_too_many_files_and_too_many_documents() -> None:
    visitor = Visitor()
    many = [(f"{n}.xml", SI + b" " * n) for n in range(21)]
    assert visitor.hand_in("check", *many).status_code == 413
    assert problems(visitor) == ["JL-WBE-002"]
    archive = zipped(**{f"c{n}_xml": SI + b" " * n for n in range(60)})
    assert visitor.hand_in("check", ("many.zip", archive)).status_code == 413
    assert problems(visitor) == ["JL-WBE-002"]


def test_more_files_than_a_form_may_have_are_refused_alike(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 5
    visitor = Visitor()
    assert visitor.hand_in("check", *[(f"{n}.xml", SI) for n in range(6)]).status_code == 413
    assert problems(visitor) == ["JL-WBE-002"]


def test_files_that_are_too_large_together_are_refused() -> None:
    visitor = Visitor()
    half = b"<a>" + b"x" * (11 * 1024 * 1024) + b"</a>"
    assert visitor.hand_in("check", ("1.xml", half), ("2.xml", half + b" ")).status_code == 413
    assert problems(visitor) == ["JL-WBE-003"]


def test_a_file_that_the_page_cannot_carry_is_worked_on_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "MOST_CARRIED", 10)
    visitor = Visitor()
    assert visitor.hand_in("check", ("a.xml", FIRST)).status_code == 200
    assert visitor.carried() == []
    assert "hand it in again" in visitor.text()


CARRIED = {
    "no base64": "%%%",
    "not text": "\u4e2d",
    "no zlib": b64encode(b"plain").decode(),
    "cut": packed(b"a.xml", FIRST)[:200],
    "without a name": b64encode(zlib.compress(b"nothing")).decode(),
    "a name that is no text": packed(b"\xff\xfe", FIRST),
    "a bomb": packed(b"a.xml", b"0" * (21 * 1024 * 1024)),
    "too long": "A" * (MOST_CARRIED + 4),
}


@pytest.mark.parametrize("how", CARRIED)
def test_what_comes_back_damaged_is_refused(how: str) -> None:
    visitor = Visitor()
    visitor.answer = visitor.client.post("/workbench/check", {"carried": [CARRIED[how]]})
    assert visitor.answer.status_code == 422
    assert problems(visitor) == ["JL-WBE-006"]


def test_what_comes_back_is_read_like_any_file_of_a_stranger() -> None:
    visitor = Visitor()
    visitor.answer = visitor.client.post("/workbench/check", {"carried": [packed(b"../../e\x07vil.xml", b"<a/>")]})
    assert visitor.answer.status_code == 200
    assert "JL-FIL-004" in problems(visitor)
    assert "\x07" not in visitor.answer.content.decode()


CONVERSIONS = [
    ({"to": "docx"}, 404, "JL-CNV-001"),
    ({}, 404, "JL-CNV-001"),
    ({"to": "csv", "encoding": "big5"}, 404, "JL-CNV-006"),
    ({"to": "x" * 5000}, 404, "JL-CNV-001"),
]


@pytest.mark.parametrize(("fields", "status", "code"), CONVERSIONS)
def test_a_conversion_that_there_is_not(fields: dict[str, str], status: int, code: str) -> None:
    visitor = Visitor()
    visitor.hand_in("convert", ("a.xml", FIRST))
    assert visitor.go_on("converted", **fields).status_code == status
    assert problems(visitor) == [code]
    assert len(visitor.carried()) == 1


@pytest.mark.parametrize("step", ["converted", "migrated"])
def test_downloads_need_a_certificate(step: str) -> None:
    visitor = Visitor()
    assert visitor.hand_in(step, ("s.xml", SI), to="csv").status_code == 422
    assert problems(visitor) == ["JL-WBE-001"]


def test_chain_without_a_certificate() -> None:
    visitor = Visitor()
    assert visitor.hand_in("chain", ("s.xml", SI)).status_code == 422
    assert problems(visitor) == ["JL-FIL-003"]


def test_strangers_are_limited_by_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "STEPS_A_MINUTE", 2)
    visitor = Visitor()
    answers = [visitor.hand_in("check", ("s.xml", SI)).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert problems(visitor) == ["JL-WBE-004"]
    assert visitor.client.get("/workbench/").status_code == 200


def test_nothing_of_a_visit_is_kept(django_assert_num_queries: Any) -> None:
    visitor = Visitor()
    with django_assert_num_queries(0):
        visitor.hand_in("see", ("secret-name.xml", FIRST))
        visitor.go_on("check")
        visitor.go_on("converted", to="json")
    stored = repr(getattr(cache, "_cache", {}))
    assert "secret-name" not in stored
    assert "sessionid" not in visitor.client.cookies


# --- the drawing -------------------------------------------------------------------------------------------------


def test_nothing_is_drawn_of_nothing() -> None:
    assert e_n_drawing([]) is None


@pytest.mark.parametrize(
    ("e_n", "figure", "kind"),
    [(0.5, "+0.50", "col"), (-0.5, "\u22120.50", "col"), (1.0, "+1.00", "col"), (-1.01, "\u22121.01", "pt-warn"),
     (1e300, "+1", "pt-warn"), (0.0, "+0.00", "col")],
)  # fmt: skip
def test_a_bar_says_its_figure_and_whether_it_is_beyond(e_n: float, figure: str, kind: str) -> None:
    drawn = str(e_n_drawing([("P", e_n)]))
    assert f">{figure}" in drawn
    assert f'<rect class="{kind}"' in drawn


def test_bars_end_at_the_edge_and_long_lists_are_cut() -> None:
    drawn = str(e_n_drawing([("x" * 50, 9.0)] * (MOST + 10)))
    assert drawn.count("<rect") == MOST
    assert f"E_n of {MOST + 10} points" in drawn or f"{MOST + 10} 个点" in drawn
    assert "x" * 19 + "…" in drawn


def test_labels_are_escaped() -> None:
    assert "<b>" not in str(e_n_drawing([("<b>", 0.1)]))
