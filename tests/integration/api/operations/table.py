"""Every operation that needs a person, as a table: who may, who may not, what is sent, what comes back, what it leaves.

Texts ``{name}`` in addresses and bodies stand for things of the institute in full work (``house.py``). ``may_not`` is a
role of the matrix that has other rights and not this one; where every role has the right it is empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from tests.functions.record_world import CELSIUS, PASSWORD, POINTS, credit_code

TODAY = date.today()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
LBT, UPN = "JL-LBT-004", "JL-UPN-001"
PFX, APP, HID, TPL = "JL-PFX-003", "JL-PFX-011", "JL-HID-004", "JL-TPL-005"
ORG, INS, STD, COM, CAL, CER, ACC, TOK = (
    "JL-ORG-007", "JL-INS-004", "JL-STD-004", "JL-COM-003", "JL-CAL-011", "JL-CER-001", "JL-ACC-001", "JL-TOK-004",
)  # fmt: skip
UBG = "JL-UBG-004"
CMP = "JL-CMP-003"
BUDGET_VERSION = {
    "unit": CELSIUS,
    "minimum": "0",
    "document": {
        "model": {"expr": {"E": "x + d"}},
        "inputs": [
            {
                "name": "x",
                "readings": ["0.1", "0.2"],
                "from": {"source": "readings", "quantity": "indication - standard"},
            },
            {"name": "d", "U": "0.02", "k": "2", "from": {"source": "certificate"}},
        ],
    },
}
NEW_BUDGET = BUDGET_VERSION | {
    "name": {"zh": "示值误差评定", "en": "Error of indication"},
    "procedure": "repeated_comparison",
}
NEW_ROUND = {
    "name": {"zh": "1 kg 砝码比对", "en": "Comparison of a 1 kg weight"},
    "quantity": {"zh": "质量偏差", "en": "mass deviation"},
    "unit": "\\milli\\gram",
    "assigned_by": "weighted_mean",
    "artefacts": [{"name": {"zh": "1 kg 砝码", "en": "1 kg weight"}}],
}
NEW_RESULT = {
    "participant_id": "{participant}",
    "measured_value": "10.01",
    "expanded_uncertainty": "0.02",
    "coverage_factor": "2",
}
IDE = "JL-IDE-003"
PREFIX = settings.JIALIANG.identifier_prefix
NEW_IDENTIFIER = {
    "name": f"{PREFIX}/WLB-21-2024",
    "values": [{"index": 1, "type": "URL", "data": {"format": "string", "value": "https://example.org/7"}}],
    "codes": [{"system": "GIAI", "code": "40123459"}],
}
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
SITE = {
    "servers": [{"address": "203.0.113.7", "interfaces": [{"query": True, "protocol": "TCP", "port": 2641}]}],
}
NEW_ITEM = {"index": 2009, "type": "COLOUR", "name": {"zh": "颜色", "en": "Colour"}}
NEW_LABEL = {"code": "own-60x40", "name": {"zh": "状态标签", "en": "Status label"}, "width": "60", "height": "40",
             "band": True, "sheet": "a4:3x6:10,10:2,2"}
NEW_TEMPLATE = {"prefix": "88.101.5", "code": "V9", "name": {"zh": "压力表", "en": "Gauge"}, "items": [NEW_ITEM]}
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
    read("read_standard_tests", "/measurement-standards/{standard}/jjf1033", "reviewer", "customer", STD),
    read("read_trend", "/trends?instrument_id={thermometer}", "customer", missing=INS),
    read("read_interval_proposals", "/interval-proposals?instrument_id={thermometer}", "technician", missing=INS),
    read("list_instruments", "/instruments", "customer"),
    read("read_instrument", "/instruments/{thermometer}", "customer", missing=INS),
    read("read_resolution_statistics", "/resolution-statistics", "quality_manager", "technician", query={"by": "kind"}),
    read("list_sent_node_reports", "/node-reports/sent", "auditor", "technician"),
    read("read_sent_node_report", "/node-reports/sent/{node_report}", "identifier_operator", "technician", UPN),
    read("download_sent_node_report", "/node-reports/sent/{node_report}/file", "regulator", "signatory", UPN,
         media_type="application/vnd.jialiang.node-report+gzip"),
    read("download_node_report_signature", "/node-reports/sent/{node_report}/signature", "auditor", "customer", UPN,
         media_type="application/jwt"),
    read("list_received_reports", "/node-reports", "auditor", "technician"),
    read("read_received_report", "/node-reports/{received_report}", "quality_manager", "customer", "JL-NOD-010"),
    read("download_received_report", "/node-reports/{received_report}/file", "regulator", "signatory", "JL-NOD-010",
         media_type="application/vnd.jialiang.node-report+gzip"),
    read("list_subordinate_nodes", "/subordinate-nodes", "quality_manager", "technician"),
    read("read_subordinate_sums", "/subordinate-nodes/sums", "auditor", "customer"),
    read("read_subordinate_node", "/subordinate-nodes/{subordinate_node}", "regulator", "technician", "JL-NOD-001"),
    read("read_subordinate_days", "/subordinate-nodes/{subordinate_node}/days", "identifier_operator", "signatory",
         "JL-NOD-001"),
    read("list_site_proposals", "/subordinate-nodes/{subordinate_node}/site-proposals", "auditor", "receptionist",
         "JL-NOD-001"),
    read("read_upper_node", "/upper-node", "quality_manager", "technician"),
    read("read_frozen_days", "/resolution-statistics/days", "quality_manager", "technician"),
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
    read("list_identifiers", "/identifiers", "customer"),
    read("read_identifier", "/identifiers/{identifier}", "customer", missing=IDE),
    read("read_identifier_history", "/identifiers/{identifier}/history", "customer", missing=IDE),
    read("read_instrument_chain", "/instruments/{thermometer}/chain", "customer", missing=INS),
    read("read_certificate_chain", "/certificates/{issued}/chain", "customer", missing=CER),
    read("read_standard_chain", "/measurement-standards/{standard}/chain", "standards_keeper", missing=STD),
    read("read_queue", "/queue", "receptionist"),
    read("search_everything", "/search", "receptionist", query={"text": "T2104-0387"}),
    read("read_audit", "/audit", "auditor", "signatory"),
    read("read_audit_of", "/audit/instrument/{thermometer}", "quality_manager", "technician"),
    read("list_comparison_rounds", "/comparison-rounds", "technician", "customer"),
    read("read_comparison_round", "/comparison-rounds/{evaluated_round}", "auditor", "customer", CMP),
    read("read_comparison_report", "/comparison-rounds/{evaluated_round}/report", "signatory", "customer", CMP),
    read("read_comparison_table", "/comparison-rounds/{evaluated_round}/report.csv", "reviewer", "customer", CMP,
         media_type="text/csv"),
    read("list_uncertainty_budgets", "/uncertainty-budgets", "technician", "customer"),
    read("read_uncertainty_budget", "/uncertainty-budgets/{budget}", "auditor", "customer", UBG),
    read("read_budget_steps", "/uncertainty-budgets/{budget}/steps", "reviewer", "customer", UBG),
    read("read_budget_version", "/budget-versions/{draft_budget}", "standards_keeper", "customer", UBG),
    read("read_budget_difference", "/budget-versions/{submitted_budget}/difference", "reviewer", "customer", UBG),
    read("read_shipped_template", "/procedures/mass_comparison/budget-template", "technician", "customer"),
    read("list_prefixes", "/prefixes", "customer", "technician"),
    read("read_prefix", "/prefixes/{prefix}", "customer", "technician", PFX),
    read("read_prefix_history", "/prefixes/{prefix}/history", "identifier_operator", "reviewer", PFX),
    read("list_applications", "/prefix-applications", "customer", "technician"),
    read("read_application", "/prefix-applications/{application}", "identifier_operator", "technician", APP),
    read("download_application_document", "/prefix-applications/{application}/documents/1", "customer", "technician",
         APP, media_type="application/pdf"),
    read("list_identities", "/handle-identities", "customer", "receptionist"),
    read("read_identity", "/handle-identities/{identity}", "auditor", "technician", HID),
    read("list_instrument_marks", "/instruments/{thermometer}/marks", "technician", "identifier_operator", INS),
    read("list_identity_checks", "/instruments/{thermometer}/identity-checks", "regulator", "identifier_operator",
         INS),
    read("list_label_templates", "/label-templates", "technician", "customer"),
    read("read_label_template", "/label-templates/{label_template}", "technician", "customer", LBT),
    read("read_label_template_file", "/label-templates/{label_template}/template.json", "technician", "customer", LBT),
    read("list_templates", "/identifier-templates", "customer", "technician"),
    read("read_template", "/identifier-templates/{template}", "customer", "technician", TPL),
    read("read_template_schema", "/identifier-templates/{template}/schema.json", "identifier_operator", "technician",
         TPL, media_type="application/schema+json"),
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
    deed("register_identifier", "/identifiers", "receptionist", "technician", NEW_IDENTIFIER, status=201,
         act="identifier.register", event="identifier.registered"),
    deed("change_identifier", "/identifiers/{identifier}", "customer", "technician",
         {"values": NEW_IDENTIFIER["values"], "version": 1}, missing=IDE, method="patch",
         act="identifier.change", event="identifier.changed"),
    deed("activate_identifier", "/identifiers/{reserved_identifier}/activation", "instrument_manager", "technician",
         {"reason": "启用"}, missing=IDE, act="identifier.activate", event="identifier.activated"),
    deed("suspend_identifier", "/identifiers/{identifier}/suspension", "customer", "reviewer",
         {"reason": "疑似伪造"}, missing=IDE, act="identifier.suspend", event="identifier.suspended"),
    deed("resume_identifier", "/identifiers/{suspended_identifier}/resumption", "instrument_manager", "auditor",
         {"reason": "已核实"}, missing=IDE, act="identifier.resume", event="identifier.resumed"),
    deed("retire_identifier", "/identifiers/{identifier}/retirement", "customer", "signatory",
         {"reason": "报废"}, missing=IDE, act="identifier.retire", event="identifier.retired"),
    deed("sign_identifier", "/identifiers/{dated_identifier}/signature", "identifier_operator", "receptionist",
         {}, missing=IDE, act="identifier.sign", event="identifier.signed"),
    deed("write_identifiers", "/identifiers/batch", "receptionist", "technician",
         {"mode": "create", "items": [{"name": f"{PREFIX}/batch-1"}]},
         act="identifier.register", event="identifier.batch_completed"),
    Operation("export_identifiers", "post", "/identifiers/export", "customer", "", {"kind": "ndjson"},
              acts=("identifier.export",), media_type="application/x-ndjson"),
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
    deed("open_comparison_round", "/comparison-rounds", "quality_manager", "technician", NEW_ROUND, status=201,
         act="comparison_round.open", event="comparison_round.opened"),
    deed("enrol_participant", "/comparison-rounds/{measuring_round}/participants", "quality_manager", "technician",
         {"name": {"zh": "某院", "en": "Some institute"}}, status=201, missing=CMP,
         act="comparison_round.enrol", event="comparison_round.enrolled"),
    deed("enter_comparison_result", "/comparison-rounds/{measuring_round}/results", "technician", "reviewer",
         NEW_RESULT, missing=CMP,
         act="comparison_round.enter_result", event="comparison_round.result_entered"),
    deed("evaluate_comparison_round", "/comparison-rounds/{measuring_round}/evaluation", "technician", "reviewer",
         {}, missing=CMP, act="comparison_round.evaluate", event="comparison_round.evaluated"),
    deed("report_comparison_round", "/comparison-rounds/{evaluated_round}/report", "quality_manager", "technician",
         {"evaluation_digest": "{round_digest}"}, missing=CMP,
         act="comparison_round.report", event="comparison_round.reported"),
    deed("cancel_comparison_round", "/comparison-rounds/{measuring_round}/cancellation", "quality_manager",
         "technician", {"reason": "样品损坏"}, missing=CMP,
         act="comparison_round.cancel", event="comparison_round.cancelled"),
    deed("create_uncertainty_budget", "/uncertainty-budgets", "technician", "reviewer",
         NEW_BUDGET, status=201, act="uncertainty_budget.create", event="uncertainty_budget.created"),
    deed("change_uncertainty_budget", "/uncertainty-budgets/{budget}/versions", "standards_keeper", "reviewer",
         BUDGET_VERSION | {"maximum": "90"}, missing=UBG, act="uncertainty_budget.change"),
    deed("submit_budget", "/budget-versions/{draft_budget}/submission", "technician", "reviewer", {}, missing=UBG,
         act="uncertainty_budget.submit", event="uncertainty_budget.submitted"),
    deed("approve_budget", "/budget-versions/{submitted_budget}/release", "reviewer", "technician",
         {"seen_digest": "{budget_digest}"}, missing=UBG,
         act="uncertainty_budget.approve", event="uncertainty_budget.approved"),
    deed("return_budget", "/budget-versions/{submitted_budget}/return", "quality_manager", "standards_keeper",
         {"reason": "漏了漂移"}, missing=UBG,
         act="uncertainty_budget.return", event="uncertainty_budget.returned"),
    deed("withdraw_budget", "/budget-versions/{submitted_budget}/retraction", "reviewer", "signatory",
         {"reason": "方法作废"}, missing=UBG,
         act="uncertainty_budget.withdraw", event="uncertainty_budget.withdrawn"),
    deed("approve_certificate", "/calibrations/{reviewed}/approval", "signatory", "reviewer",
         {"seen_digest": "{preview_digest}", "password": PASSWORD}, status=201, missing=CAL,
         act="certificate.approve", event="certificate.numbered"),
    deed("amend_certificate", "/certificates/{issued}/amendment", "signatory", "reviewer", {"reason": BOTH},
         status=201, missing=CER, act="certificate.amend", event="certificate.amendment_opened"),
    deed("attest_certificate", "/certificates/{issued}/attestation", "signatory", "reviewer",
         {"scheme_number": "YZ-CS-02", "password": PASSWORD}, status=201, missing=CER,
         act="certificate.attest", event="certificate.attested"),
    deed("withdraw_certificate", "/certificates/{issued}/withdrawal", "signatory", "quality_manager",
         {"reason": BOTH, "password": PASSWORD}, missing=CER,
         act="certificate.withdraw", event="certificate.withdrawn"),
    deed("void_certificate", "/certificates/{numbered}/voiding", "signatory", "receptionist", {"reason": BOTH},
         missing=CER, act="certificate.void", event="certificate.voided"),
)  # fmt: skip
NAMESPACE_DEEDS = (
    deed("add_prefix", "/prefixes", "identifier_operator", "customer",
         {"text": "88.101.77", "holder_id": "{customer}", "quota": 100}, status=201,
         act="prefix.add", event="prefix.added"),
    deed("delegate_prefix", "/prefixes/{prefix}/delegation", "identifier_operator", "customer", {"site": SITE},
         missing=PFX, act="prefix.delegate", event="prefix.delegated"),
    deed("suspend_prefix", "/prefixes/{prefix}/suspension", "identifier_operator", "system_administrator",
         {"reason": "欠费"}, missing=PFX, act="prefix.suspend", event="prefix.suspended"),
    deed("resume_prefix", "/prefixes/{suspended_prefix}/resumption", "identifier_operator", "customer", {},
         missing=PFX, act="prefix.resume", event="prefix.resumed"),
    deed("transfer_prefix", "/prefixes/{second_level}/transfer", "identifier_operator", "customer",
         {"holder_id": "{customer}", "reason": "并购"}, missing=PFX,
         act="prefix.transfer", event="prefix.transferred"),
    deed("change_quota", "/prefixes/{prefix}/quota", "identifier_operator", "customer", {"quota": 5, "version": 1},
         missing=PFX, method="patch", act="prefix.set_quota", event="prefix.quota_changed"),
    deed("withdraw_prefix", "/prefixes/{prefix}/recall", "identifier_operator", "receptionist",
         {"reason": "停业"}, missing=PFX, act="prefix.withdraw", event="prefix.withdrawn"),
    deed("approve_application", "/prefix-applications/{application}/grant", "identifier_operator", "customer",
         {"quota": 2000}, missing=APP, act="prefix.approve", event="prefix.approved"),
    deed("refuse_application", "/prefix-applications/{application}/refusal", "identifier_operator", "receptionist",
         {"reason": "执照过期"}, missing=APP, act="prefix.refuse", event="prefix.refused"),
    deed("withdraw_application", "/prefix-applications/{application}/retraction", "customer", "identifier_operator",
         {"reason": "填错"}, missing=APP, act="prefix.withdraw_application", event="prefix.application_withdrawn"),
    deed("add_identity", "/handle-identities", "customer", "receptionist", {"identity": "301:88.101.5/x"}, status=201,
         act="handle_identity.add", event="handle_identity.added"),
    deed("revoke_identity", "/handle-identities/{identity}/revocation", "customer", "technician", {"reason": "离职"},
         missing=HID, act="handle_identity.revoke", event="handle_identity.revoked"),
    deed("record_instrument_mark", "/instruments/{thermometer}/marks", "technician", "auditor",
         {"role": "seal", "code": "F-0007", "put_on": "2026-06-16"}, status=201, missing=INS,
         act="instrument_mark.record", event="instrument_mark.recorded"),
    deed("remove_instrument_mark", "/instrument-marks/{other_mark}/removal", "technician", "auditor",
         {"reason": "铅封破损"}, missing="JL-MRK-003", act="instrument_mark.remove", event="instrument_mark.removed"),
    deed("check_instrument_identity", "/instruments/{thermometer}/identity-checks", "regulator", "auditor",
         {"found": [{"code": "M-1", "role": "production"}]}, status=201, missing=INS,
         act="instrument_mark.check", event="instrument_mark.checked"),
    deed("create_label_template", "/label-templates", "identifier_operator", "technician", NEW_LABEL, status=201,
         act="label_template.create", event="label_template.created"),
    deed("change_label_template", "/label-templates/{label_template}", "identifier_operator", "auditor",
         {"letters": 6, "version": 1}, missing=LBT, method="patch",
         act="label_template.change", event="label_template.changed"),
    deed("withdraw_label_template", "/label-templates/{other_label_template}/recall", "identifier_operator",
         "technician", {}, missing=LBT, act="label_template.withdraw", event="label_template.withdrawn"),
    Operation("print_some_labels", "post", "/labels", "technician", "",
              {"instrument_ids": ["{thermometer}"], "template": "small-20x12"}, media_type="application/pdf"),
    deed("register_subordinate_node", "/subordinate-nodes", "identifier_operator", "auditor",
         {"prefix": "88.101", "name": {"zh": "节点"}}, status=201,
         act="subordinate_node.register", event="subordinate_node.registered"),
    deed("suspend_subordinate_node", "/subordinate-nodes/{subordinate_node}/suspension", "identifier_operator",
         "auditor", {"reason": "超期"}, missing="JL-NOD-001", act="subordinate_node.suspend",
         event="subordinate_node.suspended"),
    deed("renew_node_token", "/subordinate-nodes/{subordinate_node}/token", "identifier_operator",
         "system_administrator", {}, status=201, missing="JL-NOD-001", act="subordinate_node.renew_token",
         event="subordinate_node.token_renewed"),
    deed("refuse_node_site", "/site-proposals/{site_proposal}/refusal", "identifier_operator", "auditor",
         {"reason": "未约定"}, missing="JL-NOD-011", act="subordinate_node.refuse_site",
         event="subordinate_node.site_refused"),
    deed("make_node_reports", "/node-reports/sent", "identifier_operator", "auditor",
         {"day": YESTERDAY, "kinds": ["templates"]}, status=201,
         act="node_report.make", event="node_report.made"),
    deed("send_node_report_again", "/node-reports/sent/{node_report}/sending", "system_administrator", "regulator", {},
         missing=UPN, act="node_report.send", event="node_report.queued"),
    deed("send_outstanding_node_reports", "/node-reports/sending", "identifier_operator", "quality_manager", {},
         act="node_report.send", event="node_report.queued"),
    deed("create_template", "/identifier-templates", "customer", "receptionist", NEW_TEMPLATE, status=201,
         act="identifier_template.create", event="identifier_template.created"),
    deed("change_template", "/identifier-templates/{template}", "customer", "auditor",
         {"items": [NEW_ITEM], "version": 1}, missing=TPL, method="patch",
         act="identifier_template.change", event="identifier_template.changed"),
    deed("publish_template", "/identifier-templates/{template}/publication", "customer", "technician", {},
         missing=TPL, act="identifier_template.publish", event="identifier_template.published"),
    deed("withdraw_template", "/identifier-templates/{template}/recall", "customer", "technician",
         {"reason": "换版"}, missing=TPL, act="identifier_template.withdraw", event="identifier_template.withdrawn"),
    deed("check_template_values", "/identifier-templates/{template}/check", "customer", "technician",
         {"values": [{"index": 2000, "type": "SERIAL", "data": "7"}]}, missing=TPL),
)  # fmt: skip
DEEDS = (*LEDGER_DEEDS, *WORK_DEEDS, *NAMESPACE_DEEDS)
QUESTIONS = (
    deed("ask_topic", "/science/topics/decision", "customer", "",
         {"rule": "simple", "mpe": "0.05", "error": "0.03"}),
    deed("evaluate_uncertainty", "/science/uncertainty", "regulator", "",
         {"model": {"expr": {"y": "2*x"}}, "inputs": [{"name": "x", "mean": "1.50", "u": "0.1"}]}),
    deed("recognise_code", "/scans", "regulator", "", {"text": "2024-0317"}),
    deed("convert_uncertainty", "/science/uncertainty/convert?to=gtc", "auditor", "",
         {"model": {"expr": {"y": "2*x"}}, "inputs": [{"name": "x", "mean": "1.50", "u": "0.1"}]}),
)  # fmt: skip
"""What computes and leaves nothing: no act, no event, no kept answer."""
OPERATIONS = (*READS, *DEEDS, *QUESTIONS)
UPLOADS = ("add_digital_certificate", "add_document", "apply_for_prefix", "list_certificate_values", "receive_report",
           "resume_subordinate_node", "accept_node_site",
           "take_certificate_input")  # fmt: skip
"""Tested with what they need in ``test_uploads.py``, ``test_science.py``, ``test_subordinate_doors.py``;
who may is the same as for paper."""
CHARTS = ("read_control_chart",)
"""Needs ten checks first: ``test_standards_doors.py``."""
PUBLIC = (
    "check_by_number", "check_by_identifier", "check_file", "ask_register", "report_fake", "read_authority",
    "check_identifier_signature",
    "read_revocation_list", "list_document_kinds", "check_documents", "ask_genuineness", "check_structures",
    "read_quantities",
    "convert_document", "migrate_document", "compare_documents", "follow_documents", "read_did_document",
    "list_code_systems", "check_code",
)  # fmt: skip
SOON = (TODAY + timedelta(days=30)).isoformat()
