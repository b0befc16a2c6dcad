"""The desk's list: saved views by state with counts, filters in the address."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop

from jialiang.base.commissions.selectors import CommissionFilter, count_commissions, counts_by_state
from jialiang.base.commissions.selectors import commissions as commission_rows
from jialiang.console.asking import View, chosen, listed, wanted_text
from jialiang.console.noun_forms import options
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import own_or_all
from jialiang.console.shell import page
from jialiang.security.policy import allowed
from jialiang.vocabulary.statuses import CommissionState, WorkKind

ALL = "all"
VIEWS = {
    CommissionState.OPEN.value: gettext_noop("To be accepted"),
    CommissionState.ACCEPTED.value: gettext_noop("Accepted, in work"),
    CommissionState.COMPLETED.value: gettext_noop("Completed"),
    CommissionState.CANCELLED.value: gettext_noop("Cancelled"),
    ALL: gettext_noop("All"),
}


@login_required
def commissions(request: HttpRequest) -> HttpResponse:
    """List the commissions that the person may see; without a view, the first one that holds anything."""
    actor = who(request)
    customer = own_or_all(actor, "commission.read")
    numbers = counts_by_state(customer)
    numbers[ALL] = sum(numbers.values())
    text, kind = wanted_text(request), chosen(request, "kind", list(WorkKind))
    first = ALL if text or kind else next((key for key in VIEWS if numbers[key]), ALL)
    view = chosen(request, "view", VIEWS, first)
    wanted = CommissionFilter(text, customer, "" if view == ALL else view, kind)
    rows = commission_rows(wanted, after=request.GET.get("after", ""))
    context = {
        "views": [View(key, gettext(label), numbers[key], key == view) for key, label in VIEWS.items()],
        "view": view,
        "list_page": listed(request, rows, count_commissions(wanted)),
        "wanted": wanted,
        "kinds": options(WorkKind),
        "may_open": allowed(actor, "commission.open"),
        "is_customer": customer is not None,
    }
    return page(request, "commissions/list.html", context)
