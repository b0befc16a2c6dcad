"""Every application identifier by the dictionary's own line: made values pass, and each way to break one is not."""

import re

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from jialiang.formats.codes.check_characters import check_digit, check_pair
from jialiang.formats.codes.digital_link import build_digital_link, parse_digital_link
from jialiang.formats.codes.element_strings import GS, parse_element_string, printed, scanned
from jialiang.formats.codes.elements import check_element
from jialiang.formats.codes.verdicts import CodeRefused

COMPONENT = re.compile(r"(\[)?([NXYZ])(\.\.)?([0-9]+)\]?((?:,\w+)*)")
LETTERS = {
    "N": "0123456789",
    "X": "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz",
    "Y": "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "Z": "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz",
}
FIXED_BY_RULE = {
    "zero": ["0"],
    "yymmd0": ["261200", "240229", "000101"],
    "yymmdd": ["261231", "240229"],
    "yyyymmdd": ["19491001", "20240229"],
    "hhmi": ["0000", "2359"],
    "hh": ["00", "23"],
    "mi": ["00", "59"],
    "ss": ["00", "59"],
    "winding": ["0", "1", "9"],
    "yesno": ["0", "1"],
    "iso5218": ["0", "1", "2", "9"],
    "hyphen": ["-"],
    "pieceoftotal": ["0101", "0299"],
    "posinseqslash": ["1/1", "2/9"],
    "latitude": ["0000000000", "1800000000"],
    "longitude": ["0000000000", "3600000000"],
    "iban": ["GB82WEST12345698765432", "DE89370400440532013000"],
    "importeridx": ["-", "0", "Z", "_", "a"],
}
BROKEN_BY_RULE = {
    "zero": "1",
    "yymmd0": "261301",
    "yymmdd": "261200",
    "yyyymmdd": "20230229",
    "hhmi": "2400",
    "hh": "24",
    "mi": "60",
    "ss": "60",
    "winding": "5",
    "yesno": "7",
    "iso5218": "8",
    "hyphen": "+",
    "pieceoftotal": "0201",
    "posinseqslash": "3/2",
    "latitude": "1800000001",
    "longitude": "3600000001",
    "iban": "GB00WEST12345698765432",
    "importeridx": "/",
}


@pytest.fixture(scope="module")
def lines(oracles):
    text = (oracles / "identifiers" / "gs1-syntax-dictionary.txt").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        if line[:1].isdigit():
            digits, *words = line.split("#")[0].split()
            first, _, last = digits.partition("-")
            parts = [COMPONENT.fullmatch(word) for word in words]
            for number in range(int(first), int(last or first) + 1):
                found[str(number).zfill(len(first))] = [part.groups() for part in parts if part]
    assert len(found) > 400
    return found


def made(draw, part):
    """Return a value that keeps the rules of a component."""
    _, kind, up_to, most, rules = part
    names = [rule for rule in rules.split(",") if rule]
    for name in names:
        if name in FIXED_BY_RULE:
            return draw(st.sampled_from(FIXED_BY_RULE[name]))
    length = draw(st.integers(4 if "gcppos1" in names else 1, int(most))) if up_to else int(most)
    value = draw(st.text(LETTERS[kind], min_size=length, max_size=length))
    if "pcenc" in names:
        value = value.replace("%", "p")
    if "nonzero" in names:
        value = "1" + value[1:]
    if "nozeroprefix" in names:
        value = "7" + value[1:]
    begin = "69" + "01" if "gcppos1" in names else "16901"
    if any(name.startswith("gcppos") for name in names):
        value = (begin + value)[:length] if length > len(begin) else begin[:length]
    if "csum" in names:
        value = value[:-1] + check_digit(value[:-1])
    if "csumalpha" in names:
        body = (begin + value + "A")[: max(len(value) - 2, 5)]
        value = body + check_pair(body)
    return value


def whole(draw, parts):
    """Return a right value of an identifier; optional components come while earlier ones did."""
    value = ""
    for part in parts:
        if part[0] and not draw(st.booleans()):
            break
        value += made(draw, part)
    return value


@examples(max_examples=400)
@given(data=st.data())
def test_what_the_dictionary_allows_is_taken_and_survives_print_and_scan(lines, data):
    ai = data.draw(st.sampled_from(sorted(lines)))
    value = whole(data.draw, lines[ai])
    check_element(ai, value)
    assert parse_element_string(printed({ai: value})) == {ai: value}
    assert parse_element_string(scanned({ai: value})) == {ai: value}


@examples(max_examples=400)
@given(data=st.data())
def test_a_value_that_is_too_long_is_refused(lines, data):
    ai = data.draw(st.sampled_from(sorted(lines)))
    most = sum(int(part[3]) for part in lines[ai])
    value = "1" * (most + data.draw(st.integers(1, 5)))
    with pytest.raises(CodeRefused):
        check_element(ai, value)


@examples(max_examples=400)
@given(data=st.data())
def test_a_letter_outside_the_set_is_refused_wherever_it_stands(lines, data):
    ai = data.draw(st.sampled_from(sorted(lines)))
    value = whole(data.draw, lines[ai])
    place = data.draw(st.integers(0, len(value) - 1))
    strange = data.draw(st.sampled_from([" ", "$", "@", "\x1d", "压", "é", "~", "\n"]))
    with pytest.raises(CodeRefused) as refused:
        check_element(ai, value[:place] + strange + value[place + 1 :])
    assert refused.value.finding.reason in ("character", "non_digit")
    assert str(place + 1) in refused.value.what.en


@examples(max_examples=300)
@given(data=st.data())
def test_each_rule_of_the_dictionary_bites(lines, data):
    ai = data.draw(
        st.sampled_from([ai for ai, parts in lines.items() if any(rule_of(part) for part in parts)])
    )
    parts = lines[ai]
    chosen = data.draw(st.sampled_from([i for i, part in enumerate(parts) if rule_of(part)]))
    value = "".join(
        BROKEN_BY_RULE[rule_of(part)] if i == chosen else made(data.draw, part)
        for i, part in enumerate(parts)
        if i <= chosen or not part[0]
    )
    with pytest.raises(CodeRefused):
        check_element(ai, value)


def rule_of(part):
    return next((rule for rule in part[4].split(",") if rule in BROKEN_BY_RULE), "")


@examples(max_examples=200)
@given(data=st.data())
def test_a_wrong_check_digit_is_always_found(lines, data):
    ai = data.draw(
        st.sampled_from([ai for ai, parts in lines.items() if any(",csum" in part[4] for part in parts)])
    )
    value = whole(data.draw, lines[ai])
    end = 0
    for part in lines[ai]:
        end += int(part[3])
        if ",csum" in part[4]:
            break
    if "csumalpha" in lines[ai][0][4]:
        end = len(value)
    other = data.draw(st.sampled_from([d for d in "23456789" if d != value[end - 1]]))
    with pytest.raises(CodeRefused) as refused:
        check_element(ai, value[: end - 1] + other + value[end:])
    assert refused.value.finding.reason in ("check_digit", "check_pair")


@examples(max_examples=200)
@given(data=st.data())
def test_two_elements_side_by_side_are_told_apart(lines, data):
    first, second = data.draw(st.permutations(["10", "21", "240", "400", "91", "8004", "3103", "17", "422"]))[
        :2
    ]
    elements = {ai: whole(data.draw, lines[ai]) for ai in (first, second)}
    assert parse_element_string(scanned(elements)) == elements
    assert scanned(elements).count(GS) <= 1


@examples(max_examples=150)
@given(data=st.data())
def test_every_key_with_any_value_becomes_a_link_and_comes_back(lines, data):
    keys = [
        "00",
        "01",
        "253",
        "255",
        "401",
        "402",
        "414",
        "417",
        "8003",
        "8004",
        "8006",
        "8010",
        "8013",
        "8017",
        "8018",
    ]
    key = data.draw(st.sampled_from(keys))
    value = whole(data.draw, lines[key])
    link = build_digital_link({key: value}, "https://id.example.org")
    assert parse_digital_link(link.uri()).key == (key, value)
