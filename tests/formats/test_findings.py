"""A finding of a document, and what it means for the whole."""

import json

import pytest

from jialiang.formats.findings import DocumentFinding, holds
from jialiang.kernel.text import Text


def finding(severity="error", **changes):
    members = {"rule": "R-1", "severity": severity, "line": 3, "path": "/a/b[2]", "text": Text("错", "wrong")}
    return DocumentFinding(**members | changes)


def test_a_finding_is_ready_for_json_with_both_languages():
    said = finding(line=None).to_json()
    assert said == {
        "rule": "R-1",
        "severity": "error",
        "line": None,
        "path": "/a/b[2]",
        "text": {"zh": "错", "en": "wrong"},
    }
    assert list(said) == ["rule", "severity", "line", "path", "text"]
    assert json.loads(json.dumps(said)) == said


@pytest.mark.parametrize(
    ("severities", "held"),
    [
        ((), True),
        (("hint",), True),
        (("warning", "hint"), True),
        (("error",), False),
        (("hint", "error", "hint"), False),
    ],
)
def test_only_errors_spoil_a_document(severities, held):
    assert holds([finding(each) for each in severities]) is held
    assert holds(tuple(map(finding, severities))) is held


def test_equal_findings_are_one_and_cannot_be_changed():
    assert len({finding(), finding(), finding("hint")}) == 2
    with pytest.raises(AttributeError):
        finding().rule = "R-2"
