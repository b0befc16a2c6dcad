"""Errors of resolution statistics."""

from jialiang.kernel.errors import Conflict


class DayNotOver(Conflict):
    """A day is to be frozen that has not ended, or whose counts are not collected; facts: ``day``."""

    code = "JL-CNT-002"
