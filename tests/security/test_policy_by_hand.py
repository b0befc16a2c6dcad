"""The matrix of permissions as a table that a quality manager can read: every verb, every role."""

from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.security.actor import Actor, system_actor
from jialiang.security.policy import (
    AnotherInstitute,
    NotAuthorized,
    NotOwnOrganization,
    OwnedBy,
    allowed,
    limit,
    matrix,
    require,
    roles_for,
)
from jialiang.vocabulary.roles import role_name, roles

ROLES = ("receptionist", "technician", "reviewer", "signatory", "standards_keeper", "instrument_manager", "customer",
         "quality_manager", "auditor", "regulator", "system_administrator", "system", "identifier_operator",
         "identity", "subordinate_node")  # fmt: skip

# a: on any thing of the institute, o: on things of the own organization, .: not at all
TABLE = """
                                     rec tec rev sig std ins cus qua aud reg adm sys opr ide nod
organization.read                     a   a   a   a   a   a   o   a   a   a   a   a   a   .   .
organization.register                 a   .   .   .   .   .   .   .   .   .   a   a   .   .   .
organization.change                   a   .   .   .   .   o   .   .   .   .   a   .   .   .   .
site.add                              a   .   .   .   .   o   .   .   .   .   a   a   .   .   .
contact.add                           a   .   .   .   .   o   .   .   .   .   a   a   .   .   .
person.read                           .   .   .   .   .   .   .   a   a   .   a   a   .   .   .
person.add                            .   .   .   .   .   .   .   .   .   .   a   a   .   .   .
person.grant_role                     .   .   .   .   .   .   .   .   .   .   a   a   .   .   .
person.revoke_role                    .   .   .   .   .   .   .   .   .   .   a   .   .   .   .
person.deactivate                     .   .   .   .   .   .   .   .   .   .   a   .   .   .   .
token.create                          a   a   a   a   a   a   a   a   a   a   a   .   a   .   .
token.revoke                          a   a   a   a   a   a   a   a   a   a   a   .   a   .   .
token.revoke_others                   .   .   .   .   .   .   .   .   .   .   a   .   .   .   .
measurement_standard.read             a   a   a   a   a   a   .   a   a   a   a   a   .   .   .
measurement_standard.register         .   .   .   .   a   .   .   .   .   .   .   .   .   .   .
measurement_standard.add_certificate  .   .   .   .   a   .   .   .   .   .   .   .   .   .   .
measurement_standard.record_check     .   .   .   .   a   .   .   .   .   .   .   .   .   .   .
measurement_standard.suspend          .   .   .   .   a   .   .   .   .   .   .   .   .   .   .
measurement_standard.resume           .   .   .   .   a   .   .   .   .   .   .   .   .   .   .
instrument.read                       a   a   a   a   a   a   o   a   a   a   a   a   .   .   .
instrument.register                   a   .   .   .   .   a   o   .   .   .   .   .   .   .   .
instrument.change                     a   .   .   .   .   a   o   .   .   .   .   .   .   .   .
instrument.suspend                    a   .   .   .   .   a   o   .   .   .   .   .   .   .   .
instrument.restore                    a   .   .   .   .   a   o   .   .   .   .   .   .   .   .
instrument.retire                     a   .   .   .   .   a   o   .   .   .   .   .   .   .   .
commission.read                       a   a   a   a   a   a   o   a   a   a   a   a   .   .   .
commission.open                       a   .   .   .   .   .   o   .   .   .   .   .   .   .   .
commission.add_item                   a   .   .   .   .   .   o   .   .   .   .   .   .   .   .
commission.accept                     a   .   .   .   .   .   .   .   .   .   .   .   .   .   .
commission.cancel                     a   .   .   .   .   .   .   .   .   .   .   .   .   .   .
item.receive                          a   .   .   .   .   .   .   .   .   .   .   .   .   .   .
item.hand_over                        a   .   .   .   .   .   .   .   .   .   .   .   .   .   .
calibration.read                      a   a   a   a   a   .   .   a   a   a   .   a   .   .   .
calibration.start                     .   a   .   .   .   .   .   .   .   .   .   .   .   .   .
calibration.record                    .   a   .   .   .   .   .   .   .   .   .   .   .   .   .
calibration.take_over                 .   a   .   .   .   .   .   .   .   .   .   .   .   .   .
calibration.submit                    .   a   .   .   .   .   .   .   .   .   .   .   .   .   .
calibration.amend_reading             .   a   .   .   .   .   .   .   .   .   .   .   .   .   .
calibration.review                    .   .   a   .   .   .   .   .   .   .   .   .   .   .   .
calibration.return                    .   .   a   a   .   .   .   .   .   .   .   .   .   .   .
certificate.read                      a   a   a   a   a   a   o   a   a   a   a   a   .   .   .
certificate.preview                   .   .   a   a   .   .   .   .   .   .   .   .   .   .   .
certificate.approve                   .   .   .   a   .   .   .   .   .   .   .   .   .   .   .
certificate.finish                    .   .   .   .   .   .   .   .   .   .   .   a   .   .   .
certificate.void                      .   .   .   a   .   .   .   .   .   .   .   a   .   .   .
certificate.amend                     .   .   .   a   .   .   .   .   .   .   .   .   .   .   .
certificate.withdraw                  .   .   .   a   .   .   .   .   .   .   .   .   .   .   .
traceability.read                     a   a   a   a   a   a   o   a   a   a   a   a   .   .   .
fake.report                           a   a   a   a   a   a   a   a   a   a   a   a   a   .   .
fake.read                             .   .   .   a   .   .   .   a   a   a   a   .   .   .   .
number.read                           a   .   .   a   .   .   .   a   a   a   a   a   .   .   .
job.read                              .   .   .   a   .   .   .   a   a   .   a   a   .   .   .
job.revive                            .   .   .   .   .   .   .   .   .   .   a   a   .   .   .
signing_key.read                      .   .   .   a   .   .   .   a   a   .   a   a   .   .   .
signing_key.issue                     .   .   .   .   .   .   .   .   .   .   a   a   .   .   .
signing_key.revoke                    .   .   .   .   .   .   .   .   .   .   a   .   .   .   .
audit.read                            .   .   .   .   .   .   .   a   a   .   a   a   .   .   .
tenant.create                         .   .   .   .   .   .   .   .   .   .   .   a   .   .   .
tenant.export                         .   .   .   .   .   .   .   .   a   .   a   a   .   .   .
tenant.import                         .   .   .   .   .   .   .   .   .   .   a   a   .   .   .
prefix.read                           a   .   .   a   .   a   o   a   a   a   a   a   a   o   .
prefix.apply                          a   .   .   .   .   .   o   .   .   .   .   .   .   .   .
prefix.withdraw_application           a   .   .   .   .   .   o   .   .   .   .   .   .   .   .
prefix.approve                        .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
prefix.refuse                         .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
prefix.add                            .   .   .   .   .   .   .   .   .   .   .   a   a   .   .
prefix.delegate                       .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
prefix.suspend                        .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
prefix.resume                         .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
prefix.transfer                       .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
prefix.set_quota                      .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
prefix.withdraw                       .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
handle_identity.read                  .   .   .   .   .   .   o   a   a   .   a   a   a   .   .
handle_identity.add                   .   .   .   .   .   .   o   .   .   .   .   a   a   .   .
handle_identity.revoke                .   .   .   .   .   .   o   .   .   .   a   a   a   .   .
identifier_template.read              a   .   .   a   .   a   o   a   a   a   a   a   a   o   .
identifier_template.create            .   .   .   .   .   .   o   .   .   .   .   .   a   o   .
identifier_template.change            .   .   .   .   .   .   o   .   .   .   .   .   a   o   .
identifier_template.publish           .   .   .   .   .   .   o   .   .   .   .   .   a   o   .
identifier_template.withdraw          .   .   .   .   .   .   o   .   .   .   .   .   a   o   .
identifier.export                     a   a   a   a   a   a   o   a   a   a   a   a   a   .   .
instrument_mark.record                a   a   .   .   .   a   o   .   .   .   .   .   .   .   .
instrument_mark.remove                a   a   .   .   .   a   o   .   .   .   .   .   .   .   .
instrument_mark.check                 a   a   .   .   .   a   o   .   .   a   .   .   .   .   .
label_template.read                   a   a   a   a   a   a   .   a   a   a   a   a   a   .   .
label_template.create                 .   .   .   .   .   a   .   a   .   .   a   .   a   .   .
label_template.change                 .   .   .   .   .   a   .   a   .   .   a   .   a   .   .
label_template.withdraw               .   .   .   .   .   a   .   a   .   .   a   .   a   .   .
subordinate_node.read                 .   .   .   .   .   .   .   a   a   a   a   a   a   .   .
subordinate_node.register             .   .   .   .   .   .   .   .   .   .   .   a   a   .   .
subordinate_node.renew_token          .   .   .   .   .   .   .   .   .   .   .   a   a   .   .
subordinate_node.suspend              .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
subordinate_node.resume               .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
subordinate_node.accept_site          .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
subordinate_node.refuse_site          .   .   .   .   .   .   .   .   .   .   .   .   a   .   .
node_report.receive                   .   .   .   .   .   .   .   .   .   .   .   a   a   .   a
node_report.read_received             .   .   .   .   .   .   .   a   a   a   a   a   a   .   a
"""
RIGHTS = {"a": "any", "o": "own"}
ROWS = [(words[0], words[1:]) for words in (line.split() for line in TABLE.strip().splitlines()[1:])]

INSTITUTE = uuid4()
OWN = uuid4()
ELSEWHERE = uuid4()


def actor(*held: str, organization_id: UUID | None = OWN) -> Actor:
    return Actor(uuid4(), INSTITUTE, Text("张三", "Zhang San"), frozenset(held), organization_id, "console")


@dataclass
class Thing:
    organization_id: UUID | None = None
    tenant_id: UUID = INSTITUTE


@pytest.mark.parametrize(("action", "letters"), ROWS, ids=[action for action, _ in ROWS])
def test_a_verb_is_for_the_roles_of_its_line_and_for_no_others(action: str, letters: list[str]) -> None:
    expected = {role: RIGHTS[letter] for role, letter in zip(ROLES, letters, strict=True) if letter != "."}
    assert dict(matrix()[action]) == expected
    assert roles_for(action) == set(expected)


def test_the_columns_of_the_table_are_all_the_roles() -> None:
    assert set(ROLES) == set(roles())


# --- laws that hold for every verb, also for those added later -------------------------------------------------

ACTIONS = sorted(matrix())
APART = [
    # whoever does the first must be another role than whoever does the second
    ("calibration.submit", "calibration.review"),
    ("calibration.review", "certificate.approve"),
    ("calibration.submit", "certificate.approve"),
    ("certificate.approve", "certificate.finish"),
    ("measurement_standard.register", "calibration.review"),
    ("person.grant_role", "certificate.approve"),
    ("signing_key.issue", "certificate.approve"),
]


@pytest.mark.parametrize(("first", "second"), APART)
def test_no_role_does_both_halves_of_a_separated_duty(first: str, second: str) -> None:
    assert roles_for(first).isdisjoint(roles_for(second))


@pytest.mark.parametrize("action", ACTIONS)
def test_everybody_who_may_read_things_of_others_is_of_the_institute(action: str) -> None:
    outside = {key for key, role in roles().items() if not role.staff and role.grantable}
    if action.endswith(".read"):
        row = matrix()[action]
        assert {role for role in outside if row.get(role) == "any"} <= {"regulator", "instrument_manager"}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_refusal_names_exactly_those_who_may(action: str) -> None:
    outsider = next((role for role in ROLES if role not in matrix()[action]), None)
    if outsider is None:
        return
    with pytest.raises(NotAuthorized) as refused:
        require(actor(outsider), action)
    named = refused.value.facts["who"]
    expected = [role_name(role) for role in matrix()[action] if role != "system"]
    assert named.zh == ("、".join(name.zh for name in expected) or "系统")
    assert named.en == (", ".join(name.en for name in expected) or "the system")


@pytest.mark.parametrize("action", ACTIONS)
def test_require_and_limit_and_allowed_never_contradict_one_another(action: str) -> None:
    for role in ROLES:
        who = actor(role)
        if not allowed(who, action):
            for ask in (lambda w=who: require(w, action), lambda w=who: limit(w, action)):
                with pytest.raises(NotAuthorized):
                    ask()
            continue
        narrowed = limit(who, action)
        require(who, action)
        require(who, action, Thing(OWN))
        if narrowed is None:
            require(who, action, Thing(ELSEWHERE))
        else:
            assert narrowed == OwnedBy(OWN)
            with pytest.raises(NotOwnOrganization):
                require(who, action, Thing(ELSEWHERE))


@given(st.sets(st.sampled_from(ROLES)), st.sampled_from(ACTIONS), st.sampled_from(ROLES))
def test_a_further_role_never_takes_a_right_away(held: set[str], action: str, further: str) -> None:
    less, more = actor(*held), actor(*held, further)
    if allowed(less, action):
        assert allowed(more, action)
        if limit(less, action) is None:
            assert limit(more, action) is None


@given(st.sets(st.sampled_from(ROLES)), st.sampled_from(ACTIONS))
def test_two_roles_together_may_what_one_of_them_may(held: set[str], action: str) -> None:
    assert allowed(actor(*held), action) is any(allowed(actor(role), action) for role in held)


# --- whose thing is it ---------------------------------------------------------------------------------------


@dataclass
class Of:
    """A thing with any of the three owners; what is left out is not there at all."""

    owners: dict[str, UUID | None] = field(default_factory=dict)
    tenant_id: UUID = INSTITUTE

    def __getattr__(self, name: str) -> UUID | None:
        owners: dict[str, UUID | None] = self.__dict__.get("owners", {})
        if name in owners:
            return owners[name]
        raise AttributeError(name)


OWNERS = [
    ({"organization_id": OWN}, True),
    ({"organization_id": ELSEWHERE}, False),
    ({"organization_id": None}, False),
    ({"owner_organization_id": OWN}, True),
    ({"customer_organization_id": OWN}, True),
    ({}, False),
    ({"customer_organization_id": OWN, "organization_id": ELSEWHERE}, True),
    ({"customer_organization_id": ELSEWHERE, "organization_id": OWN}, False),
    ({"owner_organization_id": OWN, "organization_id": ELSEWHERE}, True),
    ({"owner_organization_id": ELSEWHERE, "customer_organization_id": OWN}, True),
    ({"customer_organization_id": None, "organization_id": OWN}, False),
    ({"owner_organization_id": None, "organization_id": OWN}, False),
]


@pytest.mark.parametrize(("owners", "own"), OWNERS)
def test_the_first_owner_that_a_thing_has_decides(owners: dict[str, UUID | None], own: bool) -> None:
    customer = actor("customer")
    if own:
        require(customer, "certificate.read", Of(owners))
    else:
        with pytest.raises(NotOwnOrganization):
            require(customer, "certificate.read", Of(owners))


@pytest.mark.parametrize(("owners", "_own"), OWNERS)
def test_whoever_belongs_to_no_organization_owns_nothing(owners: dict[str, UUID | None], _own: bool) -> None:
    with pytest.raises(NotOwnOrganization):
        require(actor("customer", organization_id=None), "certificate.read", Of(owners))


@pytest.mark.parametrize("role", ROLES)
def test_things_of_another_institute_are_refused_before_ownership_is_looked_at(role: str) -> None:
    for action in ("certificate.read", "fake.report"):
        if role in matrix()[action]:
            with pytest.raises(AnotherInstitute):
                require(actor(role), action, Of({"organization_id": OWN}, tenant_id=uuid4()))


def test_without_the_right_even_the_institute_of_the_thing_is_not_told() -> None:
    with pytest.raises(NotAuthorized):
        require(actor("technician"), "certificate.approve", Thing(OWN, tenant_id=uuid4()))


@pytest.mark.parametrize("pair", list(combinations(("customer", "instrument_manager", "receptionist"), 2)))
def test_of_two_roles_the_wider_right_counts(pair: tuple[str, str]) -> None:
    rights = {matrix()["instrument.change"][role] for role in pair}
    assert (limit(actor(*pair), "instrument.change") is None) is ("any" in rights)


def test_the_program_may_what_its_column_says_and_nothing_more() -> None:
    system = system_actor(INSTITUTE, Text("系统", "System"), "worker")
    mine = {action for action in ACTIONS if allowed(system, action)}
    assert {"certificate.finish", "tenant.create"} <= mine
    assert not mine & {
        "certificate.approve",
        "calibration.submit",
        "calibration.review",
        "certificate.withdraw",
    }
    assert system.is_system
    assert not actor("system").is_system
