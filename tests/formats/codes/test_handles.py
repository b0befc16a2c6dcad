"""Handle names as a system of codes: every fault of a name has words of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes import check
from jialiang.formats.codes.handles import _REASONS
from jialiang.formats.handle.names import FAULTS, LONGEST_NAME


def test_every_fault_that_a_name_can_have_has_a_reason():
    assert set(_REASONS) == set(FAULTS)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "empty"),
        ("88.101.5", "handle_no_slash"),
        ("/abc", "handle_empty_prefix"),
        ("88..5/x", "handle_empty_segment"),
        (".88/x", "handle_empty_segment"),
        ("88./x", "handle_empty_segment"),
        ("88.1/a\x00b", "handle_control"),
        ("88.1/a\n", "handle_control"),
        (" 88.1/a", "handle_blank"),
        ("88.1/a ", "handle_blank"),
        ("88.1/" + "压" * LONGEST_NAME, "handle_length"),
    ],
)
def test_slips_in_a_name(code, reason):
    found = check("Handle", code).findings[0]
    assert (found.reason, found.severity) == (reason, "error")


@pytest.mark.parametrize(
    ("code", "prefix", "suffix", "remarks"),
    [
        ("88.101.5/ins-1", "88.101.5", "ins-1", []),
        ("88.101.5/a/b/c", "88.101.5", "a/b/c", []),
        ("0.NA/88", "0.NA", "88", []),
        ("88.1/", "88.1", "", ["handle_empty_suffix"]),
        ("88.1/压力表", "88.1", "压力表", []),
    ],
)
def test_names_are_split_at_the_first_slash(code, prefix, suffix, remarks):
    verdict = check("handle", code)
    assert dict(verdict.parts) == {"prefix": prefix, "suffix": suffix}
    assert [f.reason for f in verdict.findings] == remarks
    assert verdict.canonical == code


@given(
    st.lists(st.text("0123456789ANa", min_size=1, max_size=6), min_size=1, max_size=4),
    st.text("a/压.-_ 1", max_size=20),
)
def test_every_prefix_of_parts_with_any_suffix_is_a_name(parts, suffix):
    code = ".".join(parts) + "/" + suffix.strip()
    assert check("Handle", code).parts["suffix"] == suffix.strip()
