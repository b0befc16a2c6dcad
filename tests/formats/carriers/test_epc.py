"""RFID tags: the examples of the Tag Data Standard, another program's bits, and every tag back from its memory."""

import pytest
from epc.schemes import GIAI, GRAI, SGLN, SGTIN
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.carriers.epc import (
    EpcTag,
    EpcUnsuitable,
    NotAnEpc,
    _prefix_bits,
    decode_epc,
    encode_epc,
    schemes,
)
from jialiang.formats.carriers.epc_keys import key_of_tag, tag_of_key
from jialiang.formats.codes.check_characters import CHARACTER_SETS, check_digit
from jialiang.formats.codes.verdicts import CodeRefused

# EPC Tag Data Standard, appendix of worked examples (E.3): company prefix 0614141, filter 3
EXAMPLES = [
    ("sgtin-96", "812345", "6789", "3074257BF7194E4000001A85", "urn:epc:id:sgtin:0614141.812345.6789"),
    ("sgtin-198", "712345", "32a/b", "3674257BF6B7A659B2C2BF1", "urn:epc:id:sgtin:0614141.712345.32a%2Fb"),
    ("sscc-96", "1234567890", "", "3174257BF4499602D2", "urn:epc:id:sscc:0614141.1234567890"),
    ("sgln-96", "12345", "5678", "3274257BF46072000000162E", "urn:epc:id:sgln:0614141.12345.5678"),
    ("sgln-195", "12345", "32a/b", "3974257BF46072CD9615F88", "urn:epc:id:sgln:0614141.12345.32a%2Fb"),
    ("grai-96", "12345", "5678", "3374257BF40C0E400000162E", "urn:epc:id:grai:0614141.12345.5678"),
    ("grai-170", "12345", "32a/b", "3774257BF40C0E59B2C2BF1", "urn:epc:id:grai:0614141.12345.32a%2Fb"),
    ("giai-96", "5678", "", "3474257BF40000000000162E", "urn:epc:id:giai:0614141.5678"),
    ("giai-202", "32a/b", "", "3874257BF59B2C2BF1", "urn:epc:id:giai:0614141.32a%2Fb"),
]
SIZES = {
    "sgtin-96": 96,
    "sgtin-198": 208,
    "sscc-96": 96,
    "sgln-96": 96,
    "sgln-195": 208,
    "grai-96": 96,
    "grai-170": 176,
    "giai-96": 96,
    "giai-202": 208,
}


@pytest.mark.parametrize(("scheme", "reference", "serial", "memory", "identity"), EXAMPLES)
def test_the_examples_of_the_standard(scheme, reference, serial, memory, identity):
    tag = EpcTag(scheme, "0614141", reference, serial, 3)
    written = encode_epc(tag)
    assert written.hex().upper() == memory.ljust(SIZES[scheme] // 4, "0")
    assert tag.identity_uri == identity
    assert tag.tag_uri == identity.replace(":id:", ":tag:").replace(
        f":{scheme.partition('-')[0]}:", f":{scheme}:3."
    )
    assert decode_epc(written) == tag


def test_every_scheme_has_an_example_and_its_bits_add_up():
    assert {example[0] for example in EXAMPLES} == set(schemes())
    for scheme in schemes().values():
        assert 14 + scheme.pair_bits + scheme.serial_bits == scheme.size


PREFIXES = st.integers(6, 12).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
NUMBERS = st.integers(0, 2**38 - 1).map(str)
LETTERS = st.text(CHARACTER_SETS["x"], min_size=1, max_size=16)


def digits(count):
    return st.text("0123456789", min_size=count, max_size=count)


@given(PREFIXES, st.integers(0, 7), st.data())
def test_another_program_writes_the_same_bits_of_a_trade_item(prefix, filter_value, data):
    reference = data.draw(digits(13 - len(prefix)))
    serial = data.draw(NUMBERS)
    other = (
        SGTIN()
        .company_prefix(prefix)
        .item_reference(reference)
        .serial_number(int(serial))
        .filter(filter_value)
    )
    tag = EpcTag("sgtin-96", prefix, reference, serial, filter_value)
    assert int(other) == int.from_bytes(encode_epc(tag))
    assert other.tag_uri == tag.tag_uri
    assert other.pure_identity_uri == tag.identity_uri


@given(PREFIXES, st.data())
def test_another_program_writes_the_same_bits_of_a_returnable_asset(prefix, data):
    reference, serial = data.draw(digits(12 - len(prefix))), data.draw(NUMBERS.filter(lambda n: n != "0"))
    other = GRAI().company_prefix(prefix).asset_type(reference or 0).serial_number(int(serial))
    tag = EpcTag("grai-96", prefix, reference, serial)
    assert int(other) == int.from_bytes(encode_epc(tag))


@given(PREFIXES, st.data())
def test_another_program_writes_the_same_bits_of_a_location(prefix, data):
    reference = data.draw(digits(12 - len(prefix)))
    serial = data.draw(st.integers(1, 2**41 - 1))
    other = SGLN().company_prefix(prefix).location_reference(reference or 0).extension(serial)
    assert int(other) == int.from_bytes(encode_epc(EpcTag("sgln-96", prefix, reference, str(serial))))


@given(PREFIXES, st.data())
def test_another_program_writes_the_same_bits_of_an_asset(prefix, data):
    room = {12: 42, 11: 45, 10: 48, 9: 52, 8: 55, 7: 58, 6: 62}[len(prefix)]
    reference = data.draw(st.integers(0, 2**room - 1))
    other = GIAI().company_prefix(prefix).asset_reference(reference)
    assert int(other) == int.from_bytes(encode_epc(EpcTag("giai-96", prefix, str(reference))))


@given(st.sampled_from(sorted(schemes())), PREFIXES, st.integers(0, 7), st.data())
def test_every_tag_comes_back_from_its_memory_and_its_key(name, prefix, filter_value, data):
    scheme = schemes()[name]
    room = scheme.pair_bits - _prefix_bits()[str(len(prefix))]
    if scheme.pair_digits:
        reference = data.draw(digits(scheme.pair_digits - len(prefix)))
    elif scheme.kind == "letters":
        reference = data.draw(
            st.text(CHARACTER_SETS["x"], min_size=1, max_size=min(room // 7, 30 - len(prefix)))
        )
    else:
        reference = str(data.draw(st.integers(0, min(2**room, 10 ** (30 - len(prefix))) - 1)))
    serials = {"none": st.just(""), "number": NUMBERS, "letters": LETTERS}
    serial = data.draw(serials[scheme.kind]) if scheme.serial_bits else ""
    tag = EpcTag(name, prefix, reference, serial, filter_value)
    memory = encode_epc(tag)
    assert len(memory) * 8 == SIZES[name]
    assert decode_epc(memory) == tag
    elements = key_of_tag(tag)
    key = next(iter(elements.values()))
    extension = elements.get("21", elements.get("254", ""))
    if name.startswith("sgln") and name != "sgln-96" and serial == "0":
        extension = "0"
    assert tag_of_key(name, key, len(prefix), serial=extension, filter_value=filter_value) == tag


@pytest.mark.parametrize(
    ("members", "member"),
    [
        (("sgtin-97", "0614141", "812345", "1"), "scheme"),
        (("sgtin-96", "06141", "812345", "1"), "prefix"),
        (("sgtin-96", "0614141061414", "8", "1"), "prefix"),
        (("sgtin-96", "061414A", "812345", "1"), "prefix"),
        (("sgtin-96", "0614141", "81234", "1"), "reference"),
        (("sgtin-96", "0614141", "81234A", "1"), "reference"),
        (("sgtin-96", "0614141", "812345", ""), "serial"),
        (("sgtin-96", "0614141", "812345", "01"), "serial"),
        (("sgtin-96", "0614141", "812345", "A"), "serial"),
        (("sgtin-96", "0614141", "812345", str(2**38)), "serial"),
        (("sgtin-198", "0614141", "812345", "x" * 21), "serial"),
        (("sgtin-198", "0614141", "812345", "a b"), "serial"),
        (("sscc-96", "0614141", "1234567890", "1"), "serial"),
        (("giai-96", "0614141", "05678"), "reference"),
        (("giai-96", "0614141", str(2**58)), "reference"),
        (("giai-96", "0614141", ""), "reference"),
        (("giai-202", "0614141", "x" * 24), "reference"),
        (("giai-202", "0614141", "压"), "reference"),
        (("grai-170", "0614141", "12345", "x" * 17), "serial"),
        (("sgtin-96", "0614141", "812345", "1", 8), "filter"),
    ],
)
def test_what_does_not_fit_a_scheme_is_refused_by_its_member(members, member):
    with pytest.raises(EpcUnsuitable) as refused:
        EpcTag(*members)
    assert refused.value.facts["member"] == member


@pytest.mark.parametrize(
    ("memory", "reason"),
    [
        ("", "header"),
        ("FF74257BF7194E4000001A85", "header"),
        ("3074257BF7194E40", "length"),
        ("307C257BF7194E4000001A85", "partition"),
        ("3063FFFFFFFFFFFFFFFFFFFF", "prefix"),
        ("3014000003FFFFC000000000", "reference"),
    ],
)
def test_memory_that_is_no_tag_is_refused(memory, reason):
    with pytest.raises(NotAnEpc) as refused:
        decode_epc(bytes.fromhex(memory))
    assert refused.value.facts["reason"] == reason


@given(st.binary(max_size=30))
def test_any_memory_is_read_or_refused_and_nothing_else(memory):
    try:
        tag = decode_epc(memory)
    except NotAnEpc as refused:
        assert refused.what.zh
    else:
        assert decode_epc(encode_epc(tag)) == tag


@pytest.mark.parametrize(
    ("scheme", "key", "serial", "elements"),
    [
        ("sgtin-96", "80614141123458", "6789", {"01": "80614141123458", "21": "6789"}),
        ("sscc-96", "106141412345678908", "", {"00": "106141412345678908"}),
        ("sgln-96", "0614141123452", "", {"414": "0614141123452"}),
        ("sgln-96", "0614141123452", "5678", {"414": "0614141123452", "254": "5678"}),
        ("grai-96", "006141411234525678", "", {"8003": "006141411234525678"}),
        ("giai-202", "061414132a/b", "", {"8004": "061414132a/b"}),
    ],
)
def test_keys_go_to_tags_and_come_back(scheme, key, serial, elements):
    tag = tag_of_key(scheme, key, 7, serial=serial)
    assert tag.prefix == "0614141"
    assert key_of_tag(decode_epc(encode_epc(tag))) == elements


def test_the_check_digit_is_not_on_the_tag_and_made_again():
    tag = tag_of_key("sgtin-96", "80614141123458", 7, serial="1")
    assert tag.reference == "812345"
    assert key_of_tag(tag)["01"][-1] == check_digit("8061414112345")


def test_a_wrong_key_is_refused_before_it_is_written():
    with pytest.raises(CodeRefused):
        tag_of_key("sgtin-96", "80614141123459", 7, serial="1")
    with pytest.raises(EpcUnsuitable):
        tag_of_key("gdti-96", "80614141123458", 7)
    with pytest.raises(EpcUnsuitable):
        tag_of_key("giai-96", "9506000INS-7", 7)
