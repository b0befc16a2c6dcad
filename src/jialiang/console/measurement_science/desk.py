"""The first page of the desk: what can be asked, and the worked examples of the literature."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jialiang.console.measurement_science.question_words import groups
from jialiang.console.measurement_science.worked_examples import examples
from jialiang.console.shell import page


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the tools and the examples."""
    context = {"groups": groups(), "examples": examples()}
    return page(request, "measurement_science/desk.html", context)
