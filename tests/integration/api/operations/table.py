"""Every operation that needs a person, as a table: who may, who may not, what is sent, what comes back, what it leaves.

Texts ``{name}`` in addresses and bodies stand for things of the institute in full work (``house.py``). ``may_not`` is a
role of the matrix that has other rights and not this one; where every role has the right it is empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.functions.record_world import CELSIUS, PASSWORD, POINTS, credit_code

TODAY = date.today()
ORG, INS, STD, COM, CAL, CER, ACC, TOK = (
    "JL-ORG-007", "JL-INS-004", "JL-STD-004", "JL-COM-003", "JL-CAL-011", "JL-CER-001", "JL-ACC-001", "JL-TOK-004",
)  # fmt: skip
BOTH = {"zh": "填写有误", "en": "A slip of the pen"}


@dataclass(frozen=True)
class Operation:
    """One operation; ``missing`` is the code of a thing that is not known, ``acts`` and ``events`` what is left."""

    name: str
    method: str
    path: str
    may: str
    may_not: str = ""
    body: dict[str, Any] | None = None
    status: int = 200
    missing: str = ""
    acts: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    query: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"

    def __str__(self) -> str:
        return self.name


def read(name: str, path: str, may: str, may_not: str = "", missing: str = "", **more: Any) -> Operation:
    """An operation that reads."""
    return Operation(name, "get", path, may, may_not, missing=missing, **more)


def deed(
    name: str, path: str, may: str, may_not: str, body: dict[str, Any], *, status: int = 200, missing: str = "",
    act: str = "", event: str = "", method: str = "post",
) -> Operation:  # fmt: skip
    """An operation that changes something; it leaves one act, and at most one event."""
    return Operation(
        name,
        method,
        path,
        may,
        may_not,
        body,
        status,
        missing,
        (act,) if act else (),
        (event,) if event else (),
    )


NEW_ORGANIZATION = {
    "name": {"zh": "白杨面粉厂", "en": "Poplar Flour Mill"},
    "credit_code": credit_code("91440100MA5590007"),
    "fictional": True,
}
NEW_SITE = {"name": {"zh": "二号厂房", "en": "Building 2"}, "region_code": "440100"}
NEW_CONTACT = {"name": "赵一", "duty": "计量员", "phone": "020-5550 0101"}
NEW_PERSON = {"username": "newcomer", "password": PASSWORD, "name": {"zh": "新人", "en": "Newcomer"}}
NEW_STANDARD = {
    "name": {"zh": "标准电阻", "en": "Reference resistor"},
    "level": "working",
    "model": "BZ3",
    "serial_number": "R-100-1",
    "quantity": {"zh": "电阻", "en": "Resistance"},
    "unit": "\\ohm",
    "measuring_interval": {"zh": "100 Ω", "en": "100 Ω"},
}
PAPER = {
    "number": "GJ-2026-C-000777",
    "issuer": {"zh": "国家示范计量院（虚构）", "en": "National Demonstration Institute (fictional)"},
    "expanded_uncertainty": "0.0030",
    "coverage_factor": "2.00",
    "unit": CELSIUS,
    "valid_from": "2026-01-02",
    "valid_until": f"{TODAY.year + 1}-12-31",
}
NEW_CHECK = {"observed_on": "2026-06-15", "measured_value": "23.0012", "unit": CELSIUS}
NEW_INSTRUMENT = {
    "owner_id": "{customer}",
    "name": {"zh": "数字温度计", "en": "Digital thermometer"},
    "model": "TDX-200",
    "serial_number": "N-1",
    "unit": CELSIUS,
    "place_of_use": "检验室",
    "region_code": "440100",
    "purpose": "other",
}
NEW_COMMISSION = {
    "customer_id": "{customer}",
    "kind": "calibration",
    "items": [{"instrument_id": "{thermometer}", "requested_points": ["22", "24.0"]}],
}
AGREEMENT = {
    "decision_rule": "guard_band_u",
    "due_date_agreed": True,
    "agreed_interval_months": 12,
    "fee_kind": "charged",
}
NEW_RECORD = {
    "item_id": "{accepted_item}",
    "procedure": "thermometer_line",
    "method": {"zh": "数字温度计校准方法", "en": "Calibration of digital thermometers"},
    "reference_standard_id": "{standard}",
    "points": list(POINTS),
}
CELL = {"row": 1, "column": "correction", "text": "-0.170"}
READS = (
    read("list_organizations", "/organizations", "customer"),
    read("read_organization", "/organizations/{customer}", "receptionist", missing=ORG),
    read("list_sites", "/organizations/{customer}/sites", "regulator", missing=ORG),
    read("list_contacts", "/organizations/{customer}/contacts", "auditor", missing=ORG),
    read("read_me", "/me", "customer"),
    read("list_people", "/people", "quality_manager", "receptionist"),
    read("read_person", "/people/{person}", "system_administrator", "signatory", ACC),
    read("list_roles", "/people/{person}/roles", "auditor", "customer", ACC),
    read("list_tokens", "/tokens", "customer"),
    read("list_standards", "/measurement-standards", "technician", "customer"),
    read("read_standard", "/measurement-standards/{standard}", "technician", "customer", STD),
    read("list_standard_certificates", "/measurement-standards/{standard}/certificates", "auditor", "customer", STD),
    read("list_checks", "/measurement-standards/{standard}/checks", "reviewer", "customer", STD),
    read("list_instruments", "/instruments", "customer"),
    read("read_instrument", "/instruments/{thermometer}", "customer", missing=INS),
    read("read_history", "/instruments/{thermometer}/history", "instrument_manager", missing=INS),
    read("read_status", "/instruments/{thermometer}/status", "customer", missing=INS),
    read("list_commissions", "/commissions", "customer"),
    read("read_commission", "/commissions/{accepted_commission}", "customer", missing=COM),
    read("read_item", "/items/{received_item}", "technician", missing=COM),
    read("read_custody", "/items/{received_item}/custody", "customer", missing=COM),
    read("list_procedures", "/procedures", "technician", "customer"),
    read("list_calibrations", "/calibrations", "reviewer", "customer"),
    read("read_calibration", "/calibrations/{draft}", "technician", "system_administrator", CAL),
    read("read_readings", "/calibrations/{submitted}/readings", "reviewer", "instrument_manager", CAL),
    read("read_evaluation", "/calibrations/{submitted}/evaluation", "signatory", "customer", CAL),
    read("read_steps", "/calibrations/{reviewed}/steps", "auditor", "system_administrator", CAL),
    read("preview_certificate", "/calibrations/{reviewed}/preview", "signatory", "technician", CAL),
    read("preview_pages", "/calibrations/{reviewed}/preview-pages", "reviewer", "auditor", CAL,
         media_type="application/pdf", query={"language": "en"}),
    read("list_certificates", "/certificates", "customer"),
    read("read_certificate", "/certificates/{issued}", "customer", missing=CER),
    read("read_content", "/certificates/{issued}/content", "customer", missing=CER),
    read("read_status_changes", "/certificates/{issued}/status-changes", "auditor", missing=CER),
    read("list_files", "/certificates/{issued}/files", "customer", missing=CER),
    read("download_file", "/certificates/{issued}/files/xml", "customer", missing=CER,
         media_type="application/xml"),
    read("download_form", "/certificates/{issued}/forms/json", "customer", missing=CER),
    read("read_account", f"/certificate-numbers/calibration/{TODAY.year}", "signatory", "technician"),
    read("read_instrument_chain", "/instruments/{thermometer}/chain", "customer", missing=INS),
    read("read_certificate_chain", "/certificates/{issued}/chain", "customer", missing=CER),
    read("read_standard_chain", "/measurement-standards/{standard}/chain", "standards_keeper", missing=STD),
    read("read_queue", "/queue", "receptionist"),
    read("search_everything", "/search", "receptionist", query={"text": "T2104-0387"}),
    read("read_audit", "/audit", "auditor", "signatory"),
    read("read_audit_of", "/audit/instrument/{thermometer}", "quality_manager", "technician"),
    read("list_topics", "/science/topics", "customer"),
    read("read_budget_schema", "/science/budget-document.schema.json", "auditor",
         media_type="application/schema+json"),
)  # fmt: skip
LEDGER_DEEDS = (
    deed("register_organization", "/organizations", "receptionist", "technician", NEW_ORGANIZATION, status=201,
         act="organization.register", event="organization.registered"),
    deed("change_organization", "/organizations/{customer}", "receptionist", "signatory",
         {"phone": "020-5550 0101", "version": 1}, missing=ORG, method="patch",
         act="organization.change", event="organization.changed"),
    deed("add_site", "/organizations/{customer}/sites", "receptionist", "reviewer", NEW_SITE, status=201,
         missing=ORG, act="site.add"),
    deed("add_contact", "/organizations/{customer}/contacts", "system_administrator", "customer", NEW_CONTACT,
         status=201, missing=ORG, act="contact.add"),
    deed("add_person", "/people", "system_administrator", "receptionist", NEW_PERSON, status=201,
         act="person.add", event="person.added"),
    deed("grant_role", "/people/{person}/roles", "system_administrator", "quality_manager",
         {"role": "reviewer", "valid_from": TODAY.isoformat()}, status=201, missing=ACC,
         act="person.grant_role", event="person.role_granted"),
    deed("revoke_role", "/people/{person}/roles/technician", "system_administrator", "quality_manager", {},
         missing=ACC, method="delete", act="person.revoke_role", event="person.role_revoked"),
    deed("deactivate_person", "/people/{person}/deactivation", "system_administrator", "auditor", {},
         missing=ACC, act="person.deactivate", event="person.deactivated"),
    deed("create_token", "/tokens", "technician", "", {"name": "bench PC", "days": 7, "password": PASSWORD},
         status=201, act="token.create", event="token.created"),
    deed("revoke_token", "/tokens/{token}", "technician", "", {}, missing=TOK, method="delete",
         act="token.revoke", event="token.revoked"),
    deed("register_standard", "/measurement-standards", "standards_keeper", "technician", NEW_STANDARD, status=201,
         act="measurement_standard.register", event="measurement_standard.registered"),
    deed("add_paper_certificate", "/measurement-standards/{standard}/certificates", "standards_keeper", "signatory",
         PAPER, status=201, missing=STD,
         act="measurement_standard.add_certificate", event="measurement_standard.certificate_added"),
    deed("record_checks", "/measurement-standards/{standard}/checks", "standards_keeper", "technician",
         {"observations": [NEW_CHECK]}, status=201, missing=STD,
         act="measurement_standard.record_check", event="measurement_standard.checked"),
    deed("suspend_standard", "/measurement-standards/{standard}/suspension", "standards_keeper", "reviewer",
         {"reason": "期间核查超限"}, missing=STD,
         act="measurement_standard.suspend", event="measurement_standard.suspended"),
    deed("resume_standard", "/measurement-standards/{suspended_standard}/resumption", "standards_keeper", "signatory",
         {"reason": "复校合格"}, missing=STD,
         act="measurement_standard.resume", event="measurement_standard.resumed"),
    deed("register_instrument", "/instruments", "receptionist", "technician", NEW_INSTRUMENT, status=201,
         act="instrument.register", event="instrument.registered"),
    deed("change_instrument", "/instruments/{thermometer}", "customer", "technician",
         {"place_of_use": "三号车间", "reason": "搬迁", "version": 1}, missing=INS, method="patch",
         act="instrument.change", event="instrument.changed"),
    deed("suspend_instrument", "/instruments/{thermometer}/suspension", "customer", "reviewer",
         {"reason": "示值异常"}, missing=INS, act="instrument.suspend", event="instrument.suspended"),
    deed("restore_instrument", "/instruments/{suspended_thermometer}/restoration", "receptionist", "auditor",
         {"reason": "已修复"}, missing=INS, act="instrument.restore", event="instrument.restored"),
    deed("retire_instrument", "/instruments/{suspended_thermometer}/retirement", "receptionist", "signatory",
         {"reason": "报废"}, missing=INS, act="instrument.retire", event="instrument.retired"),
)  # fmt: skip
WORK_DEEDS = (
    deed("open_commission", "/commissions", "customer", "technician", NEW_COMMISSION, status=201,
         act="commission.open", event="commission.opened"),
    deed("add_item", "/commissions/{open_commission}/items", "receptionist", "reviewer",
         {"instrument_id": "{thermometer}"}, status=201, missing=COM,
         act="commission.add_item", event="commission.item_added"),
    deed("accept_commission", "/commissions/{open_commission}/acceptance", "receptionist", "customer", AGREEMENT,
         missing=COM, act="commission.accept", event="commission.accepted"),
    deed("cancel_commission", "/commissions/{open_commission}/cancellation", "receptionist", "customer",
         {"reason": "客户撤回"}, missing=COM, act="commission.cancel", event="commission.cancelled"),
    deed("receive_item", "/items/{expected_item}/receipt", "receptionist", "customer",
         {"condition": {"zh": "完好", "en": "in good order"}, "place": "A-3"}, missing=COM,
         act="item.receive", event="item.received"),
    deed("hand_item_over", "/items/{accepted_item}/hand-over", "receptionist", "technician",
         {"to": "in_laboratory", "place": "201"}, missing=COM, act="item.hand_over", event="item.handed_over"),
    deed("start_calibration", "/calibrations", "technician", "reviewer", NEW_RECORD, status=201,
         act="calibration.start", event="calibration.started"),
    deed("record_calibration", "/calibrations/{draft}", "technician", "signatory", {"cells": [CELL]}, missing=CAL,
         method="patch", act="calibration.record"),
    deed("take_over_calibration", "/calibrations/{draft}/takeover", "second technician", "reviewer",
         {"reason": "李小量出差"}, missing=CAL, act="calibration.take_over", event="calibration.taken_over"),
    deed("submit_calibration", "/calibrations/{draft}/submission", "technician", "signatory", {}, missing=CAL,
         act="calibration.submit", event="calibration.submitted"),
    deed("amend_reading", "/calibrations/{submitted}/amendments", "technician", "reviewer",
         CELL | {"reason": "抄错一位"}, missing=CAL,
         act="calibration.amend_reading", event="calibration.reading_amended"),
    deed("review_calibration", "/calibrations/{submitted}/review", "reviewer", "signatory",
         {"seen_digest": "{submitted_digest}"}, missing=CAL,
         act="calibration.review", event="calibration.reviewed"),
    deed("return_calibration", "/calibrations/{submitted}/return", "reviewer", "technician",
         {"reason": "环境条件缺湿度"}, missing=CAL, act="calibration.return", event="calibration.returned"),
    deed("approve_certificate", "/calibrations/{reviewed}/approval", "signatory", "reviewer",
         {"seen_digest": "{preview_digest}", "password": PASSWORD}, status=201, missing=CAL,
         act="certificate.approve", event="certificate.numbered"),
    deed("amend_certificate", "/certificates/{issued}/amendment", "signatory", "reviewer", {"reason": BOTH},
         status=201, missing=CER, act="certificate.amend", event="certificate.amendment_opened"),
    deed("withdraw_certificate", "/certificates/{issued}/withdrawal", "signatory", "quality_manager",
         {"reason": BOTH, "password": PASSWORD}, missing=CER,
         act="certificate.withdraw", event="certificate.withdrawn"),
    deed("void_certificate", "/certificates/{numbered}/voiding", "signatory", "receptionist", {"reason": BOTH},
         missing=CER, act="certificate.void", event="certificate.voided"),
)  # fmt: skip
DEEDS = (*LEDGER_DEEDS, *WORK_DEEDS)
QUESTIONS = (
    deed("ask_topic", "/science/topics/decision", "customer", "",
         {"rule": "simple", "mpe": "0.05", "error": "0.03"}),
    deed("evaluate_uncertainty", "/science/uncertainty", "regulator", "",
         {"model": {"expr": {"y": "2*x"}}, "inputs": [{"name": "x", "mean": "1.50", "u": "0.1"}]}),
)  # fmt: skip
"""What computes and leaves nothing: no act, no event, no kept answer."""
OPERATIONS = (*READS, *DEEDS, *QUESTIONS)
UPLOADS = ("add_digital_certificate", "add_document")
"""Tested with their files in ``test_uploads.py``; who may is the same as for paper."""
CHARTS = ("read_control_chart",)
"""Needs ten checks first: ``test_standards_doors.py``."""
PUBLIC = (
    "check_by_number", "check_by_identifier", "check_file", "ask_register", "report_fake", "read_authority",
    "read_revocation_list", "list_document_kinds", "check_documents", "check_structures", "read_quantities",
    "convert_document", "migrate_document", "compare_documents", "follow_documents",
)  # fmt: skip
SOON = (TODAY + timedelta(days=30)).isoformat()
