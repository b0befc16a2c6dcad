"""Errors of the verbs as response codes, and requests that no verb answers."""

from __future__ import annotations

import pytest

from jialiang.base.handle_identities.errors import IdentityLocked, IdentityRefused
from jialiang.base.identifiers import errors
from jialiang.base.prefixes.errors import PrefixUnknown, QuotaReached
from jialiang.formats.handle.names import FAULTS, BadHandle
from jialiang.formats.handle.octets import Octets
from jialiang.formats.handle.structures import BadStructure
from jialiang.integration.api.native_deeds import refused
from jialiang.integration.resolver.control_plane import ControlPlaneDown
from jialiang.kernel.errors import Conflict, JialiangError
from jialiang.kernel.text import Text
from jialiang.security.policy import NotAuthorized, NotOwnOrganization

NAME = {"identifier": "88.1/x"}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadHandle(given="x", fault="no slash", why=FAULTS["no slash"]), 102),
        (errors.BadIdentifier(given="x"), 102),
        (errors.IdentifierTaken(**NAME), 101),
        (errors.IdentifierUnknown(**NAME), 100),
        (errors.IdentifierSuspended(**NAME), 100),
        (errors.IdentifierRetired(**NAME), 100),
        (PrefixUnknown(wanted="88.1"), 100),
        (errors.ValueTaken(indexes="1", **NAME), 201),
        (errors.ValueUnknown(indexes="1", **NAME), 200),
        (errors.BadValue(index=1, reason="r"), 202),
        (BadStructure(type="HS_SITE", member="value", fault="f"), 202),
        (errors.PrefixForbids(prefix="88.1", reason=Text("r", "r")), 401),
        (NotAuthorized(action="identifier.change", actor="a"), 401),
        (NotOwnOrganization(action="identifier.change", actor="a"), 401),
        (IdentityRefused(), 403),
        (IdentityLocked(failures=5, minutes=15), 403),
        (QuotaReached(prefix="88.1", quota=1, adding=2, used=1), 605),
        (ControlPlaneDown(reason="r"), 3),
        (Conflict(), 2),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, JialiangError) else str(value),
)
def test_every_error_has_its_response_code_and_its_words_in_both_languages(error: JialiangError, code: int):
    reply = refused(error)
    assert (reply.response, reply.identity) == (code, "")
    said = Octets(reply.body).text("message")
    assert said.startswith(error.code)
    if error.what:
        assert error.what.zh in said
        assert error.what.en in said
