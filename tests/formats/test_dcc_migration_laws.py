"""Laws of migrating: no number, word or reference is lost, a second time changes nothing, the given tree stays."""

import re
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.dcc_samples import DCC, c14n, certificate_with, expanded_list, quantity, real, real_list

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.migration.migrating import migrate
from jialiang.formats.dcc.migration.work import words
from jialiang.formats.xml.parsing import parse_xml

VERSIONS = st.sampled_from(["3.0.0", "3.1.2", "3.2.1"])
BLANKS = st.sampled_from([" ", "  ", "\n", "\t", " \n "])
DECIMALS = st.from_regex(r"[-+]?([0-9]{1,5}|[0-9]{0,3}\.[0-9]{1,5})([eE][-+]?[0-9]{1,2})?", fullmatch=True)
# as written, as it is known today
UNITS = {
    "\\metre": "\\metre", "\\Metre": "\\metre", "/kilogram": "\\kilogram", "\\degreeCelsius": "\\degreecelsius",
    "\\milli\\Metre\\tothe{2}": "\\milli\\metre\\tothe{2}", "|arpent": "|arpent", "\\unheard": "\\unheard",
}  # fmt: skip
LAWS = settings(max_examples=12, deadline=None)


def migrated(data):
    """What was given, and its migration; the second one has nothing to do and the given tree stays."""
    tree = parse_xml(data)
    before = c14n(tree)
    migration = migrate(tree)
    assert c14n(tree) == before
    again = migrate(parse_xml(migration.xml()))
    assert again.changes == ()
    assert c14n(again.tree) == c14n(migration.tree)
    for change in migration.changes:
        assert change.text == words()[change.kind]
        assert change.text.zh != change.text.en
        assert change.before != change.after or change.kind in ("reftype-removed",)
    return migration


def only(migration):
    (found,) = (q for q in Certificate.read(migration.xml()).quantities() if q.role == "result")
    return found


@st.composite
def spaced(draw, entries):
    """Entries with any blanks between and around them."""
    parts = [draw(st.sampled_from(["", " "]))]
    for entry in entries:
        parts += [entry, draw(BLANKS)]
    return "".join(parts)


@LAWS
@given(st.data(), st.lists(DECIMALS, min_size=1, max_size=5), VERSIONS)
def test_every_number_of_a_list_keeps_its_text(data, numbers, version):
    written = data.draw(spaced(numbers))
    units = data.draw(st.lists(st.sampled_from(list(UNITS)), min_size=1, max_size=3))
    migration = migrated(
        certificate_with(quantity(real_list(written, data.draw(spaced(units)))), version=version)
    )
    (writing,) = only(migration).writings
    assert writing.values == tuple(numbers)
    assert writing.unit == tuple(UNITS[unit] for unit in units)


@LAWS
@given(DECIMALS, st.sampled_from(list(UNITS)), VERSIONS)
def test_a_single_number_keeps_its_text(number, unit, version):
    migration = migrated(certificate_with(quantity(real(number, unit)), version=version))
    (writing,) = only(migration).writings
    assert (writing.values, writing.unit) == ((number,), (UNITS[unit],))
    spelled = [(c.before, c.after) for c in migration.changes if c.kind == "unit-spelled"]
    assert spelled == ([(unit, UNITS[unit])] if unit != UNITS[unit] else [])


PROBABILITIES = st.sampled_from([".95", "0.95", "+.9", "+0.99", "1", "1.0", ".9545", "0.", "95e-2", ".5e0"])


@LAWS
@given(st.data(), st.lists(PROBABILITIES, min_size=1, max_size=4))
def test_probabilities_keep_their_value_and_get_a_digit_before_the_point(data, probabilities):
    stated = expanded_list("0.1", "2", data.draw(spaced(probabilities)))
    inside = quantity(real_list("1 2 3 4"[: 2 * len(probabilities)], "\\metre", stated))
    (writing,) = only(migrated(certificate_with(inside, version="3.2.1"))).writings
    found = writing.uncertainty.coverage_probability
    assert list(map(Decimal, found)) == list(map(Decimal, probabilities))
    assert all(re.match(r"\+?[0-9]", text) for text in found)
    assert writing.uncertainty.expanded_uncertainty == ("0.1",)
    assert writing.uncertainty.coverage_factor == ("2",)


RELEASES = st.text(st.sampled_from("vV. 0123456789abβ-"), min_size=1, max_size=10).filter(
    lambda t: t == t.strip()
)


@LAWS
@given(RELEASES)
def test_a_release_has_the_good_form_or_is_told_in_the_description(written):
    data = certificate_with(version="3.2.1").replace(b"v2.1<", f"{written}<".encode())
    software = migrated(data).tree.find(f".//{{{DCC}}}usedSoftware/{{{DCC}}}software")
    release = software.findtext(f"{{{DCC}}}release")
    described = software.findtext(f"{{{DCC}}}description/{{{DCC}}}content")
    assert re.fullmatch(r"[a-zA-Z] ?([0-9]{1,3}\.){0,3}[0-9]{1,3}", release)
    if described is None:
        assert release in (written, f"v{written}")
    else:
        assert (release, described) == ("v0", f"Release: {written}")


LANGUAGES = st.sampled_from(["zh", "en", "de", ""])
WORDS = st.text(st.sampled_from("ab米"), min_size=1, max_size=4)


@LAWS
@given(st.lists(st.tuples(LANGUAGES, WORDS), min_size=1, max_size=5))
def test_every_text_of_a_language_survives_in_its_order(texts):
    inside = "".join(
        f'<dcc:content lang="{language}">{text}</dcc:content>'
        if language
        else f"<dcc:content>{text}</dcc:content>"
        for language, text in texts
    )
    found = only(
        migrated(certificate_with(quantity(f"<dcc:noQuantity>{inside}</dcc:noQuantity>"), version="3.2.1"))
    ).words
    tagged = [language for language, _ in found if language]
    assert len(set(tagged)) == len(tagged)
    before = {language: [t for tag, t in texts if tag == language] for language, _ in texts}
    after = {
        language: [t for tag, said in found if tag == language for t in said.split("\n")]
        for language, _ in found
    }
    if len(before) == 1 and "" not in before:
        assert after == {"": next(iter(before.values()))}  # the only text is one without a language
    elif len(texts) > 1 and len(before) > 1:
        assert after == before


IDS = st.sampled_from(["q1", "q2", "q3"])


@LAWS
@given(st.lists(st.tuples(st.booleans(), st.lists(IDS, max_size=3)), min_size=1, max_size=3))
def test_ids_stay_exactly_where_something_names_them(quantities):
    inside = "".join(
        quantity(
            real("1", "\\metre"),
            name=f"Q{n}",
            attributes=(f'id="q{n}" ' if has_id else "") + (f'refId="{" ".join(named)}"' if named else ""),
        )
        for n, (has_id, named) in enumerate(quantities, start=1)
    )
    migration = migrated(certificate_with(inside, version="3.2.1"))
    everything = {id_ for _, named in quantities for id_ in named}
    stay = {f"q{n}" for n, (has_id, _) in enumerate(quantities, start=1) if has_id and f"q{n}" in everything}
    found = migration.tree.xpath("//*/@id")
    assert {id_ for id_ in found if id_.startswith("q")} == stay
    assert "item1" in found
    results = [q for q in Certificate.read(migration.xml()).quantities() if q.role == "result"]
    assert [list(q.ref_id) for q in results] == [named for _, named in quantities]
    gone = {f"q{n}" for n, (has_id, _) in enumerate(quantities, start=1) if has_id} - stay
    assert {change.before for change in migration.changes if change.kind == "id-removed"} == gone


@LAWS
@given(VERSIONS, st.sampled_from(["utf-8", "utf-16"]))
def test_the_encoding_of_the_old_file_does_not_matter(version, encoding):
    text = certificate_with(quantity(real("1", "/metre"), name="米"), version=version).decode()
    plain, other = migrated(text.encode()), migrated(text.encode(encoding))
    assert plain.xml() == other.xml()
    assert [c.to_json() for c in plain.changes] == [c.to_json() for c in other.changes]
    assert etree.fromstring(plain.xml()).get("schemaVersion") == "3.3.0"
    assert plain.version_before == version
