"""What a record must be before it is stored, and how one set of values becomes another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from jialiang.base.identifiers.errors import BadCode, BadValue, TemplateBroken, ValueTaken, ValueUnknown
from jialiang.base.identifiers.models import LONGEST_PREFIX
from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.gs1.links import LINK_VALUE, parsed_link
from jialiang.formats.handle.admins import read_admin, read_value_list
from jialiang.formats.handle.names import FAULTS, BadHandle, HandleName, folded, parsed_handle
from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.sites import read_site
from jialiang.formats.handle.values import LONGEST_TYPE, HandleValue, is_type_name
from jialiang.kernel.text import Text, is_one_line, storable

MOST_VALUES = 1000
LARGEST_INDEX = 2**31 - 1
LARGEST_NUMBER = 2**31 - 1  # a time to live: four bytes on the wire, signed in the clients in use
LATEST_MOMENT = 2**32 - 1
LARGEST_DATA = 1_000_000  # bytes of one record's data together
LONGEST_SYSTEM, LONGEST_CODE = 40, 200
LONGEST_TEMPLATE = 300
ALL_PERMISSIONS = 15
_STRUCTURES: dict[str, Callable[[bytes], object]] = {
    "hs_admin": read_admin,
    "hs_vlist": read_value_list,
    "hs_site": read_site,
    "hs_na_delegate": read_site,
}
"""Types whose data have a form, and what reads it."""


def checked_name(text: str) -> HandleName:
    """Return the name in ``text``. Raises ``BadHandle``, also for a prefix longer than a column holds."""
    name = parsed_handle(text)
    if len(name.prefix) > LONGEST_PREFIX:
        raise BadHandle(given=text[:80], fault="length", why=FAULTS["length"])
    return name


def checked_values(values: Iterable[HandleValue]) -> tuple[HandleValue, ...]:
    """Return values in the order of their indexes. Raises BadValue for the first that cannot be stored."""
    ordered = sorted(values, key=lambda value: value.index)
    if len(ordered) > MOST_VALUES:
        raise BadValue(index=len(ordered), reason=Text(f"值多于 {MOST_VALUES} 个", f"more than {MOST_VALUES} values"))
    seen: set[int] = set()
    size = 0
    for value in ordered:
        fault = _fault(value) or (_TWICE if value.index in seen else None)
        if fault:
            raise BadValue(index=value.index, reason=fault)
        _check_structure(value)
        seen.add(value.index)
        size += len(value.data)
    if size > LARGEST_DATA:
        facts = {"size": size, "limit": LARGEST_DATA}
        why = Text("数据共 {size} 字节，超过 {limit}", "its data are {size} bytes, more than {limit}").format(**facts)
        raise BadValue(index=max(ordered, key=lambda value: len(value.data)).index, reason=why)
    return tuple(ordered)


def checked_template(name: str, template: str) -> str:
    """Return the template of a record. Raises TemplateBroken where it is no line that a column holds."""
    if len(template) > LONGEST_TEMPLATE or not is_one_line(template):
        why = Text(
            f"模板应为一行，最多 {LONGEST_TEMPLATE} 个字符", f"it is one line of {LONGEST_TEMPLATE} letters at most"
        )
        raise TemplateBroken(identifier=name[:80], template=storable(template, 80), faults=why)
    return template


def checked_codes(codes: Iterable[RecordCode]) -> tuple[RecordCode, ...]:
    """Return codes, one of them primary: the first, where none says so. Raises BadCode."""
    kept = list(codes)
    for code in kept:
        why = _code_fault(code)
        if why:
            raise BadCode(system=storable(code.system, 40), given=storable(code.code, 60), reason=why)
    names = [(code.system, code.code) for code in kept]
    twice = next((code for place, code in enumerate(kept) if names[place] in names[:place]), None)
    if twice is not None:
        raise BadCode(system=twice.system, given=twice.code, reason=Text("同一代码写了两次", "one code is given twice"))
    primaries = sum(code.primary for code in kept)
    if primaries > 1:
        main = [code for code in kept if code.primary][1]
        why = Text("主代码只能有一个", "one code only may be primary")
        raise BadCode(system=main.system, given=main.code, reason=why)
    if kept and not primaries:
        kept[0] = replace(kept[0], primary=True)
    return tuple(kept)


def stamped(
    values: Iterable[HandleValue], before: Iterable[HandleValue], now: datetime
) -> tuple[HandleValue, ...]:
    """Return values with the moment of their last change: those that stood so before keep theirs."""
    old = {value.index: value for value in before}
    moment = int(now.timestamp())
    return tuple(_stamp(value, old.get(value.index), moment) for value in values)


def put(
    name: str, before: Sequence[HandleValue], given: Sequence[HandleValue], *, overwrite: bool
) -> tuple[HandleValue, ...]:
    """Return ``before`` with ``given`` in or over it. Raises ValueTaken unless ``overwrite``."""
    have = {value.index: value for value in before}
    taken = sorted(value.index for value in given if value.index in have)
    if taken and not overwrite:
        raise ValueTaken(identifier=name, indexes=", ".join(map(str, taken)))
    _refuse_twice(given)
    return tuple((have | {value.index: value for value in given}).values())


def modified(
    name: str, before: Sequence[HandleValue], given: Sequence[HandleValue]
) -> tuple[HandleValue, ...]:
    """Return ``before`` with the values of the same indexes replaced. Raises ValueUnknown."""
    _refuse_missing(name, before, (value.index for value in given))
    return put(name, before, given, overwrite=True)


def removed(name: str, before: Sequence[HandleValue], indexes: Iterable[int]) -> tuple[HandleValue, ...]:
    """Return ``before`` without the values of ``indexes``. Raises ValueUnknown."""
    gone = frozenset(indexes)
    _refuse_missing(name, before, gone)
    return tuple(value for value in before if value.index not in gone)


_TWICE = Text("序号重复", "the index is given twice")


def _refuse_twice(given: Sequence[HandleValue]) -> None:
    seen: set[int] = set()
    for value in given:
        if value.index in seen:
            raise BadValue(index=value.index, reason=_TWICE)
        seen.add(value.index)


def _refuse_missing(name: str, before: Sequence[HandleValue], indexes: Iterable[int]) -> None:
    missing = sorted(set(indexes) - {value.index for value in before})
    if missing:
        raise ValueUnknown(identifier=name, indexes=", ".join(map(str, missing)))


def _stamp(value: HandleValue, old: HandleValue | None, moment: int) -> HandleValue:
    if old is not None and replace(value, timestamp=old.timestamp) == old:
        return old
    return replace(value, timestamp=moment)


def _fault(value: HandleValue) -> Text | None:
    if not 1 <= value.index <= LARGEST_INDEX:
        return Text(f"序号应在 1 到 {LARGEST_INDEX} 之间", f"an index lies between 1 and {LARGEST_INDEX}")
    if not is_type_name(value.type):
        return Text(f"类型应为 1 到 {LONGEST_TYPE} 个可打印字符", f"a type is 1 to {LONGEST_TYPE} printable letters")
    if not 0 <= value.permissions <= ALL_PERMISSIONS:
        return Text("权限为四个二进制位", "the permissions are four bits")
    if not 0 <= value.ttl <= (LATEST_MOMENT if value.ttl_absolute else LARGEST_NUMBER):
        return Text("有效时长超出范围", "the time to live is out of range")
    if any(not 0 <= r.index <= LARGEST_INDEX or not _is_plain(r.handle) for r in value.references):
        return Text("引用应写作“序号:标识”", "a reference is an index and a name")
    return None


def _check_structure(value: HandleValue) -> None:
    """Refuse data that readers of their type could not read. Raises BadValue, BadGs1Link."""
    if value.has_type(LINK_VALUE):
        parsed_link(value.data)
    reader = _STRUCTURES.get(folded(value.type))
    if reader is not None:
        try:
            reader(value.data)
        except BadOctets as problem:
            raise BadValue(index=value.index, reason=problem.what) from problem


def _is_plain(handle: str) -> bool:
    return bool(handle) and is_one_line(handle) and len(handle) <= 2048


def _code_fault(code: RecordCode) -> Text | None:
    if not code.system or len(code.system) > LONGEST_SYSTEM or not is_one_line(code.system):
        return Text("编码体系名称无效", "this is not the name of a system of codes")
    if not code.code or len(code.code) > LONGEST_CODE or not is_one_line(code.code):
        return Text(f"代码应为 1 到 {LONGEST_CODE} 个字符", f"a code is one line of 1 to {LONGEST_CODE} letters")
    return None
