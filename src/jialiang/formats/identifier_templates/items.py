"""The items of a template: which value stands under which index, what its data are, and who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jialiang.formats.handle.values import (
    LONGEST_TYPE,
    PUBLIC_READ,
    USUAL_PERMISSIONS,
    HandleValue,
    is_type_name,
)
from jialiang.kernel.text import Text, is_one_line
from jialiang.vocabulary.statuses import ItemReaders, TemplateDataType

FIRST_INDEX, LAST_INDEX = 2000, 2_147_483_647
LONGEST_DATA = 100_000
LONGEST_NAME = 100
MOST_ITEMS = 500
MOST_ORGANIZATIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateItem:
    """One item. Lengths are letters of the data; ``organizations`` are ids, where ``readers`` are named ones."""

    index: int
    type: str
    name: Text
    data_type: TemplateDataType = TemplateDataType.TEXT
    required: bool = False
    unique: bool = False
    minimum_length: int = 0
    maximum_length: int = 255
    enabled: bool = True
    readers: ItemReaders = ItemReaders.PUBLIC
    organizations: tuple[str, ...] = ()

    @property
    def permissions(self) -> int:
        """The four bits that a value of the item gets: without the public's right to read unless all may."""
        public = self.readers == ItemReaders.PUBLIC
        return USUAL_PERMISSIONS if public else USUAL_PERMISSIONS & ~PUBLIC_READ

    def readable_by(self, organization_id: str, holder_id: str) -> bool:
        """Tell whether somebody of an organization (empty: of none) may read the item of a record of ``holder_id``."""
        if self.readers == ItemReaders.PUBLIC:
            return True
        return bool(organization_id) and (
            organization_id == holder_id or organization_id in self.organizations
        )

    def to_json(self) -> dict[str, Any]:
        """Return the members as JSON."""
        return {
            "index": self.index,
            "type": self.type,
            "name": self.name.to_json(),
            "data_type": self.data_type.value,
            "required": self.required,
            "unique": self.unique,
            "minimum_length": self.minimum_length,
            "maximum_length": self.maximum_length,
            "enabled": self.enabled,
            "readers": self.readers.value,
            "organizations": list(self.organizations),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TemplateItem:
        """Read what :meth:`to_json` wrote."""
        return cls(
            **{
                **data,
                "name": Text.from_json(data["name"]),
                "data_type": TemplateDataType(data["data_type"]),
                "readers": ItemReaders(data["readers"]),
                "organizations": tuple(data["organizations"]),
            }
        )


@dataclass(frozen=True, slots=True)
class RecordTemplate:
    """A template: ``code`` is the version by which records under ``prefix`` name it."""

    prefix: str
    code: str
    name: Text
    items: tuple[TemplateItem, ...] = field(default=())

    def item_at(self, index: int) -> TemplateItem | None:
        """Return the item of an index, None where there is none."""
        return next((item for item in self.items if item.index == index), None)


def readable_values(
    template: RecordTemplate, values: Iterable[HandleValue], *, organization_id: str, holder_id: str
) -> tuple[HandleValue, ...]:
    """Return the values that somebody of an organization may read by the grants of the template.

    A value that is no item is left to its own four bits.
    """
    kept = []
    for value in values:
        item = template.item_at(value.index)
        if item is None or item.readable_by(organization_id, holder_id):
            kept.append(value)
    return tuple(kept)


def item_fault(item: TemplateItem) -> Text | None:
    """Return what is wrong with an item by itself, None if nothing is."""
    if not FIRST_INDEX <= item.index <= LAST_INDEX:
        return Text(
            f"索引应在 {FIRST_INDEX} 到 {LAST_INDEX} 之间",
            f"an index lies between {FIRST_INDEX} and {LAST_INDEX}",
        )
    if not is_type_name(item.type) or item.type != item.type.strip():
        return Text(f"类型应为 1 到 {LONGEST_TYPE} 个字符", f"a type has 1 to {LONGEST_TYPE} letters")
    if item.type.upper().startswith("HS_"):
        return Text("HS_ 开头的类型由标识系统使用", "types that begin with HS_ are the Handle System's own")
    names = [item.name.zh, item.name.en]
    if not any(names) or any(len(name) > LONGEST_NAME or not is_one_line(name) for name in names):
        return Text(f"名称应为 1 到 {LONGEST_NAME} 个字符", f"a name has 1 to {LONGEST_NAME} letters")
    if not 0 <= item.minimum_length <= item.maximum_length <= LONGEST_DATA:
        return Text(
            f"长度应满足 0 ≤ 最小 ≤ 最大 ≤ {LONGEST_DATA}", f"lengths: 0 ≤ minimum ≤ maximum ≤ {LONGEST_DATA}"
        )
    if (item.readers == ItemReaders.ORGANIZATIONS) != bool(item.organizations):
        return Text(
            "指定单位可见时须列出单位，其他情况不列",
            "organizations are listed where named ones may read, else not",
        )
    if len(item.organizations) > MOST_ORGANIZATIONS:
        return Text(
            f"最多列出 {MOST_ORGANIZATIONS} 个单位", f"at most {MOST_ORGANIZATIONS} organizations are listed"
        )
    return None
