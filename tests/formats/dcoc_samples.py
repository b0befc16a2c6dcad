"""A whole certificate of conformity to test with, fictional throughout, and ways to make it worse."""

from dataclasses import replace

from hypothesis import strategies as st

from jialiang.formats.dcoc.documents import read_dcoc, write_dcoc
from jialiang.formats.dcoc.model import (
    Address,
    CertificateOfConformity,
    Contact,
    Named,
    PreviousCertificate,
    Validity,
    texts,
)
from jialiang.formats.dcoc.rules.checking import check_dcoc

FORMS = ("xml", "rdfxml", "jsonld", "json")
ELEMENTS = {
    "certificationScheme": "1..1",
    "certificationBody": "1..1",
    "certNo": "1..1",
    "revision": "1..1",
    "modifications": "0..1",
    "manufacturer": "1..1",
    "categoryOfInstrument": "1..1",
    "certObjectIDs": "1..*",
    "certDate": "1..1",
    "certificationCriteria": "1..*",
    "additionallyAppliedDocuments": "0..*",
    "statementOfConformity": "1..1",
    "validity": "1..1",
    "responsibles": "1..*",
    "previousCertificates": "0..*",
    "referenceNos": "0..*",
    "languages": "1..*",
}

BODY = Contact(
    name=texts({"zh": "示例认证中心（虚构）", "en": "Sample Certification Centre (fictional)"}),
    identifier="CNAS C000",
    address=Address(
        street=texts({"zh": "嘉量路 9 号", "en": "9 Jialiang Road"}),
        city=texts({"zh": "示例市", "en": "Sample City"}),
        region=texts({"zh": "示例省", "en": "Sample Province"}),
        postal_code="100000",
        country="CN",
    ),
    email="office@body.example",
    phone="+86 10 5550 0000",
    url="https://body.example/",
)
MAKER = Contact(
    name=texts({"zh": "示例衡器厂（虚构）", "en": "Sample Scales Ltd (fictional)"}),
    identifier="91350100M000100Y43",
    url="https://maker.example/",
)
SAMPLE = CertificateOfConformity(
    identifier="https://body.example/certificates/C-2026-7",
    scheme=Named("1a", texts({"zh": "型式检验", "en": "Type testing"}), "https://body.example/schemes/1a"),
    body=BODY,
    number="C-2026-7",
    revision="1",
    modifications=texts({"zh": "增加型号 S-15。", "en": "The type S-15 was added."}),
    manufacturer=MAKER,
    category=Named("R 76", texts({"zh": "非自动衡器", "en": "Non-automatic weighing instrument"})),
    objects=(
        Named("S-30", texts({"zh": "型号", "en": "type"})),
        Named("S-15", texts({"zh": "型号", "en": "type"})),
    ),
    date="2026-06-16",
    criteria=(Named("OIML R 76-1:2006", texts({"en": "Metrological requirements", "zh": "计量要求"})),),
    applied_documents=(Named("WELMEC 7.2"), Named("OIML D 11:2013")),
    statement=texts({"zh": "符合上述依据的要求。", "en": "The types conform to the criteria above."}),
    validity=Validity("2026-06-16", "2036-06-15", texts({"zh": "软件不变。", "en": "The software stays."})),
    responsibles=(
        Contact(
            name=texts({"zh": "乙（虚构）", "en": "Person B"}), role=texts({"zh": "评定", "en": "evaluation"})
        ),
        Contact(
            name=texts({"zh": "甲（虚构）", "en": "Person A"}), role=texts({"zh": "决定", "en": "decision"})
        ),
    ),
    previous=(
        PreviousCertificate("C-2026-7", "0", "2026-03-02", "https://body.example/certificates/C-2026-7-0"),
    ),
    reference_numbers=("W2026-0456", "A-12"),
    languages=("zh", "en"),
)
SMALLEST = CertificateOfConformity(
    scheme=Named("3"),
    body=Contact(name=texts({"en": "Body"}), email="a@body.example", identifier="1"),
    number="1",
    revision="0",
    manufacturer=Contact(name=texts({"en": "Maker"}), phone="+86 10 1234567"),
    category=Named("MI-005"),
    objects=(Named("T-1"),),
    date="2026-01-02",
    criteria=(Named("EN 1"),),
    statement=texts({"en": "It conforms."}),
    validity=Validity(begins="2026-01-02", until="2036-01-01"),
    responsibles=(Contact(name=texts({"en": "P"}), role=texts({"en": "decision"})),),
    languages=("en",),
)


def changed(**members):
    """The sample with other members."""
    return replace(SAMPLE, **members)


def through(certificate, form):
    """A certificate written in a form and read again."""
    return read_dcoc(write_dcoc(certificate, form))


def rules_of(certificate, form="json", today=None):
    """The ids of the rules that a certificate breaks, once each, in order."""
    return list(dict.fromkeys(each.rule for each in check_dcoc(through(certificate, form), today)))


WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn"), include_characters="\n\t"), min_size=1, max_size=12
)
TAGS = st.sampled_from(("zh", "en", "de", "zh-Hans", "en-GB", "und", "x-own"))
TEXTS = st.dictionaries(TAGS, WORDS, max_size=3).map(texts)
URIS = st.one_of(
    st.just(""), WORDS, WORDS.map(lambda w: f"https://a.example/{w}"), st.just("urn:uuid:1?=x#y")
)
DAYS = st.one_of(st.dates().map(str), WORDS, st.just(""))
OPTIONAL = st.one_of(st.just(""), WORDS)
NAMED = st.builds(Named, OPTIONAL, TEXTS, URIS).filter(lambda each: each != Named())
ADDRESSES = st.builds(Address, TEXTS, TEXTS, TEXTS, OPTIONAL, OPTIONAL)
CONTACTS = st.builds(Contact, TEXTS, OPTIONAL, TEXTS, TEXTS, ADDRESSES, OPTIONAL, OPTIONAL, URIS).filter(
    lambda each: each != Contact()
)
PREVIOUS = st.builds(PreviousCertificate, OPTIONAL, OPTIONAL, DAYS, URIS).filter(
    lambda each: each != PreviousCertificate()
)
CERTIFICATES = st.builds(
    CertificateOfConformity,
    identifier=st.sampled_from(("", "https://body.example/c/1", "urn:uuid:7", "https://body.example/c#1")),
    scheme=NAMED,
    body=CONTACTS,
    number=WORDS,
    revision=WORDS,
    modifications=TEXTS,
    manufacturer=CONTACTS,
    category=NAMED,
    objects=st.lists(NAMED, max_size=12).map(tuple),
    date=DAYS,
    criteria=st.lists(NAMED, max_size=3).map(tuple),
    applied_documents=st.lists(NAMED, max_size=2).map(tuple),
    statement=TEXTS,
    validity=st.builds(Validity, DAYS, DAYS, TEXTS),
    responsibles=st.lists(CONTACTS, max_size=3).map(tuple),
    previous=st.lists(PREVIOUS, max_size=2).map(tuple),
    reference_numbers=st.lists(WORDS, max_size=3).map(tuple),
    languages=st.lists(WORDS, max_size=3).map(tuple),
)
"""Certificates of anything: well made or not, every form has to carry them unchanged."""
