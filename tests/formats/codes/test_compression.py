"""The compressed form: what independent writers wrote, byte for byte, and every link back from its compression."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes.application_identifiers import identifiers
from jialiang.formats.codes.bits import number, to_base64
from jialiang.formats.codes.check_characters import CHARACTER_SETS
from jialiang.formats.codes.compressed_writing import written
from jialiang.formats.codes.compression import compress, decompress, is_compressed
from jialiang.formats.codes.compression_table import Field, fields, sequences, written_in_two_orders
from jialiang.formats.codes.digital_link import build_digital_link, parse_digital_link
from jialiang.formats.codes.gs1_paths import whole_link
from jialiang.formats.codes.verdicts import CodeRefused

FILE = Path(__file__).resolve().parents[2] / "vectors" / "digital_link_compression.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
GS1 = "https://id.gs1.org"
GTIN = "09506000134352"


@pytest.mark.parametrize(("path", "compressed"), VECTORS["whole"].items())
def test_links_are_written_as_others_write_them_and_read_back(path, compressed):
    link = parse_digital_link(GS1 + path)
    assert compress(link, short_names=False) == f"{GS1}/{compressed}"
    assert decompress(f"{GS1}/{compressed}") == link
    assert is_compressed(f"{GS1}/{compressed}")


@pytest.mark.parametrize(("path", "compressed"), VECTORS["readable_key"].items())
def test_links_with_a_readable_key_are_written_as_others_write_them_and_read_back(path, compressed):
    link = parse_digital_link(GS1 + path)
    expected = f"{GS1}/{link.key[0]}/{path.split('/')[2]}/{compressed}"
    assert compress(link, short_names=False, keep_key=True) == expected
    assert decompress(expected) == link
    assert is_compressed(expected)


@pytest.mark.parametrize("end", ["", "#chapter1"])
def test_other_pairs_stay_or_are_compressed(end):
    vector = VECTORS["pairs"][0]
    link = parse_digital_link(vector["uri"] + end)
    assert compress(link, short_names=False) == vector["left"] + end
    assert compress(link, short_names=False, with_others=True) == vector["compressed"] + end
    assert compress(link, short_names=False, with_others=True, keep_key=True) == vector["readable_key"] + end
    for compressed in (vector["left"], vector["compressed"], vector["readable_key"]):
        assert decompress(compressed + end).uri() == vector["uri"] + end


@pytest.mark.parametrize(("compressed", "reason"), VECTORS["refused"].items())
def test_what_others_compressed_wrongly_is_refused_by_its_content(compressed, reason):
    with pytest.raises(CodeRefused) as refused:
        decompress(f"{GS1}/{compressed}")
    assert refused.value.finding.reason == reason


def test_short_names_save_letters():
    link = parse_digital_link(f"{GS1}/01/{GTIN}/10/LOT?15=261231")
    assert len(compress(link)) < len(compress(link, short_names=False))
    assert decompress(compress(link)) == link


def test_the_longest_short_name_is_taken():
    bits = written({"01": GTIN, "10": "LOT", "15": "261231"}, True)
    assert bits.startswith(number(0x1F, 8))


@pytest.mark.parametrize("name", sorted(sequences()))
def test_every_short_name_is_read_in_the_order_of_the_table(name):
    values = {
        "01": GTIN,
        "22": "2A",
        "10": "LOT",
        "21": "S1",
        "17": "261231",
        "7003": "2612312359",
        "30": "12",
        "15": "261231",
        "11": "261231",
        "16": "261231",
        "91": "x",
        "8010": "9506000A",
        "8011": "12",
        "8017": "692905678082712512",
        "8018": "692905678082712512",
        "8019": "12",
        "414": "9506000134352",
        "254": "32a",
        "255": "95060001343521234",
    }
    for order in (sequences()[name], tuple(sorted(sequences()[name]))):
        if order != sequences()[name] and name not in written_in_two_orders():
            continue
        elements = {ai: values.get(ai, "000195"[: 4 if ai.startswith("394") else 6]) for ai in order}
        bits = number(int(name, 16), 8) + "".join(
            written({ai: elements[ai]}, False)[4 * len(ai) :] for ai in order
        )
        assert decompress(f"{GS1}/{to_base64(bits)}").elements == elements


def test_two_short_names_are_never_written():
    assert written_in_two_orders() == {"1A", "9D"}
    link = parse_digital_link(f"{GS1}/01/{GTIN}/10/L/21/S?17=261231")
    assert decompress(compress(link)) == link
    assert written(link.elements, True)[:8] != number(0x1A, 8)


@pytest.mark.parametrize(
    ("ai", "shape"),
    [
        ("01", [("n", 14, True)]),
        ("10", [("x", 20, False)]),
        ("30", [("n", 8, False)]),
        ("8003", [("n", 14, True), ("x", 16, False)]),
        ("255", [("n", 13, True), ("n", 12, False)]),
        ("7003", [("n", 10, True)]),
        ("8006", [("n", 18, True)]),
        ("8007", [("x", 24, False)]),
        ("7040", [("n", 1, True), ("x", 3, True)]),
        ("3910", [("n", 3, True), ("n", 15, False)]),
        ("7039", [("n", 3, True), ("x", 27, False)]),
        ("8010", [("x", 30, False)]),
    ],
)
def test_the_fields_of_an_identifier(ai, shape):
    assert fields()[ai] == tuple(Field(*field) for field in shape)


def test_what_is_not_covered_is_known():
    missing = set(identifiers()) - set(fields())
    assert missing == {
        "4309",
        "4324",
        "4325",
        "4330",
        "4331",
        "4332",
        "4333",
        "7011",
        "7251",
        "8043",
    }


def test_an_attribute_without_compressed_form_stays_in_the_query():
    link = parse_digital_link(f"{GS1}/00/106141411234567897?4324=2612312359&400=PO1&x=1")
    compressed = compress(link)
    assert compressed.endswith("?4324=2612312359&x=1")
    assert decompress(compressed).uri() == link.uri()


def test_a_link_of_its_key_alone_with_a_readable_key_is_left_as_it_is():
    link = parse_digital_link(f"{GS1}/01/{GTIN}?x=1#f")
    assert compress(link, keep_key=True) == link.uri()


@pytest.mark.parametrize(
    ("uri", "compressed"),
    [
        (f"{GS1}/01/{GTIN}", False),
        (f"{GS1}/01/{GTIN}/10/AAAAAAAA", False),
        (f"{GS1}/AQnYUc1gmg", True),
        ("/AQnYUc1gmg/", True),
        (f"{GS1}/x/y/AQnYUc1gmg?a=b#c", True),
        (f"{GS1}/foo", False),
        (f"{GS1}/AQnYUc1gm!", False),
        ("", False),
        (GS1, False),
        (f"{GS1}/01/{GTIN}/EEarwSM", True),
        (f"{GS1}/01/{GTIN}/foo", False),
        (f"{GS1}/01/{GTIN}/10/a/b", False),
        (f"{GS1}/8004/AAAAAAAA", False),
    ],
)
def test_a_compressed_part_is_told_from_elements(uri, compressed):
    assert is_compressed(uri) is compressed


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ("AQnYUc1g", "compressed_short"),
        ("A", "no_key"),
        ("AQnYUc1gm!", "compressed_letters"),
        ("BAAAAAAA", "identifier_unknown"),
        ("ugAAAAAA", "compressed_name"),
        ("EAEAAAAA", "compressed_short"),
        ("AQnYUc1gmh", "compressed_end"),
        ("AbXmIPSAAA", "compressed_number"),
        ("EPAAAAAA", "compressed_kind"),
        ("AQnYUc1gmgE", "compressed_short"),
    ],
)
def test_broken_links_are_refused_with_a_reason(last, reason):
    with pytest.raises(CodeRefused) as refused:
        decompress(f"{GS1}/{last}")
    assert refused.value.finding.reason == reason


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=60))
def test_any_letters_are_read_or_refused_and_nothing_else(text):
    try:
        link = decompress(f"https://a.b/{text}")
    except CodeRefused as refused:
        assert refused.finding.severity == "error"
    else:
        assert decompress(compress(link)) == link


KINDS = st.one_of(
    st.text("0123456789", min_size=1, max_size=20),
    st.text("0123456789abcdef", min_size=1, max_size=20),
    st.text("0123456789ABCDEF", min_size=1, max_size=20),
    st.text("azAZ09-_", min_size=1, max_size=20),
    st.text(CHARACTER_SETS["x"], min_size=1, max_size=20),
)


@given(
    st.fixed_dictionaries(
        {},
        optional={"22": KINDS, "10": KINDS, "21": KINDS, "17": st.just("261231"), "3103": st.just("000195")},
    ),
    st.booleans(),
    st.booleans(),
)
def test_every_link_comes_back_from_its_compression(values, short_names, keep_key):
    link = build_digital_link({"01": GTIN, **values}, "https://a.b/c", ("utm=x", "k=%E5%8E%8B"), "f")
    compressed = compress(link, short_names=short_names, keep_key=keep_key, with_others=True)
    assert whole_link(compressed).uri() == link.uri()


@given(st.sampled_from(["253", "255", "8003", "8004", "401", "8013"]), st.data())
def test_keys_with_optional_parts_come_back(key, data):
    gln = "9506000134352"
    tail = data.draw(st.text("0123456789", max_size=12))
    values = {
        "253": gln + tail,
        "255": gln + tail,
        "8003": f"0{gln}{tail}",
        "8004": f"9506{tail}",
        "401": f"9506{tail}",
    }
    value = values.get(key, "1987654Ad4X4bL5ttr2310c2K")
    link = build_digital_link({key: value})
    assert decompress(compress(link)) == link
