"""Words for kinds of reports."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

KINDS = {
    "registrations": gettext_noop("Registrations"),
    "resolutions": gettext_noop("Resolutions"),
    "templates": gettext_noop("Templates"),
    "routes": gettext_noop("Routes"),
}


def kind_name(kind: str) -> str:
    """Return the word of a kind in the language of the page."""
    return gettext(KINDS[kind])
