"""Screens of commissions: the desk's list, intake in one step, one commission, its items' way, its slip."""

from __future__ import annotations

from datetime import datetime

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.base.commissions.selectors import counts_by_state
from jialiang.console.commissions.listing import commissions
from jialiang.console.commissions.moving import accept, add_item, cancel, hand_over, receive
from jialiang.console.commissions.one import commission, slip
from jialiang.console.commissions.opening import open_commission
from jialiang.console.shell import NavEntry, Waiting, register
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed, roles_for
from jialiang.vocabulary.statuses import CommissionState


def to_accept(actor: Actor, now: datetime) -> Waiting:
    """Count what waits for the desk: commissions that are not accepted yet; nobody else is told."""
    if not allowed(actor, "commission.accept"):
        return Waiting(0)
    return Waiting(counts_by_state()[CommissionState.OPEN])


register(
    NavEntry(
        gettext_noop("Commissions and items"),
        "commissions",
        "commissions",
        "business",
        10,
        roles=roles_for("commission.read"),
        count=to_accept,
        thumb=gettext_noop("Commissions"),
        home_of=frozenset({"receptionist"}),
    )
)

urlpatterns = [
    path("commissions/", commissions, name="commissions"),
    path("commissions/new", open_commission, name="commission_new"),
    path("commissions/<uuid:commission_id>/", commission, name="commission"),
    path("commissions/<uuid:commission_id>/accept", accept, name="commission_accept"),
    path("commissions/<uuid:commission_id>/items", add_item, name="commission_add_item"),
    path("commissions/<uuid:commission_id>/cancel", cancel, name="commission_cancel"),
    path("commissions/<uuid:commission_id>/slip", slip, name="commission_slip"),
    path("items/<uuid:item_id>/receive", receive, name="item_receive"),
    path("items/<uuid:item_id>/hand-over", hand_over, name="item_hand_over"),
]
