"""Records of identifiers as the command line takes and shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from jialiang.assembly.command_errors import NotACode, NotAValue
from jialiang.base.identifiers.records import RecordCode, StoredRecord
from jialiang.formats.handle.json_values import record_json
from jialiang.formats.handle.trust_documents import trust_document
from jialiang.formats.handle.trust_reports import TrustReport, verdict_words
from jialiang.formats.handle.values import HandleValue
from jialiang.kernel.clock import iso_seconds
from jialiang.kernel.text import Text, storable
from jialiang.vocabulary.statuses import label

SHOWN = 200
INDEXES = {
    "verified": Text("已签名且未更改的索引", "signed and unchanged"),
    "changed": Text("签名后更改的索引", "changed since"),
    "missing": Text("签名后取走的索引", "taken out since"),
    "unsigned": Text("未签名的索引", "not signed"),
}


def values_of(given: Iterable[str]) -> tuple[HandleValue, ...]:
    """Return values written ``[INDEX:]TYPE=DATA``; one without index gets its place. Raises NotAValue."""
    return tuple(_value(place, text) for place, text in enumerate(given, 1))


def codes_of(given: Iterable[str]) -> tuple[RecordCode, ...]:
    """Return codes written ``SYSTEM=CODE``, the first of them primary. Raises NotACode."""
    return tuple(_code(text) for text in given)


def record_document(record: StoredRecord) -> dict[str, Any]:
    """Return a record as the JSON document of a command: the Handle JSON, and what the house knows beside it."""
    return record_json(record.record) | {
        "state": record.state.value,
        "version": record.version,
        "template": record.template,
        "codes": [
            {"system": code.system, "code": code.code, "primary": code.primary} for code in record.codes
        ],
        "created_at": iso_seconds(record.created_at),
        "changed_at": iso_seconds(record.changed_at),
    }


def record_lines(record: StoredRecord) -> Iterator[Text]:
    """Yield a record line by line."""
    state = label(record.state)
    yield Text(
        f"{record.name}  {state.zh}，第 {record.version} 版", f"{record.name}  {state.en}, version {record.version}"
    )
    for value in record.record.values:
        shown = storable(value.text or value.data.hex(), SHOWN)
        yield Text(f"  {value.index}  {value.type}  {shown}", f"  {value.index}  {value.type}  {shown}")
    for code in record.codes:
        mark = Text("（主）", " (primary)") if code.primary else Text("", "")
        yield Text(f"  {code.system}  {code.code}{mark.zh}", f"  {code.system}  {code.code}{mark.en}")


def signature_lines(report: TrustReport) -> Iterator[Text]:
    """Yield what the check of a signature found line by line: verdict, signer, indexes, findings and remedy."""
    words, told = verdict_words(report.verdict), trust_document(report)
    yield words.title
    if told["signed_by"]:
        yield Text(
            f"  签名者 {told['signed_by']}，有效期至 {told['expires']}",
            f"  signed by {told['signed_by']}, until {told['expires']}",
        )
    for member, label_of in INDEXES.items():
        if told[member]:
            numbers = ", ".join(map(str, told[member]))
            yield Text(f"  {label_of.zh}：{numbers}", f"  {label_of.en}: {numbers}")
    for step in told["chain"]:
        yield Text(f"  {step['subject']} ← {step['issuer']}", f"  {step['subject']} ← {step['issuer']}")
    for finding in report.findings:
        yield Text(f"  · {finding.text.zh}", f"  · {finding.text.en}")
    yield Text(f"  {words.remedy.zh}", f"  {words.remedy.en}")


def _value(place: int, text: str) -> HandleValue:
    kind, equals, data = text.partition("=")
    index, colon, named = kind.partition(":")
    if not equals or (colon and not index.isdecimal()):
        raise NotAValue(given=text[:80])
    return HandleValue(int(index) if colon else place, named if colon else kind, data.encode())


def _code(text: str) -> RecordCode:
    system, equals, code = text.partition("=")
    if not equals or not system or not code:
        raise NotACode(given=text[:80])
    return RecordCode(system, code)
