"""A visitor of the workbench without a browser: hands files in and follows the forms of the pages."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from tests.formats.dcc_samples import certificate_with, expanded, quantity, real, real_list

METRE = "\\metre"
FIRST = certificate_with(quantity(real("10.0", METRE, expanded("0.3")), "Length"))
SECOND = certificate_with(quantity(real("10.7", METRE, expanded("0.4")), "Length"), end="2026-03-03")
OLD = certificate_with(quantity(real("1", METRE)), version="3.2.1")
LISTED = certificate_with(quantity(real_list("1 2 -3.50", METRE), "Steps"))
SI = b'<si:real xmlns:si="https://ptb.de/si"><si:value>1</si:value><si:unit>\\metre</si:unit></si:real>'


def zipped(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


class Visitor:
    """Somebody without account; checks that forms need no token."""

    def __init__(self, language: str = "en") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.cookies["jialiang_language"] = "en" if language == "en" else "zh-hans"
        self.answer: Any = None

    def hand_in(self, step: str, *files: tuple[str, bytes], **fields: Any) -> Any:
        """Post files and fields to a step."""
        given = [SimpleUploadedFile(name, data) for name, data in files]
        self.answer = self.client.post(f"/workbench/{step}", {"file": given, **fields})
        return self.answer

    def go_on(self, step: str, *drop: int, **fields: Any) -> Any:
        """Post the page's own form to another step, with some of the carried files unchecked."""
        carried = [each for n, each in enumerate(self.carried()) if n not in drop]
        self.answer = self.client.post(f"/workbench/{step}", {"carried": carried, **fields})
        return self.answer

    def carried(self) -> list[str]:
        """The files that the page holds."""
        return [str(each) for each in self.page().xpath("//input[@name='carried']/@value")]

    def page(self) -> Any:
        """The page as a tree."""
        return html.fromstring(self.answer.content)

    def text(self) -> str:
        """The words of the page, blanks joined."""
        return " ".join(self.page().xpath("string(//main)").split())
