"""A whole certificate to test with: the thermometer of GUM annex H.3, in a fictional institute.

The readings behind it are those of JCGM 100:2008, table H.6: thermometer readings t_k between 21.521 °C and
26.511 °C, corrections b_k = t_R,k - t_k between -0.171 °C and -0.160 °C.
"""

from dataclasses import replace
from typing import Any

from jialiang.formats.content import (
    Address,
    CertificateContent,
    CertificateReference,
    Column,
    Identification,
    InfluenceCondition,
    Item,
    MeasuringEquipment,
    Method,
    Party,
    ResponsiblePerson,
    ResultTable,
    Statement,
    Trust,
)
from jialiang.kernel.text import Text

# JCGM 100:2008, table H.6, columns t_k and b_k as printed.
H3_READINGS = (
    "21.521", "22.012", "22.512", "23.003", "23.507", "23.999",
    "24.513", "25.002", "25.503", "26.010", "26.511",
)  # fmt: skip
H3_CORRECTIONS = (
    "-0.171", "-0.169", "-0.166", "-0.159", "-0.164", "-0.165",
    "-0.156", "-0.157", "-0.159", "-0.161", "-0.160",
)  # fmt: skip

INSTITUTE = Party(
    name=Text("示例省计量科学研究院（虚构）", "Sample Institute of Metrology (fictional)"),
    address=Address(
        city=Text("示例市", "Sample City"), street=Text("嘉量路 9 号", "9 Jialiang Road"),
        postal_code="100000", region_code="110000",
    ),
    credit_code="91110000600037341L", gln="6901234000009", phone="+86 10 5550 0000",
    email="office@institute.example", website="https://institute.example/",
    laboratory_code="CNAS L00000", fictional=True,
)  # fmt: skip
CUSTOMER = Party(
    name=Text("示例制药有限公司（虚构）", "Sample Pharma Ltd (fictional)"),
    address=Address(city=Text("示例市", "Sample City"), street=Text("药都路 1 号", "1 Pharma Road")),
    credit_code="91350100M000100Y43",
    fictional=True,
)
NATIONAL_CERTIFICATE = CertificateReference(
    referral=Text("国家计量院（虚构）校准证书", "Certificate of the national institute (fictional)"),
    number="NIM-2026-000001", procedure="c14n-sha256", digest="ab" * 32, valid_until="2027-05-31",
    linked=CertificateReference(
        referral=Text("国家温度基准文件", "File of the national standard"),
        number="T-1990", procedure="analogue", digest="",
    ),
)  # fmt: skip
STANDARD = MeasuringEquipment(
    key="standard", name=Text("标准铂电阻温度计", "Standard platinum resistance thermometer"),
    manufacturer=Text("示例仪器厂", "Sample Instruments"), model="SPRT-25", serial_number="S-0042",
    inventory_number="MS-2026-01", measuring_interval=Text("(0～100) ℃", "0 °C to 100 °C"),
    uncertainty_statement=Text("U=0.010 ℃，k=2", "U = 0.010 °C, k = 2"), certificate=NATIONAL_CERTIFICATE,
)  # fmt: skip
BATH = MeasuringEquipment(
    key="bath", name=Text("恒温槽", "Thermostatic bath"), manufacturer=Text("示例仪器厂", "Sample Instruments"),
    model="TB-1", serial_number="B-7", is_reference=False,
)  # fmt: skip


def sample_table() -> ResultTable:
    """The table of H.3: reference temperature, indication and correction with U, k and p."""
    rows = len(H3_READINGS)
    return ResultTable(
        name=Text("温度计示值修正值", "Corrections of the thermometer"),
        columns=(
            Column("basic_referenceValue", Text("参考温度", "Reference temperature"), "\\degreecelsius",
                   ("21.350", "21.843", "22.346", "22.844", "23.343", "23.834",
                    "24.357", "24.845", "25.344", "25.849", "26.351"), equipment_keys=("standard",)),
            Column("basic_measuredValue", Text("示值", "Indication"), "\\degreecelsius", H3_READINGS),
            Column("gp_correction", Text("修正值", "Correction"), "\\degreecelsius", H3_CORRECTIONS,
                   expanded_uncertainties=("0.018",) * rows, coverage_factors=("2.00",) * rows,
                   coverage_probability="0.95", distribution="normal",
                   conformities=("pass",) * rows, method_keys=("method", "gum")),
        ),
        note=Text("修正值 = 参考温度 − 示值。", "Correction = reference temperature − indication."),
    )  # fmt: skip


def sample_statements() -> tuple[Statement, ...]:
    """Traceability, decision rule and conformity."""
    return (
        Statement("jl_traceability", Text("溯源性", "Traceability"),
                  Text("测量结果可溯源至国际单位制（SI）。", "The results are traceable to the SI."),
                  norm="ISO/IEC 17025:2017", reference="6.5"),
        Statement("jl_decisionRule", Text("判定规则", "Decision rule"),
                  Text("简单接受，w = 0。", "Simple acceptance, w = 0."), norm="ILAC-G8:09/2019"),
        Statement("basic_conformity", Text("符合性", "Conformity"),
                  Text("符合最大允许误差 ±0.3 ℃。", "Complies with the MPE of ±0.3 °C."), conformity="pass"),
    )  # fmt: skip


def sample_content(**changes: Any) -> CertificateContent:
    """A complete, valid calibration certificate; ``changes`` replace members of it."""
    return replace(_SAMPLE, **changes)


_SAMPLE = CertificateContent(
    kind="calibration", number="JZ2026-000123", identifier="10.9999/jl.2026.000123",
    check_code="K7QM3XRD9FWTP", check_url="https://check.institute.example/c/JZ2026-000123",
    institute=INSTITUTE, customer=CUSTOMER,
    items=(Item(
        name=Text("水银温度计", "Mercury-in-glass thermometer"), manufacturer=Text("示例玻璃厂", "Sample Glassworks"),
        model="WLB-11", serial_number="A-1987-003", measuring_interval=Text("(20～30) ℃", "20 °C to 30 °C"),
        accuracy_class="0.05", condition_on_receipt=Text("外观完好", "No visible damage"),
        identifications=(Identification("customer", "TI-301", Text("管理编号", "Asset number")),),
    ),),
    commission_number="W2026-0456", record_number="R2026-0456-1",
    receipt_date="2026-06-10", begin_date="2026-06-15", end_date="2026-06-15", issue_date="2026-06-16",
    signing_time="2026-06-16T07:47:30Z", time_zone="Asia/Shanghai", performance_location="laboratory",
    performance_address=Text("示例市嘉量路 9 号温度实验室", "Temperature laboratory, 9 Jialiang Road, Sample City"),
    methods=(
        Method("method", Text("工作用玻璃液体温度计检定规程（比较法）", "Comparison in a bath"), norm="JJG 130-2011"),
        Method("gum", Text("测量不确定度评定", "Evaluation of measurement uncertainty"), norm="JJF 1059.1-2012",
               description=Text("U 为扩展不确定度，k 为包含因子。", "U is expanded, k the coverage factor."),
               is_uncertainty_method=True),
    ),
    equipment=(STANDARD, BATH),
    conditions=(
        InfluenceCondition("temperature", Text("环境温度", "Ambient temperature"), "19.8", "20.4", "\\degreecelsius"),
        InfluenceCondition("humidityRelative", Text("相对湿度", "Relative humidity"), "45", "52", "\\percent"),
        InfluenceCondition("pressure", Text("大气压", "Ambient pressure"), "100.9", "101.2", "\\kilo\\pascal"),
    ),
    results=(sample_table(),), statements=sample_statements(),
    persons=(
        ResponsiblePerson(Text("甲（虚构）", "Person A (fictional)"), Text("检定员", "Technician"), "calibrated"),
        ResponsiblePerson(Text("乙（虚构）", "Person B (fictional)"), Text("核验员", "Reviewer"), "reviewed"),
        ResponsiblePerson(Text("丙（虚构）", "Person C (fictional)"), Text("授权签字人", "Signatory"),
                          "approved", True),
    ),
    trust=Trust(
        signer=Text("示例省计量科学研究院证书专用章（虚构）", "Seal of the Sample Institute (fictional)"),
        signer_kind="institute_seal", authority=Text("嘉量演示根 CA（虚构）", "Jialiang demo root CA (fictional)"),
        authority_fingerprint="CD" * 32, domain="check.institute.example",
    ),
    software_name="Jialiang", software_release="0.1.0", due_date="2027-06-14",
    conclusion=Text("所校准项目符合最大允许误差要求。", "The calibrated items comply with the MPE."),
)  # fmt: skip
