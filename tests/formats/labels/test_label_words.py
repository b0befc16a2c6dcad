"""The words of every template in both languages and all three statuses, as they come out of the printed page."""

import pytest
from tests.formats.labels.label_samples import laid, pdf_of, words_of

from jialiang.formats.labels.sheets import ROLL

WORDS = {
    ("instrument-50x30", "zh"): [
        "精密压力表",
        "型号 YB-150A",
        "编号 P-2026-0001",
        "云泽计量院",
        "88.101.5/ins-0000001",
    ],
    ("instrument-50x30", "en"): [
        "Precision pressure gauge",
        "Model YB-150A",
        "No. P-2026-0001",
        "88.101.5/ins-0000001",
    ],
    ("status-60x40", "zh"): ["编号 P-2026-0001", "检定日期 2026-06-16", "有效期至 2027-06-15", "云泽计量院"],
    ("status-60x40", "en"): ["No. P-2026-0001", "Done 2026-06-16", "Due 2027-06-15"],
    ("small-20x12", "zh"): ["P-2026-0001", "2027-06-15"],
    ("small-20x12", "en"): ["P-2026-0001", "2027-06-15"],
    ("asset-70x25", "zh"): ["精密压力表", "88.101.5/ins-0000001"],
    ("asset-70x25", "en"): ["Precision pressure gauge", "88.101.5/ins-0000001"],
    ("gs1-45x30", "zh"): ["精密压力表", "编号 P-2026-0001", "(01)09506000134352(21)S-0001"],
    ("gs1-45x30", "en"): ["Precision pressure gauge", "No. P-2026-0001", "(01)09506000134352(21)S-0001"],
}
STATUS = {
    ("qualified", "zh"): "合格",
    ("qualified", "en"): "QUALIFIED",
    ("limited", "zh"): "准用",
    ("limited", "en"): "LIMITED USE",
    ("stopped", "zh"): "停用",
    ("stopped", "en"): "OUT OF USE",
}


@pytest.mark.parametrize(("name", "language"), sorted(WORDS), ids="-".join)
def test_the_words_of_a_template(name, language, tmp_path):
    text = " ".join(words_of(pdf_of(laid(name, 1, language), ROLL, language), tmp_path).split())
    for words in WORDS[name, language]:
        assert words in text


@pytest.mark.parametrize(("status", "language"), sorted(STATUS), ids="-".join)
def test_the_words_of_a_status(status, language, tmp_path):
    pdf = pdf_of(laid("status-60x40", 1, language, status=status), ROLL, language)
    text = words_of(pdf, tmp_path)
    assert STATUS[status, language] in text
    assert [words for words in STATUS.values() if words in text] == [STATUS[status, language]]


@pytest.mark.parametrize("name", sorted({name for name, _ in WORDS}))
def test_nothing_is_left_of_a_placeholder(name, tmp_path):
    for language in ("zh", "en"):
        text = words_of(pdf_of(laid(name, 1, language), ROLL, language), tmp_path)
        assert "{" not in text
        assert "None" not in text
