"""The roles of the house and their names."""

import pytest

from jialiang.kernel.text import Text
from jialiang.vocabulary.roles import IDENTITY, SYSTEM, role, role_name, roles

EXPECTED = {
    "receptionist",
    "technician",
    "reviewer",
    "signatory",
    "standards_keeper",
    "instrument_manager",
    "customer",
    "quality_manager",
    "auditor",
    "regulator",
    "system_administrator",
    "identifier_operator",
    "subordinate_node",
}


def test_these_roles_can_be_granted_and_the_programs_own_cannot() -> None:
    assert {key for key, known in roles().items() if known.grantable} == EXPECTED
    assert not role(SYSTEM).grantable
    assert not role(IDENTITY).grantable


def test_every_role_has_a_name_and_a_duty_in_both_languages() -> None:
    for known in roles().values():
        for text in (known.name, known.duty):
            assert text.zh
            assert text.en
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh)
            assert text.en.isascii()


def test_names_of_roles_differ_in_each_language() -> None:
    for language in ("zh", "en"):
        names = [known.name.in_language(language) for known in roles().values()]
        assert len(set(names)) == len(names)


def test_the_signatory_is_called_as_in_iso_17025_laboratories_of_china() -> None:
    assert role_name("signatory").zh == "授权签字人"
    assert role_name("reviewer").zh == "核验人员"


def test_customers_and_regulators_are_not_staff() -> None:
    assert {key for key, known in roles().items() if not known.staff} == {
        "customer", "regulator", "subordinate_node", SYSTEM, IDENTITY,
    }  # fmt: skip


def test_a_role_of_old_records_that_is_no_longer_known_stands_for_itself() -> None:
    assert role_name("verifier") == Text(zh="verifier", en="verifier")
    with pytest.raises(KeyError):
        role("verifier")


def test_the_roles_cannot_be_changed_by_whoever_reads_them() -> None:
    with pytest.raises(TypeError):
        roles()["clerk"] = role("receptionist")
