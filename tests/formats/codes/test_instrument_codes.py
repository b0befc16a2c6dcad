"""Codes of instruments whose layout is not public: typed attributes, the port, one test for all encoders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes import instrument_codes
from jialiang.formats.codes.instrument_codes import (
    BadInstrumentAttribute,
    InstrumentCodeAttributes,
    InstrumentCodeEncoder,
    PlainEncoder,
    UnknownEncoder,
    encoder_named,
    encoders,
)
from jialiang.formats.codes.verdicts import CodeRefused

MEMBERS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
GAUGE = InstrumentCodeAttributes("91110000600037341L", "11010100", "P-2026/001", "370100", "YB-150.1")


class Reversed:
    """An encoder as a package of somebody else would bring it."""

    name = "reversed"
    conforms_to = "nothing"

    def encode(self, attributes):
        return PlainEncoder().encode(attributes)[::-1]

    def decode(self, code):
        return PlainEncoder().decode(code[::-1])


class EntryPoint:
    def load(self):
        return Reversed


@pytest.fixture
def with_a_package(monkeypatch):
    monkeypatch.setattr(
        instrument_codes,
        "entry_points",
        lambda group: [EntryPoint()] if group.startswith("jialiang.") else [],
    )
    encoders.cache_clear()
    yield
    encoders.cache_clear()


def test_the_embedded_encoder_is_there_and_claims_nothing():
    assert encoders()["plain"].conforms_to == ""
    assert encoder_named("plain").name == "plain"


def test_a_package_brings_another_encoder(with_a_package):
    assert set(encoders()) == {"plain", "reversed"}
    assert encoder_named("reversed").decode(encoder_named("reversed").encode(GAUGE)) == GAUGE


def test_an_encoder_that_is_not_installed_is_told_with_those_that_are():
    with pytest.raises(UnknownEncoder) as refused:
        encoder_named("GB/T 36377")
    assert refused.value.http_status == 404
    assert "plain" in refused.value.rule.zh


@pytest.mark.parametrize("encoder", [PlainEncoder(), Reversed()], ids=lambda encoder: encoder.name)
class TestEveryEncoder:
    """What any encoder keeps, ours and those of packages."""

    def test_it_is_of_the_port(self, encoder):
        assert isinstance(encoder, InstrumentCodeEncoder)

    @given(
        maker=MEMBERS,
        category=MEMBERS,
        serial=MEMBERS,
        model=MEMBERS | st.just(""),
        division=st.sampled_from(["", "370100"]),
    )
    def test_what_is_encoded_reads_back(self, encoder, maker, category, serial, model, division):
        attributes = InstrumentCodeAttributes(maker, category, serial, division, model)
        assert encoder.decode(encoder.encode(attributes)) == attributes

    @given(text=st.text(max_size=40))
    def test_any_text_is_read_or_refused_and_nothing_else(self, encoder, text):
        try:
            attributes = encoder.decode(text)
        except (CodeRefused, BadInstrumentAttribute) as refused:
            assert refused.what.zh
        else:
            assert encoder.decode(encoder.encode(attributes)) == attributes

    def test_two_instruments_have_two_codes(self, encoder):
        other = InstrumentCodeAttributes("91110000600037341L", "11010100", "P-2026", "370100", "001.YB-150.1")
        assert encoder.encode(GAUGE) != encoder.encode(other)


def test_the_plain_code_is_ascii_without_empty_members_at_the_end():
    assert PlainEncoder().encode(GAUGE) == "91110000600037341L.11010100.P-2026%2F001.370100.YB-150%2E1"
    assert (
        PlainEncoder().encode(InstrumentCodeAttributes("制造者", "1", "7"))
        == "%E5%88%B6%E9%80%A0%E8%80%85.1.7"
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [("a.b", "instrument_members"), ("a.b.c.d.e.f", "instrument_members"), ("a.b.%FF", "percent")],
)
def test_what_is_no_plain_code_is_refused(code, reason):
    with pytest.raises(CodeRefused) as refused:
        PlainEncoder().decode(code)
    assert refused.value.finding.reason == reason


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"maker": ""}, "maker"),
        ({"category": ""}, "category"),
        ({"serial": ""}, "serial"),
        ({"serial": " 1"}, "serial"),
        ({"serial": "1\n2"}, "serial"),
        ({"maker": "x" * 61}, "maker"),
        ({"division": "37010"}, "division"),
        ({"division": "３７０１００"}, "division"),
        ({"division": "3701A0"}, "division"),
        ({"model": "a\x00"}, "model"),
    ],
)
def test_an_attribute_that_no_code_can_hold_is_refused(change, member):
    with pytest.raises(BadInstrumentAttribute) as refused:
        InstrumentCodeAttributes(**({"maker": "m", "category": "c", "serial": "s"} | change))
    assert refused.value.facts["member"] == member
    assert refused.value.http_status == 422
