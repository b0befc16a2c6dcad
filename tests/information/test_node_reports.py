"""What a node tells of a day: exactly its own deeds, counts, templates and routes, and no values of records."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from tests.functions.node_world import (
    DAY,
    DEEDS_OF_THE_DAY,
    MIDNIGHT,
    MORNING_AFTER,
    NODE,
    NOON,
    ZONE,
    a_days_counts,
    a_days_deeds,
    at,
    give_prefixes,
    publish_template,
    register,
)
from tests.functions.prefix_verbs import SITE, add_prefix, add_template, customer, operator
from tests.ledger import World, build_world

from jialiang.base.prefixes.selectors import prefix_of
from jialiang.formats.handle.count_log import Counted, CountLine, count_line, first_line
from jialiang.formats.node_report.header import KINDS, NodeReportHeader
from jialiang.formats.node_report.reading import read
from jialiang.formats.node_report.writing import write
from jialiang.functions import identifier_templates, identifiers, prefixes
from jialiang.governance.resolution_counts.services import collect, count_here
from jialiang.information.node_reports import ReportedDay, report_lines
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

OWN_SITE = {"servers": [{"address": "192.0.2.7", "interfaces": [{"protocol": "TCP", "port": 2641}]}]}
TOLD = ReportedDay(DAY, ZONE, NODE, OWN_SITE, everything=False, made_at=MORNING_AFTER)


@pytest.fixture
def world(in_tenant, now) -> World:
    made = build_world(in_tenant.id, now)
    give_prefixes(made)
    return made


def lines(kind: str, **changes: Any) -> list[dict[str, Any]]:
    return list(report_lines(kind, replace(TOLD, **changes)))


# --- registrations ------------------------------------------------------------------------------------------------


def test_every_deed_of_the_day_is_told_in_order_and_nothing_else(world: World) -> None:
    a_days_deeds(world)
    told = [
        (line["at"], line["identifier"], line["deed"], line["state"], line["version"])
        for line in lines("registrations")
    ]
    assert told == DEEDS_OF_THE_DAY


def test_no_value_of_a_record_is_told(world: World) -> None:
    a_days_deeds(world)
    assert "example.org" not in json.dumps(lines("registrations"))
    assert {frozenset(line) for line in lines("registrations")} == {
        frozenset({"at", "identifier", "deed", "state", "version", "prefix", "template"})
    }


def test_two_days_tell_each_deed_once(world: World) -> None:
    a_days_deeds(world)
    days = [DAY + timedelta(days=at) for at in (-1, 0, 1)]
    told = [(line["identifier"], line["version"]) for day in days for line in lines("registrations", day=day)]
    assert len(told) == len(set(told)) == len(DEEDS_OF_THE_DAY) + 2


def test_a_prefix_that_only_begins_alike_is_another_s(world: World) -> None:
    a_days_deeds(world)
    assert [line["identifier"] for line in lines("registrations", node="88.1010")] == ["88.1010/stranger"]
    assert lines("registrations", node="88.10") == []


def test_a_node_s_prefix_is_compared_without_regard_to_case(world: World) -> None:
    add_prefix(world, "88.101.ab")
    register(world, "88.101.AB/x", NOON)
    assert [line["prefix"] for line in lines("registrations", node="88.101.ab")] == ["88.101.ab"]
    assert [line["identifier"] for line in lines("registrations", node="88.101.AB")] == ["88.101.AB/x"]


def test_changes_and_transfers_are_told_as_such(world: World) -> None:
    register(world, "88.101.5/ins-7", NOON)
    minute = timedelta(minutes=1)
    who = operator(world)
    identifiers.replace_values(actor=who, name="88.101.5/ins-7", values=(), now=NOON + minute)
    prefixes.transfer(
        actor=who,
        prefix_id=prefix_of("88.101.5").pk,
        holder_id=world.mill_id,
        reason="并购",
        now=NOON + 2 * minute,
    )
    told = [(line["deed"], line["version"]) for line in lines("registrations")]
    assert told == [("registered", 1), ("changed", 2), ("transferred", 3)]


def test_the_records_of_every_institute_are_told(world: World, now: datetime) -> None:
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    with scope(other.id):
        second = build_world(other.id, now)
        register(second, "88.999.1/theirs", NOON)
    told = [line["identifier"] for line in lines("registrations", node="88.999.1")]
    assert told == ["88.999.1/theirs"]


def test_deeds_of_one_moment_keep_the_order_of_versions(world: World) -> None:
    register(world, "88.101.5/zzz", NOON, state="reserved")
    identifiers.activate(actor=operator(world), name="88.101.5/zzz", now=NOON)
    register(world, "88.101.5/aaa", NOON)
    told = [line["version"] for line in lines("registrations") if line["identifier"].endswith("zzz")]
    assert told == [1, 2]


# --- resolutions --------------------------------------------------------------------------------------------------


def counted(by: str, **changes: Any) -> dict[str, int]:
    return {line["word"]: line["number"] for line in lines("resolutions", **changes) if line["by"] == by}


def test_counts_are_told_by_everything_that_is_counted(world: World) -> None:
    a_days_counts()
    assert counted("total") == {"": 1007}
    assert counted("kind") == {"handle_json": 100, "native_udp": 7, "page": 900}
    assert counted("outcome") == {"found": 1000, "not_found": 7}
    assert counted("carrier") == {"none": 107, "qr": 900}
    assert counted("region") == {"": 107, "CN-37": 900}
    assert counted("hour") == {"2026-06-16T04": 1007}
    assert counted("conversion") == {"pages": 900, "checks": 0, "per_1000_pages": 0}
    assert counted("gap") == {}


def test_the_numbers_by_each_dimension_sum_up_to_the_total(world: World) -> None:
    a_days_counts()
    for hours in range(24):
        count_here(Counted("redirect", "found"), hours + 1, MIDNIGHT + timedelta(hours=hours))
    total = counted("total")[""]
    assert total == 1007 + 300
    for by in ("kind", "outcome", "carrier", "region", "hour"):
        assert sum(counted(by).values()) == total


def test_a_day_without_questions_is_told_as_such(world: World) -> None:
    assert counted("total") == {"": 0}
    assert counted("kind") == {}


def test_a_gap_is_told_with_its_moment(world: World) -> None:
    begun = int(NOON.timestamp())
    part = first_line("p-1", begun) + count_line(CountLine(1, begun, begun + 1, {Counted("page", "found"): 1}))
    collect("p-1", part, offset=0, is_dead=True, last_sign=NOON)
    assert counted("gap") == {"2026-06-16T04:00:00Z": 1}


# --- templates ----------------------------------------------------------------------------------------------------


def test_templates_published_on_the_day_are_told_with_their_schema(world: World) -> None:
    publish_template(world, "V1", NOON)
    (line,) = lines("templates")
    assert (line["prefix"], line["code"], line["state"]) == ("88.101.5", "V1", "published")
    assert line["names"] == {"zh": "温度计", "en": "Thermometer"}
    assert line["since"] == "2026-06-16T04:00:00Z"
    assert set(line["schema"]["properties"]) == {"SERIAL", "MADE_ON"}


def test_drafts_are_nobody_s_business(world: World) -> None:
    add_template(world)
    assert lines("templates", everything=True) == []


def test_a_first_report_tells_all_and_later_ones_the_day(world: World) -> None:
    publish_template(world, "V1", NOON - timedelta(days=40))
    publish_template(world, "V2", NOON)
    publish_template(world, "V3", NOON + timedelta(days=1))
    assert [line["code"] for line in lines("templates")] == ["V2"]
    assert [line["code"] for line in lines("templates", everything=True)] == ["V1", "V2"]


def test_a_template_that_was_withdrawn_is_told_as_that(world: World) -> None:
    row = publish_template(world, "V1", NOON - timedelta(days=40))
    identifier_templates.withdraw(actor=customer(world), template_id=row.id, reason="换新", now=NOON)
    assert [(line["code"], line["state"]) for line in lines("templates")] == [("V1", "withdrawn")]


def test_templates_elsewhere_are_another_s(world: World) -> None:
    publish_template(world, "V1", NOON)
    assert lines("templates", node="88.1010", everything=True) == []


# --- routes -------------------------------------------------------------------------------------------------------


def test_routes_begin_with_the_node_itself_and_its_site(world: World) -> None:
    told = lines("routes")
    assert [line["prefix"] for line in told] == ["88.101", "88.101.5", "88.101.7"]
    assert told[0]["site"] == OWN_SITE
    assert (told[0]["level"], told[0]["parent"], told[0]["state"]) == ("second_level", "88", "active")


def test_a_delegated_prefix_is_told_with_its_site_and_others_without(world: World) -> None:
    _, kept, delegated = lines("routes")
    assert kept["site"] is None
    assert delegated["state"] == "delegated"
    assert delegated["site"] == SITE
    assert delegated["parent"] == "88.101"


def test_holders_are_told_with_names_and_credit_codes(world: World) -> None:
    _, kept, _ = lines("routes")
    assert kept["holder"]["name"] == {"zh": "晨星乳业有限公司", "en": "Morning Star Dairy Ltd"}
    assert len(kept["holder"]["credit_code"]) == 18


@pytest.mark.parametrize(
    ("node", "level", "parent"),
    [
        ("77", "national", ""),
        ("77.1", "second_level", "77"),
        ("77.1.2", "enterprise", "77.1"),
        ("77.1.2.3", "enterprise", "77.1.2"),
    ],
)
def test_a_node_without_a_row_of_its_own_tells_itself_all_the_same(
    world: World, node: str, level: str, parent: str
) -> None:
    (line,) = lines("routes", node=node, site=None)
    assert (line["prefix"], line["level"], line["parent"], line["site"]) == (node, level, parent, None)
    assert line["since"] == "2026-06-16T18:00:00Z"


def test_the_shared_prefix_of_several_institutes_is_told_once(world: World, now: datetime) -> None:
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    with scope(other.id):
        build_world(other.id, now)
    assert [line["prefix"] for line in lines("routes", node="88.999.1")] == ["88.999.1"]


# --- all of them --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_told_is_what_the_format_takes(world: World, kind: str) -> None:
    a_days_deeds(world)
    a_days_counts()
    publish_template(world, "V1", NOON)
    told = lines(kind)
    header = NodeReportHeader(NODE, kind, DAY, ZONE, 1, MORNING_AFTER, len(told))
    data = b"".join(write(header, told))
    assert list(read(BytesIO(data))[1]) == told
    assert told


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_day_is_told_alike_twice(world: World, kind: str) -> None:
    a_days_deeds(world)
    a_days_counts()
    assert lines(kind) == lines(kind)


def test_a_day_of_another_zone_has_its_own_bounds(world: World) -> None:
    a_days_deeds(at(world, NOON))
    there = lines("registrations", time_zone="UTC", day=date(2026, 6, 15))
    assert [line["identifier"] for line in there][:2] == ["88.101.5/before", "88.101.5/ins-7"]
