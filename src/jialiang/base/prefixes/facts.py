"""What is told when a prefix is applied for or added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from jialiang.base.prefixes.errors import ApplicationIncomplete, BadDocument, PrefixMember
from jialiang.base.prefixes.models import PrefixApplication
from jialiang.governance import data_elements as elements
from jialiang.kernel.text import Text, is_one_line, storable

MOST_DOCUMENTS = 10
LARGEST_DOCUMENT = 10 * 1024 * 1024
KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts:
    """An application: under which prefix, for what, and the code wished for (empty: the next one)."""

    organization_id: UUID
    parent_id: UUID
    purpose: str
    wished_code: str = ""


@dataclass(frozen=True, slots=True)
class UploadedDocument:
    """A document as it came in: PDF, PNG or JPEG."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document that lies in the object store under its digest."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixFacts:
    """A prefix that the operator adds: text, holder, how many identifiers it may have (None: no limit)."""

    text: str
    holder_id: UUID
    quota: int | None = None


def checked_documents(documents: Sequence[UploadedDocument]) -> None:
    """Raise :class:`ApplicationIncomplete` where there is none, :class:`BadDocument` for the first that will not do."""
    if not documents:
        raise ApplicationIncomplete(members=elements.element_name("prefix_application", "documents"))
    if len(documents) > MOST_DOCUMENTS:
        raise _bad(documents[MOST_DOCUMENTS].name, elements.reason("too_many", limit=MOST_DOCUMENTS))
    for document in documents:
        name = document.name.strip()
        if not name or len(name) > 120 or not is_one_line(name):
            raise _bad(name, Text("文件名应为 1 至 120 个字符", "its name has to have 1 to 120 letters"))
        if len(document.data) > LARGEST_DOCUMENT:
            size, limit = len(document.data), LARGEST_DOCUMENT
            raise _bad(
                name, Text(f"共 {size} 字节，最多 {limit}", f"it has {size} bytes, {limit} are allowed")
            )
        if not media_type(document.data):
            raise _bad(name, Text("不是 PDF、PNG 或 JPEG 文件", "it is no PDF, PNG or JPEG"))


def media_type(data: bytes) -> str:
    """Return the media type told by the first bytes, empty for what is not taken."""
    return next((kind for beginning, kind in KINDS.items() if data.startswith(beginning)), "")


def checked_application(facts: ApplicationFacts) -> dict[str, str]:
    """Return purpose and wished code as columns. Raises :class:`ApplicationIncomplete`, :class:`PrefixMember`."""
    written = {"purpose": " ".join(facts.purpose.split()), "wished_code": facts.wished_code.strip()}
    if not written["purpose"]:
        raise ApplicationIncomplete(members=elements.element_name("prefix_application", "purpose"))
    for problem in elements.problems("prefix_application", PrefixApplication, written):
        raise PrefixMember(member=problem.member, given=storable(problem.given, 80), reason=problem.reason)
    return written


def _bad(name: str, why: Text) -> BadDocument:
    return BadDocument(name=storable(name, 80), reason=why)
