"""Files of the command line as documents: read once, with one error shape, and written whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jialiang.assembly.command_errors import FileUnreadable, NotWritable
from jialiang.formats.conversion.registry import xml_of
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.pdf.font_files import find_font_folders
from jialiang.formats.xml.encodings import read_as
from jialiang.kernel.npm_files import npm_folder


def bytes_of(file: Path) -> bytes:
    """Return the bytes of a file. Raises FileUnreadable."""
    try:
        return file.read_bytes()
    except OSError as problem:
        raise FileUnreadable(file=file, reason=problem.strerror or str(problem)) from problem


def xml_bytes(file: Path, encoding: str = "") -> bytes:
    """Return the XML of a file, from lossless data where its suffix says so.

    ``encoding`` is that of the XML if it is known from elsewhere. Raises FileUnreadable, NotDecodable, NotLossless
    and the errors of ``formats.xml``.
    """
    data = xml_of(bytes_of(file), file.suffix)
    return read_as(data, encoding) if encoding else data


def certificate_in(file: Path, encoding: str = "") -> Certificate:
    """Return the certificate in a file. Raises FileUnreadable, NotACertificate and the errors of ``formats.xml``."""
    return Certificate.read(xml_bytes(file, encoding))


def write_out(data: bytes, out: Path | None) -> None:
    """Write to a file, or to standard output where none is named. Raises NotWritable."""
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(data)
    except OSError as problem:
        raise NotWritable(file=out, reason=problem.strerror or str(problem)) from problem


def page_fonts() -> tuple[Path, ...]:
    """Return where the fonts of pages lie: ``JIALIANG_FONT_DIR``, else the npm files. Raises FontsMissing."""
    return find_font_folders(Path(os.environ.get("JIALIANG_FONT_DIR") or npm_folder()))


def font_places() -> tuple[Path, ...]:
    """Return where fonts may lie besides the npm files: ``JIALIANG_FONT_DIR``, nothing where it is not set."""
    folder = os.environ.get("JIALIANG_FONT_DIR")
    return (Path(folder),) if folder else ()
