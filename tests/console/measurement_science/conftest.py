"""Somebody at the desk: signed in, in a language, and what the pages say read back."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree, html


class Desk:
    """A client of one person, who asks pages and reads them."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def get(self, path: str, status: int = 200, **query: Any) -> Read:
        return Read(self.client.get(path, query), status)

    def post(self, path: str, form: dict[str, Any], status: int = 200, **headers: str) -> Read:
        return Read(self.client.post(path, form, headers=headers), status)


class Read:
    """A page or fragment: its text, its drawings parsed as XML, its fields with their faults."""

    def __init__(self, response: Any, status: int) -> None:
        self.response = response
        assert response.status_code == status, (response.status_code, response.content.decode()[:2000])
        self.text = response.content.decode()
        self.root = html.fromstring(self.text)

    @property
    def words(self) -> str:
        """All words of the main part in one line, as they are read."""
        found = self.root.xpath("//main") or [self.root]
        return " ".join(" ".join(found[0].itertext()).replace("\u202f", "").split())

    def drawings(self) -> list[etree._Element]:
        """Every chart, parsed as XML on its own: well-formed or not at all."""
        pieces = self.text.split('<svg class="jl-chart')[1:]
        found = [
            etree.fromstring(f'<svg class="jl-chart{piece.partition("</svg>")[0]}</svg>') for piece in pieces
        ]
        return [drawing for drawing in found if drawing.get("role") == "img"]

    def wrong(self) -> list[str]:
        """The ids of the fields that are marked as wrong."""
        return [e.get("id") for e in self.root.xpath("//*[@aria-invalid='true']")]

    def form(self, name: str = "budget") -> dict[str, str]:
        """What a browser would send of a form."""
        found = self.root.xpath(f"//form[@id='{name}']")[0]
        return {key: value or "" for key, value in found.form_values() if key != "act"}

    def figures(self) -> dict[str, str]:
        """Label → value of the list of the result."""
        labels, values = (
            self.root.xpath("//dl[@class='jl-kv']/dt"),
            self.root.xpath("//dl[@class='jl-kv']/dd"),
        )
        return {
            label.text_content(): value.text_content().replace("\u00a0", " ").replace("\u202f", "").strip()
            for label, value in zip(labels, values, strict=True)
        }


@pytest.fixture(params=["en", "zh-hans"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def desk(signed_in: Any) -> Desk:
    """A technician who reads English."""
    return Desk(signed_in("technician", language="en"))


@pytest.fixture
def desk_in(signed_in: Any, language: str) -> Desk:
    """A technician who reads one of both languages."""
    return Desk(signed_in("technician", language=language))
