"""System health for people: background work, what was given up and why, and the way to try it anew."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jialiang.console.administration.words import job_name
from jialiang.console.asking import done
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page, thing_url
from jialiang.functions.deed import permit
from jialiang.functions.jobs import revive as revive_verb
from jialiang.governance.jobs.selectors import counts, dead_jobs
from jialiang.kernel.clock import utc_now

STATES = ("ready", "leased", "dead", "done")


@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    """Show how much work waits, and each job that was given up."""
    actor = who(request)
    permit(actor, "job.read")
    numbers = counts()
    dead = [
        {"row": job, "name": job_name(job.kind), "url": thing_url(job.kind.partition(".")[0], job.subject_id)}
        for job in dead_jobs()
    ]
    context = {
        "numbers": [(state, numbers[state]) for state in STATES],
        "dead": dead,
        "may_revive": may(actor, "job.revive"),
    }
    return page(request, "administration/jobs.html", context)


@login_required
@require_POST
def revive(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Let a job that was given up be tried anew."""
    revive_verb(actor=who(request), job_id=job_id, now=utc_now())
    return done(request, gettext("The job will be tried again."), reverse("jobs"))
