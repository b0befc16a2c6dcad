"""Moments as people type them at the command line."""

from __future__ import annotations

from datetime import UTC, datetime

from jialiang.assembly.command_errors import NotAMoment


def moment_of(text: str) -> datetime:
    """Return the moment that was typed, in UTC where no zone is told. Raises NotAMoment."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise NotAMoment(given=text) from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
