"""The rules of good practice as a table: what breaks each of them (and nothing else), where, and in which words."""

from dataclasses import dataclass
from datetime import date

import pytest
from tests.formats.dcc_samples import (
    certificate_with,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
    reference,
)

from jialiang.formats.dcc.rules.catalogue import rules
from jialiang.formats.dcc.rules.checking import check_numbers, check_rules
from jialiang.formats.xml.parsing import parse_xml

METRE, KELVIN, CELSIUS, ONE, PERCENT = "\\metre", "\\kelvin", "\\degreecelsius", "\\one", "\\percent"
PLAIN = certificate_with().decode()
TODAY = date(2026, 3, 10)


def edited(before, after, text=PLAIN):
    """A certificate with one text replaced, which has to be there."""
    assert before in text, before
    return text.replace(before, after, 1)


def without(start, end, text=PLAIN):
    """A certificate without what stands from one text to the end of another."""
    first = text.index(start)
    return text[:first] + text[text.index(end, first) + len(end) :]


def around(inside, **more):
    """A certificate of the quantities given."""
    return certificate_with(inside, **more).decode()


def one(value, unit=METRE, uncertainty="", **more):
    """A certificate of one quantity."""
    return around(quantity(real(value, unit, uncertainty), **more))


def hybrid(*writings):
    """A certificate of one quantity in several writings."""
    return around(quantity(f"<si:hybrid>{''.join(writings)}</si:hybrid>"))


def columns(**values):
    """A certificate of one list whose quantities are named by their refType."""
    made = (
        quantity(real_list(v, KELVIN), attributes=f'refType="basic_{name}"') for name, v in values.items()
    )
    return around(f"<dcc:list>{''.join(made)}</dcc:list>")


def standard(u):
    return (
        "<si:measurementUncertaintyUnivariate><si:standardMU><si:valueStandardMU>"
        f"{u}</si:valueStandardMU></si:standardMU></si:measurementUncertaintyUnivariate>"
    )


def interval(low, high):
    return (
        f"<si:coverageInterval><si:standardUnc>0.1</si:standardUnc><si:intervalMin>{low}</si:intervalMin>"
        f"<si:intervalMax>{high}</si:intervalMax><si:coverageProbability>0.95</si:coverageProbability>"
        "</si:coverageInterval>"
    )


def relative(stated, unit=ONE):
    return (
        f"<dcc:relativeUncertainty><dcc:relativeUncertaintySingle><si:value>{stated}</si:value>"
        f"<si:unit>{unit}</si:unit></dcc:relativeUncertaintySingle></dcc:relativeUncertainty>"
    )


def relative_list(stated, unit=ONE):
    return (
        f"<dcc:relativeUncertainty><dcc:relativeUncertaintyXmlList><si:valueXMLList>{stated}</si:valueXMLList>"
        f"<si:unitXMLList>{unit}</si:unitXMLList></dcc:relativeUncertaintyXmlList></dcc:relativeUncertainty>"
    )


def concluded(conclusions):
    return (
        f"<dcc:measurementMetaData><dcc:metaData><dcc:conformityXMLList>{conclusions}</dcc:conformityXMLList>"
        "</dcc:metaData></dcc:measurementMetaData>"
    )


def named(*texts):
    """A certificate whose quantity has a name in these languages."""
    contents = "".join(f'<dcc:content lang="{language}">{text}</dcc:content>' for language, text in texts)
    return edited("<dcc:name><dcc:content>Value</dcc:content></dcc:name>", f"<dcc:name>{contents}</dcc:name>")


def statement(inside, attributes=""):
    return certificate_with(statements=f"<dcc:statement{attributes}>{inside}</dcc:statement>").decode()


def replacing(after=""):
    return edited(
        "</dcc:coreData>",
        "<dcc:reportAmendedSubstituted><dcc:typeOfChange>amended</dcc:typeOfChange>"
        "<dcc:replacedUniqueIdentifier>N-0</dcc:replacedUniqueIdentifier></dcc:reportAmendedSubstituted>"
        f"{after}</dcc:coreData>",
    )


def equipped(procedure, value, extra=""):
    return certificate_with(equipment=reference("C-7", procedure, value, extra)).decode()


def issued(day):
    return edited("</dcc:coreData>", f"<dcc:issueDate>{day}</dcc:issueDate></dcc:coreData>")


WITHOUT_METHODS = without("<dcc:usedMethods>", "</dcc:usedMethods>")
WITHOUT_SOFTWARE = without("<dcc:usedSoftware>", "</dcc:usedSoftware>")
WITHOUT_CONDITIONS = without("<dcc:influenceConditions>", "</dcc:influenceConditions>")
LINKED = edited('<dcc:measurementResult refId="item1">', '<dcc:measurementResult refId="{}">')
TIMED = "<si:dateTimeXMLList>{}</si:dateTimeXMLList>"
ALONE = without("<dcc:certificate>", "</dcc:certificate>", equipped("analogue", "analogue"))
NON_SI = "<dcc:nonSIDefinition>mmHg is 133.322 Pa</dcc:nonSIDefinition><dcc:nonSIUnit>|mmHg</dcc:nonSIUnit>"
LOGARITHMIC = hybrid(real("1", "\\decibel"), real("2", "\\decibel"))
HYBRID_NON_SI = hybrid(real("1", "|mmHg"), real("133.322", "\\pascal"))


@dataclass(frozen=True)
class Broken:
    """A rule, how bad breaking it is, a document, what its place starts with there, and the words of the finding."""

    rule: str
    severity: str
    document: str
    at: str
    path: str
    zh: str
    en: str

    @property
    def line(self):
        """The line of the place, counted without any parser."""
        assert self.document.count(self.at) >= 1, self.at
        return self.document[: self.document.index(self.at)].count("\n") + 1


BROKEN = (
    Broken(
        "METHODS-MISSING", "warning", WITHOUT_METHODS, "<dcc:quantity", "dcc:quantity[1]",
        "量值没有声明所用方法：测量结果、列表和量值处均未给出 usedMethods。",
        "No method is declared for these values: neither in the measurement result nor in the list "
        "nor in the quantity.",
    ),
    Broken(
        "SOFTWARE-MISSING", "hint", WITHOUT_SOFTWARE, "<dcc:quantity", "dcc:quantity[1]",
        "量值没有声明测量所用软件（usedSoftware）。",
        "No software is declared for these values (usedSoftware).",
    ),
    Broken(
        "CONDITIONS-MISSING", "hint", WITHOUT_CONDITIONS, "<dcc:quantity", "dcc:quantity[1]",
        "量值没有声明影响条件：测量结果、列表和量值处均未给出 influenceConditions。",
        "No influence conditions are declared for these values: neither in the measurement result nor in the list "
        "nor in the quantity.",
    ),
    Broken(
        "VERSION-NOT-LATEST", "hint", certificate_with(version="3.2.1").decode(), "<dcc:digital",
        "/dcc:digitalCalibrationCertificate",
        "schemaVersion 为 3.2.1；最新的稳定版本是 3.3.0。",
        "schemaVersion is 3.2.1; the latest stable version is 3.3.0.",
    ),
    Broken(
        "ID-UNLINKED", "hint", one("1", attributes='id="q7"'), "<dcc:quantity", "dcc:quantity[1]/@id",
        "标识 q7 没有被任何 refId 引用。",
        "No refId names the id q7.",
    ),
    Broken(
        "REFID-UNRESOLVED", "error", LINKED.format("item1 gone lost gone"), "<dcc:measurementResult ",
        "dcc:measurementResult[1]/@refId",
        "refId 中的 gone, lost 在文件中没有对应的标识。",
        "refId names gone, lost, which no element of the file has as its id.",
    ),
    Broken(
        "REFID-KIND", "warning", edited("<dcc:usedMethod>", '<dcc:usedMethod id="m1">', LINKED.format("item1 m1")),
        "<dcc:measurementResult ", "dcc:measurementResult[1]/@refId",
        "measurementResult 的 refId 指向 usedMethod（m1），此处应指向 器具（item）。",
        "The refId of measurementResult points to usedMethod (m1); here it has to point to an item.",
    ),
    Broken(
        "LANGUAGE-UNDECLARED", "warning", named(("zh", "值"), ("de", "Wert")), '<dcc:content lang="de">',
        "dcc:content[2]/@lang",
        "文本的语言 de 未在 usedLangCodeISO639_1 中声明（已声明：zh, en）。",
        "The text is in de, which usedLangCodeISO639_1 does not declare (declared: zh, en).",
    ),
    Broken(
        "LANGUAGE-INCOMPLETE", "warning", named(("zh", "值")), "<dcc:quantity", "dcc:quantity[1]/dcc:name[1]",
        "文本的语言为 zh，声明的语言为 zh, en。",
        "The text is given in zh; the declared languages are zh, en.",
    ),
    Broken(
        "LANGUAGE-REPEATED", "warning", named(("zh", "值"), ("en", "a"), ("en", "b")), "<dcc:quantity",
        "dcc:quantity[1]/dcc:name[1]",
        "同一语言有多段文本：zh, en, en。",
        "More than one text in the same language: zh, en, en.",
    ),
    Broken(
        "LANGUAGE-NOT-NAMED", "hint", statement("<dcc:declaration><dcc:content>x</dcc:content></dcc:declaration>"),
        "<dcc:statements>", "dcc:declaration[1]/dcc:content[1]",
        "这段文本没有标明语言。",
        "This text does not say its language.",
    ),
    Broken(
        "MANDATORY-LANGUAGE-UNDECLARED", "warning",
        edited("mandatoryLangCodeISO639_1>zh", "mandatoryLangCodeISO639_1>fr"), "<dcc:mandatoryLang",
        "dcc:coreData[1]/dcc:mandatoryLangCodeISO639_1[1]",
        "法定语言 fr 不在所用语言 zh, en 中。",
        "The mandatory language fr is not among the used languages zh, en.",
    ),
    Broken(
        "DATES-REVERSED", "error", certificate_with(end="2026-02-28").decode(), "<dcc:endPerformanceDate>",
        "dcc:coreData[1]/dcc:endPerformanceDate[1]",
        "结束日期 2026-02-28 早于开始日期 2026-03-01。",
        "The end date 2026-02-28 lies before the begin date 2026-03-01.",
    ),
    Broken(
        "DATE-IN-FUTURE", "error", issued("2026-03-12"), "<dcc:issueDate>", "dcc:coreData[1]/dcc:issueDate[1]",
        "签发日期 为 2026-03-12，晚于今天 2026-03-10。",
        "date of issue is 2026-03-12, later than today, 2026-03-10.",
    ),
    Broken(
        "TIME-OUTSIDE-WORK", "hint", around(quantity(real_list("1", METRE, TIMED.format("2026-03-04T00:00:00Z")))),
        "<dcc:quantity", "si:realListXMLList[1]/si:dateTimeXMLList[1]",
        "测量时间 2026-03-04T00:00:00Z 不在 2026-03-01 至 2026-03-02 之间。",
        "The time 2026-03-04T00:00:00Z lies outside 2026-03-01 to 2026-03-02.",
    ),
    Broken(
        "RELEASE-FORMAT", "hint", edited("v2.1</dcc:release>", "2.1 beta</dcc:release>"),
        "<dcc:release>2.1", "dcc:software[1]/dcc:release[1]",
        "软件版本“2.1 beta”不是 v1.2.3 这样的形式。",
        "The software release “2.1 beta” is not of the form v1.2.3.",
    ),
    Broken(
        "COUNTRY-CODE-UNKNOWN", "error", edited("1>CN</dcc:country", "1>XX</dcc:country"), "<dcc:countryCode",
        "dcc:coreData[1]/dcc:countryCodeISO3166_1[1]",
        "“XX”不是 ISO 3166-1 国家代码。",
        "“XX” is no ISO 3166-1 country code.",
    ),
    Broken(
        "RELATIVE-WITHOUT-EXPANDED", "warning", one("3", after=relative("0.03")), "<dcc:quantity", "dcc:quantity[1]",
        "给出了相对不确定度，但没有相应的扩展不确定度。",
        "A relative uncertainty is given, but no expanded uncertainty that it belongs to.",
    ),
    Broken(
        "RELATIVE-FORM", "error", one("2", METRE, expanded("0.1"), after=relative_list("0.05 0.05")),
        "<dcc:quantity", "dcc:quantity[1]",
        "量值与相对不确定度一个是列表，另一个是单个值。",
        "Of value and relative uncertainty one is a list and the other is not.",
    ),
    Broken(
        "RELATIVE-WRONG", "error", one("8", METRE, expanded("0.1"), after=relative("0.150")),
        "<dcc:quantity", "dcc:quantity[1]",
        "相对不确定度为 0.150，而 U/|y| = 0.0125。",
        "The relative uncertainty is 0.150, but U/|y| = 0.0125.",
    ),
    Broken(
        "RELATIVE-LENGTH", "error",
        around(quantity(real_list("1 2 4", METRE, expanded_list("0.1")), after=relative_list("0.1 0.05"))),
        "<dcc:quantity", "dcc:quantity[1]/dcc:relativeUncertainty[1]",
        "相对不确定度有 2 个，量值有 3 个。",
        "There are 2 relative uncertainties for 3 values.",
    ),
    Broken(
        "UNCERTAINTY-LENGTH", "error", around(quantity(real_list("1 2 3 4", METRE, expanded_list("0.1 0.2 0.3")))),
        "<dcc:quantity", "dcc:quantity[1]/si:realListXMLList[1]",
        "不确定度有 3 个，量值有 4 个。",
        "There are 3 uncertainties for 4 values.",
    ),
    Broken(
        "LIST-LENGTH", "error", around(quantity(real_list("1 2 3", METRE, expanded_list("0.1", "2 2")))),
        "<dcc:quantity", "dcc:quantity[1]/si:realListXMLList[1]",
        "coverage_factor 有 2 个，量值有 3 个。",
        "coverage_factor has 2 entries for 3 values.",
    ),
    Broken(
        "CONFORMITY-LENGTH", "warning", around(quantity(real_list("1 2 3", METRE), after=concluded("pass fail"))),
        "<dcc:quantity", "dcc:metaData[1]/dcc:conformityXMLList[1]",
        "符合性结论有 2 个，量值有 3 个。",
        "There are 2 conformity statements for 3 values.",
    ),
    Broken(
        "COLUMNS-UNEVEN", "warning", columns(x="1 2 3", y="1 2", z="5").replace("basic_", "own_"),
        "<dcc:list>", "dcc:data[1]/dcc:list[1]",
        "列表中量值的个数不一：2, 3。",
        "The quantities of this list have different numbers of values: 2, 3.",
    ),
    Broken(
        "UNIT-BLANK", "warning", one("1", "\\metre \\second"), "<dcc:quantity", "si:real[1]/si:unit[1]",
        "单位“\\metre \\second”含有空格。",
        "The unit “\\metre \\second” contains a blank.",
    ),
    Broken(
        "UNIT-LIST-LENGTH", "error", around(quantity(real_list("1 2 3", "\\metre \\second"))),
        "<dcc:quantity", "si:realListXMLList[1]/si:unitXMLList[1]",
        "单位有 2 个，量值有 3 个。",
        "There are 2 units for 3 values.",
    ),
    Broken(
        "UNIT-LIST-REDUNDANT", "hint", around(quantity(real_list("1 2", "\\volt \\volt"))),
        "<dcc:quantity", "si:realListXMLList[1]/si:unitXMLList[1]",
        "列表中的单位全都是“\\volt”。",
        "All units of the list are “\\volt”.",
    ),
    Broken(
        "UNIT-UNKNOWN", "warning", one("1", "\\Metre"), "<dcc:quantity", "si:real[1]/si:unit[1]",
        "单位“\\Metre”不是 D-SI 单位；相近的写法：\\metre。",
        "“\\Metre” is no D-SI unit; similar: \\metre.",
    ),
    Broken(
        "UNIT-UNFIT", "warning", one("1", "\\pascal", attributes='refType="own basic_temperature"'),
        "<dcc:quantity", "dcc:quantity[1]",
        "refType basic_temperature 的单位“\\pascal”量纲不符，应能换算为 \\kelvin。",
        "The unit “\\pascal” does not fit refType basic_temperature: it should convert to \\kelvin.",
    ),
    Broken(
        "HYBRID-INCONSISTENT", "error", hybrid(real("1.00", METRE), real("90.0", "\\centi\\metre")),
        "<dcc:quantity", "dcc:quantity[1]/si:hybrid[1]",
        "第 1 个值：1.00 \\metre 与 90.0 \\centi\\metre 不是同一个量值。",
        "Value 1: 1.00 \\metre and 90.0 \\centi\\metre are not the same.",
    ),
    Broken(
        "ERROR-INCONSISTENT", "warning",
        columns(measuredValue="300.5 310.5", referenceValue="300.0 310.0", measurementError="0.5 -0.5"),
        "<dcc:list>", "dcc:list[1]/dcc:quantity[3]",
        "第 2 个值：误差为 -0.5，而示值减参考值为 0.5（\\kelvin）。",
        "Value 2: the error is -0.5, but indication minus reference is 0.5 (\\kelvin).",
    ),
    Broken(
        "NONSI-UNDECLARED", "error", HYBRID_NON_SI, "<dcc:quantity", "si:hybrid[1]/si:real[1]/si:unit[1]",
        "单位“|mmHg”未在 nonSIUnit 声明中给出。",
        "The unit “|mmHg” is not declared as nonSIUnit.",
    ),
    Broken(
        "NONSI-PAIR", "error", statement("<dcc:nonSIUnit>|mmHg</dcc:nonSIUnit>"), "<dcc:statements>",
        "dcc:statement[1]/dcc:nonSIUnit[1]",
        "nonSIUnit 没有相应的 nonSIDefinition。",
        "nonSIUnit goes without its nonSIDefinition.",
    ),
    Broken(
        "LIST-SPACING", "hint", around(quantity(real_list("1  2", METRE))),
        "<dcc:quantity", "si:realListXMLList[1]/si:valueXMLList[1]",
        "valueXMLList 的各项之间应恰有一个空格，首尾没有空格。",
        "The entries of valueXMLList are to be separated by one blank each, with none at the ends.",
    ),
    Broken(
        "NUMBER-UNREADABLE", "error", one("12,50"), "<dcc:quantity", "si:real[1]/si:value[1]",
        "“12,50”不是 D-SI 数字。→ 12.50",
        "“12,50” is no D-SI number. → 12.50",
    ),
    Broken(
        "UNCERTAINTY-NOT-POSITIVE", "error", one("1", METRE, expanded("-0.0")), "<dcc:quantity",
        "si:expandedUnc[1]/si:uncertainty[1]",
        "扩展不确定度为 -0.0，而包含因子为 2。",
        "The expanded uncertainty is -0.0 with a coverage factor of 2.",
    ),
    Broken(
        "STANDARD-UNCERTAINTY-NEGATIVE", "error", one("1", METRE, standard("-1e-3")), "<dcc:quantity",
        "si:standardMU[1]/si:valueStandardMU[1]",
        "标准不确定度为 -1e-3。",
        "The standard uncertainty is -1e-3.",
    ),
    Broken(
        "STANDARD-UNCERTAINTY-ZERO", "warning", one("1", METRE, standard("0.00")), "<dcc:quantity",
        "si:standardMU[1]/si:valueStandardMU[1]",
        "标准不确定度为零。",
        "The standard uncertainty is zero.",
    ),
    Broken(  # 0.97 · 2.5758 = 2.50; 0.99 · √(2 / (1 - 0.99²)) = 9.92 (JCGM 100:2008, table G.2: 9.92 at ν = 2)
        "COVERAGE-IMPLAUSIBLE", "warning", one("1", METRE, expanded("0.1", "2", "0.99")), "<dcc:quantity",
        "si:expandedUnc[1]/si:coverageFactor[1]",
        "k = 2 与 p = 0.99（–）不符：k 应在 2.50 与 9.92 之间。",
        "k = 2 does not fit p = 0.99 (–): k lies between 2.50 and 9.92.",
    ),
    Broken(
        "INTERVAL-REVERSED", "error", one("1", METRE, interval("1.2", "0.8")), "<dcc:quantity",
        "si:coverageInterval[1]/si:intervalMin[1]",
        "包含区间的下限 1.2 大于上限 0.8。",
        "The lower end 1.2 of the coverage interval lies above its upper end 0.8.",
    ),
    Broken(
        "VALUE-OUTSIDE-INTERVAL", "warning", one("1.3", METRE, interval("0.8", "1.2")), "<dcc:quantity",
        "si:coverageInterval[1]/si:intervalMin[1]",
        "量值 1.3 不在包含区间 0.8 至 1.2 之内。",
        "The value 1.3 lies outside its coverage interval 0.8 to 1.2.",
    ),
    Broken(
        "REFTYPE-UNKNOWN", "hint", one("1", attributes='refType="basic_measuredValues"'), "<dcc:quantity",
        "dcc:quantity[1]/@refType",
        "refType“basic_measuredValues”不在已知词表中；相近的有 basic_measuredValue。",
        "refType “basic_measuredValues” is not in the known vocabulary; similar: basic_measuredValue.",
    ),
    Broken(
        "HASH-UNNAMED", "warning", equipped("crc", "00"), "<dcc:referralID>", "dcc:certificate[1]/dcc:procedure[1]",
        "散列算法“crc”无法识别。",
        "The hash procedure “crc” is not known.",
    ),
    Broken(
        "HASH-WEAK", "warning", equipped("md5", "ab" * 16), "<dcc:referralID>",
        "dcc:certificate[1]/dcc:procedure[1]",
        "散列算法 md5 已可伪造。",
        "The hash procedure md5 can be forged.",
    ),
    Broken(
        "DIGEST-MALFORMED", "hint", equipped("sha256", "abc"), "<dcc:referralID>", "dcc:certificate[1]/dcc:value[1]",
        "“abc”不是 sha256 的散列值。",
        "“abc” cannot be a digest of sha256.",
    ),
    Broken(
        "PREVIOUS-REPORT-MISSING", "hint", replacing(), "<dcc:reportAmended",
        "dcc:coreData[1]/dcc:reportAmendedSubstituted[1]",
        "本证书替代 N-0，但没有给出 previousReport。",
        "This certificate replaces N-0 but has no previousReport.",
    ),
    Broken(
        "LABORATORY-CODE-MISSING", "hint",
        edited("<dcc:calibrationLaboratoryCode>L0<", "<dcc:calibrationLaboratoryCode> <"),
        "<dcc:calibrationLaboratory>", "dcc:administrativeData[1]/dcc:calibrationLaboratory[1]",
        "没有给出实验室代码（calibrationLaboratoryCode）。",
        "There is no calibrationLaboratoryCode.",
    ),
    Broken(
        "STANDARD-OUT-OF-VALIDITY", "warning",
        equipped("analogue", "analogue", "<dcc:inValidityRange>false</dcc:inValidityRange>"), "<dcc:inValidityRange>",
        "dcc:certificate[1]/dcc:inValidityRange[1]",
        "所用标准器的证书 C-7 不在有效期内。",
        "The certificate C-7 of a standard that was used is out of validity.",
    ),
    Broken(
        "STANDARD-NOT-TRACEABLE", "warning",
        equipped("analogue", "analogue", "<dcc:traceable>0</dcc:traceable>"), "<dcc:traceable>",
        "dcc:certificate[1]/dcc:traceable[1]",
        "所用标准器的证书 C-7 标明不可溯源。",
        "The certificate C-7 of a standard that was used says that it is not traceable.",
    ),
    Broken(
        "STANDARD-WITHOUT-CERTIFICATE", "hint", ALONE, "<dcc:measuringEquipment ",
        "dcc:measuringEquipments[1]/dcc:measuringEquipment[1]",
        "标准器没有给出证书（certificate）。",
        "A measurement standard goes without its certificate.",
    ),
    Broken(
        "SIGNER-MISSING", "hint", edited("<dcc:mainSigner>true<", "<dcc:mainSigner>false<"), "<dcc:respPersons>",
        "dcc:administrativeData[1]/dcc:respPersons[1]",
        "没有一位责任人标为主签字人（mainSigner）。",
        "No responsible person is marked as mainSigner.",
    ),
)  # fmt: skip


def findings(document):
    return check_rules(parse_xml(document.encode()), TODAY)


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.rule)
def test_a_document_that_breaks_one_rule_breaks_no_other(case):
    (made,) = findings(case.document)
    assert made.rule == f"DCC-{case.rule}"
    assert made.severity == case.severity
    assert made.line == case.line
    assert made.path.endswith(case.path)
    assert made.text.zh.strip() == case.zh
    assert made.text.en.strip() == case.en


def test_one_number_with_two_contents_is_told_of_the_later_file():
    files = [("b.xml", parse_xml(one("1").encode())), ("a.xml", parse_xml(one("2").encode()))]
    ((name, made),) = check_numbers(files).items()
    assert (name, made.severity) == ("a.xml", "warning")
    assert made.line == one("2")[: one("2").index("<dcc:uniqueIdentifier>")].count("\n") + 1
    assert made.path.endswith("dcc:coreData[1]/dcc:uniqueIdentifier[1]")
    assert made.text.zh == "证书编号 N-1 与文件 b.xml 相同，但内容不同。"
    assert made.text.en == "The certificate number N-1 is that of b.xml, but the content differs."


TOGETHER = {
    # a date that lies before the one it follows, of which the work itself is not the fault
    "DATE-ORDER": (issued("2026-03-01"), "warning", "date of issue (2026-03-01) lies before"),
    # a language twice is also a text twice for nobody, so both declarations are told
    "LANGUAGE-DECLARED-TWICE": (
        edited("<dcc:usedLangCodeISO639_1>en<", "<dcc:usedLangCodeISO639_1>zh<"), "error", "zh is declared more",
    ),
    # a code that does not exist is used by no text either
    "LANGUAGE-CODE-UNKNOWN": (
        edited("<dcc:usedLangCodeISO639_1>en<", "<dcc:usedLangCodeISO639_1>xq<"), "error", "“xq” is no ISO 639-1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", TOGETHER)
def test_rules_that_seldom_break_alone(rule):
    document, severity, words = TOGETHER[rule]
    made = [each for each in findings(document) if each.rule == f"DCC-{rule}"]
    assert made
    assert all(each.severity == severity and words in each.text.en for each in made)


def test_every_rule_of_the_catalogue_stands_in_these_tables():
    here = (
        {f"DCC-{case.rule}" for case in BROKEN} | {f"DCC-{rule}" for rule in TOGETHER} | {"DCC-NUMBER-REUSED"}
    )
    assert here == set(rules())


# Documents that come near a rule and keep all of them.
METHOD = "<dcc:usedMethods><dcc:usedMethod><dcc:name><dcc:content>M</dcc:content></dcc:name></dcc:usedMethod>"
KEPT = {
    "a method at the quantity": edited(
        "</si:real></dcc:quantity>", f"</si:real>{METHOD}</dcc:usedMethods></dcc:quantity>", WITHOUT_METHODS
    ),
    "an id that is named among others": edited("<dcc:usedMethod>", '<dcc:usedMethod id="m1">', PLAIN).replace(
        "<dcc:quantity>", '<dcc:quantity refId="item1 m1">'
    ),
    "a name in both languages": named(("zh", "值"), ("en", "value")),
    "the languages in another order": named(("en", "value"), ("zh", "值")),
    "a name without any language": PLAIN,
    "work that ends on its first day": certificate_with(end="2026-03-01").decode(),
    "an issue on the last day of work": issued("2026-03-02"),
    "an issue tomorrow, which may be today elsewhere": issued("2026-03-11"),
    "a time on the day before, which a time zone may cause": around(
        quantity(real_list("1", METRE, TIMED.format("2026-02-28T23:00:00Z")))
    ),
    "a time on the day after": around(quantity(real_list("1", METRE, TIMED.format("2026-03-03T01:00:00Z")))),
    "a release of four numbers": edited("v2.1<", "V 12.0.345.6<"),
    "a release of one number": edited("v2.1<", "r7<"),
    "a relative uncertainty of a list by one for all": around(
        quantity(real_list("2 2", METRE, expanded_list("0.1")), after=relative_list("0.05"))
    ),
    "a relative uncertainty of a negative value": one("-4", METRE, expanded("0.1"), after=relative("0.025")),
    "a relative uncertainty in percent": one("4", METRE, expanded("0.1"), after=relative("2.5", PERCENT)),
    "one uncertainty, factor and probability for all values": around(
        quantity(real_list("1 2 3", METRE, expanded_list("0.1", "2", "0.95")))
    ),
    "an uncertainty for each value": around(
        quantity(real_list("1 2", METRE, expanded_list("0.1 0.2", "2 2", "0.95 0.95")))
    ),
    "one conclusion for all values": around(quantity(real_list("1 2 3", METRE), after=concluded("pass"))),
    "a conclusion for each value": around(quantity(real_list("1 2", METRE), after=concluded("pass fail"))),
    "columns of one length beside a constant": columns(x="1 2", y="3 4", z="5").replace("basic_", "own_"),
    "a unit for each value": around(quantity(real_list("1 2", "\\metre \\second"))),
    "a unit of the right dimension in another size": one(
        "5", "\\milli\\kelvin", attributes='refType="basic_temperature"'),
    "a hybrid that was rounded": hybrid(real("1.00", METRE), real("100.4", "\\centi\\metre")),
    "a hybrid in a unit that has no factor": LOGARITHMIC,
    "an error rounded": columns(measuredValue="300.54", referenceValue="300.01", measurementError="0.5"),
    "an error where a value was not taken": columns(
        measuredValue="300.5 NaN", referenceValue="300.0 310.0", measurementError="0.5 7"
    ),
    "a list of one value": around(quantity(real_list("1", METRE))),
    "a number without digits before the point": one("-.5e-3"),
    "a coverage factor of Student's distribution": one("1", METRE, expanded("0.1", "4.30", "0.95")),
    "a coverage factor of one sigma": one("1", METRE, expanded("0.1", "1", "0.6827")),
    "a probability that stands for nothing": one("1", METRE, expanded("0.1", "2", "0.4")),
    "a value at the end of its interval": one("1.2", METRE, interval("0.8", "1.2")),
    "an interval of one point": one("1", METRE, interval("1", "1.0")),
    "a word of the vocabulary beside words of others": one("1", attributes='refType="basic_measuredValue math_x"'),
    "a certificate on paper": equipped("analogue", "in the file"),
    "a digest with colons": equipped("SHA-256", ":".join(["ab"] * 32)),
    "a standard in validity and traceable": equipped(
        "analogue", "x", "<dcc:inValidityRange>1</dcc:inValidityRange><dcc:traceable>true</dcc:traceable>"
    ),
    "another equipment without certificate": ALONE.replace(' refType="basic_normalUsed"', ""),
    "a main signer marked with one": edited("<dcc:mainSigner>true<", "<dcc:mainSigner>1<"),
    "a declaration in both languages": statement(
        '<dcc:declaration><dcc:content lang="zh">甲</dcc:content>'
        '<dcc:content lang="en">a</dcc:content></dcc:declaration>'
    ),
    "a replaced certificate that is given": replacing(
        "<dcc:previousReport><dcc:referral><dcc:content>R</dcc:content></dcc:referral>"
        "<dcc:referralID>N-0</dcc:referralID>"
        f"<dcc:procedure>sha256</dcc:procedure><dcc:value>{'0' * 64}</dcc:value></dcc:previousReport>"
    ),
    "a unit outside the SI that is declared": HYBRID_NON_SI.replace(
        "</dcc:administrativeData>",
        f"<dcc:statements><dcc:statement>{NON_SI}</dcc:statement></dcc:statements></dcc:administrativeData>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", KEPT)
def test_documents_that_come_near_a_rule_and_keep_it(case):
    assert [(each.rule, each.text.en) for each in findings(KEPT[case])] == []


# Numbers that no computer's own numbers can hold.
NEAR_ONE = "0." + "9" * 25
EXTREME = {
    "a probability that rounds to one": (one("1", METRE, expanded("0.1", "2", NEAR_ONE)), []),
    "a relative uncertainty beyond floating point": (
        one("1e-5", METRE, expanded("1e500"), after=relative("0.1")), ["DCC-RELATIVE-WRONG"],
    ),
    "an error beyond floating point": (
        columns(measuredValue="1.0e400", referenceValue="1", measurementError="1"), ["DCC-ERROR-INCONSISTENT"],
    ),
    "a hybrid beyond floating point": (
        hybrid(real("1.0e400", METRE), real("1.0e900", "\\milli\\metre")), ["DCC-HYBRID-INCONSISTENT"],
    ),
    "an uncertainty beyond floating point": (one("1", METRE, expanded("1e999")), []),
    "a coverage factor beyond floating point": (
        one("1", METRE, expanded("0.1", "1e900")), ["DCC-COVERAGE-IMPLAUSIBLE"],
    ),
    "braces, which words might take for their own": (one("{text}"), ["DCC-NUMBER-UNREADABLE"]),
    "signs of a format": (one("1", "\\metre{0!r}"), ["DCC-UNIT-UNKNOWN"]),
}  # fmt: skip


@pytest.mark.parametrize("case", EXTREME)
def test_extreme_numbers_and_words_are_judged_without_a_fall(case):
    document, expected = EXTREME[case]
    assert [each.rule for each in findings(document)] == expected
