"""``jialiang dcc check`` and the Chinese profile: where a certificate claims it, and where somebody asks."""

import json

import pytest
from tests.formats.chinese_certificates import KINDS, xml_of_kind
from tests.formats.dcc_samples import certificate_with

from jialiang.assembly.cli import main
from jialiang.formats.dcc.chinese_profile.catalogue import profile_id

WRONG = "91110000600037341K"


@pytest.fixture
def checked(capsys, tmp_path):
    """Checks a certificate; gives status and the rules of the profile that it breaks."""

    def checking(text, *words):
        path = tmp_path / "a.xml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        status = main(["dcc", "check", str(path), "--json", *words])
        (report,) = json.loads(capsys.readouterr().out)
        return status, [(f["rule"], f["severity"]) for f in report["findings"] if f["rule"].startswith("CN-")]

    return checking


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", [(), ("--profile", "cn")])
def test_a_certificate_of_each_kind_keeps_it(checked, kind, words):
    status, found = checked(xml_of_kind(kind), *words)
    assert found == []
    assert status == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_claim_that_is_not_kept_makes_it_invalid(checked, kind):
    text = xml_of_kind(kind).replace("91110000600037341L", WRONG)
    assert checked(text) == (1, [("CN-CREDIT-CODE-WRONG", "error")])


def test_without_a_claim_somebody_has_to_ask(checked):
    text = xml_of_kind(KINDS[2]).replace("91110000600037341L", WRONG).replace(profile_id(), "other")
    assert checked(text) == (0, [])
    assert checked(text, "--profile", "cn") == (1, [("CN-CREDIT-CODE-WRONG", "error")])


def test_a_certificate_of_another_country_breaks_it_only_when_asked(checked):
    status, found = checked(certificate_with())
    assert (status, found) == (0, [])
    status, found = checked(certificate_with(), "--profile", "cn")
    assert status == 1
    assert ("CN-KIND-UNKNOWN", "error") in found


def test_hints_of_the_profile_are_left_out_with_the_others(checked):
    text = xml_of_kind(KINDS[3]).replace(
        "<dcc:calibrationLaboratoryCode>CNAS L00000</dcc:calibrationLaboratoryCode>", ""
    )
    assert checked(text) == (0, [("CN-FIELD-MISSING", "hint")])
    assert checked(text, "--no-hints") == (0, [])


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "不是统一社会信用代码"), ("en", "is no unified social credit code")]
)
def test_people_are_told_in_their_language(capsys, tmp_path, language, said):
    path = tmp_path / "a.xml"
    path.write_text(xml_of_kind(KINDS[0]).replace("91110000600037341L", WRONG), encoding="utf-8")
    assert main(["dcc", "check", str(path), "--lang", language]) == 1
    assert said in capsys.readouterr().out


def test_another_profile_is_wrong_use(capsys, tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(["dcc", "check", "a.xml", "--profile", "de"])
    assert ended.value.code == 2
    assert "cn" in capsys.readouterr().err
