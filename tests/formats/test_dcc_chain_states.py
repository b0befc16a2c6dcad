"""Every state of a link in the chain by a table of references and files; validity day by day; odd drawings."""

import hashlib
from datetime import date

import pytest
from lxml import etree
from tests.formats.dcc_samples import certificate_with, reference

from jialiang.formats.dcc.chain.drawing import chain_svg
from jialiang.formats.dcc.chain.files import ChainFiles
from jialiang.formats.dcc.chain.following import follow_chain
from jialiang.formats.xml.parsing import parse_xml

SVG = "{http://www.w3.org/2000/svg}"


def upper(number="NMI-1", *, due="2027-06-01", end="2025-06-01", inside=None):
    """The certificate of a standard, valid until a day."""
    said = f"<dcc:date>{due}</dcc:date>" if inside is None else inside
    statement = f'<dcc:statement refType="basic_recalibration">{said}</dcc:statement>'
    return certificate_with(number=number, end=end, statements=statement).replace(
        b"2026-03-01", b"2025-05-01"
    )


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def canonical(data):
    """SHA-256 of canonical XML without comments."""
    tree = etree.fromstring(data).getroottree()
    return sha256(etree.tostring(tree, method="c14n", with_comments=False))


def lower(digest, procedure="sha256", number="NMI-1", extra="", own="N-1"):
    """A certificate whose work ended on 2026-03-02, and that hangs on another."""
    return certificate_with(equipment=reference(number, procedure, digest, extra), number=own)


def followed(*files, starts=0):
    return follow_chain([(f"file{n}.xml", data, parse_xml(data)) for n, data in enumerate(files)], starts)


def only(*files, starts=0):
    (link,) = followed(*files, starts=starts).links
    return link


UPPER = upper().replace(b"<dcc:items>", b"<dcc:items >")  # not canonical as it stands
OTHER = UPPER.replace(b">1.0<", b">1.1<")
INVALID, VALID = (f"<dcc:inValidityRange>{said}</dcc:inValidityRange>" for said in ("false", "true"))

# the reference, the file of the standard (None: not here), state and reason, unbroken, proved
STATES = {
    "the very file": (lower(sha256(UPPER)), UPPER, "intact", "digest_equal", True, True),
    "the same document": (lower(canonical(UPPER), "c14n-sha256"), UPPER, "intact", "digest_equal", True, True),
    "no number but the digest": (lower(sha256(UPPER), number=""), UPPER, "intact", "digest_equal", True, True),
    "said to be valid": (lower(sha256(UPPER), extra=VALID), UPPER, "intact", "digest_equal", True, True),
    "a changed file": (lower(sha256(UPPER)), OTHER, "broken", "digest_differs", False, False),
    "a digest of canonical XML called one of bytes": (
        lower(canonical(UPPER)), UPPER, "broken", "digest_differs", False, False,
    ),
    "another number": (lower(sha256(UPPER), number="NMI-2"), UPPER, "broken", "number_differs", False, False),
    "no digest": (lower("see file"), UPPER, "broken", "digest_unusable", False, False),
    "a digest cut short": (lower(sha256(UPPER)[:-2]), UPPER, "broken", "digest_unusable", False, False),
    "a procedure nobody knows": (lower(sha256(UPPER), "crc"), UPPER, "broken", "digest_unusable", False, False),
    "said to be invalid": (lower(sha256(UPPER), extra=INVALID), UPPER, "expired", "stated_invalid", False, False),
    "due before": (lower(sha256(upper(due="2026-03-01"))), upper(due="2026-03-01"), "expired", "out_of_validity",
                   False, False),
    "made after": (lower(sha256(upper(end="2026-03-03"))), upper(end="2026-03-03"), "expired", "not_yet",
                   False, False),
    "not here": (lower(sha256(UPPER)), None, "missing", "not_here", True, False),
    "not here and unusable": (lower("?"), None, "missing", "not_here", True, False),
    "on paper": (lower("x", "analogue"), None, "analogue", "paper", True, False),
    "on paper beside a file of that number": (lower("x", "analogue"), UPPER, "analogue", "paper", True, False),
}  # fmt: skip


@pytest.mark.parametrize("case", STATES)
def test_the_state_of_a_link(case):
    below, above, state, reason, unbroken, proved = STATES[case]
    files = [below] if above is None else [below, above]
    chain = followed(*files, starts=1)
    (link,) = chain.links
    assert (link.state, link.reason) == (state, reason)
    assert (chain.is_unbroken, chain.is_proved) == (unbroken, proved)
    assert link.depth == 0
    assert link.used_on == date(2026, 3, 2)
    assert bool(link.upper) is (above is not None)
    assert link.path.endswith("dcc:measuringEquipment[1]/dcc:certificate[1]")
    assert link.line == below[: below.index(b"<dcc:certificate>")].count(b"\n") + 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_words_of_a_link_name_certificate_day_and_procedure(language):
    expired = only(lower(sha256(upper(due="2026-03-01"))), upper(due="2026-03-01"))
    broken = only(lower(sha256(UPPER)), OTHER)
    assert "NMI-1" in expired.text.in_language(language)
    assert "2026-03-02" in expired.text.in_language(language)
    assert "NMI-1" in broken.text.in_language(language)
    assert "sha256" in broken.text.in_language(language)


# --- validity -----------------------------------------------------------------------------------------------------


# what is stated, and the last day of validity of work that ended on 2024-02-29
VALIDITY = {
    "a day": ("<dcc:date>2025-12-31</dcc:date>", date(2025, 12, 31)),
    "a time": ("<dcc:date>2025-12-31T00:00:00Z</dcc:date>", date(2025, 12, 31)),
    "a year from a leap day": ("<dcc:period>P1Y</dcc:period>", date(2025, 2, 28)),
    "four years to a leap day": ("<dcc:period>P4Y</dcc:period>", date(2028, 2, 29)),
    "a month": ("<dcc:period>P1M</dcc:period>", date(2024, 3, 29)),
    "twelve months": ("<dcc:period>P12M</dcc:period>", date(2025, 2, 28)),
    "ten months into December": ("<dcc:period>P10M</dcc:period>", date(2024, 12, 29)),
    "days": ("<dcc:period>P365D</dcc:period>", date(2025, 2, 28)),
    "year, month and day": ("<dcc:period>P1Y1M1D</dcc:period>", date(2025, 3, 30)),
    "no days": ("<dcc:period>P0D</dcc:period>", date(2024, 2, 29)),
    "a day before a period": ("<dcc:date>2024-06-01</dcc:date><dcc:period>P1Y</dcc:period>", date(2024, 6, 1)),
    "nothing": ("", None),
    "a period of nothing": ("<dcc:period>P</dcc:period>", None),
    "a period of hours": ("<dcc:period>PT5H</dcc:period>", None),
    "a negative period": ("<dcc:period>-P1Y</dcc:period>", None),
    "long periods": ("<dcc:period>P999Y999M9999D</dcc:period>", date(3133, 10, 13)),
    "words": ("<dcc:date>next year</dcc:date>", None),
}  # fmt: skip


@pytest.mark.parametrize("case", VALIDITY)
def test_the_last_day_of_validity(case):
    inside, expected = VALIDITY[case]
    data = upper(end="2024-02-29", inside=inside)
    (file,) = ChainFiles.of([("a", data, parse_xml(data))]).files
    assert file.certificate.performed == date(2024, 2, 29)
    assert file.certificate.valid_until == expected


@pytest.mark.parametrize("end", ["9999-12-31", "9500-01-01"])
def test_a_period_beyond_the_last_year_is_none(end):
    data = upper(end=end, inside="<dcc:period>P999Y</dcc:period>")
    (file,) = ChainFiles.of([("a", data, parse_xml(data))]).files
    assert file.certificate.valid_until is None


@pytest.mark.parametrize(
    ("due", "end", "state"),
    [
        ("2026-03-02", "2025-06-01", "intact"),  # the last day counts
        ("2026-03-01", "2025-06-01", "expired"),
        ("2027-01-01", "2026-03-02", "intact"),  # made on the very day
        ("2027-01-01", "2026-03-03", "expired"),
    ],
)
def test_the_day_of_use_decides(due, end, state):
    above = upper(due=due, end=end)
    assert only(lower(sha256(above)), above).state == state


def test_a_statement_of_another_kind_says_nothing_about_validity():
    data = upper().replace(b"basic_recalibration", b"basic_conformity")
    (file,) = ChainFiles.of([("a", data, parse_xml(data))]).files
    assert file.certificate.valid_until is None
    assert only(lower(sha256(data)), data).state == "intact"


# --- many files ---------------------------------------------------------------------------------------------------


def chain_of(length):
    """Certificates each of which hangs on the one before; the highest first."""
    files = [upper("C-0")]
    for n in range(1, length):
        files.append(lower(sha256(files[-1]), number=f"C-{n - 1}", own=f"C-{n}"))
    return files


def test_a_long_chain_is_walked_from_its_lowest_certificate():
    files = chain_of(12)
    chain = followed(files[-1], *files[:-1], starts=1)
    assert [link.number for link in chain.links] == [f"C-{n}" for n in range(10, -1, -1)]
    assert len(chain.certificates) == 12
    assert chain.starts == (sha256(files[-1])[:16],)
    # Every step but the highest was made on one day with the next, so all hold.
    assert chain.is_proved


def test_one_broken_link_breaks_the_chain_and_not_the_links_beside_it():
    files = chain_of(4)
    files[1] = files[1].replace(b">1.0<", b">1.2<")
    states = {link.number: link.state for link in followed(files[-1], *files[:-1], starts=1).links}
    assert states == {"C-2": "intact", "C-1": "broken", "C-0": "intact"}


def test_two_standards_of_one_certificate_are_two_links():
    second = upper("NMI-2")
    both = reference("NMI-1", "sha256", sha256(UPPER)) + reference("NMI-2", "sha256", sha256(second))
    chain = followed(certificate_with(equipment=both), second, UPPER, starts=1)
    assert [(link.number, link.state) for link in chain.links] == [("NMI-1", "intact"), ("NMI-2", "intact")]
    assert len({link.path for link in chain.links}) == 2


def test_one_standard_of_two_certificates_is_one_certificate():
    chain = followed(lower(sha256(UPPER), own="N-1"), lower(sha256(UPPER), own="N-2"), UPPER, starts=2)
    assert len(chain.certificates) == 3
    assert len({link.upper for link in chain.links}) == 1
    assert len(chain.starts) == 2


def test_of_two_files_with_one_number_the_digest_tells():
    link = only(lower(sha256(UPPER)), OTHER, UPPER, starts=1)
    assert (link.state, link.upper) == ("intact", sha256(UPPER)[:16])


def test_a_certificate_without_number_is_never_the_one_that_is_named():
    nameless = UPPER.replace(b">NMI-1<", b"><")
    assert only(lower("ab" * 32, number=""), nameless, starts=1).state == "missing"


def test_no_files_make_an_empty_chain():
    chain = followed()
    assert (chain.starts, chain.certificates, chain.links) == ((), (), ())
    assert chain.is_unbroken
    assert etree.fromstring(chain_svg(chain)).tag == f"{SVG}svg"


# --- the drawing --------------------------------------------------------------------------------------------------


def boxes(svg):
    """The y of every certificate by its title."""
    return {
        group.findtext(f"{SVG}title"): int(group.find(f"{SVG}rect").get("y"))
        for group in etree.fromstring(svg).iter(f"{SVG}g")
        if group.get("class") == "certificate"
    }


def test_higher_standards_stand_higher():
    files = chain_of(4)
    at = boxes(chain_svg(followed(*files)))
    assert at["C-0"] < at["C-1"] < at["C-2"] < at["C-3"]


@pytest.mark.parametrize("case", STATES)
def test_every_state_is_a_line_of_its_class_within_the_picture(case):
    below, above, state, *_ = STATES[case]
    svg = chain_svg(followed(*([below] if above is None else [below, above]), starts=1), "zh")
    root = etree.fromstring(svg)
    (line,) = [group for group in root.iter(f"{SVG}g") if group.get("class") == f"link {state}"]
    width, height = float(root.get("width")), float(root.get("height"))
    for each in line.iter(f"{SVG}line"):
        assert 0 <= float(each.get("x1")) <= width
        assert 0 <= float(each.get("x2")) <= width
        assert 0 <= float(each.get("y2")) <= float(each.get("y1")) <= height


@pytest.mark.parametrize("number", ["<script>x()</script>", '"&amp;"', "甲" * 200, "]]>", "{number}"])
def test_whatever_stands_in_a_number_is_only_text_in_the_drawing(number):
    escaped = number.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    root = etree.fromstring(chain_svg(followed(lower("x", "analogue", number=escaped))))
    shown = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert number[:20] in " ".join(shown)
    assert all(len(text) <= 40 for text in shown)
    assert list(root.iter(f"{SVG}script")) == []
