"""Archives and PDFs for tests, made in memory."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pikepdf


def zipped(files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of files by name."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def pdf_with(files: dict[str, bytes]) -> bytes:
    """A PDF of one empty page that embeds files."""
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, data in files.items():
            document.attachments[name] = pikepdf.AttachedFileSpec(document, data, filename=name, mime_type="text/xml")
        document.save(out)
    return out.getvalue()
