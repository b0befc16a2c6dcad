"""Errors of the audit trail."""

from jialiang.kernel.errors import JialiangError


class ForeignActor(JialiangError):
    """An act was about to be recorded in another institute than the actor's: a fault of the program."""

    code = "JL-AUD-001"
