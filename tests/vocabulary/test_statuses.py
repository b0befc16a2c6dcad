"""States and choices: what is stored stays what it was, and every word of them is there in both languages."""

import json
from enum import StrEnum
from importlib import resources

import pytest

from jialiang.kernel.text import Text
from jialiang.vocabulary import statuses
from jialiang.vocabulary.statuses import (
    AssignedValueMethod,
    BudgetState,
    CalibrationState,
    CarrierKind,
    CertificateState,
    CommissionState,
    ComparisonRoundState,
    CustodyState,
    DecisionRule,
    FeeKind,
    FitnessForUse,
    HandleIdentityKind,
    HandleIdentityState,
    IdentifierState,
    IdentifierTemplateState,
    InstrumentState,
    ItemReaders,
    LabelLanguage,
    LabelSymbol,
    LabelTemplateState,
    MarkOutcome,
    MarkRole,
    MarkState,
    NodeReportState,
    OrganizationKind,
    PrefixApplicationState,
    PrefixLevel,
    PrefixState,
    Purpose,
    ReadingSource,
    ReportSignature,
    SiteProposalState,
    StandardLevel,
    StandardState,
    SubordinateNodeState,
    TemplateDataType,
    WorkKind,
    choices,
    label,
)

KINDS = sorted(
    (
        k
        for k in vars(statuses).values()
        if isinstance(k, type) and issubclass(k, StrEnum) and k is not StrEnum
    ),
    key=lambda kind: kind.__name__,
)
# What stands in tables, certificates and the API of installations: a word that changes here loses their rows.
STORED = {
    WorkKind: "calibration legal_verification testing",
    InstrumentState: "registered in_service away suspended retired",
    FitnessForUse: "fit limited out_of_use unproven",
    Purpose: "trade_settlement safety_protection medical_care environmental_monitoring other",
    DecisionRule: "none simple_acceptance guard_band_u",
    FeeKind: "charged free_compulsory internal",
    CommissionState: "open accepted completed cancelled",
    CustodyState: "expected received in_laboratory returned",
    BudgetState: "draft in_review in_force superseded withdrawn",
    CalibrationState: "draft in_review awaiting_approval approved",
    CertificateState: "issuing in_force superseded withdrawn void",
    StandardState: "in_use suspended retired",
    StandardLevel: "national reference working",
    OrganizationKind: "national_institute institute enterprise regulator",
    ReadingSource: "manual file device",
    ItemReaders: "public holder organizations",
    ComparisonRoundState: "open measuring evaluated reported cancelled",
    AssignedValueMethod: "reference weighted_mean largest_consistent_subset algorithm_a",
    IdentifierState: "reserved active suspended retired",
    PrefixLevel: "national second_level enterprise",
    SubordinateNodeState: "active suspended",
    SiteProposalState: "open accepted refused superseded",
    ReportSignature: "valid unproven none",
    PrefixState: "active suspended delegated withdrawn",
    PrefixApplicationState: "submitted approved refused withdrawn",
    HandleIdentityKind: "public_key secret_key",
    HandleIdentityState: "active revoked",
    IdentifierTemplateState: "draft published withdrawn",
    LabelTemplateState: "in_use withdrawn",
    LabelSymbol: "qr data_matrix code_128 gs1_data_matrix gs1_128",
    LabelLanguage: "zh en both",
    MarkRole: "production repair verification seal identifier",
    MarkState: "in_place removed",
    MarkOutcome: "agrees differs missing foreign other_role unknown",
    CarrierKind: "active_carrier passive_carrier",
    NodeReportState: "made sending accepted refused",
    TemplateDataType: "text number date file reference",
}


@pytest.mark.parametrize(("kind", "words"), STORED.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_stored_words_are_those_of_the_first_release_in_their_order(kind, words):
    assert [member.value for member in kind] == words.split()
    assert [member.name for member in kind] == words.upper().split()


def test_no_enumeration_is_forgotten():
    assert set(KINDS) == set(STORED)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_member_has_a_chinese_and_an_english_word(kind):
    for member in kind:
        word = label(member)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in word.zh), member
        assert word.en.isascii(), member
        assert word.en[:1].isupper(), member
        assert (word.zh.strip(), word.en.strip()) == (word.zh, word.en)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_members_of_one_enumeration_are_told_apart_in_each_language(kind):
    for language in ("zh", "en"):
        words = [label(member).in_language(language) for member in kind]
        assert len(set(words)) == len(words)


def test_the_file_has_no_word_that_nothing_uses():
    file = resources.files("jialiang.vocabulary") / "data" / "statuses.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    assert {name: set(words) for name, words in data.items()} == {
        kind.__name__: {member.value for member in kind} for kind in KINDS
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_choices_are_value_and_english_word_in_order(kind):
    assert choices(kind) == [(member.value, label(member).en) for member in kind]
    assert all(type(value) in (str, kind) for value, _ in choices(kind))


@pytest.mark.parametrize(
    ("member", "zh"),
    [
        # Quality infrastructure guide, table 1: marks on instruments.
        (FitnessForUse.FIT, "合格"),
        (FitnessForUse.LIMITED, "限用"),
        (FitnessForUse.OUT_OF_USE, "停用"),
        # Metrology law: the three kinds of work and the four uses under compulsory verification.
        (WorkKind.CALIBRATION, "校准"),
        (WorkKind.LEGAL_VERIFICATION, "检定"),
        (WorkKind.TESTING, "检测"),
        (Purpose.TRADE_SETTLEMENT, "贸易结算"),
        (Purpose.SAFETY_PROTECTION, "安全防护"),
        (Purpose.MEDICAL_CARE, "医疗卫生"),
        (Purpose.ENVIRONMENTAL_MONITORING, "环境监测"),
        # A withdrawn certificate was in force once; a void number never was.
        (CertificateState.WITHDRAWN, "已撤销"),
        (CertificateState.VOID, "已作废"),
        (CertificateState.SUPERSEDED, "已被替代"),
        (StandardLevel.REFERENCE, "最高计量标准"),
    ],
)
def test_words_are_those_of_the_field(member, zh):
    assert label(member).zh == zh


def test_verification_and_calibration_are_never_one_word():
    for language in ("zh", "en"):
        words = {label(kind).in_language(language) for kind in WorkKind}
        assert len(words) == 3


def test_a_word_of_another_enumeration_with_the_same_value_is_its_own():
    assert InstrumentState.SUSPENDED == StandardState.SUSPENDED == "suspended"
    assert label(InstrumentState.SUSPENDED) == Text("停用", "Out of use")
    assert label(StandardState.SUSPENDED) == Text("停用", "Suspended")


def test_what_is_no_member_is_refused():
    with pytest.raises(ValueError, match="gone"):
        CertificateState("gone")
