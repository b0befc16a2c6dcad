"""A certificate with everything that pages have to show; people and organizations are fictional."""

from __future__ import annotations

import dataclasses
from pathlib import Path

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

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "node_modules"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<dcc schemaVersion="3.3.0">示值误差 −0.006 &amp; 更多</dcc>\n'.encode()
XML_NAME = "YZ-2026-T-004217.xml"
CHECK_URL = "https://check.yunze.example/c/88.999.1/YZ-2026-T-004217?k=K7QM3XRD9FWTP"
FINGERPRINT = "9C417E02B855D31AF06B2D9910AA53C7E4812B6F0D3391C85E77A1046B9F2ED4"

INSTITUTE = Party(
    name=Text("云泽市计量测试院", "Yunze Institute of Metrology"),
    address=Address(Text("云泽市", "Yunze"), Text("度量路 5 号", "5 Duliang Road"), "999050"),
    phone="0100-5550 0187",
    laboratory_code="L00000",
    website="yunze.example",
    fictional=True,
)
CUSTOMER = Party(
    name=Text("晨星乳业有限公司", "Morningstar Dairy Co., Ltd."),
    address=Address(Text("云泽市", "Yunze"), Text("牧原大道 18 号", "18 Muyuan Avenue"), "999012"),
)
THERMOMETER = Item(
    name=Text("数字温度计", "Digital thermometer"),
    manufacturer=Text("北辰仪表（虚构）", "Beichen Instruments (fictional)"),
    model="TDX-200",
    identifications=(Identification("manufacturer", "T2104-0387"), Identification("owner", "CX-WD-031")),
    serial_number="T2104-0387",
    measuring_interval=Text("−30 ℃ ~ 150 ℃", "−30 °C to 150 °C"),
    condition_on_receipt=Text("外观完好，通电正常", "No visible damage, works"),
)
LINK = CertificateReference(
    referral=Text("国家计量院（虚构）", "National Metrology Institute (fictional)"),
    number="NMI-2025-T-00007",
    procedure="c14n-sha256",
    digest="0f" * 32,
)
PROBE = MeasuringEquipment(
    key="prt",
    name=Text("精密铂电阻温度计", "Precision platinum resistance thermometer"),
    manufacturer=Text("北辰仪表（虚构）", "Beichen Instruments (fictional)"),
    model="PRT-25",
    serial_number="PRT-25-07",
    measuring_interval=Text("−40 ℃ ~ 200 ℃", "−40 °C to 200 °C"),
    uncertainty_statement=Text("U = 0.006 ℃ (k = 2)", "U = 0.006 °C (k = 2)"),
    certificate=CertificateReference(
        referral=Text(
            "东岚省计量科学研究院（虚构）", "Donglan Provincial Institute of Metrology (fictional)"
        ),
        number="DL-2025-T-00312",
        procedure="c14n-sha256",
        digest="a41b7c0de5f60912" * 4,
        valid_until="2026-08-14",
        linked=LINK,
    ),
)
BATH = MeasuringEquipment(
    key="bath",
    name=Text("恒温油槽", "Oil bath"),
    manufacturer=Text("北辰仪表（虚构）", "Beichen Instruments (fictional)"),
    model="OB-300",
    serial_number="OB-0012",
    uncertainty_statement=Text("均匀性 0.005 ℃", "Uniformity 0.005 °C"),
    is_reference=False,
)
DEGREE = r"\degreecelsius"
REFERENCE = Column(
    "basic_referenceValue",
    Text("参考温度", "Reference temperature"),
    DEGREE,
    ("-20.006", "0.002", "20.013", "40.008", "60.021", "79.994", "100.011"),
)
INDICATION = Column(
    "basic_measuredValue",
    Text("示值", "Indication"),
    DEGREE,
    ("-20.012", "0.006", "20.031", "40.031", "60.050", "80.032", "100.042"),
)
ERROR = Column(
    "basic_measurementError",
    Text("示值误差", "Error of indication"),
    DEGREE,
    ("-0.006", "0.004", "0.018", "0.023", "0.029", "0.038", "0.031"),
    expanded_uncertainties=("0.014", "0.010", "0.012", "0.013", "0.014", "0.016", "0.017"),
    coverage_factors=("2",) * 7,
    coverage_probability="0.95",
    conformities=("pass", "pass", "pass", "pass", "pass", "conditionalPass", "pass"),
)
RESULTS = ResultTable(
    Text("温度示值误差", "Errors of the indicated temperature"),
    (REFERENCE, INDICATION, ERROR),
    note=Text("示值误差 = 示值 − 参考温度。", "Error of indication = indication − reference temperature."),
)


def certificate_content(**changes: object) -> CertificateContent:
    """Return the thermometer's certificate with ``changes`` of its members."""
    content = CertificateContent(
        kind="calibration",
        number="YZ-2026-T-004217",
        identifier="88.999.1/YZ-2026-T-004217",
        check_code="K7QM3XRD9FWTP",
        check_url=CHECK_URL,
        institute=INSTITUTE,
        customer=CUSTOMER,
        items=(THERMOMETER,),
        commission_number="C-2026-01873",
        record_number="R-2026-T-003311",
        begin_date="2026-06-15",
        end_date="2026-06-16",
        issue_date="2026-06-16",
        signing_time="2026-06-16T07:47:30Z",
        time_zone="Asia/Shanghai",
        performance_location="laboratory",
        performance_address=Text("云泽市度量路 5 号 201 室", "Room 201, 5 Duliang Road, Yunze"),
        methods=(
            Method(
                "m1", Text("数字温度计校准方法（比较法）", "Digital thermometers: comparison"), "YZ-TM-07"
            ),
            Method(
                "m2",
                Text("测量不确定度评定与表示", "Evaluation and expression of uncertainty"),
                "JJF 1059.1-2012",
                is_uncertainty_method=True,
            ),
        ),
        equipment=(PROBE, BATH),
        conditions=(
            InfluenceCondition(
                "temperature", Text("环境温度", "Ambient temperature"), "22.9", "23.3", DEGREE
            ),
            InfluenceCondition(
                "humidityRelative", Text("相对湿度", "Relative humidity"), "45", "45", r"\percent"
            ),
        ),
        results=(RESULTS,),
        statements=(
            Statement(
                "basic_metrologicalTraceability",
                Text("溯源性", "Traceability"),
                Text(
                    "测量结果经东岚省计量科学研究院（虚构）的计量标准溯源至国家计量基准。",
                    "Results are traceable through the standards of the Donglan institute (fictional) to the "
                    "national standard of temperature.",
                ),
            ),
            Statement(
                "basic_conformity",
                Text("符合性判定规则", "Decision rule"),
                Text(
                    "按最大允许误差 ±0.050 ℃（委托方规定）判定，保护带 w = U。误差在允差内、但与 U 之和超过允差的点，"
                    "判为“有条件符合”。",
                    "Maximum permissible error ±0.050 °C (set by the customer), guard band w = U. A point whose "
                    "error lies within the limits, but not together with U, is a conditional pass.",
                ),
                norm="JCGM 106:2012",
            ),
        ),
        persons=(
            ResponsiblePerson(Text("李小量", "Li Xiaoliang"), Text("校准员", "Technician"), "calibrated"),
            ResponsiblePerson(Text("陈同律", "Chen Tonglü"), Text("核验员", "Reviewer"), "reviewed"),
            ResponsiblePerson(
                Text("周子钧", "Zhou Zijun"),
                Text("授权签字人", "Authorized signatory"),
                "approved",
                main_signer=True,
            ),
        ),
        trust=Trust(
            signer=Text("云泽市计量测试院", "Yunze Institute of Metrology"),
            signer_kind="institute_seal",
            authority=Text("嘉量示范根证书机构", "Jialiang demonstration authority"),
            authority_fingerprint=FINGERPRINT,
            domain="check.yunze.example",
        ),
        software_name="Jialiang 嘉量",
        software_release="0.1.0",
        receipt_date="2026-06-11",
        due_date="2027-06-15",
    )
    return dataclasses.replace(content, **changes)
