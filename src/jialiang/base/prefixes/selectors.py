"""Reading prefixes of the institute in scope and applications for them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from jialiang.base.prefixes.errors import ApplicationUnknown, PrefixUnknown
from jialiang.base.prefixes.models import Prefix as Prefix
from jialiang.base.prefixes.models import PrefixApplication as PrefixApplication
from jialiang.base.prefixes.models import PrefixChange as PrefixChange
from jialiang.base.prefixes.models import PrefixDocument as PrefixDocument
from jialiang.formats.handle.names import folded
from jialiang.kernel.text import is_one_line
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page
from jialiang.security.tenancy.scope import everywhere
from jialiang.vocabulary.statuses import PrefixApplicationState


def prefix(prefix_id: UUID) -> Prefix:
    """Return one prefix with parent and holder: one query by primary key. Raises :class:`PrefixUnknown`."""
    found = Prefix.objects.select_related("parent", "holder").filter(pk=prefix_id).first()
    if found is None:
        raise PrefixUnknown(wanted=str(prefix_id))
    return found


def prefix_by_text(text: str) -> Prefix | None:
    """Return the prefix of this text in any case: one query by ``prefix_once_an_institute``."""
    if not is_one_line(text):  # no database holds it
        return None
    return Prefix.objects.select_related("holder").filter(folded=folded(text.strip())).first()


def prefix_of(text: str) -> Prefix:
    """Return what :func:`prefix_by_text` does. Raises :class:`PrefixUnknown`."""
    found = prefix_by_text(text)
    if found is None:
        raise PrefixUnknown(wanted=text.strip()[:80])
    return found


def is_prefix_given(text: str, *, but_shared: bool = False) -> bool:
    """Tell whether a prefix was ever given on this installation, or given to one institute alone: one query."""
    with everywhere("a prefix is given once on the whole installation"):
        rows = Prefix.objects.filter(folded=folded(text.strip()))
        return (rows.filter(shared=False) if but_shared else rows).exists()


def prefixes(
    *,
    text: str = "",
    state: str = "",
    only_holder: UUID | None = None,
    after: str = "",
    size: int = DEFAULT_SIZE,
) -> Page[Prefix]:
    """Return a page of prefixes, newest first; ``text`` is how they begin. One query."""
    rows = _matching(text, state, only_holder).select_related("parent", "holder")
    return page(rows, after=after, size=size)


def count_prefixes(*, text: str = "", state: str = "", only_holder: UUID | None = None) -> int:
    """Count what :func:`prefixes` lists: one query."""
    return _matching(text, state, only_holder).count()


def tree(*, only_holder: UUID | None = None) -> list[Prefix]:
    """Return all prefixes of the institute, each below what it stands under: one query.

    Codes that are numbers stand in the order of the numbers.
    """
    rows = _matching("", "", only_holder).select_related("parent", "holder")
    return sorted(rows, key=lambda row: place_in_tree(row.folded))


def children_of(prefix_id: UUID) -> list[Prefix]:
    """Return the prefixes directly below one, oldest first: one query by foreign key."""
    return list(Prefix.objects.select_related("holder").filter(parent_id=prefix_id).order_by("id"))


def changes_of(prefix_id: UUID) -> list[PrefixChange]:
    """Return what was done to a prefix, oldest first: one query by ``prefix_change_of``."""
    return list(PrefixChange.objects.filter(prefix_id=prefix_id).order_by("id"))


def application(application_id: UUID) -> PrefixApplication:
    """Return one application with organization, parent and what was granted: one query.

    Raises :class:`ApplicationUnknown`.
    """
    rows = PrefixApplication.objects.select_related("organization", "parent", "granted")
    found = rows.filter(pk=application_id).first()
    if found is None:
        raise ApplicationUnknown(wanted=str(application_id))
    return found


def applications(
    *, state: str = "", only_organization: UUID | None = None, after: str = "", size: int = DEFAULT_SIZE
) -> Page[PrefixApplication]:
    """Return a page of applications, newest first. One query by ``prefix_application_state``."""
    rows = _applications(state, only_organization).select_related("organization", "parent", "granted")
    return page(rows, after=after, size=size)


def count_waiting() -> int:
    """Count the applications that await a decision: one query by ``prefix_application_state``."""
    return _applications(PrefixApplicationState.SUBMITTED, None).count()


def documents_of(application_id: UUID) -> list[PrefixDocument]:
    """Return the documents of an application in their order: one query by foreign key."""
    return list(PrefixDocument.objects.filter(application_id=application_id).order_by("position"))


def kept_documents() -> list[PrefixDocument]:
    """Return the documents of all applications of the institute, oldest first: one query."""
    return list(PrefixDocument.objects.order_by("id"))


def _applications(state: str, only_organization: UUID | None) -> QuerySet[PrefixApplication]:
    rows = PrefixApplication.objects.all()
    if not is_one_line(state):  # no database holds it
        return rows.none()
    rows = rows.filter(state=state) if state else rows
    return rows.filter(organization_id=only_organization) if only_organization else rows


def _matching(text: str, state: str, only_holder: UUID | None) -> QuerySet[Prefix]:
    rows = Prefix.objects.all()
    if not is_one_line(text.strip() + state):  # no database holds it
        return rows.none()
    rows = rows.filter(folded__startswith=folded(text.strip())) if text.strip() else rows
    rows = rows.filter(state=state) if state else rows
    return rows.filter(holder_id=only_holder) if only_holder else rows


def place_in_tree(text: str) -> list[tuple[int, int, str]]:
    """Return what prefixes are sorted by: codes that are numbers stand in the order of the numbers."""
    return [_place(code) for code in text.split(".")]


def _place(code: str) -> tuple[int, int, str]:
    return (0, int(code), code) if code.isascii() and code.isdecimal() else (1, 0, code)
