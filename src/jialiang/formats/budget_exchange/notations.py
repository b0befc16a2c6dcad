"""The notations that a budget can be read from and written in, with media types and suffixes."""

from __future__ import annotations

from typing import Literal, get_args

Notation = Literal["json", "xlsx", "gtc", "dcc"]
NOTATIONS: tuple[Notation, ...] = get_args(Notation)
MEDIA_TYPES: dict[Notation, str] = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gtc": "application/json",
    "dcc": "application/xml",
}
SUFFIXES: dict[Notation, str] = {"json": ".json", "xlsx": ".xlsx", "gtc": ".gtc.json", "dcc": ".dcc.xml"}
