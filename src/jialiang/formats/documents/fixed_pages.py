"""OFD among the documents: a wrapping whose attached XML is checked, and whose own structure is, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jialiang.formats.documents.archives import ArchiveLimits, has_member, is_archive
from jialiang.formats.documents.kind import Facts, Kind
from jialiang.formats.documents.parts import Part
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.ofd.names import ENTRANCE
from jialiang.kernel.text import Text, storable

_LONGEST = 200


def is_ofd(part: Part) -> bool:
    """Tell an OFD by the part that every one begins with."""
    return has_member(part.data, ENTRANCE)


def opened_ofd(part: Part, limits: ArchiveLimits) -> tuple[Part, ...]:
    """Return the XML attached to an OFD, the first with the OFD around it; the OFD itself where there is none.

    Raises the errors of ``formats.ofd``.
    """
    # Here and not above, as of PDFs: most files are no OFD.
    from jialiang.formats.ofd.container import DEFAULT_LIMITS
    from jialiang.formats.ofd.reading import read_ofd

    stricter = replace(
        DEFAULT_LIMITS,
        part=min(DEFAULT_LIMITS.part, limits.file_bytes),
        unpacked=min(DEFAULT_LIMITS.unpacked, limits.all_bytes),
    )
    file = read_ofd(part.data, stricter)
    weight = sum(map(len, file.parts.values()))
    shell = Part(part.name, part.data, limits.xml, is_opened=True, weight=weight)
    attached = [
        Part(f"{part.name}/{each.name or each.part}", each.data, limits.xml)
        for document in file.documents
        for each in document.attachments
        if each.data is not None and _is_read_here(each.data, each.said.get("Format", ""))
    ]
    if not attached:
        return (shell,)
    return (replace(attached[0], around=shell, weight=weight), *attached[1:])


def _is_read_here(data: bytes, stated: str) -> bool:
    is_wrapping = is_archive(data) or data.startswith(b"%PDF-")
    return Part("", data).is_xml or (stated.lower() == "xml" and not is_wrapping)


def _check(part: Part, today: date | None) -> list[DocumentFinding]:
    from jialiang.formats.ofd.checking import check_file
    from jialiang.formats.ofd.reading import read_ofd

    return list(check_file(part.once(read_ofd)))


def _facts(part: Part) -> Facts:
    from jialiang.formats.ofd.reading import read_ofd

    file = part.once(read_ofd)
    said = file.documents[0].info if file.documents else {}
    author = storable(said.get("Author", ""), _LONGEST)
    return Facts(
        storable(file.version, _LONGEST), storable(said.get("DocID", ""), _LONGEST), Text(author, author)
    )


OFD = Kind(
    "ofd", Text("未内嵌证书的版式文件 OFD", "OFD without an embedded certificate"),
    lambda part: part.is_opened and is_ofd(part), _check, _facts,
)  # fmt: skip
