"""The documents in the files of a visit, each with its kind; what cannot be opened keeps its reason."""

from __future__ import annotations

from dataclasses import dataclass

from jialiang.console.workbench.carrying import HandedIn
from jialiang.console.workbench.errors import TooManyHandedIn
from jialiang.formats.documents.archives import STRANGERS
from jialiang.formats.documents.envelopes import envelope_of, parts_in
from jialiang.formats.documents.kind import Kind
from jialiang.formats.documents.kinds import kind_of
from jialiang.formats.documents.parts import Part
from jialiang.kernel.errors import JialiangError

MOST_DOCUMENTS = 50


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the visit: ``file`` is what it came in; ``problem`` is why it cannot be read, if so."""

    index: int
    name: str
    file: HandedIn
    part: Part | None = None
    kind: Kind | None = None
    number: str = ""
    problem: JialiangError | None = None

    def is_good_for(self, deed: str) -> bool:
        """Whether a deed can be done with it."""
        return self.kind is not None and deed in self.kind.deeds

    @property
    def examined(self) -> tuple[str, bytes]:
        """Name and bytes of what is genuine or not: of a PDF the whole file, else the document itself."""
        is_pdf = (wrapping := envelope_of(Part(self.file.name, self.file.data))) and wrapping.name == "pdf"
        if is_pdf or self.part is None:
            return self.file.name, self.file.data
        return self.name, self.part.data


def documents_in(files: list[HandedIn]) -> list[Document]:
    """Open the files; each one that cannot be opened is one document with a problem. Raises TooManyHandedIn."""
    found: list[Document] = []
    for file in files:
        try:
            parts = parts_in(file.name, file.data, STRANGERS)
        except JialiangError as problem:
            found.append(Document(len(found), file.name, file, problem=problem))
            continue
        for part in parts:
            found.append(_document(len(found), file, part))
        if len(found) > MOST_DOCUMENTS:
            raise TooManyHandedIn(given=len(found), most=MOST_DOCUMENTS)
    return found


def _document(index: int, file: HandedIn, part: Part) -> Document:
    try:
        kind = kind_of(part)
        number = kind.facts(part).number
    except JialiangError as problem:
        return Document(index, part.name, file, problem=problem)
    return Document(index, part.name, file, part, kind, number)
