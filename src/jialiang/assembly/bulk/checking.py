"""The pool: batches of files to processes, reports back in the order of the files, a few batches under way at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from multiprocessing.context import BaseContext
from pathlib import Path

from jialiang.assembly.asked_profile import with_chinese_profile
from jialiang.assembly.bulk.jobs import Job, in_utf_8, loaded
from jialiang.assembly.bulk.numbers import Numbers
from jialiang.assembly.second_opinion import with_second_opinion
from jialiang.formats.documents.errors import CheckerLost
from jialiang.formats.documents.reports import FurtherCheck, Report, check_file, unreadable
from jialiang.kernel.errors import JialiangError

BATCH = 16
UNDER_WAY = 4
"""Batches per process that are read ahead: with files of 20 kB some megabytes, whatever the number of files."""

_Loaded = tuple[Job, bytes | JialiangError | None]
_Checked = tuple[Job, tuple[Report, ...]]
_Waiting = deque[tuple[list[_Loaded], "Future[list[_Checked]]"]]


@dataclass(frozen=True, slots=True)
class How:
    """How files are checked: the day, only certificates or any kind, and whether findings are kept or counted.

    ``schemas`` is a folder of official schemas to ask for a second opinion; ``chinese_profile`` asks for the profile
    where a certificate does not claim it; ``read_as`` is the encoding of the XML if it is known from elsewhere.
    """

    today: date | None = None
    certificates_only: bool = False
    brief: bool = False
    schemas: Path | None = None
    chinese_profile: bool = False
    read_as: str = ""


def check_many(jobs: Sequence[Job], how: How, *, workers: int | None = None) -> Generator[Report, None, None]:
    """Check files and yield a report a document, in the order of the jobs.

    ``workers`` is the number of processes (default: one a core; 1 checks in this process). Whoever stops early closes
    the iterator; the processes end with it. A process that ends on a file costs that file alone: CheckerLost.
    """
    count = workers if workers is not None else default_workers()
    numbers = Numbers(brief=how.brief, read_as=how.read_as)
    batches = _batches(jobs)
    found = _alone(batches, how) if count <= 1 or len(jobs) <= BATCH else _pooled(batches, how, count)
    for job, reports in found:
        yield from (numbers.seen(job, report) for report in reports)


def default_workers() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_batch(batch: list[_Loaded], how: How) -> list[_Checked]:
    """Check some files; what runs in the processes of the pool."""
    return [(job, _check(job, given, how)) for job, given in batch]


def _check(job: Job, given: bytes | JialiangError | None, how: How) -> tuple[Report, ...]:
    if isinstance(given, JialiangError):
        return (unreadable(job.name, given),)
    try:
        data = job.read() if given is None else given
        data = in_utf_8(job.name, data, how.read_as)
    except JialiangError as problem:
        return (unreadable(job.name, problem),)
    reports = check_file(
        job.name, data, today=how.today, certificates_only=how.certificates_only, also=_further_checks(how)
    )
    return tuple(replace(each, findings=()) for each in reports) if how.brief else reports


def _further_checks(how: How) -> list[FurtherCheck]:
    checks: list[FurtherCheck] = [with_chinese_profile] if how.chinese_profile else []
    return checks if how.schemas is None else [*checks, partial(with_second_opinion, folder=how.schemas)]


def _batches(jobs: Sequence[Job]) -> Iterator[list[_Loaded]]:
    each = loaded(jobs)
    while batch := list(islice(each, BATCH)):
        yield batch


def _alone(batches: Iterator[list[_Loaded]], how: How) -> Iterator[_Checked]:
    for batch in batches:
        yield from check_batch(batch, how)


def _pooled(batches: Iterator[list[_Loaded]], how: How, count: int) -> Iterator[_Checked]:
    pool = _pool(count)
    waiting: _Waiting = deque()
    try:
        for batch in batches:
            waiting.append((batch, pool.submit(check_batch, batch, how)))
            if len(waiting) >= UNDER_WAY * count:
                pool = yield from _first(waiting, pool, how, count)
        while waiting:
            pool = yield from _first(waiting, pool, how, count)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _first(
    waiting: _Waiting, pool: ProcessPoolExecutor, how: How, count: int
) -> Generator[_Checked, None, ProcessPoolExecutor]:
    """Yield the reports of the batch that is first in turn; return the pool to go on with."""
    batch, future = waiting.popleft()
    try:
        yield from future.result()
    except BrokenProcessPool:
        pool.shutdown(wait=True, cancel_futures=True)
        given = [batch, *(each for each, _ in waiting)]
        waiting.clear()
        for each in given:
            yield from _one_by_one(each, how)
        return _pool(count)
    return pool


def _one_by_one(batch: list[_Loaded], how: How) -> Iterator[_Checked]:
    for each in batch:
        with _pool(1) as pool:
            try:
                yield from pool.submit(check_batch, [each], how).result()
            except BrokenProcessPool:
                yield each[0], (unreadable(each[0].name, CheckerLost(file=each[0].name[-200:])),)


def _pool(count: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=_context(), initializer=_leave_interrupts_to_the_caller)


def _context() -> BaseContext:
    """Fork where it is safe, for it costs nothing; with other threads about, a fresh process."""
    forks = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    return multiprocessing.get_context("fork" if forks else "spawn")


def _leave_interrupts_to_the_caller() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
