"""Who may do which verb on what: the whole matrix, cell by cell."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from jialiang.kernel.text import Text
from jialiang.security import policy
from jialiang.security.actor import Actor, system_actor
from jialiang.security.policy import (
    AnotherInstitute,
    NotAuthorized,
    NotOwnOrganization,
    OwnedBy,
    UnknownAction,
    allowed,
    matrix,
    require,
    roles_for,
)
from jialiang.vocabulary.roles import roles

INSTITUTE = uuid4()
OWN = uuid4()


def actor(*held: str, organization_id: UUID | None = None) -> Actor:
    return Actor(
        uuid4(), INSTITUTE, Text(zh="张三", en="Zhang San"), frozenset(held), organization_id, "console"
    )


@dataclass
class Thing:
    organization_id: UUID | None = None
    tenant_id: UUID = INSTITUTE


def cells() -> list[tuple[str, str]]:
    return [(action, role) for action in matrix() for role in roles()]


@pytest.mark.parametrize(("action", "role"), cells())
def test_every_cell_of_the_matrix_is_what_require_and_allowed_answer(action: str, role: str) -> None:
    right = matrix()[action].get(role)
    who = actor(role, organization_id=OWN)
    assert allowed(who, action) is (right is not None)
    if right is None:
        with pytest.raises(NotAuthorized):
            require(who, action, Thing(OWN))
        return
    require(who, action, Thing(OWN))
    if right == "own":
        with pytest.raises(NotOwnOrganization):
            require(who, action, Thing(uuid4()))
    else:
        require(who, action, Thing(uuid4()))


def test_the_matrix_names_known_roles_and_rights_only() -> None:
    for action, row in matrix().items():
        assert row, action
        assert set(row) <= set(roles()), action
        assert set(row.values()) <= {"any", "own"}, action
        noun, _, verb = action.partition(".")
        assert noun.islower()
        assert verb.islower()


def test_only_those_who_do_the_work_may_change_it() -> None:
    assert roles_for("calibration.submit") == {"technician"}
    assert roles_for("calibration.review") == {"reviewer"}
    assert roles_for("certificate.approve") == {"signatory"}
    assert roles_for("certificate.finish") == {"system"}


OWN_TOKENS = {"token.create", "token.revoke"}  # everybody, for the own programs, with the own rights


REVIEWS_OF_METHODS = {f"uncertainty_budget.{deed}" for deed in ("approve", "return", "withdraw")}
COMPARISONS = {
    f"comparison_round.{deed}" for deed in ("open", "enrol", "enter_result", "evaluate", "report", "cancel")
}

IDENTITY_CHECKS = {"instrument_mark.check"}  # what supervision finds on an instrument is kept
CONTROLLED_LABELS = {f"label_template.{deed}" for deed in ("create", "change", "withdraw")}


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("auditor", set()),
        ("regulator", IDENTITY_CHECKS),
        ("quality_manager", REVIEWS_OF_METHODS | COMPARISONS | CONTROLLED_LABELS),
    ],
)
def test_those_who_watch_change_nothing_but_what_is_theirs_to_keep(role: str, more: set[str]) -> None:
    changing = {a for a in matrix() if role in matrix()[a] and not a.endswith((".read", ".read_received", ".export"))}
    assert changing <= {"fake.report", "tenant.export", *OWN_TOKENS, *more}


def test_the_system_administrator_takes_no_part_in_the_calibration_work() -> None:
    mine = {a for a, row in matrix().items() if "system_administrator" in row}
    assert not {a for a in mine if a.startswith("calibration.")}
    assert not mine & {"certificate.approve", "certificate.amend", "certificate.withdraw", "certificate.void"}


def test_a_customer_never_has_a_right_over_things_of_others_except_reporting_a_fake() -> None:
    anything = {a for a, row in matrix().items() if row.get("customer") == "any"}
    assert anything == {"fake.report", *OWN_TOKENS}


def test_the_refusal_names_the_action_and_who_may_in_both_languages() -> None:
    with pytest.raises(NotAuthorized) as caught:
        require(actor("technician"), "certificate.approve")
    problem = caught.value
    assert (problem.code, problem.http_status) == ("JL-POL-001", 403)
    assert "certificate.approve" in problem.what.zh
    assert "张三" in problem.what.zh
    assert "Zhang San" in problem.what.en
    assert "授权签字人" in problem.rule.zh
    assert "Authorized signatory" in problem.rule.en


def test_an_action_for_the_program_only_says_so() -> None:
    with pytest.raises(NotAuthorized) as caught:
        require(actor("signatory"), "certificate.finish")
    assert "系统" in caught.value.rule.zh
    require(system_actor(INSTITUTE, Text(zh="工作进程", en="Worker"), "worker"), "certificate.finish")


def test_the_customers_organization_counts_before_the_one_that_holds_the_thing() -> None:
    @dataclass
    class Commission:
        organization_id: UUID
        customer_organization_id: UUID

    customer = actor("customer", organization_id=OWN)
    require(customer, "commission.read", Commission(uuid4(), OWN))
    with pytest.raises(NotOwnOrganization) as caught:
        require(customer, "commission.read", Commission(OWN, uuid4()))
    assert caught.value.code == "JL-POL-002"


def test_where_ownership_cannot_be_told_the_answer_is_no() -> None:
    customer = actor("customer", organization_id=OWN)
    for thing in (object(), Thing(None), OwnedBy(None)):
        with pytest.raises(NotOwnOrganization):
            require(customer, "certificate.read", thing)
    nowhere = actor("customer", organization_id=None)
    for thing in (Thing(None), Thing(OWN)):
        with pytest.raises(NotOwnOrganization):
            require(nowhere, "certificate.read", thing)


def test_a_thing_not_yet_made_is_stood_for_by_its_owner() -> None:
    customer = actor("customer", organization_id=OWN)
    require(customer, "commission.open", OwnedBy(OWN))
    with pytest.raises(NotOwnOrganization):
        require(customer, "commission.open", OwnedBy(uuid4()))


def test_without_a_thing_the_right_to_the_action_is_examined() -> None:
    require(actor("customer", organization_id=OWN), "commission.open")
    with pytest.raises(NotAuthorized):
        require(actor("customer", organization_id=OWN), "commission.accept")


def test_the_wider_of_two_roles_counts() -> None:
    require(actor("customer", "receptionist", organization_id=OWN), "commission.read", Thing(uuid4()))


def test_a_thing_of_another_institute_is_refused_whatever_the_role() -> None:
    for role in ("signatory", "receptionist", "system"):
        with pytest.raises(AnotherInstitute) as caught:
            require(actor(role), "certificate.read", Thing(OWN, tenant_id=uuid4()))
    assert caught.value.code == "JL-POL-003"


def test_nobody_without_roles_may_do_anything() -> None:
    nobody = actor()
    assert not any(allowed(nobody, action) for action in matrix())


def test_lists_are_narrowed_to_the_own_organization_for_customers_only() -> None:
    assert policy.limit(actor("customer", organization_id=OWN), "certificate.read") == OwnedBy(OWN)
    assert policy.limit(actor("technician"), "certificate.read") is None
    with pytest.raises(NotAuthorized):
        policy.limit(actor("customer"), "audit.read")


@pytest.mark.parametrize("action", ["certificate.isue", "", "certificate"])
def test_an_action_that_is_not_in_the_matrix_is_a_fault_of_the_program(action: str) -> None:
    for ask in (lambda: require(actor("signatory"), action), lambda: allowed(actor(), action)):
        with pytest.raises(UnknownAction):
            ask()


def test_a_person_with_the_systems_role_in_name_is_not_the_system() -> None:
    assert not actor("system").is_system
    assert system_actor(INSTITUTE, Text(en="Worker"), "worker").is_system
    assert actor("reviewer").holds("reviewer")
    assert not actor("reviewer").holds("signatory")
