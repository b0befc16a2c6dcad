"""``/hrls/handles?URL=*calliper*``: which names of the asker's organization have values like these.

``limit`` (100, at most 1000) and ``prefix`` narrow the list; every other parameter is a type with a pattern in which
``*`` stands for any text, without regard to case. All have to fit.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from jialiang.base.identifiers.searching import names_with_values
from jialiang.functions.deed import permit
from jialiang.integration.handle_api.answers import BadRequest, refusal
from jialiang.integration.handle_api.asking import acting
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError
from jialiang.security.policy import OwnedBy
from jialiang.security.tenancy.scope import scope

USUAL, MOST = 100, 1000
LONGEST_LIMIT = 6  # digits, zeros in front among them
MOST_PATTERNS = 10


@csrf_exempt
def handles(request: HttpRequest) -> HttpResponse:
    """Answer with a JSON list of names, in the order of their registration."""
    try:
        return JsonResponse(_found(request), safe=False, headers={"Cache-Control": "no-store"})
    except JialiangError as error:
        return refusal(error, "")


def _found(request: HttpRequest) -> list[str]:
    if request.method not in {"GET", "HEAD"}:
        raise BadRequest(member="method", given=request.method)
    actor = acting(request, utc_now())
    given = {name: str(text) for name, text in request.GET.items() if name not in {"limit", "page", "prefix"}}
    limit = request.GET.get("limit", str(USUAL))
    if not given or len(given) > MOST_PATTERNS:
        raise BadRequest(member="query", given=len(given))
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= LONGEST_LIMIT and 1 <= int(limit) <= MOST):
        raise BadRequest(member="limit", given=limit[:20])
    with scope(actor.tenant_id):
        permit(actor, "identifier.read", OwnedBy(actor.organization_id))
        return names_with_values(
            given,
            organization_id=actor.organization_id,
            prefix=request.GET.get("prefix", ""),
            limit=int(limit),
        )
