"""Errors of jobs."""

from jialiang.kernel.errors import Conflict, NotFound


class LeaseLost(Conflict):
    """Somebody else has taken the work over since; what was done under the old lease must be thrown away."""

    code = "JL-JOB-001"


class JobNotDead(NotFound):
    """There is no given-up job with this id."""

    code = "JL-JOB-002"
