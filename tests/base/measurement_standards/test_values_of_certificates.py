"""The values of a standard's certificate: what each member may be, and which of several faults is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger import PAPER

from jialiang.base.measurement_standards.errors import StandardIncomplete, StandardMember
from jialiang.base.measurement_standards.facts import VALUE_MEMBERS, certificate_columns

VALUE = {"nominal": "20", "measured": "20.003", "expanded_uncertainty": "0.004", "coverage_factor": "2"}

# members: the English words of the refusal, empty where they are taken
VALUES = [
    ({}, ""),
    ({"nominal": "-20", "measured": "-20.003"}, ""),
    ({"nominal": "", "measured": "", "expanded_uncertainty": "", "coverage_factor": ""}, ""),
    ({"expanded_uncertainty": "0"}, ""),
    ({"expanded_uncertainty": "0.000"}, ""),
    ({"expanded_uncertainty": "-0.004"}, "may not be negative"),
    ({"expanded_uncertainty": "±0.004"}, "not a decimal"),
    ({"expanded_uncertainty": "nan"}, "not a decimal"),
    ({"expanded_uncertainty": "inf"}, "not a decimal"),
    ({"coverage_factor": "1.96"}, ""),
    ({"coverage_factor": "0"}, "greater than zero"),
    ({"coverage_factor": "-2"}, "greater than zero"),
    ({"coverage_factor": "k=2"}, "not a decimal"),
    ({"measured": "20,003"}, "not a decimal"),
    ({"nominal": "twenty"}, "not a decimal"),
]


@pytest.mark.parametrize(("members", "english"), VALUES)
def test_a_value_of_a_certificate(members, english):
    facts = replace(PAPER, measured_values=(VALUE, VALUE | members))
    if not english:
        assert certificate_columns(facts)["measured_values"] == [VALUE, VALUE | members]
        return
    with pytest.raises(StandardMember) as refused:
        certificate_columns(facts)
    assert english in refused.value.what.en
    assert refused.value.facts["given"] in members.values()


@given(st.sets(st.sampled_from(VALUE_MEMBERS), min_size=1))
def test_of_several_faults_the_first_in_the_order_of_a_row_is_told(wrong):
    entry = VALUE | {name: f"bad {name}" for name in wrong}
    with pytest.raises(StandardMember) as refused:
        certificate_columns(replace(PAPER, measured_values=(entry,)))
    assert refused.value.facts["given"] == f"bad {min(wrong, key=VALUE_MEMBERS.index)}"


@given(st.sets(st.sampled_from(VALUE_MEMBERS), max_size=3))
def test_a_row_without_one_of_its_members_is_no_value(kept):
    entry = {name: VALUE[name] for name in kept}
    with pytest.raises(StandardMember) as refused:
        certificate_columns(replace(PAPER, measured_values=(VALUE, entry)))
    assert refused.value.what.en.endswith("each value needs nominal value, value, U and k.")


# members of the certificate with several faults: the value that the error names
FAULTS = [
    ({"unit": "x", "expanded_uncertainty": "0"}, "x"),
    ({"expanded_uncertainty": "0", "coverage_factor": "0.0"}, "0"),
    ({"coverage_factor": "0.0", "valid_until": date(2020, 1, 1)}, "0.0"),
    ({"valid_until": date(2020, 1, 1), "digest": "abc"}, "2020-01-01"),
    ({"digest": "abc", "stored_digest": "def"}, "abc"),
    ({"stored_digest": "A" * 64, "measured_values": ({},)}, "A" * 64),
]


@pytest.mark.parametrize(("members", "named"), FAULTS)
def test_of_several_faults_of_a_certificate_the_first_in_its_order_is_told(members, named):
    with pytest.raises(StandardMember) as refused:
        certificate_columns(replace(PAPER, **members))
    assert refused.value.facts["given"] == named
    assert refused.value.what.zh != refused.value.what.en


def test_what_is_missing_is_told_before_what_is_wrong_and_all_at_once():
    with pytest.raises(StandardIncomplete) as refused:
        certificate_columns(replace(PAPER, number="", unit="", valid_until=None, coverage_factor="x"))
    assert len(refused.value.facts["members"].zh.split("、")) == 3


def test_a_certificate_of_one_day_holds():
    columns = certificate_columns(replace(PAPER, valid_from=date(2026, 1, 1), valid_until=date(2026, 1, 1)))
    assert columns["valid_from"] == columns["valid_until"]


@pytest.mark.parametrize("digest", ["0" * 64, "abcdef" * 10 + "0123"])
def test_a_digest_is_sixty_four_small_hexadecimal_letters(digest):
    assert certificate_columns(replace(PAPER, digest=digest))["digest"] == digest
    for broken in (digest[:-1], digest + "0", digest[:-1] + "g", "F" + digest[1:], "０" + digest[1:]):
        with pytest.raises(StandardMember):
            certificate_columns(replace(PAPER, digest=broken))
