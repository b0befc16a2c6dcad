"""Questions are read strictly: unknown members are refused, and a date is a date and no number of seconds."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from jialiang.integration.api.door import document
from jialiang.integration.api.members import Body, Day, changes_of, members_of
from jialiang.integration.api.openapi import METHODS
from jialiang.integration.api.questions import refused_question

SOME = "7f1b6f0a-9c1e-7b3a-8a55-0d2f6c1b9e44"


def asked(address: str, method: str = "GET") -> Any:
    response = refused_question(RequestFactory().generic(method, f"/api/v1{address}"))
    return None if response is None else json.loads(response.content)


KNOWN = [
    "/organizations", "/organizations?", "/organizations?text=a&kind=enterprise&limit=5&after=0",
    "/instruments?text=&owner_id=x&state=&purpose=&compulsory=", "/certificates?customer_id=x&state=y&text=z",
    f"/instruments/{SOME}/status?on=2026-06-16", f"/calibrations/{SOME}/preview-pages?language=en",
    "/search?text=ab", "/audit?action=a&actor_id=b&after=1&limit=2",
    f"/measurement-standards/{SOME}/control-chart?baseline=12", "/certificate-numbers/calibration/2026?limit=3",
]  # fmt: skip


@pytest.mark.parametrize("address", KNOWN)
def test_what_an_operation_knows_passes(address: str) -> None:
    assert asked(address) is None
    assert asked(address, "HEAD") is None


UNKNOWN: list[tuple[str, list[str], str]] = [
    ("/organizations?stat=open", ["query.stat"], "after, limit, text, kind"),
    ("/organizations?Text=a", ["query.Text"], "after, limit, text, kind"),
    ("/organizations?text=a&page=2&sort=name", ["query.page", "query.sort"], "after, limit, text, kind"),
    ("/me?x=1", ["query.x"], "none"),
    (f"/instruments/{SOME}?on=2026-06-16", ["query.on"], "none"),
    (f"/instruments/{SOME}/status?day=2026-06-16", ["query.day"], "on"),
    (f"/certificates/{SOME}/files/xml?download=1", ["query.download"], "none"),
]


@pytest.mark.parametrize(("address", "members", "known"), UNKNOWN)
def test_what_it_does_not_know_is_named_with_what_it_does(
    address: str, members: list[str], known: str
) -> None:
    told = asked(address)
    assert (told["status"], told["code"]) == (422, "JL-API-001")
    assert [entry["member"] for entry in told["errors"]] == members
    assert told["errors"][0]["reason"] == f"not known here; known: {known}"


def test_deeds_take_nothing_in_their_address() -> None:
    for address, method in ((f"/calibrations/{SOME}/submission", "POST"), (f"/instruments/{SOME}", "PATCH")):
        assert asked(address, method) is None
        assert asked(f"{address}?force=1", method)["errors"][0]["member"] == "query.force"


def test_of_very_many_and_very_long_names_a_bounded_part_is_repeated() -> None:
    told = asked("/organizations?" + "&".join(f"{'n' * 200}{n}=1" for n in range(50)))
    assert len(told["errors"]) == 20
    assert max(len(entry["member"]) for entry in told["errors"]) <= 66
    assert len(told["facts"]["members"]) <= 500


@pytest.mark.parametrize("address", ["/nothing-here?x=1", "/organizations/1/2/3?x=1", "/docs?lang=en&x=1"])
def test_what_is_no_operation_is_left_to_the_rest_of_the_door(address: str) -> None:
    assert asked(address) is None


def test_every_guarded_operation_refuses_a_member_that_it_does_not_know() -> None:
    values = {
        "kind": "calibration", "year": "2026", "role": "technician", "subject_type": "instrument", "position": "1",
    }  # fmt: skip
    guarded = 0
    for path, methods in document()["paths"].items():
        for method in METHODS:
            if methods.get(method, {}).get("security"):
                names = {part.split("}")[0] for part in path.split("{")[1:]}
                filled = path.format(**{name: values.get(name, SOME) for name in names})
                if path.endswith("/files/{kind}"):
                    filled = filled.replace("/files/calibration", "/files/xml")
                told = asked(filled.removeprefix("/api/v1") + "?no_such_member=1", method.upper())
                assert told is not None, (method, path)
                assert told["errors"][0]["member"] == "query.no_such_member"
                guarded += 1
    assert guarded > 75


# --- dates ------------------------------------------------------------------------------------------------------

DAYS: list[tuple[object, date | None]] = [
    ("2026-06-16", date(2026, 6, 16)),
    ("2024-02-29", date(2024, 2, 29)),
    ("0001-01-01", date(1, 1, 1)),
    ("9999-12-31", date(9999, 12, 31)),
    (date(2026, 6, 16), date(2026, 6, 16)),
    ("2026-02-29", None),
    ("2026-13-01", None),
    ("2026-00-10", None),
    ("0000-01-01", None),
    ("2026-6-16", None),
    ("20260616", None),
    ("2026-06-16T00:00:00", None),
    ("2026-06-16 ", None),
    (" 2026-06-16", None),
    ("２０２６-06-16", None),
    ("16.06.2026", None),
    ("0", None),
    ("86400", None),
    ("1781582400", None),
    ("", None),
    ("today", None),
    (0, None),
    (86400, None),
    (1781582400.0, None),
    (True, None),
    (None, None),
    ([2026, 6, 16], None),
]


@pytest.mark.parametrize(("given_", "meant"), DAYS, ids=[repr(given_) for given_, _ in DAYS])
def test_a_date_is_written_as_one(given_: object, meant: date | None) -> None:
    adapter = TypeAdapter(Day)
    if meant is not None:
        assert adapter.validate_python(given_) == meant
        return
    with pytest.raises(ValidationError):
        adapter.validate_python(given_)


@given(st.dates())
def test_every_date_comes_back_as_it_was_written(day: date) -> None:
    adapter = TypeAdapter(Day)
    assert adapter.validate_python(day.isoformat()) == adapter.validate_json(f'"{day.isoformat()}"') == day


@given(st.one_of(st.integers(), st.floats(), st.text(alphabet="0123456789", max_size=12)))
def test_no_number_is_ever_taken_for_a_date(number: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(number)


def dates_of(schema: Any, at: str = "") -> list[str]:
    """Return where a schema has a date, by its place."""
    if isinstance(schema, list):
        return [place for member in schema for place in dates_of(member, at)]
    if not isinstance(schema, dict):
        return []
    own = [at] if schema.get("format") == "date" else []
    return own + [place for name, member in schema.items() for place in dates_of(member, f"{at}.{name}")]


def test_the_document_tells_every_date_of_a_request_as_a_date() -> None:
    schemas = document()["components"]["schemas"]
    found = {
        name: {place.split(".")[2] for place in dates_of(schemas[name])}
        for name in ("NewRole", "Entry", "NewAgreement", "NewStandardCertificate")
    }
    assert found == {
        "NewRole": {"valid_from", "valid_until"},
        "Entry": {"begin_date", "end_date"},
        "NewAgreement": {"promised_on"},
        "NewStandardCertificate": {"valid_from", "valid_until"},
    }


def test_facts_with_a_date_make_bodies_that_read_it_strictly() -> None:
    from_facts = members_of(_facts_with_a_date())(type("Made", (Body,), {"__doc__": "Made."}))
    change = changes_of(_facts_with_a_date())(type("Changed", (Body,), {"__doc__": "Changed."}))
    for model, more in ((from_facts, {}), (change, {})):
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        assert model.model_validate({"on": "2026-06-16"} | more).on == date(2026, 6, 16)  # type: ignore[attr-defined]
        for wrong in ("0", 0, "20260616"):
            with pytest.raises(ValidationError):
                model.model_validate({"on": wrong} | more)
    assert from_facts.model_validate({"on": "2026-06-16", "until": None}).until is None  # type: ignore[attr-defined]


def _facts_with_a_date() -> type:
    return dataclasses.make_dataclass(
        "Facts", [("on", date), ("until", date | None, dataclasses.field(default=None))], frozen=True
    )


def test_a_moment_is_no_date() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(datetime(2026, 6, 16, 8).isoformat())
