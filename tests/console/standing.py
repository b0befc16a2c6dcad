"""A world that stands for all tests of a module or package: built once, in a transaction that is never committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

World = TypeVar("World")


@contextmanager
def standing(build: Callable[[], World], blocker: DjangoDbBlocker) -> Iterator[World]:
    """Build a world and take it away at the end; each test's own transaction lies inside that of the world."""
    whole = transaction.atomic()
    whole._from_testcase = True  # as Django's own TestCase marks it, so that durable blocks may stand inside
    with blocker.unblock(), whole:
        yield build()
        transaction.set_rollback(True)
