"""The shared samples of the DCC, small certificates made for one rule each, and the official schemas."""

from functools import cache

from lxml import etree

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.xml.parsing import parse_xml

DCC, SI = "https://ptb.de/dcc", "https://ptb.de/si"
NS = {"dcc": DCC, "si": SI, "ds": "http://www.w3.org/2000/09/xmldsig#"}

SAMPLES = (
    "v2.3.0_example_multi_item",
    "v2.4.0_siliziumkugel",
    "v3.0.0_mass_singleweight",
    "v3.1.1_gp_temperature_extensive",
    "v3.1.1_gp_temperature_typical",
    "v3.1.2_gp_humidity",
    "v3.2.0_gp_temperature_xades_signed",
    "v3.3.0_gp_temperature_schema_invalid",
    "v3.3.0_gp_temperature_schematron_invalid",
    "v3.3.0_gp_temperature_valid",
    "v3.3.0_gp_temperature_xmldsig_signed",
    "v3.3.0_gp_temperature_xmldsig_tampered",
)
INVALID = "v3.3.0_gp_temperature_schema_invalid"
VALID = tuple(name for name in SAMPLES if name != INVALID)
OLDER = tuple(name for name in SAMPLES if not name.startswith("v3.3.0"))


def sample(oracles, name):
    """The bytes of a sample."""
    return (oracles / "dcc" / "samples" / f"{name}.xml").read_bytes()


def sample_certificate(oracles, name):
    """A sample, read."""
    return Certificate.read(sample(oracles, name))


def changed(oracles, name, *pairs):
    """The tree of a sample with texts replaced; every text has to be there."""
    data = sample(oracles, name).decode()
    for before, after in pairs:
        assert before in data, before
        data = data.replace(before, after)
    return parse_xml(data.encode())


@cache
def schema(oracles, version):
    """The official schema of a version, compiled."""
    return etree.XMLSchema(etree.parse(str(oracles / "dcc" / "schema" / "dcc" / f"v{version}" / "dcc.xsd")))


def c14n(data_or_tree):
    """The canonical form, comments kept."""
    tree = data_or_tree if hasattr(data_or_tree, "getroot") else etree.fromstring(data_or_tree).getroottree()
    return etree.tostring(tree, method="c14n", with_comments=True)


HEAD = f'<dcc:digitalCalibrationCertificate xmlns:dcc="{DCC}" xmlns:si="{SI}" schemaVersion="{{version}}">'
CORE = """<dcc:coreData><dcc:countryCodeISO3166_1>CN</dcc:countryCodeISO3166_1>
<dcc:usedLangCodeISO639_1>zh</dcc:usedLangCodeISO639_1><dcc:usedLangCodeISO639_1>en</dcc:usedLangCodeISO639_1>
<dcc:mandatoryLangCodeISO639_1>zh</dcc:mandatoryLangCodeISO639_1>
<dcc:uniqueIdentifier>{number}</dcc:uniqueIdentifier>
<dcc:beginPerformanceDate>2026-03-01</dcc:beginPerformanceDate>
<dcc:endPerformanceDate>{end}</dcc:endPerformanceDate>
<dcc:performanceLocation>laboratory</dcc:performanceLocation></dcc:coreData>"""
LABORATORY = """<dcc:calibrationLaboratory><dcc:calibrationLaboratoryCode>L0</dcc:calibrationLaboratoryCode>
<dcc:contact><dcc:name><dcc:content>Lab</dcc:content></dcc:name>
<dcc:location><dcc:city>X</dcc:city></dcc:location></dcc:contact></dcc:calibrationLaboratory>"""
CONTACT = """<dcc:name><dcc:content>Someone</dcc:content></dcc:name>
<dcc:location><dcc:city>X</dcc:city></dcc:location>"""


def certificate_with(
    quantities="",
    *,
    equipment="",
    statements="",
    number="N-1",
    end="2026-03-02",
    version="3.3.0",
    conditions="",
):
    """A small valid certificate of 3.3.0 around quantities, equipment, conditions and statements."""
    return f"""{HEAD.format(version=version)}<dcc:administrativeData>
<dcc:dccSoftware><dcc:software><dcc:name><dcc:content>Hand</dcc:content></dcc:name>
<dcc:release>v1.0</dcc:release></dcc:software></dcc:dccSoftware>
{CORE.format(number=number, end=end)}
<dcc:items><dcc:item id="item1"><dcc:name><dcc:content>Thing</dcc:content></dcc:name><dcc:identifications>
<dcc:identification><dcc:issuer>manufacturer</dcc:issuer><dcc:value>S-1</dcc:value></dcc:identification>
</dcc:identifications></dcc:item></dcc:items>
{LABORATORY}
<dcc:respPersons><dcc:respPerson><dcc:person><dcc:name><dcc:content>A</dcc:content></dcc:name></dcc:person>
<dcc:mainSigner>true</dcc:mainSigner></dcc:respPerson></dcc:respPersons>
<dcc:customer>{CONTACT}</dcc:customer>
{f"<dcc:statements>{statements}</dcc:statements>" if statements else ""}
</dcc:administrativeData>
<dcc:measurementResults><dcc:measurementResult refId="item1"><dcc:name><dcc:content>Results</dcc:content></dcc:name>
<dcc:usedMethods><dcc:usedMethod><dcc:name><dcc:content>Comparison</dcc:content></dcc:name></dcc:usedMethod>
</dcc:usedMethods>
<dcc:usedSoftware><dcc:software><dcc:name><dcc:content>Logger</dcc:content></dcc:name>
<dcc:release>v2.1</dcc:release></dcc:software></dcc:usedSoftware>
{f"<dcc:measuringEquipments>{equipment}</dcc:measuringEquipments>" if equipment else ""}
<dcc:influenceConditions>{conditions}<dcc:influenceCondition><dcc:name><dcc:content>Air</dcc:content></dcc:name>
<dcc:data><dcc:text>
<dcc:content lang="zh">静</dcc:content><dcc:content lang="en">still</dcc:content>
</dcc:text></dcc:data></dcc:influenceCondition>
</dcc:influenceConditions>
<dcc:results><dcc:result><dcc:name><dcc:content>Table</dcc:content></dcc:name>
<dcc:data>{quantities or _ANY}</dcc:data></dcc:result></dcc:results>
</dcc:measurementResult></dcc:measurementResults></dcc:digitalCalibrationCertificate>""".encode()


def quantity(content, name="Value", attributes="", after=""):
    """A quantity around a content."""
    named = f"<dcc:name><dcc:content>{name}</dcc:content></dcc:name>" if name else ""
    return f"<dcc:quantity{' ' + attributes if attributes else ''}>{named}{content}{after}</dcc:quantity>"


def expanded(u="0.1", k="2", p="0.95", distribution=""):
    """An expanded uncertainty of D-SI 2.1."""
    named = f"<si:distribution>{distribution}</si:distribution>" if distribution else ""
    return (
        f"<si:expandedUnc><si:uncertainty>{u}</si:uncertainty><si:coverageFactor>{k}</si:coverageFactor>"
        f"<si:coverageProbability>{p}</si:coverageProbability>{named}</si:expandedUnc>"
    )


def real(value, unit, uncertainty=""):
    """A single value."""
    return f"<si:real><si:value>{value}</si:value><si:unit>{unit}</si:unit>{uncertainty}</si:real>"


def real_list(values, unit, after=""):
    """An XML list of values."""
    return (
        f"<si:realListXMLList><si:valueXMLList>{values}</si:valueXMLList>"
        f"<si:unitXMLList>{unit}</si:unitXMLList>{after}</si:realListXMLList>"
    )


def expanded_list(u="0.1", k="2", p="0.95"):
    """Expanded uncertainties of a list, D-SI 2.1."""
    return (
        f"<si:expandedUncXMLList><si:uncertaintyXMLList>{u}</si:uncertaintyXMLList>"
        f"<si:coverageFactorXMLList>{k}</si:coverageFactorXMLList>"
        f"<si:coverageProbabilityXMLList>{p}</si:coverageProbabilityXMLList></si:expandedUncXMLList>"
    )


def reference(number, procedure, value, extra=""):
    """A measuring equipment with the certificate that carries it."""
    return f"""<dcc:measuringEquipment refType="basic_normalUsed"><dcc:name><dcc:content>Standard</dcc:content>
</dcc:name>
<dcc:certificate><dcc:referral><dcc:content>Certificate</dcc:content></dcc:referral>
<dcc:referralID>{number}</dcc:referralID><dcc:procedure>{procedure}</dcc:procedure><dcc:value>{value}</dcc:value>
{extra}</dcc:certificate></dcc:measuringEquipment>"""


_ANY = quantity(real("1.0", "\\kelvin"))
