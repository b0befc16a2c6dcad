"""Files as programs hand them in: parts named ``file`` of a form, or one file as the whole body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest

from jialiang.formats.documents.archives import STRANGERS
from jialiang.formats.documents.envelopes import envelope_of, parts_in
from jialiang.formats.documents.parts import Part
from jialiang.integration.api.problems import DocumentsMiscounted
from jialiang.kernel.text import Text

FORM = "multipart/form-data"
MEMBER = "file"
ROOT = "root"
PDF = "pdf"
LONGEST_NAME = 200
UNNAMED = "document"


def documents_of(request: HttpRequest) -> list[Part]:
    """Return all documents handed in, in order; archives and PDFs are opened.

    Raises DocumentsMiscounted where there is none or too many, and what opening raises.
    """
    found: list[Part] = []
    left = STRANGERS
    for name, data in _files(request):
        opened = parts_in(name, data, left)
        found += opened
        left = replace(left, all_bytes=max(left.all_bytes - sum(len(part.data) for part in opened), 0))
    if not 1 <= len(found) <= STRANGERS.files:
        accepted = Text(f"1 至 {STRANGERS.files} 份", f"1 to {STRANGERS.files}")
        raise DocumentsMiscounted(given=len(found), accepted=accepted)
    return found


def single_of(request: HttpRequest) -> Part:
    """Return the one document handed in. Raises DocumentsMiscounted."""
    found = documents_of(request)
    if len(found) != 1:
        raise DocumentsMiscounted(given=len(found), accepted=Text("1 份", "one"))
    return found[0]


def pair_of(request: HttpRequest) -> tuple[Part, Part]:
    """Return the two documents handed in. Raises DocumentsMiscounted."""
    found = documents_of(request)
    if len(found) != 2:
        raise DocumentsMiscounted(given=len(found), accepted=Text("2 份", "two"))
    return found[0], found[1]


def as_handed_in(request: HttpRequest) -> list[tuple[str, bytes]]:
    """Return name and bytes of each file, archives opened: whether a PDF is genuine, its own bytes decide.

    Raises DocumentsMiscounted where there is none or too many, and what opening raises.
    """
    found: list[tuple[str, bytes]] = []
    left = STRANGERS
    for name, data in _files(request):
        wrapping = envelope_of(Part(name, data))
        if wrapping is None or wrapping.name == PDF:
            found.append((name, data))
            continue
        opened = parts_in(name, data, left)
        found += [(part.name, part.data) for part in opened]
        left = replace(left, all_bytes=max(left.all_bytes - sum(len(part.data) for part in opened), 0))
    if not 1 <= len(found) <= STRANGERS.files:
        accepted = Text(f"1 至 {STRANGERS.files} 份", f"1 to {STRANGERS.files}")
        raise DocumentsMiscounted(given=len(found), accepted=accepted)
    return found


def roots_of(request: HttpRequest) -> list[tuple[str, bytes]]:
    """Return the files of a form that hold roots to trust."""
    if request.content_type != FORM:
        return []
    return [((file.name or UNNAMED)[-LONGEST_NAME:], file.read()) for file in request.FILES.getlist(ROOT)]


def _files(request: HttpRequest) -> Iterator[tuple[str, bytes]]:
    if request.content_type == FORM:
        for file in request.FILES.getlist(MEMBER):
            yield (file.name or UNNAMED)[-LONGEST_NAME:], file.read()
    elif request.body:
        yield request.GET.get("name", UNNAMED)[-LONGEST_NAME:], request.body
