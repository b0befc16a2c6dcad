"""The members of a question: a misspelt filter must not be taken for none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from jialiang.integration.api.door import document
from jialiang.integration.api.problems import InputRejected, problem

CONVERTED = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")


def refused_question(request: HttpRequest) -> HttpResponse | None:
    """Return the refusal of members in the address that its operation does not know, None where it knows all.

    Addresses that anyone may ask are let pass: the front answers them too, and whoever links to them adds things.
    """
    if not request.GET:
        return None
    operation = _operation(request)
    if not operation.get("security"):
        return None
    known = [told["name"] for told in operation["parameters"] if told["in"] == "query"]
    unknown = [name[:60] for name in request.GET if name not in known]
    if not unknown:
        return None
    reason = f"not known here; known: {', '.join(known) or 'none'}"
    errors = [{"member": f"query.{name}", "reason": reason} for name in unknown[:20]]
    members = ", ".join(entry["member"] for entry in errors)
    return problem(request, InputRejected(members=members[:500]), errors=errors)


def _operation(request: HttpRequest) -> Mapping[str, Any]:
    """Return what the document tells of the operation asked for, nothing where there is none."""
    try:
        route = resolve(request.path_info).route
    except Resolver404:
        return {}
    method = "get" if request.method == "HEAD" else str(request.method).lower()
    found: Mapping[str, Any] = _paths().get("/" + CONVERTED.sub(r"{\1}", route), {}).get(method, {})
    return found


@cache
def _paths() -> Mapping[str, Any]:
    paths: Mapping[str, Any] = document()["paths"]
    return paths
