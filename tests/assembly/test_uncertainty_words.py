"""The words of ``jialiang uncertainty evaluate`` one by one: what each changes, what is refused, and how it ends."""

import io
import json
import sys

import pytest

from jialiang.assembly.cli import main

SUM = {
    "id": "sum",
    "model": {"expr": {"y": "a + b"}, "unit": "mm"},
    "inputs": [
        {"name": "a", "unit": "mm", "mean": 1, "u": 3},
        {"name": "b", "unit": "mm", "mean": 0, "u": 4},
    ],
}
SQUARE = {"model": {"expr": {"y": "a**2"}}, "inputs": [{"name": "a", "mean": 0.5, "u": 3}]}


@pytest.fixture
def file(tmp_path):
    """A function that writes a document and returns its name."""

    def write(document=SUM, **members):
        path = tmp_path / "budget.json"
        path.write_text(json.dumps(document | members), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def answer(capsys):
    """A function that runs the command with --json and returns its status and its answer."""

    def run(*words):
        status = main(["uncertainty", "evaluate", *map(str, words), "--json"])
        printed = capsys.readouterr()
        assert printed.err == "" or status == 2
        return status, json.loads(printed.out or printed.err)

    return run


@pytest.mark.parametrize(
    ("words", "member", "value"),
    [
        ((), "method", "lpu"),
        (("--method", "lpu"), "method", "lpu"),
        (("--method", "lpu2"), "method", "lpu2"),
        (("--method", "mc"), "method", "mc"),
        ((), "probability", 0.95),
        (("--probability", 0.99), "probability", 0.99),
        ((), "seed", 1),
        (("--seed", 0), "seed", 0),
        (("--seed", 2**40), "seed", 2**40),
        (("--draws", 12_345), "draws", 12_345),
    ],
)
def test_each_word_goes_before_its_default(answer, file, words, member, value):
    status, found = answer(file(), *words)
    assert (status, found[member], found["id"]) == (0, value, "sum")


@pytest.mark.parametrize(
    ("word", "given", "setting"),
    [
        ("--method", "lpu2", {"method": "mc", "draws": 10_000}),
        ("--probability", "0.5", {"probability": 0.99}),
        ("--seed", "9", {"seed": 3}),
        ("--draws", "20000", {"draws": 10_000}),
    ],
)
def test_each_word_goes_before_the_document(answer, file, word, given, setting):
    member = word.removeprefix("--")
    assert answer(file(settings=setting))[1][member] == setting[member]
    assert str(answer(file(settings=setting), word, given)[1][member]) == given


@pytest.mark.parametrize(
    ("method", "value", "u"), [("lpu", 0.25, 3), ("lpu2", 9.25, (9 + 2 * 81) ** 0.5), ("mc", 9.25, 171**0.5)]
)
def test_each_method_on_a_square(answer, file, method, value, u):
    """a = 0.5, u = 3: E a² = 0.25 + 9; u² = (2·0.5·3)² + 2·3⁴."""
    words = ("--method", method, "--draws", 400_000, "--seed", 3)
    found = answer(file(SQUARE), *words)[1]["outputs"]["y"]
    within = 0.02 if method == "mc" else 1e-13
    assert (found["value"], found["u"]) == (pytest.approx(value, rel=within), pytest.approx(u, rel=within))


@pytest.mark.parametrize(
    ("p", "k"),
    [("0.5", 0.674490), ("0.9", 1.644854), ("0.95", 1.959964), ("0.99", 2.575829), ("0.9973", 2.999977)],
)
def test_the_probability_chooses_k(answer, file, p, k):
    found = answer(file(settings={"validate": False}), "--probability", p)[1]["outputs"]["y"]
    assert found["k"] == pytest.approx(k, abs=1e-6)
    assert found["interval"] == pytest.approx([1 - 5 * k, 1 + 5 * k], abs=1e-5)


@pytest.mark.parametrize(("digits", "delta"), [(1, 0.5), (2, 0.05)])
def test_the_digits_choose_the_tolerance_of_the_verdict(answer, file, digits, delta):
    verdict = answer(file(), "--digits", digits, "--draws", 50_000)[1]["validation"]["y"]
    assert (verdict["digits"], verdict["delta"]) == (digits, delta)


def test_more_digits_take_more_draws(answer, file):
    unit = file(inputs=[{"name": "a", "unit": "mm", "u": 2.4}, {"name": "b", "unit": "mm", "u": 3.2}])
    one, two = (answer(unit, "--method", "mc", "--digits", d)[1]["draws"] for d in (1, 2))
    assert one < two


def test_adaptive_draws_go_before_a_number_in_the_document(answer, file):
    found = answer(file(settings={"draws": 10_000}), "--draws", "adaptive", "--digits", 1)[1]
    assert found["simulation"]["adaptive"] is True
    assert found["simulation"]["stopping_rule"] == "jialiang"
    fixed = answer(file(settings={"draws": 10_000}))[1]
    assert (fixed["simulation"]["adaptive"], fixed["simulation"]["stopping_rule"]) == (False, None)


def test_a_law_that_does_not_hold_is_a_result_and_no_failure(answer, file):
    status, found = answer(file(SQUARE), "--draws", 20_000)
    assert (status, found["validation"]["y"]["validated"]) == (0, False)


# --- what is refused: status 2, a code, and nothing evaluated -------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--draws", "many"), "JL-BUD-003"),
        (("--draws", "1e5"), "JL-BUD-003"),
        (("--draws", "10000.0"), "JL-BUD-003"),
        (("--draws", ""), "JL-BUD-003"),
        (("--draws", "9999"), "JL-UNC-009"),
        (("--draws", "-1"), "JL-UNC-009"),
        (("--draws", "1000000000"), "JL-UNC-009"),
        (("--probability", "0"), "JL-UNC-009"),
        (("--probability", "1"), "JL-UNC-009"),
        (("--probability", "95"), "JL-UNC-009"),
        (("--probability", "nan"), "JL-UNC-009"),
        (("--seed", "-1"), "JL-UNC-009"),
    ],
)
def test_words_outside_their_domain_end_with_status_2_and_a_code(answer, file, words, code):
    status, found = answer(file(), *words)
    assert (status, found["error"]["code"]) == (2, code)
    assert "outputs" not in found
    assert all(
        found["error"][part][language] for part in ("what", "rule", "way_out") for language in ("zh", "en")
    )


@pytest.mark.parametrize(
    "words",
    [
        ("--method", "guess"),
        ("--digits", "3"),
        ("--digits", "0"),
        ("--seed", "one"),
        ("--probability", "high"),
        ("--lang", "fr"),
        ("--unknown", "1"),
        ("--seed",),
        ("second.json",),
    ],
)
def test_words_that_the_command_does_not_know_end_with_status_2(capsys, file, words):
    with pytest.raises(SystemExit) as ended:
        main(["uncertainty", "evaluate", file(), *words])
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert (printed.out, "usage:" in printed.err) == ("", True)


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_the_file_has_to_be_named(capsys, words):
    with pytest.raises(SystemExit) as ended:
        main(["uncertainty", "evaluate", *words])
    assert ended.value.code == 2
    assert "file" in capsys.readouterr().err


def test_a_folder_and_a_file_that_is_not_there_cannot_be_read(answer, tmp_path):
    for path in (tmp_path, tmp_path / "nothing.json"):
        status, found = answer(path)
        assert (status, found["error"]["code"]) == (2, "JL-CLI-001")


# --- standard input, and what people see ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "status", "seen"),
    [
        (json.dumps(SUM).encode(), 0, ("outputs", "y", "u", 5)),
        (b"\xef\xbb\xbf" + json.dumps(SUM).encode(), 0, ("outputs", "y", "u", 5)),
        (b"", 2, ("error", "code", "JL-BUD-001")),
        (b"\xff", 2, ("error", "code", "JL-BUD-001")),
        (b"null", 2, ("error", "code", "JL-UNC-013")),
        (b'{"model": {"expr": {"y": "1 +"}}}', 2, ("error", "code", "JL-EXPR-001")),
    ],
)
def test_a_document_from_standard_input(answer, monkeypatch, sent, status, seen):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent)))
    ended, found = answer("-")
    for member in seen[:-1]:
        found = found[member]
    assert (ended, found) == (status, seen[-1])


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "zh",
            [
                "y = (1.0 ± 9.8) mm，其中扩展不确定度 U = 9.8 mm 由合成标准不确定度乘以包含因子 k = 1.96 得到",
                "不确定度传播律得到蒙特卡洛法验证（",
                "50000 次抽样",
            ],
        ),
        (
            "en",
            [
                "y = (1.0 ± 9.8) mm, where the expanded uncertainty U = 9.8 mm",
                "The law of propagation is validated by Monte Carlo (",
                "50000 draws",
            ],
        ),
    ],
)
def test_people_see_the_sentence_the_budget_and_the_verdict(capsys, file, language, lines):
    words = ["uncertainty", "evaluate", file(), "--draws", "50000", "--digits", "1", "--lang", language]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert all(line in printed for line in lines)
    rows = [line.split() for line in printed.splitlines() if "c·u" in line]
    assert [(row[0], row[3], row[-2]) for row in rows] == [("a", "3", "36.00"), ("b", "4", "64.00")]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "不确定度传播律未得到蒙特卡洛法验证"), ("en", "is not validated by Monte Carlo")],
)
def test_people_see_that_the_law_does_not_hold(capsys, file, language, words):
    assert main(["uncertainty", "evaluate", file(SQUARE), "--draws", "20000", "--lang", language]) == 0
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "单位“furlong”不在单位表中"), ("en", "The unit “furlong” is not in the table")],
)
def test_people_see_notes_about_units(capsys, file, language, words):
    document = {"model": {"expr": {"y": "a"}}, "inputs": [{"name": "a", "unit": "furlong", "u": 1}]}
    settings = {"validate": False}
    assert main(["uncertainty", "evaluate", file(document, settings=settings), "--lang", language]) == 0
    assert words in capsys.readouterr().out


def test_several_outputs_by_draws_come_with_their_regions(answer, file):
    document = SUM | {"model": {"expr": {"s": "a + b", "d": "a - b"}}}
    found = answer(file(document), "--method", "mc", "--draws", 20_000)[1]
    assert found["correlation"][0][:2] == ["s", "d"]
    assert found["correlation"][0][2] == pytest.approx((9 - 16) / 25, abs=0.03)
    assert found["regions"]["outputs"] == ["s", "d"]
    assert found["regions"]["ellipsoidal"]["factor"] == pytest.approx(2.448, rel=0.04)
    assert found["validation"] is None
    assert set(found["outputs"]) == set(found["contributions"]) == {"s", "d"}
