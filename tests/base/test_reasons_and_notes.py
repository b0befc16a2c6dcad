"""Reasons, places and notes: what no database or screen can hold is refused alike everywhere, and leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from tests.ledger import PAPER
from tests.pictures import nothing_changes

from jialiang.base.commissions import services as on_commissions
from jialiang.base.commissions.errors import CommissionMember
from jialiang.base.commissions.errors import ReasonMissing as CancellingNeedsReason
from jialiang.base.commissions.selectors import custody_events, items_of
from jialiang.base.instruments import services as on_instruments
from jialiang.base.instruments.errors import InstrumentMember
from jialiang.base.instruments.errors import ReasonMissing as DecisionNeedsReason
from jialiang.base.instruments.selectors import history
from jialiang.base.measurement_standards import services as on_standards
from jialiang.base.measurement_standards.errors import ReasonMissing as KeeperNeedsReason
from jialiang.base.measurement_standards.errors import StandardMember
from jialiang.governance.data_elements import beginning
from jialiang.vocabulary.statuses import CustodyState


@dataclass(frozen=True)
class Written:
    """A deed with a text beside it: who refuses the text, how long it may be, what is stored, what misses it."""

    act: Callable[[Any, str], Any]
    refused: type[Exception]
    longest: int
    member: str
    stored: Callable[[Any], str]
    missing: type[Exception] | None = None


def change_model(things, text):
    row, _ = on_instruments.change(
        things["instrument"], {"model": "Z-1"}, expected_version=1, reason=text, actor=things["desk"], now=things["now"]
    )
    return row


def move(things, **said):
    return on_commissions.move_item(
        things["item"], CustodyState.RECEIVED, actor=things["desk"], now=things["now"], **said
    )


def decide(deed):
    return lambda t, text: deed(t["instrument"], reason=text, actor=t["desk"], now=t["now"])


DEEDS = {
    "suspend an instrument": Written(
        decide(on_instruments.suspend), InstrumentMember, 200, "reason", lambda r: r.state_reason, DecisionNeedsReason
    ),
    "retire an instrument": Written(
        decide(on_instruments.retire), InstrumentMember, 200, "reason", lambda r: r.state_reason, DecisionNeedsReason
    ),
    "change an instrument": Written(
        change_model, InstrumentMember, 200, "reason", lambda r: history(r.id)[0].reason
    ),
    "send an instrument away": Written(
        lambda t, text: on_instruments.send_away(
            t["instrument"], commission_number=text, actor=t["desk"], now=t["now"]
        ),
        InstrumentMember, 200, "reason", lambda r: history(r.id)[0].reason, DecisionNeedsReason,
    ),
    "suspend a standard": Written(
        lambda t, text: on_standards.suspend(t["standard"], reason=text),
        StandardMember, 200, "reason", lambda r: r.state_reason, KeeperNeedsReason,
    ),
    "cancel a commission": Written(
        lambda t, text: on_commissions.cancel(t["commission"], reason=text, now=t["now"]),
        CommissionMember, 200, "reason", lambda r: r.state_reason, CancellingNeedsReason,
    ),
    "place of an item": Written(
        lambda t, text: move(t, place=text), CommissionMember, 100, "place", lambda r: custody_events(r.id)[0].place
    ),
    "note on an item": Written(
        lambda t, text: move(t, note=text), CommissionMember, 200, "note", lambda r: custody_events(r.id)[0].note
    ),
}  # fmt: skip


@pytest.fixture
def things(world):
    commission = world.commission(world.instrument(serial_number="sent"))
    return {
        "instrument": world.instrument().id, "standard": world.standard(PAPER).id, "commission": commission.id,
        "item": items_of(commission.id)[0].id, "desk": world.person("receptionist"), "now": world.now,
    }  # fmt: skip


UNSTORABLE = {
    "a zero byte": ("a\x00b", "control character", "控制字符"),
    "an escape": ("a\x1b[31mb", "control character", "控制字符"),
    "half a letter": ("a\ud800b", "control character", "控制字符"),
    "delete": ("a\x7fb", "control character", "控制字符"),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_what_cannot_be_stored_is_refused_in_both_languages_and_leaves_nothing(things, deed):
    too_long = ("甲" * (deed.longest + 1), f"{deed.longest + 1} characters", f"共 {deed.longest + 1} 个字符")
    with nothing_changes():
        for text, english, chinese in (*UNSTORABLE.values(), too_long):
            with pytest.raises(deed.refused) as refused, transaction.atomic():
                deed.act(things, text)
            what = refused.value.what
            assert english in what.en, text
            assert chinese in what.zh, text
            what.en.encode(), what.zh.encode()  # an answer is sent as UTF-8
            assert len(refused.value.facts["given"]) <= 41


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_a_text_of_just_the_length_that_fits_is_kept_letter_for_letter(things, deed):
    text = ("𠮷é«'\";--%_\\" * 20)[: deed.longest]
    assert deed.stored(deed.act(things, text)) == text


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_blanks_around_do_not_count_toward_the_length(things, deed):
    text = "乙" * deed.longest
    assert deed.stored(deed.act(things, f"  {text}\u3000 ")) == text


@pytest.mark.parametrize("blank", ["", "   ", "\t\n", "\u3000\u2003"])
@pytest.mark.parametrize("name", [name for name, deed in DEEDS.items() if deed.missing])
def test_where_a_reason_is_needed_blanks_are_none(things, name, blank):
    with nothing_changes(), pytest.raises(DEEDS[name].missing) as refused:
        DEEDS[name].act(things, blank)
    assert refused.value.what.zh and refused.value.what.en


@pytest.mark.parametrize("name", [name for name, deed in DEEDS.items() if deed.missing])
def test_a_reason_of_several_lines_is_kept_as_one(things, name):
    deed = DEEDS[name]
    assert deed.stored(deed.act(things, " 跌落\r\n损坏\t待修  \n")) == "跌落 损坏 待修"


def test_a_reason_that_is_refused_is_refused_even_where_nothing_else_would_change(things):
    with nothing_changes(), pytest.raises(InstrumentMember):
        on_instruments.change(
            things["instrument"], {}, expected_version=1, reason="x" * 201, actor=things["desk"], now=things["now"]
        )


# what was given, what its error shows
BEGINNINGS = [
    ("", ""),
    ("short", "short"),
    ("x" * 40, "x" * 40),
    ("x" * 41, "x" * 40 + "…"),
    ("a\x00b", "a\ufffdb"),
    ("a\ud800", "a\ufffd"),
    ("𠮷" * 41, "𠮷" * 40 + "…"),
    ("x" * 40 + "\x00", "x" * 40 + "…"),
]


@pytest.mark.parametrize(("given", "shown"), BEGINNINGS)
def test_an_error_shows_the_beginning_of_what_was_given(given, shown):
    assert beginning(given) == shown
