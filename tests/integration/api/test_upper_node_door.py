"""The node above as a true installation: an enterprise's node applies there over HTTP and sees what became of it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.functions.prefix_verbs import LICENCE
from tests.integration.api.operations.house import House, small_house

from jialiang.governance.node_reports.errors import UpperNodeForbids, UpperNodeRefuses
from jialiang.governance.node_reports.http_node import HttpUpperNode
from jialiang.governance.node_reports.port import OutgoingApplication, OutgoingDocument
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.services import create_tenant

DOCUMENTS = (OutgoingDocument(LICENCE.name, LICENCE.data), OutgoingDocument("铭牌.png", b"\x89PNG\r\n\x1a\n--edge--"))


@pytest.fixture
def house(transactional_db) -> House:
    """The upper node: an institute that keeps 88.101, with a customer."""
    tenant = create_tenant(slug="yunze", name=Text("云泽市计量测试院"), now=utc_now())
    return small_house(tenant)


@pytest.fixture
def node(house: House, live_server) -> HttpUpperNode:
    """The upper node as the customer's own node calls it."""
    token = house.by("customer").headers["Authorization"].removeprefix("Bearer ")
    return HttpUpperNode(live_server.url, "88.101.7", token=token)


def applied(node: HttpUpperNode, **changes: str):
    given = {"parent": "88.101", "purpose": "温度计的标识", "wished_code": "77"} | changes
    return node.apply(OutgoingApplication(documents=DOCUMENTS, **given))


def test_an_application_with_its_documents_is_granted_and_that_is_seen(house, node):
    told = applied(node)
    assert (told["state"], told["wished_code"], told["purpose"]) == ("submitted", "77", "温度计的标识")
    assert told["organization_id"] == house.things["customer"]
    operator, address = house.by("identifier_operator"), f"/prefix-applications/{told['id']}"
    assert [document["name"] for document in operator.read(address)["documents"]] == [LICENCE.name, "铭牌.png"]
    for position, document in enumerate(DOCUMENTS, start=1):
        assert operator.get(f"{address}/documents/{position}").content == document.data
    operator.done(f"{address}/grant", {"version": 1})
    newest = node.applications()[0]
    assert (newest["id"], newest["state"]) == (told["id"], "approved")
    (prefix,) = operator.read("/prefixes", text="88.101.77")["members"]
    assert newest["granted_id"] == prefix["id"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"parent": "88.999.77"}, "88.999.77"),
        ({"wished_code": "5"}, "88.101.5"),
        ({"purpose": " "}, "purpose"),
        ({"wished_code": "a/b"}, "a/b"),
    ],
    ids=["no such parent", "taken", "no purpose", "no code"],
)
def test_what_will_not_do_is_refused_with_the_words_of_the_upper_node(node, changes, said):
    with pytest.raises(UpperNodeRefuses) as caught:
        applied(node, **changes)
    assert said in caught.value.what.en


def test_a_token_that_nobody_gave_is_turned_away(house, live_server):
    stranger = HttpUpperNode(live_server.url, "88.101.7", token="jl_nobody_has_this")
    with pytest.raises(UpperNodeForbids):
        applied(stranger)
    with pytest.raises(UpperNodeForbids):
        stranger.applications()


def test_an_applicant_may_name_the_prefix_by_its_id_as_well(house):
    body = {"parent_id": house.things["second_level"], "purpose": "x"}
    answer = house.by("customer").upload(
        "/prefix-applications", file=[SimpleUploadedFile("a.pdf", LICENCE.data)], **body
    )
    assert answer.status_code == 201
    answer = house.by("customer").upload(
        "/prefix-applications", file=[SimpleUploadedFile("a.pdf", LICENCE.data)], purpose="x"
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "JL-PFX-003")
