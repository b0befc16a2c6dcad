"""What the worker does for each kind of job: it opens the institute's scope and calls the verb.

A handler may run twice for one job (a lease ran out, a worker was killed); every verb named here is repeatable. The
worker's loop completes or fails the job afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from jialiang.functions.certificate_finishing import finish
from jialiang.functions.certificate_numbering import FINISH_JOB
from jialiang.functions.identifier_resigning import SIGN_JOB, sign_part
from jialiang.governance.jobs.leases import LeasedJob
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor, system_actor
from jialiang.security.tenancy.scope import scope

JobHandler = Callable[[LeasedJob, datetime], None]


def worker_actor(job: LeasedJob) -> Actor:
    """Return the actor that stands for the worker in the institute of a job."""
    return system_actor(job.tenant_id, Text("签发程序", "issuing worker"), "worker")


def finish_certificate(job: LeasedJob, now: datetime) -> None:
    """Finish the certificate of a ``certificate.finish`` job."""
    with scope(job.tenant_id):
        finish(actor=worker_actor(job), certificate_id=job.subject_id, now=now)


def sign_identifiers(job: LeasedJob, now: datetime) -> None:
    """Sign a part of the records of an ``identifier.sign`` job anew and leave the rest to a job of its own."""
    with scope(job.tenant_id):
        after = str(job.payload["after"])
        sign_part(actor=worker_actor(job), after=UUID(after) if after else None, now=now)


HANDLERS: Mapping[str, JobHandler] = MappingProxyType({FINISH_JOB: finish_certificate, SIGN_JOB: sign_identifiers})
