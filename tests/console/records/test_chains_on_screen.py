"""The traceability chain on screen: boxes and their words, the table, any day, and what rests on a certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from jialiang.base.calibrations.selectors import standards_used
from jialiang.base.measurement_standards.models import StandardCertificate
from jialiang.console import traceability
from jialiang.console.traceability import Link
from jialiang.functions import measurement_standards
from jialiang.information.chain import Chain, ChainStep
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.science.chain import ChainExamination, ChainLink, ChainNode, Finding
from tests.console.records.conftest import Standing

DAY = date(2026, 6, 16)
NBSP = "\u00a0"


def url(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def text(answer: Any) -> str:
    return answer.content.decode()


def node(key: str = "a", u: str = "0.002", unit: str = "\\degreecelsius", **members: Any) -> ChainNode:
    return ChainNode(key, Text("温度计", "Thermometer"), expanded_uncertainty=u, unit=unit, **members)


def step(of: ChainNode, kind: Any = "standard", **members: Any) -> ChainStep:
    return ChainStep(of, kind, Text("云泽院", "Yunze"), **members)


def chain(*nodes: ChainNode, findings: tuple[Finding, ...] = ()) -> Chain:
    """Each node rests on the one after it."""
    links = tuple(ChainLink(low.key, high.key) for low, high in zip(nodes, nodes[1:], strict=False))
    up = {each.key: level for level, each in enumerate(nodes)}
    examined = ChainExamination(nodes[0].key, DAY, findings, up)
    return Chain(tuple(step(each) for each in nodes), links, examined)


def finding(kind: Any, of: str = "a") -> Finding:
    return Finding(kind, of, Text("有问题", "Something"))


@pytest.mark.parametrize(
    ("below", "above", "ratio"),
    [
        (node("a", "0.008"), node("b", "0.002"), "4.0"),
        (node("a", "0.005"), node("b", "0.002"), "2.5"),
        (node("a", "0.002"), node("b", "0.003"), "0.7"),
        (node("a", "1"), node("b", "0.3"), "3.3"),
        (node("a", "0.008"), node("b", ""), ""),
        (node("a", ""), node("b", "0.002"), ""),
        (node("a", "0.008"), node("b", "0"), ""),
        (node("a", "0.008"), node("b", "2", unit="\\milli\\kelvin"), ""),
    ],
)
def test_a_step_says_how_many_times_larger_u_is_below(below: ChainNode, above: ChainNode, ratio: str) -> None:
    with translation.override("en"):
        said = traceability._ratio("a", "b", chain(below, above))
    assert said == (f"uncertainty ratio {ratio}" if ratio else "")


@pytest.mark.parametrize(
    ("of", "findings", "zh", "en", "look"),
    [
        (node(), (), "有效", "in force", ("ok", "circle-tick")),
        (node(is_origin=True), (), "国家基准", "national standard", ("ok", "circle-tick")),
        (node(), (finding("gains_certainty"),), "注意", "mind", ("warn", "diamond-mark")),
        (node(), (finding("expired"),), "不成立", "does not hold", ("stop", "octagon-bar")),
        (
            node(is_origin=True),
            (finding("units_differ"), finding("gap")),
            "不成立",
            "does not hold",
            ("stop", "octagon-bar"),
        ),
    ],
)
def test_a_box_stands_as_the_worst_that_was_found_about_it(
    of: ChainNode, findings: tuple[Finding, ...], zh: str, en: str, look: tuple[str, str]
) -> None:
    for language, word in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            kind, shape, state = traceability._standing(step(of), list(findings))
        assert ((kind, shape), state) == (look, word)


@pytest.mark.parametrize(
    ("of", "zh", "en"),
    [
        (node(u="0.0020"), f"U{NBSP}={NBSP}0.0020{NBSP}℃", f"U{NBSP}={NBSP}0.0020{NBSP}°C"),
        (node(u="1.5", unit="\\milli\\gram"), f"U{NBSP}={NBSP}1.5{NBSP}mg", f"U{NBSP}={NBSP}1.5{NBSP}mg"),
        (node(u="0.5", unit=""), f"U{NBSP}={NBSP}0.5", f"U{NBSP}={NBSP}0.5"),
        (node(u=""), "", ""),
    ],
)
def test_u_stands_in_a_box_with_the_unit_of_its_language(of: ChainNode, zh: str, en: str) -> None:
    for language, expected in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert traceability._uncertainty(step(of)) == expected


@pytest.mark.parametrize(
    ("until", "zh", "en"),
    [
        (None, "未规定有效期", "no end of validity stated"),
        (DAY, "有效至 2026-06-16，今天", "valid until 2026-06-16, today"),
        (DAY + timedelta(days=1), "有效至 2026-06-17，还有 1 天", "valid until 2026-06-17, in 1 day"),
        (
            DAY - timedelta(days=2),
            "有效至 2026-06-14，过期 2 天",
            "valid until 2026-06-14, expired 2 days ago",
        ),
    ],
)
def test_the_validity_in_a_box_counts_from_the_day_that_was_asked_for(
    until: date | None, zh: str, en: str
) -> None:
    link: Any = SimpleNamespace(step=step(node(valid_until=until)))
    for language, expected in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert traceability._validity(link, DAY) == expected


@pytest.mark.parametrize(
    ("query", "day"),
    [
        ("on=2026-06-16", DAY),
        ("on=2030-01-01", date(2030, 1, 1)),
        ("on=2026-02-30", None),
        ("on=16.06.2026", None),
        ("on=", None),
        ("", None),
    ],
)
@pytest.mark.django_db
def test_a_day_that_cannot_be_read_is_today(rf: Any, query: str, day: date | None) -> None:
    found = traceability._day(rf.get(f"/x?{query}"))
    assert found == day if day else abs((found - utc_now().date()).days) <= 1


def test_the_chain_of_a_certificate_goes_up_to_where_it_ends(
    house: Standing, as_: Callable[..., Client]
) -> None:
    answer = as_("auditor").get(url("certificate_chain", house.issued))
    links: list[Link] = answer.context["links"]
    assert [link.level for link in links] == sorted((link.level for link in links), reverse=True)
    assert [link.kind for link in links][-2:] == ["Measurement standard", "Instrument"]
    assert links[0].kind == "Certificate of another house"
    assert answer.context["start"].step.identity
    svg = answer.context["drawing"]
    assert svg.count('class="box"') == len(links)
    assert "by certificate GJ-2026-C-000312" in svg
    assert url("measurement_standard", house.bench.world.standard_id) in svg
    assert svg.count("<a ") == sum(bool(link.url) for link in links)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Instrument", "Measurement standard", "Certificate of another house", "by certificate")),
        ("zh-hans", ("器具", "计量标准", "其他机构的证书", "证书 GJ-2026-C-000312")),
    ],
)
def test_drawing_and_table_speak_the_language_of_the_page(
    house: Standing, as_: Callable[..., Client], language: str, words: tuple[str, ...]
) -> None:
    page = text(as_("auditor", language).get(url("certificate_chain", house.issued)))
    for word in words:
        assert word in page, word


def test_every_chain_starts_at_its_own_thing(house: Standing, as_: Callable[..., Client]) -> None:
    client, world = as_("auditor"), house.bench.world
    for name, key, kind in (
        ("instrument_chain", world.thermometer_id, "Instrument"),
        ("certificate_chain", house.issued, "Instrument"),
        ("standard_chain", world.standard_id, "Measurement standard"),
    ):
        context = client.get(url(name, key)).context
        assert context["start"].kind == kind, name
        assert context["start"].level == 0


@pytest.mark.parametrize(
    ("days", "unbroken"), [(0, True), (300, True), (301, False), (-1, True), (-400, False)]
)
def test_a_chain_holds_from_the_first_to_the_last_day_of_its_certificates(
    house: Standing, as_: Callable[..., Client], days: int, unbroken: bool
) -> None:
    certificate = standards_used(house.issued_record)[0].certificate
    on = (
        certificate.valid_until + timedelta(days=days - 300)
        if days >= 300
        else utc_now().date() + timedelta(days=days)
    )
    answer = as_("auditor").get(url("standard_chain", house.bench.world.standard_id), {"on": on.isoformat()})
    assert answer.context["on"] == on
    assert answer.context["unbroken"] is unbroken
    expected = "broken" if not unbroken else "unbroken"
    assert f"Traceability chain, {expected}, from the origin down to" in answer.context["drawing"]


def test_an_expired_link_is_red_in_drawing_and_table(house: Standing, as_: Callable[..., Client]) -> None:
    ended = utc_now().date() - timedelta(days=2)
    StandardCertificate.objects.filter(standard_id=house.bench.world.standard_id).update(valid_until=ended)
    answer = as_("auditor").get(url("standard_chain", house.bench.world.standard_id))
    assert not answer.context["unbroken"]
    broken = [link for link in answer.context["links"] if link.look == "stop"]
    assert [link.state for link in broken] == ["does not hold"]
    assert [each.kind for each in broken[0].findings] == ["expired"]
    assert 'class="sm t-end st-stop"' in answer.context["drawing"]
    assert "Does not hold" in text(answer)


def test_a_customer_sees_the_chain_without_ways_into_the_laboratory(
    house: Standing, as_: Callable[..., Client]
) -> None:
    answer = as_("customer", of_customer=True).get(url("certificate_chain", house.issued))
    assert answer.status_code == 200
    by_kind = {link.kind: link for link in answer.context["links"]}
    assert by_kind["Measurement standard"].url == ""
    assert by_kind["Measurement standard"].affected_url == ""
    assert by_kind["Instrument"].url == url("instrument", house.bench.world.thermometer_id)


def test_what_rests_on_a_certificate_is_listed_and_what_does_not_is_not(
    house: Standing, as_: Callable[..., Client]
) -> None:
    certificate = standards_used(house.issued_record)[0].certificate
    answer = as_("standards_keeper").get(url("affected_certificates", certificate.id))
    assert {each.id for each in answer.context["certificates"]} == {house.issued, house.issuing}
    fresh = measurement_standards.add_certificate(
        actor=house.bench.world.people["standards_keeper"],
        standard_id=house.bench.world.standard_id,
        facts=_another(certificate),
        now=utc_now(),
    )
    nothing = as_("standards_keeper").get(url("affected_certificates", fresh.id))
    assert nothing.context["certificates"] == []
    assert "No certificate rests on it yet." in text(nothing)


def _another(certificate: Any) -> Any:
    facts = measurement_standards.CertificateFacts
    return facts(
        number="GJ-2027-C-000001",
        issuer=Text("国家示范计量院（虚构）"),
        expanded_uncertainty=certificate.expanded_uncertainty,
        coverage_factor=certificate.coverage_factor,
        unit=certificate.unit,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
    )


@pytest.mark.parametrize(
    ("role", "status"), [("standards_keeper", 200), ("auditor", 200), ("technician", 200), ("customer", 403)]
)
def test_what_rests_on_a_certificate_is_for_the_house(
    house: Standing, as_: Callable[..., Client], role: str, status: int
) -> None:
    certificate = standards_used(house.issued_record)[0].certificate
    client = as_(role, of_customer=role == "customer") if role == "customer" else as_(role)
    assert client.get(url("affected_certificates", certificate.id)).status_code == status


@pytest.mark.parametrize(
    "name", ["instrument_chain", "certificate_chain", "standard_chain", "affected_certificates"]
)
def test_a_chain_of_nothing_is_not_found(as_: Callable[..., Client], house: Standing, name: str) -> None:
    answer = as_("auditor").get(url(name, UUID(int=0)))
    assert answer.status_code == 404
    assert "JL-" in text(answer)


@pytest.mark.parametrize(
    ("role", "searched", "nouns"),
    [
        ("auditor", "T2104-0387", {"instruments", "certificates"}),
        ("auditor", "PRT-25-07", {"standards"}),
        ("auditor", "nothing", set()),
        ("auditor", "", set()),
        ("auditor", "Chenxing", {"certificates"}),
    ],
)
def test_the_thing_whose_chain_is_wanted_is_found(
    house: Standing, as_: Callable[..., Client], role: str, searched: str, nouns: set[str]
) -> None:
    context = as_(role).get(url("traceability"), {"q": searched}).context
    assert {hit.url.split("/")[1] for hit in context["hits"]} >= nouns
    assert bool(context["hits"]) is bool(nouns)
    assert all(hit.url.endswith("/traceability") for hit in context["hits"])
    assert [start.url for start in context["standards"]] == [
        url("standard_chain", house.bench.world.standard_id)
    ]


def test_a_customer_is_offered_no_standard_to_start_from(house: Standing, as_: Callable[..., Client]) -> None:
    context = as_("customer", of_customer=True).get(url("traceability")).context
    assert context["standards"] == []
