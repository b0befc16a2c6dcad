"""The table of application identifiers says what the syntax dictionary of GS1 says, line by line."""

import re

import pytest

from jialiang.formats.codes.application_identifiers import (
    identifier_lengths,
    identifiers,
    leading_identifier,
    matches,
    primary_keys,
    qualifiers_of,
)
from jialiang.formats.codes.content_rules import _RULES

COMPONENT = re.compile(r"(\[)?([NXYZ])(\.\.)?([0-9]+)\]?((?:,\w+)*)")
RULE_OF = {
    "csum": "check_digit",
    "csumalpha": "check_pair",
    "gcppos1": "prefix_first",
    "gcppos2": "prefix_second",
    "zero": "zero",
    "yymmd0": "day_may_be_00",
    "yymmdd": "date",
    "yyyymmdd": "full_date",
    "hhmi": "hour_minute",
    "hh": "hour",
    "mi": "minute",
    "ss": "second",
    "nonzero": "not_zero",
    "nozeroprefix": "no_leading_zero",
    "hasnondigit": "not_digits_only",
    "winding": "winding",
    "yesno": "yes_or_no",
    "hyphen": "minus",
    "pieceoftotal": "piece_of_total",
    "posinseqslash": "place_of_many",
    "pcenc": "percent_encoding",
    "latitude": "latitude",
    "longitude": "longitude",
    "iban": "bank_account",
    "iso5218": "sex",
    "importeridx": "importer_index",
}
NOT_CHECKED = {
    "iso3166",
    "iso3166999",
    "iso3166alpha2",
    "iso4217",
    "packagetype",
    "mediatype",
    "couponcode",
    "couponposoffer",
}


@pytest.fixture(scope="module")
def dictionary(oracles):
    text = (oracles / "identifiers" / "gs1-syntax-dictionary.txt").read_text(encoding="utf-8")
    rows = [line.split("#")[0].split() for line in text.splitlines() if line[:1].isdigit()]
    assert len(rows) == 224
    return {ai: row[1:] for row in rows for ai in expanded(row[0])}


def expanded(digits):
    first, _, last = digits.partition("-")
    return [str(n).zfill(len(first)) for n in range(int(first), int(last or first) + 1)]


def flags(row):
    return "" if COMPONENT.fullmatch(row[0]) else row[0]


def described(row):
    return [COMPONENT.fullmatch(word).groups() for word in row if COMPONENT.fullmatch(word)]


def attribute(row, name):
    return [word.partition("=")[2] for word in row if word == name or word.startswith(f"{name}=")]


def test_the_same_identifiers_are_known(dictionary):
    assert set(identifiers()) == set(dictionary)
    assert len(dictionary) > 400


def test_components_have_the_same_characters_and_lengths(dictionary):
    for ai, row in dictionary.items():
        ours = [
            (
                component.optional,
                component.characters.upper(),
                component.least < component.most,
                component.most,
            )
            for component in identifiers()[ai].components
        ]
        theirs = [
            (bool(optional), characters, bool(up_to), int(most))
            for optional, characters, up_to, most, _ in described(row)
        ]
        assert ours == theirs, ai
        assert all(c.least in (1, c.most) for c in identifiers()[ai].components)


def test_components_have_the_same_rules(dictionary):
    for ai, row in dictionary.items():
        theirs = [
            tuple(RULE_OF.get(rule, f"listed:{rule}") for rule in rules.split(",") if rule)
            for *_, rules in described(row)
        ]
        assert [component.rules for component in identifiers()[ai].components] == theirs, ai


def test_every_rule_is_checked_but_those_that_need_lists_of_codes(dictionary):
    used = {rule for each in identifiers().values() for c in each.components for rule in c.rules}
    assert {rule.removeprefix("listed:") for rule in used if rule.startswith("listed:")} == NOT_CHECKED
    assert {rule for rule in used if not rule.startswith("listed:")} == set(_RULES)


def test_predefined_lengths_and_attributes_are_flagged_alike(dictionary):
    for ai, row in dictionary.items():
        assert identifiers()[ai].predefined == ("*" in flags(row)), ai
        assert identifiers()[ai].attribute == ("?" in flags(row)), ai


def test_predefined_lengths_are_fixed(dictionary):
    for ai in dictionary:
        if identifiers()[ai].predefined:
            assert all(c.least == c.most and not c.optional for c in identifiers()[ai].components), ai


def test_keys_of_digital_links_have_the_same_qualifiers(dictionary):
    for ai, row in dictionary.items():
        found = attribute(row, "dlpkey")
        assert (ai in primary_keys()) == bool(found), ai
        if found:
            theirs = tuple(tuple(sequence.split(",")) for sequence in found[0].split("|")) if found[0] else ()
            assert qualifiers_of(ai) == theirs, ai


def test_there_are_16_keys_as_the_standard_names_them():
    assert primary_keys() == {
        "00",
        "01",
        "253",
        "255",
        "401",
        "402",
        "414",
        "415",
        "417",
        "8003",
        "8004",
        "8006",
        "8010",
        "8013",
        "8017",
        "8018",
    }


def test_what_goes_together_is_the_same(dictionary):
    for ai, row in dictionary.items():
        excluded = [pattern for found in attribute(row, "ex") for pattern in found.split(",")]
        assert list(identifiers()[ai].never_with) == excluded, ai
        needed = [tuple(tuple(c.split("+")) for c in found.split(",")) for found in attribute(row, "req")]
        assert list(identifiers()[ai].needs) == needed, ai


def test_two_digits_tell_how_long_an_identifier_is(dictionary):
    for ai in dictionary:
        assert identifier_lengths()[ai[:2]] == len(ai)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0109506000134352", "01"),
        ("3103000123", "3103"),
        ("80041234", "8004"),
        ("235X", "235"),
        ("10A", "10"),
        ("9", ""),
        ("", ""),
        ("04", ""),
        ("3199", ""),
        ("800", ""),
        ("ab", ""),
        ("99x", "99"),
        ("7040", "7040"),
    ],
)
def test_the_identifier_at_the_beginning_is_found(text, found):
    assert leading_identifier(text) == found


@pytest.mark.parametrize(
    ("pattern", "ai", "meant"),
    [
        ("31nn", "3103", True),
        ("31nn", "3203", False),
        ("31nn", "310", False),
        ("310n", "3105", True),
        ("310n", "3115", False),
        ("01", "01", True),
        ("01", "02", False),
        ("390n", "3909", True),
        ("01", "8001", False),
    ],
)
def test_n_stands_for_any_digit(pattern, ai, meant):
    assert matches(pattern, ai) is meant


def test_keys_and_qualifiers_have_titles_in_both_languages():
    named = primary_keys() | {
        q for key in primary_keys() for sequence in qualifiers_of(key) for q in sequence
    }
    for ai in named:
        title = identifiers()[ai].title
        assert title.zh, ai
        assert title.en, ai
