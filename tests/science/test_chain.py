"""Traceability chains."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.science.chain import ChainLink, ChainNode, examine_chain

TODAY = date(2026, 6, 16)
K = "\\kelvin"


def a_node(key, expanded_uncertainty, **members):
    defaults = {
        "certificate_number": f"C-{key}",
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2026, 12, 31),
        "unit": K,
    }
    return ChainNode(
        key,
        Text(zh=f"标准{key}", en=f"standard {key}"),
        expanded_uncertainty=expanded_uncertainty,
        **(defaults | members),
    )


ORIGIN = a_node("origin", "0.0002", certificate_number="", valid_from=None, valid_until=None, is_origin=True)
REFERENCE = a_node("reference", "0.004")
WORKING = a_node("working", "0.02")
INSTRUMENT = a_node("instrument", "0.1")
NODES = (INSTRUMENT, WORKING, REFERENCE, ORIGIN)
LINKS = (
    ChainLink("instrument", "working"),
    ChainLink("working", "reference"),
    ChainLink("reference", "origin"),
)


def kinds(nodes=NODES, links=LINKS, on=TODAY, start="instrument"):
    return [finding.kind for finding in examine_chain(nodes, links, start=start, on=on).findings]


def test_a_whole_chain_has_nothing_to_say():
    found = examine_chain(NODES, LINKS, start="instrument", on=TODAY)
    assert found.findings == ()
    assert found.is_unbroken
    assert found.steps_up == {"instrument": 0, "working": 1, "reference": 2, "origin": 3}


def test_a_chain_that_ends_below_a_national_standard_has_a_gap():
    found = examine_chain(NODES[:3], LINKS[:2], start="instrument", on=TODAY)
    assert [(f.kind, f.node) for f in found.findings] == [("gap", "reference")]
    assert not found.is_unbroken
    assert "溯源链在此中断" in found.findings[0].text.zh


def test_a_link_to_an_unregistered_standard_is_named():
    found = examine_chain(NODES[:3], LINKS, start="instrument", on=TODAY)
    assert [(f.kind, f.node) for f in found.findings] == [("unknown_link", "reference")]
    assert "origin" in found.findings[0].text.en


def test_an_unknown_start_is_a_finding_not_a_crash():
    assert kinds(start="nobody") == ["unknown_link"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 1, 1), []),
        (date(2026, 12, 31), []),
        (date(2027, 1, 1), ["expired"]),
        (date(2025, 12, 31), ["not_yet_valid"]),
    ],
)
def test_a_certificate_holds_from_its_first_to_its_last_day(on, expected):
    assert kinds((REFERENCE, ORIGIN), LINKS[2:], on, "reference") == expected


def test_an_expired_standard_says_which_and_since_when():
    expired = replace(WORKING, valid_until=date(2026, 5, 31))
    found = examine_chain((INSTRUMENT, expired, REFERENCE, ORIGIN), LINKS, start="instrument", on=TODAY)
    (finding,) = found.findings
    assert (finding.kind, finding.node, finding.since) == ("expired", "working", date(2026, 5, 31))
    assert finding.text.zh == "“标准working”的证书 C-working 已于 2026-05-31 到期"
    assert finding.breaks_chain


def test_a_certificate_without_end_does_not_expire():
    endless = replace(WORKING, valid_until=None, valid_from=None)
    assert kinds((INSTRUMENT, endless, REFERENCE, ORIGIN), on=date(2099, 1, 1)).count("expired") == 2


def test_only_an_origin_may_be_without_certificate():
    bare = replace(WORKING, certificate_number="")
    assert kinds((INSTRUMENT, bare, REFERENCE, ORIGIN)) == ["no_certificate"]


def test_a_circle_is_found_and_shown():
    circle = (*LINKS, ChainLink("reference", "working"))
    found = examine_chain(NODES, circle, start="instrument", on=TODAY)
    (loop,) = [finding for finding in found.findings if finding.kind == "loop"]
    assert "working → reference → working" in loop.text.en
    assert not found.is_unbroken


def test_a_standard_traced_to_itself_is_a_circle():
    assert "loop" in kinds((REFERENCE,), (ChainLink("reference", "reference"),), start="reference")


def test_two_ways_to_the_same_standard_are_no_circle():
    second = a_node("second", "0.03")
    links = (*LINKS, ChainLink("instrument", "second"), ChainLink("second", "reference"))
    assert kinds((*NODES, second), links) == []


def test_a_smaller_uncertainty_below_is_a_warning_and_breaks_nothing():
    boaster = replace(WORKING, expanded_uncertainty="0.003")
    found = examine_chain((INSTRUMENT, boaster, REFERENCE, ORIGIN), LINKS, start="instrument", on=TODAY)
    assert [(f.kind, f.node) for f in found.findings] == [("gains_certainty", "working")]
    assert found.is_unbroken
    assert "never gains certainty" in found.findings[0].text.en


def test_uncertainties_are_compared_in_one_unit_and_as_differences():
    in_millikelvin = replace(WORKING, expanded_uncertainty="20", unit="\\milli\\kelvin")
    in_celsius = replace(INSTRUMENT, unit="\\degreecelsius")
    assert kinds((in_celsius, in_millikelvin, REFERENCE, ORIGIN)) == []
    boasting_in_celsius = replace(in_celsius, expanded_uncertainty="0.01")
    assert kinds((boasting_in_celsius, in_millikelvin, REFERENCE, ORIGIN)) == ["gains_certainty"]
    assert kinds((INSTRUMENT, replace(WORKING, unit="\\degreecelsius"), REFERENCE, ORIGIN)) == []
    too_small = replace(WORKING, expanded_uncertainty="3", unit="\\milli\\kelvin")
    assert kinds((INSTRUMENT, too_small, REFERENCE, ORIGIN)) == ["gains_certainty"]


def test_units_that_do_not_compare_and_missing_uncertainties_are_warnings():
    assert kinds((INSTRUMENT, replace(WORKING, unit="\\gram"), REFERENCE, ORIGIN)) == [
        "units_differ",
        "units_differ",
    ]
    assert kinds((INSTRUMENT, replace(WORKING, expanded_uncertainty=""), REFERENCE, ORIGIN)) == [
        "no_uncertainty"
    ]


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=12))
def test_a_chain_never_gains_certainty_going_down(growths):
    amounts = [1000]
    for growth in growths:
        amounts.append(amounts[-1] + growth)
    nodes = [a_node(str(i), str(amount), is_origin=i == 0) for i, amount in enumerate(amounts)]
    links = [ChainLink(str(i + 1), str(i)) for i in range(len(growths))]
    start = str(len(growths))
    assert kinds(nodes, links, start=start) == []
    nodes[-1] = replace(nodes[-1], expanded_uncertainty=str(amounts[-2] - 1))
    assert kinds(nodes, links, start=start) == ["gains_certainty"]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20), st.integers(-400, 400))
def test_any_graph_is_examined_to_the_end(pairs, days):
    nodes = [a_node(str(i), "1", is_origin=i == 0) for i in range(6)]
    links = [ChainLink(str(a), str(b)) for a, b in pairs]
    found = examine_chain(nodes, links, start="5", on=TODAY + timedelta(days=days))
    assert all(finding.text.zh and finding.text.en for finding in found.findings)
    acyclic_and_known = all(b < a <= 5 for a, b in pairs)
    if acyclic_and_known:
        assert not any(finding.kind in ("loop", "unknown_link") for finding in found.findings)


def test_a_long_chain_is_no_problem():
    count = 5000
    nodes = [a_node(str(i), str(1 + i), is_origin=i == 0) for i in range(count)]
    links = [ChainLink(str(i + 1), str(i)) for i in range(count - 1)]
    assert examine_chain(nodes, links, start=str(count - 1), on=TODAY).is_unbroken
