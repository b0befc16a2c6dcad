"""Every certificate that can be issued: each kind, conclusion, adjustment, language and replacement, against everyone.

The official schema, PTB's Schematron run by SaxonC, and our own check all have to be content: 0 errors, 0 warnings.
"""

from dataclasses import replace

import pytest
from tests.formats.dcc_samples import NS, schema
from tests.formats.ptb_schematron import ptb_failures
from tests.formats.sample_content import H3_READINGS, sample_content, sample_statements, sample_table

from jialiang.formats.content import Column
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.findings import holds
from jialiang.kernel.text import Text

KINDS = ("calibration", "legal_verification", "testing")
CONFORMITIES = ("pass", "fail", "conditionalPass", "conditionalFail", "noPass", "noFail")
LANGUAGES = (("zh", "en"), ("zh",), ("en",), ("en", "zh"))
ADJUSTMENTS = ("", "beforeAdjustment", "afterAdjustment")
ROWS = len(H3_READINGS)


def concluded(conformity):
    """The sample with one conclusion in every row and in the statement."""
    table, (*others, statement) = sample_table(), sample_statements()
    columns = (*table.columns[:2], replace(table.columns[2], conformities=(conformity,) * ROWS))
    return {"results": (replace(table, columns=columns),),
            "statements": (*others, replace(statement, conformity=conformity))}  # fmt: skip


def in_words():
    """A test whose findings are words."""
    found = Column("basic_measuredValue", Text("外观", "Appearance"), "", ("intact", "intact"))
    return replace(sample_table(), columns=(found,))


OTHERS = {
    "replaces another": {"supersedes_number": "JZ2026-000122", "supersedes_identifier": "10.9999/jl.2026.000122",
                         "amendment_reason": Text("器具编号更正", "Serial number corrected")},
    "no conclusion": {"statements": sample_statements()[:2], "conclusion": Text()},
    "no due date": {"due_date": ""},
    "no receipt date": {"receipt_date": ""},
    "at the customer's": {"performance_location": "customer"},
    "words for results": {"results": (in_words(),), "kind": "testing"},
    "two tables": {"results": (replace(sample_table(), adjustment="beforeAdjustment"),
                               replace(sample_table(), adjustment="afterAdjustment"))},
}  # fmt: skip


def everyone(content, oracles):
    """What the schema, PTB and we have against the certificate with this content."""
    certificate = Certificate.read(dcc_xml(content))
    official = schema(oracles, "3.3.0")
    official.validate(certificate.tree)
    ptb = [failure for failure in ptb_failures(certificate.tree, oracles) if failure.is_assert]
    found = certificate.check()
    assert holds(found)
    ours = [f.rule for f in found if f.severity != "hint"]
    return [str(error) for error in official.error_log], ptb, ours


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("conformity", CONFORMITIES)
def test_every_kind_with_every_conclusion(oracles, kind, conformity):
    assert everyone(sample_content(kind=kind, **concluded(conformity)), oracles) == ([], [], [])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("adjustment", ADJUSTMENTS)
def test_every_kind_before_and_after_adjustment(oracles, kind, adjustment):
    table = replace(sample_table(), adjustment=adjustment)
    assert everyone(sample_content(kind=kind, results=(table,)), oracles) == ([], [], [])


@pytest.mark.parametrize("change", OTHERS)
def test_what_else_may_differ(oracles, change):
    assert everyone(sample_content(**OTHERS[change]), oracles) == ([], [], [])


@pytest.mark.parametrize("languages", LANGUAGES, ids="-".join)
def test_the_languages_that_a_certificate_names_are_those_of_its_texts(oracles, languages):
    content = sample_content(languages=languages)
    certificate = Certificate.read(dcc_xml(content))
    used = certificate.tree.xpath("//dcc:usedLangCodeISO639_1/text()", namespaces=NS)
    assert set(certificate.tree.xpath("//dcc:content/@lang", namespaces=NS)) <= set(used)
    assert everyone(content, oracles) == ([], [], [])
