"""Company prefixes of 6 to 12 digits on tags: memory written by another program (epc-encoding-utils 1.3)."""

import pytest

from jialiang.formats.carriers.epc import EpcTag, decode_epc, encode_epc
from jialiang.formats.carriers.epc_keys import key_of_tag, tag_of_key

WRITTEN = [
    ("sgtin-96", "690123", "8123456", "20260616", 1, "303AA1F2DEFD100001352708"),
    ("sgtin-96", "6901234", "812345", "20260616", 1, "3035A537CB194E4001352708"),
    ("sgtin-96", "69012345", "81234", "20260616", 1, "30320E85BCCF548001352708"),
    ("sgtin-96", "690123456", "8123", "20260616", 1, "302E92272C07EEC001352708"),
    ("sgtin-96", "6901234567", "812", "20260616", 1, "30299B587B87CB0001352708"),
    ("sgtin-96", "69012345678", "81", "20260616", 1, "3026022E9A69D44001352708"),
    ("sgtin-96", "690123456789", "8", "20260616", 1, "302282BA4104560001352708"),
    ("grai-96", "690123", "654321", "4711", 0, "331AA1F2C27EFC4000001267"),
    ("grai-96", "6901234", "65432", "4711", 0, "3315A537C83FE60000001267"),
    ("grai-96", "69012345", "6543", "4711", 0, "33120E85BC8663C000001267"),
    ("grai-96", "690123456", "654", "4711", 0, "330E92272C00A38000001267"),
    ("grai-96", "6901234567", "65", "4711", 0, "33099B587B87104000001267"),
    ("grai-96", "69012345678", "6", "4711", 0, "3306022E9A69C18000001267"),
    ("grai-96", "690123456789", "", "4711", 0, "330282BA4104540000001267"),
    ("sgln-96", "690123", "123456", "88", 0, "321AA1F2C3C4800000000058"),
    ("sgln-96", "6901234", "12345", "88", 0, "3215A537C860720000000058"),
    ("sgln-96", "69012345", "1234", "88", 0, "32120E85BC89A40000000058"),
    ("sgln-96", "690123456", "123", "88", 0, "320E92272C00F60000000058"),
    ("sgln-96", "6901234567", "12", "88", 0, "32099B587B87180000000058"),
    ("sgln-96", "69012345678", "1", "88", 0, "3206022E9A69C20000000058"),
    ("sgln-96", "690123456789", "", "88", 0, "320282BA4104540000000058"),
    ("giai-96", "690123", "1234567", "", 0, "341AA1F2C00000000012D687"),
    ("giai-96", "6901234", "1234567", "", 0, "3415A537C80000000012D687"),
    ("giai-96", "69012345", "1234567", "", 0, "34120E85BC8000000012D687"),
    ("giai-96", "690123456", "1234567", "", 0, "340E92272C0000000012D687"),
    ("giai-96", "6901234567", "1234567", "", 0, "34099B587B8700000012D687"),
    ("giai-96", "69012345678", "1234567", "", 0, "3406022E9A69C0000012D687"),
    ("giai-96", "690123456789", "1234567", "", 0, "340282BA410454000012D687"),
]
HEADERS = {"sgtin-96": 0x30, "sgln-96": 0x32, "grai-96": 0x33, "giai-96": 0x34}


@pytest.mark.parametrize(("scheme", "prefix", "reference", "serial", "filter_value", "memory"), WRITTEN)
def test_memory_is_that_of_another_program(scheme, prefix, reference, serial, filter_value, memory):
    tag = EpcTag(scheme, prefix, reference, serial, filter_value)
    assert encode_epc(tag).hex().upper() == memory
    assert decode_epc(bytes.fromhex(memory)) == tag


@pytest.mark.parametrize(("scheme", "prefix", "reference", "serial", "filter_value", "memory"), WRITTEN)
def test_header_filter_and_partition_stand_first(scheme, prefix, reference, serial, filter_value, memory):
    bits = format(int(memory, 16), "096b")
    assert int(bits[:8], 2) == HEADERS[scheme]
    assert int(bits[8:11], 2) == filter_value
    assert int(bits[11:14], 2) == 12 - len(prefix)


@pytest.mark.parametrize(("scheme", "prefix", "reference", "serial", "filter_value", "memory"), WRITTEN)
def test_the_key_on_the_tag_makes_the_same_tag_again(scheme, prefix, reference, serial, filter_value, memory):
    elements = key_of_tag(decode_epc(bytes.fromhex(memory)))
    key = next(iter(elements.values()))
    extension = elements.get("21", elements.get("254", ""))
    tag = tag_of_key(scheme, key, len(prefix), serial=extension, filter_value=filter_value)
    assert encode_epc(tag).hex().upper() == memory


@pytest.mark.parametrize(("scheme", "prefix", "reference", "serial", "filter_value", "memory"), WRITTEN)
def test_another_length_of_the_prefix_is_another_tag(scheme, prefix, reference, serial, filter_value, memory):
    elements = key_of_tag(decode_epc(bytes.fromhex(memory)))
    key = next(iter(elements.values()))
    extension = elements.get("21", elements.get("254", ""))
    other = len(prefix) + 1 if len(prefix) < 12 else 11
    tag = tag_of_key(scheme, key, other, serial=extension, filter_value=filter_value)
    assert tag.prefix != prefix
    assert encode_epc(tag).hex().upper() != memory
