"""Every error of the science has its words."""

import inspect
import string

import pytest

from jialiang.kernel.errors import InvalidInput, error_texts
from jialiang.science import errors

CLASSES = [
    c
    for _, c in inspect.getmembers(errors, inspect.isclass)
    if issubclass(c, InvalidInput) and c is not InvalidInput
]


def test_every_code_is_used_once_and_every_text_belongs_to_a_code():
    codes = [c.code for c in CLASSES]
    assert len(codes) == len(set(codes))
    assert set(codes) == set(error_texts("UNC")) | set(error_texts("UNIT"))


@pytest.mark.parametrize("error", CLASSES, ids=lambda c: c.__name__)
def test_what_rule_and_way_out_stand_in_both_languages_and_name_documented_facts_only(error):
    words = error_texts(error.code.split("-")[1])[error.code]
    assert set(words) == {"what", "rule", "way_out"}
    for member in words.values():
        assert set(member) == {"zh", "en"}
        for text in member.values():
            placeholders = {name for _, name, _, _ in string.Formatter().parse(text) if name}
            assert all(f"``{name}``" in error.__doc__ for name in placeholders), (text, error.__doc__)
