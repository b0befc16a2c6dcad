"""Whether the values of a record fit a template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jialiang.formats.handle.names import BadHandle, folded, parsed_handle
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.items import FIRST_INDEX, RecordTemplate, TemplateItem
from jialiang.kernel.text import Text, storable
from jialiang.vocabulary.statuses import TemplateDataType

NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
DIGEST = r"sha256:[0-9a-f]{64}"
ADDRESS = (
    r"[Hh][Tt][Tt][Pp][Ss]?://(?:[^\s/?#@]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]\\]+)(?::[0-9]{0,5})?(?:[/?#]\S*)?"
)


@dataclass(frozen=True, slots=True)
class TemplateFinding:
    """What does not fit: the index of the item, ``rule`` (the member of the item that is broken) and words.

    ``remedy`` says how to mend it.
    """

    index: int
    rule: str
    message: Text
    remedy: Text = Text()


def check_values(template: RecordTemplate, values: Sequence[HandleValue]) -> tuple[TemplateFinding, ...]:
    """Return what of a record's values does not fit, in the order of the indexes; nothing where all fits.

    Indexes below 2000 are no items and free. Whether a unique item's data stand in another record is not seen here:
    see :func:`unique_data`.
    """
    given = {value.index: value for value in values}
    findings = [
        _finding(item, "required", Text("缺少必填项", "it is required"), _FILL)
        for item in template.items
        if item.required and item.enabled and item.index not in given
    ]
    for value in values:
        item = template.item_at(value.index)
        if item is not None:
            findings += _of_value(item, value)
        elif value.index >= FIRST_INDEX:
            message = Text(
                f"索引 {value.index} 不在模板 {template.code} 中",
                f"index {value.index} is not in template {template.code}",
            )
            findings.append(TemplateFinding(value.index, "index", message, _EMPTY))
    return tuple(sorted(findings, key=lambda finding: finding.index))


def unique_data(template: RecordTemplate, values: Sequence[HandleValue]) -> tuple[tuple[int, bytes], ...]:
    """Return index and data of the values that no other record of the template may have, as they are compared.

    Data are compared octet by octet; a reference is a name, so its letters are folded as names are. Empty data are no
    value. An item that is disabled stays unique, for the records that have it keep it.
    """
    unique = {item.index: item.data_type for item in template.items if item.unique}
    return tuple(
        (value.index, _compared(unique[value.index], value.data))
        for value in values
        if value.index in unique and value.data
    )


def unique_items(template: RecordTemplate) -> frozenset[tuple[int, bool]]:
    """Return the indexes of a template's unique items, each with whether its data are compared as names."""
    return frozenset(
        (item.index, item.data_type == TemplateDataType.REFERENCE) for item in template.items if item.unique
    )


def fits_data_type(kind: TemplateDataType, text: str) -> bool:
    """Tell whether a text is data of a kind.

    A number is decimal digits with point and exponent; a date ``2026-06-16``; a file an address (http, https) or its
    ``sha256:`` digest; a reference a name ``prefix/suffix``.
    """
    match kind:
        case TemplateDataType.NUMBER:
            return re.fullmatch(NUMBER, text) is not None
        case TemplateDataType.DATE:
            return re.fullmatch(DAY, text) is not None and _is_day(text)
        case TemplateDataType.FILE:
            return re.fullmatch(f"{DIGEST}|{ADDRESS}", text) is not None
        case TemplateDataType.REFERENCE:
            return _is_name(text)
    return True


def _compared(kind: TemplateDataType, data: bytes) -> bytes:
    if kind != TemplateDataType.REFERENCE:
        return data
    return folded(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _of_value(item: TemplateItem, value: HandleValue) -> list[TemplateFinding]:
    if not item.enabled:
        return [_finding(item, "enabled", Text("该数据项已停用", "the item is no longer used"), _EMPTY)]
    if folded(value.type) != folded(item.type):
        told = Text(f"类型应为 {item.type}，不是 {value.type}", f"its type is {item.type}, not {value.type}")
        remedy = Text(f"请将类型写为 {item.type}。", f"Write {item.type} as its type.")
        return [_finding(item, "type", told, remedy)]
    text = value.text
    if text is None:
        remedy = Text("请改为文本。", "Give it as text.")
        return [_finding(item, "data_type", Text("数据不是文本", "its data are not text"), remedy)]
    if not item.minimum_length <= len(text) <= item.maximum_length:
        low, high = item.minimum_length, item.maximum_length
        told = Text(
            f"长度 {len(text)}，应为 {low} 至 {high} 个字符",
            f"it has {len(text)} letters, {low} to {high} are needed",
        )
        remedy = Text(f"请改为 {low} 至 {high} 个字符。", f"Make it {low} to {high} letters long.")
        return [_finding(item, "length", told, remedy)]
    if fits_data_type(item.data_type, text):
        return []
    return [_finding(item, "data_type", _WANTED[item.data_type], _rewritten(item.data_type, text))]


_FILL = Text("请填写这一项。", "Fill it in.")
_EMPTY = Text("请清空这一项，或改用有此数据项的模板。", "Leave it empty, or use a template that has such an item.")
LONGEST_QUOTED = 40


def _rewritten(kind: TemplateDataType, text: str) -> Text:
    """Return how to mend data of the wrong kind: a day that the calendar has not is told as such."""
    shown = storable(text, LONGEST_QUOTED)
    if kind == TemplateDataType.DATE and re.fullmatch(DAY, text):
        return Text(f"日历中没有 {shown} 这一天，请核对。", f"There is no day {shown}: look at the date again.")
    return Text(f"请将“{shown}”改成这种写法。", f"Write “{shown}” in this form.")


_WANTED = {
    TemplateDataType.TEXT: Text("应为文本", "it is a text"),
    TemplateDataType.NUMBER: Text("应为十进制数，如 0.05", "it is a decimal number such as 0.05"),
    TemplateDataType.DATE: Text("应为日期，如 2026-06-16", "it is a date such as 2026-06-16"),
    TemplateDataType.FILE: Text(
        "应为文件地址或 sha256: 摘要", "it is the address of a file or its sha256: digest"
    ),
    TemplateDataType.REFERENCE: Text("应为标识“前缀/后缀”", "it is an identifier “prefix/suffix”"),
}


def _finding(item: TemplateItem, rule: str, message: Text, remedy: Text) -> TemplateFinding:
    name = Text(item.name.zh or item.name.en, item.name.en or item.name.zh)
    words = Text(f"{name.zh}（{item.index}）：{message.zh}", f"{name.en} ({item.index}): {message.en}")
    return TemplateFinding(item.index, rule, words, remedy)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_name(text: str) -> bool:
    try:
        parsed_handle(text)
    except BadHandle:
        return False
    return True
