"""Chains of any shape: what is found is what a small model says, whatever the order of the files."""

import base64
import hashlib
import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.dcc_samples import certificate_with, reference

from jialiang.formats.dcc.chain.drawing import chain_svg
from jialiang.formats.dcc.chain.files import ChainFiles
from jialiang.formats.dcc.chain.following import follow_chain
from jialiang.formats.xml.parsing import parse_xml

LAWS = settings(max_examples=20, deadline=None)
PAPER = "analogue"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# What a reference does, and the state and reason that follow; all certificates end their work on one day.
FAULTS = {
    "": ("intact", "digest_equal"),
    "base64": ("intact", "digest_equal"),
    "grouped": ("intact", "digest_equal"),
    "other bytes": ("broken", "digest_differs"),
    "other number": ("broken", "number_differs"),
    "cut short": ("broken", "digest_unusable"),
    "stated invalid": ("expired", "stated_invalid"),
    "paper": ("analogue", "paper"),
    "elsewhere": ("missing", "not_here"),
}
REASONS_WITHOUT_FILE = ("elsewhere",)


def equipment_for(number, data, fault):
    """A reference to a file with one fault."""
    digest = sha256(data)
    match fault:
        case "base64":
            digest = base64.b64encode(bytes.fromhex(digest)).decode()
        case "grouped":
            digest = ":".join(re.findall("..", digest.upper()))
        case "other bytes":
            digest = sha256(data + b" ")
        case "other number":
            return reference("X-0", "sha256", digest)
        case "cut short":
            digest = digest[:-2]
        case "stated invalid":
            return reference(number, "sha256", digest, "<dcc:inValidityRange>0</dcc:inValidityRange>")
        case "paper":
            return reference(number, PAPER, "–")
        case "elsewhere":
            return reference("X-1", "sha256", sha256(b"nothing"))
    return reference(number, "SHA-256", digest)


@st.composite
def laboratories(draw):
    """Files from the top down, and the links (lower, upper or none, state, reason) that they have."""
    files, links = [], []
    for place in range(draw(st.integers(1, 4))):
        uppers = draw(st.lists(st.sampled_from(range(place)), unique=True)) if place else []
        chosen = [(upper, draw(st.sampled_from(list(FAULTS)))) for upper in uppers]
        inside = "".join(equipment_for(f"N-{upper}", files[upper], fault) for upper, fault in chosen)
        files.append(certificate_with(number=f"N-{place}", equipment=inside))
        for upper, fault in chosen:
            there = "" if fault in REASONS_WITHOUT_FILE else f"N-{upper}"
            links.append((f"N-{place}", there, *FAULTS[fault]))
    return files, links


def followed(files, starts=0):
    return follow_chain([(f"{sha256(data)[:6]}.xml", data, parse_xml(data)) for data in files], starts)


def said(chain):
    numbers = {each.key: each.number for each in chain.certificates} | {"": ""}
    return sorted((numbers[link.lower], numbers[link.upper], link.state, link.reason) for link in chain.links)


@LAWS
@given(laboratories())
def test_a_chain_of_any_shape_is_what_the_model_says(laboratory):
    files, links = laboratory
    chain = followed(files)
    assert said(chain) == sorted(links)
    assert {each.number for each in chain.certificates} == {f"N-{place}" for place in range(len(files))}
    states = [state for *_, state, _ in links]
    assert chain.is_unbroken is not bool({"broken", "expired"} & set(states))
    assert chain.is_proved is (set(states) <= {"intact"})
    referred = {upper for _, upper, *_ in links}
    numbers = {each.key: each.number for each in chain.certificates}
    assert {numbers[key] for key in chain.starts} == set(numbers.values()) - referred


@LAWS
@given(laboratories(), st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(laboratory, chance):
    files, links = laboratory
    shuffled = [*files, files[0]]  # a copy counts once
    chance.shuffle(shuffled)
    chain = followed(shuffled)
    assert said(chain) == sorted(links)
    assert len(chain.certificates) == len(files)


@LAWS
@given(laboratories())
def test_of_one_certificate_only_what_it_hangs_on_is_shown(laboratory):
    files, links = laboratory
    chain = followed([files[-1], *files[:-1]], starts=1)
    reached, waiting = set(), [f"N-{len(files) - 1}"]
    while waiting:
        number = waiting.pop()
        if number and number not in reached:
            reached.add(number)
            waiting += [upper for lower, upper, *_ in links if lower == number]
    assert {each.number for each in chain.certificates} == reached
    assert said(chain) == sorted(link for link in links if link[0] in reached)


@LAWS
@given(laboratories())
def test_json_and_drawing_say_the_same_chain(laboratory):
    chain = followed(laboratory[0])
    plain = chain.to_json()
    assert len(plain["links"]) == len(laboratory[1])
    for link, written in zip(chain.links, plain["links"], strict=True):
        assert written["state"] == link.state
        assert written["text"] == {"zh": link.text.zh, "en": link.text.en}
        assert link.number in link.text.zh
        assert link.number in link.text.en
        if link.state == "intact":
            assert written["computed_digest"] == next(
                c.sha256 for c in chain.certificates if c.key == link.upper
            )
    for language in ("zh", "en"):
        drawn = etree.fromstring(chain_svg(chain, language).encode())
        boxes = drawn.xpath("//*[@class='certificate']")
        assert len(boxes) >= len(chain.certificates)


# --- validity -------------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@LAWS
@given(DAYS, DAYS, st.none() | DAYS)
def test_a_standard_holds_from_its_own_day_to_its_last(used, performed, due):
    statement = (
        f'<dcc:statement refType="basic_recalibration"><dcc:date>{due}</dcc:date></dcc:statement>'
        if due
        else ""
    )
    above = certificate_with(number="N-0", end=performed.isoformat(), statements=statement)
    below = certificate_with(equipment=equipment_for("N-0", above, ""), end=used.isoformat())
    (link,) = followed([below, above], starts=1).links
    if due is not None and due < used:
        expected = ("expired", "out_of_validity")
    elif performed > used:
        expected = ("expired", "not_yet")
    else:
        expected = ("intact", "digest_equal")
    assert (link.state, link.reason) == expected
    assert link.used_on == used


@LAWS
@given(DAYS, st.integers(0, 3), st.integers(0, 30), st.integers(0, 400))
def test_a_period_is_added_month_by_month_and_then_day_by_day(performed, years, months, days):
    period = f"P{years}Y{months}M{days}D"
    statement = (
        f'<dcc:statement refType="basic_recalibration"><dcc:period>{period}</dcc:period></dcc:statement>'
    )
    data = certificate_with(end=performed.isoformat(), statements=statement)
    (file,) = ChainFiles.of([("a.xml", data, parse_xml(data))]).files
    day, year, month = performed.day, performed.year, performed.month
    for _ in range(12 * years + months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    assert file.certificate.valid_until == date(year, month, min(day, last)) + timedelta(days=days)


# procedure as written, the same digest by hashlib
PROCEDURES = {
    "sha256": "sha256", "SHA-256": "sha256", "sha_256": "sha256", "SHA 512": "sha512", "sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256", "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
    "SHA3-256": "sha3_256", "sha3-512": "sha3_512",
}  # fmt: skip


@pytest.mark.parametrize("written", PROCEDURES)
@pytest.mark.parametrize("spelled", ["hex", "upper", "base64", "blanks"])
def test_a_digest_is_known_however_procedure_and_digest_are_spelled(written, spelled):
    above = certificate_with(number="N-0")
    digest = hashlib.new(PROCEDURES[written], above).digest()
    stated = {
        "hex": digest.hex(),
        "upper": digest.hex().upper(),
        "base64": base64.b64encode(digest).decode(),
        "blanks": "\n".join(re.findall(".{1,16}", digest.hex())),
    }[spelled]
    below = certificate_with(equipment=reference("N-0", written, stated))
    (link,) = followed([below, above], starts=1).links
    assert (link.state, link.computed_digest) == ("intact", digest.hex())
    assert link.procedure == written


def linked_reports(*levels):
    """References that hang on one another, from the lowest up."""
    inside = ""
    for number, value in reversed(levels):
        name = "certificate" if (number, value) == levels[0] else "linkedReport"
        inside = (
            f"<dcc:{name}><dcc:referral><dcc:content>R</dcc:content></dcc:referral><dcc:referralID>{number}</dcc:referralID>"
            f"<dcc:procedure>sha256</dcc:procedure><dcc:value>{value}</dcc:value>{inside}</dcc:{name}>"
        )
    return f"<dcc:measuringEquipment><dcc:name><dcc:content>E</dcc:content></dcc:name>{inside}</dcc:measuringEquipment>"


def test_each_linked_report_is_judged_for_the_day_of_the_one_before():
    top = certificate_with(number="T", end="2024-05-01")
    middle = certificate_with(number="M", end="2025-05-01")
    below = certificate_with(
        equipment=linked_reports(("M", sha256(middle)), ("T", sha256(top)), ("Q", "0" * 64))
    )
    links = followed([below, middle, top], starts=1).links
    assert [(link.depth, link.number, link.state, link.used_on) for link in links] == [
        (0, "M", "intact", date(2026, 3, 2)),
        (1, "T", "intact", date(2025, 5, 1)),
        (2, "Q", "missing", date(2024, 5, 1)),
    ]


def test_a_linked_report_made_after_the_certificate_above_it_did_not_hold():
    top = certificate_with(number="T", end="2025-06-01")
    middle = certificate_with(number="M", end="2025-05-01")
    below = certificate_with(equipment=linked_reports(("M", sha256(middle)), ("T", sha256(top))))
    assert [link.reason for link in followed([below, middle, top], starts=1).links] == [
        "digest_equal",
        "not_yet",
    ]
