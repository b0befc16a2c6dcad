"""The links of a record's GS1 codes as strangers find them: published with the record, and taken back with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.ledger import World

from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.gs1.links import Gs1Link
from jialiang.formats.gs1.linkset import read_linkset
from jialiang.formats.handle.published import gs1_key
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers as verbs
from jialiang.functions.identifier_codes import gs1_paths, known_codes
from jialiang.governance.publication.selectors import answer
from jialiang.security.actor import Actor

PREFIX = settings.JIALIANG.identifier_prefix
NAME = f"{PREFIX}/calliper-7"
GTIN = RecordCode("GTIN-13", "9506000134352")
SERIAL = RecordCode("GS1-Digital-Link", "https://elsewhere.example/01/09506000134352/21/7?17=271231")
URL = HandleValue(1, "URL", b"https://lab.example.cn/7")
PIP = HandleValue(2, "GS1_LINK", Gs1Link("gs1:pip", "https://lab.example.cn/pip", "Page").data())
PATH = "01/09506000134352"


def published(path: str) -> list[str]:
    found = answer(gs1_key(path))
    return (
        [link.link_type for link in read_linkset(found.body)[0].links]
        if found is not None and found.body
        else []
    )


@pytest.fixture
def operator(world: World) -> Actor:
    return world.person("identifier_operator")


def register(
    actor: Actor, now: datetime, *values: HandleValue, codes: tuple[RecordCode, ...] = (GTIN,)
) -> None:
    verbs.register(actor=actor, name=NAME, values=values or (URL, PIP), codes=codes, now=now)


@pytest.mark.parametrize(
    ("system", "code", "path"),
    [
        ("GTIN-13", "9506000134352", "01/09506000134352"),
        ("GTIN-14", "09506000134352", "01/09506000134352"),
        ("GLN", "9506000134352", "414/9506000134352"),
        ("GIAI", "95060001AB-7", "8004/95060001AB-7"),
        ("GS1-Digital-Link", "https://x.example/01/09506000134352/21/a%2Fb", "01/09506000134352/21/a%2Fb"),
        ("GS1-Element-String", "(01)09506000134352(21)7", "01/09506000134352/21/7"),
        ("OID", "1.2.156", ""),
        ("Handle", "88.1/x", ""),
    ],
)
def test_a_code_of_gs1_resolves_under_its_canonical_path(system: str, code: str, path: str) -> None:
    assert gs1_paths(known_codes([RecordCode(system, code)])) == ((path,) if path else ())


def test_the_links_of_each_gs1_code_are_published(operator: Actor, now: datetime) -> None:
    register(operator, now, codes=(GTIN, SERIAL, RecordCode("OID", "1.2.156.7")))
    for path in (PATH, f"{PATH}/21/7"):
        assert published(path) == ["gs1:defaultLink", "gs1:pip"]
    found = answer(gs1_key(PATH))
    assert found is not None
    assert found.headers == {"content-type": "application/linkset+json"}
    assert read_linkset(found.body)[0].anchor.endswith(f"/{PATH}")


def test_a_record_without_an_address_has_no_links(operator: Actor, now: datetime) -> None:
    register(operator, now, HandleValue(1, "NAME", b"Calliper"))
    assert answer(gs1_key(PATH)) is None


def test_a_link_that_is_changed_is_published_anew(operator: Actor, now: datetime) -> None:
    register(operator, now)
    verbs.remove_values(actor=operator, name=NAME, indexes=[2], now=now + timedelta(seconds=1))
    assert published(PATH) == ["gs1:defaultLink"]


def test_links_go_with_their_values_their_codes_and_their_record(operator: Actor, now: datetime) -> None:
    register(operator, now)
    later = now + timedelta(seconds=1)
    verbs.replace_values(actor=operator, name=NAME, values=[URL], codes=[SERIAL], now=later)
    assert (published(PATH), published(f"{PATH}/21/7")) == ([], ["gs1:defaultLink"])
    verbs.suspend(actor=operator, name=NAME, reason="recall", now=later)
    assert published(f"{PATH}/21/7") == []
    verbs.resume(actor=operator, name=NAME, now=later)
    assert published(f"{PATH}/21/7") == ["gs1:defaultLink"]
    verbs.replace_values(actor=operator, name=NAME, values=[replace(URL, type="NOTE")], now=later)
    assert published(f"{PATH}/21/7") == []


def test_many_records_at_once_publish_and_take_back_their_links(operator: Actor, now: datetime) -> None:
    items = [
        verbs.BatchItem(f"{PREFIX}/batch-{at}", (URL,), codes=(RecordCode("GIAI", f"9506000{at:04}"),))
        for at in range(60)
    ]
    verbs.register_many(actor=operator, items=items, mode="create", now=now)
    assert all(published(f"8004/9506000{at:04}") for at in range(60))
    with CaptureQueriesContext(connection) as queries:
        verbs.register_many(actor=operator, items=items, mode="delete", now=now + timedelta(seconds=1))
    assert not any(published(f"8004/9506000{at:04}") for at in range(60))
    assert len(queries) < 60
