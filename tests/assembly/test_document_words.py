"""``jialiang dcc`` and ``dsi``: what is printed to the letter in both languages, status, JSON, and every refusal."""

import hashlib
import json

import pytest
from tests.formats.dcc_samples import (
    c14n,
    certificate_with,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
    reference,
)

from jialiang.assembly.cli import main
from jialiang.assembly.document_text import (
    chain_text,
    difference_text,
    migration_text,
    quantities_text,
    report_text,
)
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.chain.following import follow_chain
from jialiang.formats.dcc.comparison.comparing import compare
from jialiang.formats.dcc.migration.migrating import migrate
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.text import Text

METRE, MILLIMETRE = "\\metre", "\\milli\\metre"


@pytest.fixture
def written(tmp_path):
    """Write bytes to a file and return its path."""

    def write(name, data):
        (tmp_path / name).write_bytes(data)
        return str(tmp_path / name)

    return write


def run(capsys, *words):
    """Status, standard output and standard error of a command."""
    status = main(list(words))
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def one(value="1.000", unit=METRE, uncertainty="", **more):
    return certificate_with(quantity(real(value, unit, uncertainty)), **more)


# --- words --------------------------------------------------------------------------------------------------------


QUANTITIES = {
    "a value": (quantity(real("1.00", METRE)), "Value: 1.00  m\n"),
    "expanded": (
        quantity(real("1.00", METRE, expanded("0.02", "2", "0.95"))), "Value: 1.00  m  U = 0.02  k = 2  p = 0.95\n",
    ),
    "a list": (quantity(real_list("1 2 3", METRE)), "Value: 1 2 3  m\n"),
    "six values": (quantity(real_list("1 2 3 4 5 6", METRE)), "Value: 1 2 3 4 5 6  m\n"),
    "seven values": (quantity(real_list("1 2 3 4 5 6 7", METRE)), "Value: 1 2 3 4 5 6 … (7)  m\n"),
    "a long list of uncertainties": (
        quantity(real_list("1 2 3 4 5 6 7", METRE, expanded_list("1 2 3 4 5 6 7", "2", "0.95"))),
        "Value: 1 2 3 4 5 6 … (7)  m  U = 1 2 3 4 5 6 … (7)  k = 2  p = 0.95\n",
    ),
    "marks": (quantity("<dcc:charsXMLList>a b</dcc:charsXMLList>"), "Value: a b\n"),
    "no name": (quantity(real("1", METRE), "", 'refType="basic_a own"'), "basic_a own: 1  m\n"),
    "neither name nor refType": (quantity(real("1", METRE), ""), "real: 1  m\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", QUANTITIES)
def test_quantities_to_the_letter(case):
    inside, expected = QUANTITIES[case]
    assert quantities_text(Certificate.read(certificate_with(inside)).quantities(), "en") == expected


def test_a_hybrid_has_a_line_a_unit():
    inside = quantity(f"<si:hybrid>{real('1', METRE)}{real('1000', MILLIMETRE)}</si:hybrid>", "H")
    found = Certificate.read(certificate_with(inside)).quantities()
    assert quantities_text(found, "en") == "H: 1  m\nH: 1000  mm\n"


def report(*findings, version="3.3.0"):
    return {"file": "a.xml", "version": version, "valid": False, "findings": findings}


ERROR = DocumentFinding("R-1", "error", 7, "/x", Text("错", "wrong"))
WARNING = DocumentFinding("R-2", "warning", None, "/x", Text("疑", "odd"))
HINT = DocumentFinding("R-3", "hint", 9, "/x", Text("宜", "better"))


@pytest.mark.parametrize(
    ("status", "language", "findings", "version", "expected"),
    [
        (0, "en", (), "3.3.0", "a.xml (3.3.0): valid\n"),
        (0, "zh", (), "3.3.0", "a.xml (3.3.0): 有效\n"),
        (1, "en", (ERROR,), "3.3.0", "a.xml (3.3.0): invalid\n  ✗ line 7  R-1  wrong\n"),
        (1, "zh", (ERROR,), "3.3.0", "a.xml (3.3.0): 无效\n  ✗ 行 7  R-1  错\n"),
        (2, "en", (ERROR,), "", "a.xml: unreadable\n  ✗ line 7  R-1  wrong\n"),
        (0, "en", (WARNING, HINT), "x", "a.xml (x): valid\n  ! /x  R-2  odd\n  · line 9  R-3  better\n"),
    ],
)
def test_a_report_to_the_letter(status, language, findings, version, expected):
    assert report_text(report(*findings, version=version), status, language) == expected


def test_a_migration_counts_its_changes():
    data = certificate_with(quantity(real("1", "/kilogram")) * 3, version="3.2.1")
    assert migration_text(migrate(parse_xml(data)), True, "en") == (
        "3.2.1 → 3.3.0: valid\n  1 × The version is 3.3.0 now.\n"
        "  3 × The unit is spelled as D-SI has it; it means the same.\n"
    )
    assert migration_text(migrate(parse_xml(data)), False, "zh").startswith(
        "3.2.1 → 3.3.0: 无效\n  1 × 版本改为 3.3.0。\n"
    )


def difference(first, second, language="en"):
    return difference_text(compare(Certificate.read(first), Certificate.read(second)), language)


def test_a_difference_to_the_letter():
    before = one("10.00", METRE, expanded("0.03"))
    after = one("10.05", METRE, expanded("0.04"))
    assert difference(before, before) == "N-1 → N-1: the same\n|E_n| ≤ 0.00\n"
    said = difference(before, after).splitlines()
    assert said[:2] == ["N-1 → N-1: the same number with other content", "|E_n| ≤ 1.00"]
    assert said[2:] == ["  Value: changed", "    10.00 → 10.05 \\metre  E_n = 1.00"]
    assert difference(before, after, "zh").splitlines()[0] == "N-1 → N-1: 编号相同而内容不同"


def test_a_value_that_is_gone_is_shown():
    said = difference(
        certificate_with(quantity(real_list("1 2", METRE))), certificate_with(quantity(real_list("1", METRE)))
    )
    assert "    2 →  \\metre" in said.splitlines()


def test_a_quantity_of_one_side_is_shown():
    first = certificate_with(quantity(real("1", METRE), "A", 'refType="x"'))
    second = certificate_with(quantity(real("1", METRE), "B", 'refType="y"'))
    lines = difference(first, second).splitlines()
    assert "  A: only in the first" in lines
    assert "  B: only in the second" in lines


def test_a_chain_to_the_letter():
    upper = one(number="NMI-1")
    lower = certificate_with(
        equipment=reference("NMI-1", "sha256", hashlib.sha256(upper).hexdigest()), number="N-9"
    )
    broken = upper.replace(b"1.000", b"1.001")

    def said(*files, language="en"):
        return chain_text(follow_chain([(str(n), f, parse_xml(f)) for n, f in enumerate(files)]), language)

    assert said(upper) == "Every link of the chain was recomputed and holds.\n"
    assert said(lower, upper) == (
        "Every link of the chain was recomputed and holds.\n"
        "  ✓ N-9 → NMI-1: intact. The digest (sha256) of certificate NMI-1 is the one stated.\n"
    )
    assert said(lower, broken, language="zh").startswith("溯源链断裂。\n  ✗ N-9 → NMI-1: 断裂。")
    assert said(lower) == (
        "No break was found; some links cannot be checked.\n"
        "  ? N-9 → NMI-1: file missing. There is no file of certificate NMI-1 to check.\n"
    )


# --- status and refusals ------------------------------------------------------------------------------------------


# the words of a command (A is a good certificate, B one with a fault, X no XML, H XML of another kind), status
STATUS = {
    "check good": (("dcc", "check", "A"), 0),
    "check a fault": (("dcc", "check", "B"), 1),
    "check no XML": (("dcc", "check", "X"), 2),
    "check another kind": (("dcc", "check", "H"), 2),
    "check the worst of several": (("dcc", "check", "A", "X", "B"), 2),
    "quantities": (("dcc", "quantities", "A"), 0),
    "quantities that nobody has": (("dcc", "quantities", "A", "--name", "nothing"), 0),
    "diff the same": (("dcc", "diff", "A", "A"), 0),
    "diff another": (("dcc", "diff", "A", "B"), 1),
    "chain": (("dcc", "chain", "A"), 0),
    "migrate the latest": (("dcc", "migrate", "A"), 0),
    "dsi good": (("dsi", "check", "A"), 0),
    "dsi a fault": (("dsi", "check", "B"), 1),
    "dsi without any": (("dsi", "check", "H"), 0),
    "dsi no XML": (("dsi", "check", "X"), 2),
}


@pytest.fixture
def files(written):
    return {
        "A": written("a.xml", one()),
        "B": written("b.xml", one("1,5")),
        "X": written("x.xml", b"<a>"),
        "H": written("h.xml", b"<html/>"),
    }


@pytest.mark.parametrize("case", STATUS)
@pytest.mark.parametrize("as_json", [False, True])
def test_the_status_is_the_same_with_and_without_json(capsys, files, case, as_json):
    words, status = STATUS[case]
    made, out, _ = run(capsys, *(files.get(word, word) for word in words), *(["--json"] if as_json else []))
    assert made == status
    if as_json:
        json.loads(out)


REFUSED = {
    "quantities of no XML": ("dcc", "quantities", "X"),
    "quantities of another kind": ("dcc", "quantities", "H"),
    "diff with no XML": ("dcc", "diff", "A", "X"),
    "chain with another kind": ("dcc", "chain", "A", "H"),
    "migrate no XML": ("dcc", "migrate", "X"),
    "convert to nothing known": ("dcc", "convert", "A", "--to", "docx"),
    "convert to an unknown encoding": ("dcc", "convert", "A", "--to", "csv", "--encoding", "latin1"),
    "convert with JSON to nowhere": ("dcc", "convert", "A", "--to", "csv", "--json"),
    "a folder": ("dcc", "quantities", "."),
    "no such file": ("dcc", "diff", "A", "nowhere.xml"),
    "a version of D-SI that is none": ("dsi", "check", "A", "--version", "9.9.9"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_has_a_code_and_writes_nothing(capsys, files, case):
    status, out, err = run(capsys, *(files.get(word, word) for word in REFUSED[case]))
    assert status not in (0, 1)
    assert "JL-" in out + err
    assert "Traceback" not in err


def test_hints_are_left_out_when_asked(capsys, written):
    file = written("a.xml", one().replace(b"<dcc:mainSigner>true</dcc:mainSigner>", b""))
    _, out, _ = run(capsys, "dcc", "check", file, "--json")
    assert [f["rule"] for f in json.loads(out)[0]["findings"]] == ["DCC-SIGNER-MISSING"]
    _, out, _ = run(capsys, "dcc", "check", file, "--json", "--no-hints")
    assert json.loads(out)[0] == {"file": file, "version": "3.3.0", "valid": True, "findings": []}


@pytest.mark.parametrize("notation", ["json", "cbor", "msgpack"])
def test_a_lossless_file_is_read_wherever_a_certificate_is(capsys, files, tmp_path, notation):
    out = tmp_path / f"a.{notation}"
    status, said, _ = run(capsys, "dcc", "convert", files["A"], "--to", notation, "-o", str(out), "--json")
    told = json.loads(said)
    assert (status, told["bytes"]) == (0, out.stat().st_size)
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert run(capsys, "dcc", "check", str(out))[0] == 0
    assert run(capsys, "dcc", "diff", files["A"], str(out))[0] == 0
    back = tmp_path / "back.xml"
    run(capsys, "dcc", "convert", str(out), "--to", "xml", "-o", str(back))
    assert c14n(back.read_bytes()) == c14n(one())


def test_what_gbk_cannot_write_is_told(capsys, written, tmp_path):
    file = written("a.xml", certificate_with(quantity(real("1", METRE), "量 µ ²")))
    out = tmp_path / "a.csv"
    words = ("dcc", "convert", file, "--to", "csv", "--encoding", "gbk", "-o", str(out))
    status, _, err = run(capsys, *words)
    lost = "each became “?” and is lost; use GB18030 or UTF-8 to keep them.\n"
    assert (status, err) == (0, f"GBK does not have 2 letters: µ (U+00B5) ² (U+00B2); {lost}")
    assert "量 ? ?" in out.read_bytes().decode("gbk")
    assert json.loads(run(capsys, *words, "--json")[1])["unmapped"] == ["µ", "²"]


def test_a_chain_is_drawn_and_told_at_once(capsys, files, written, tmp_path):
    digest = hashlib.sha256(one()).hexdigest()
    lower = written("l.xml", certificate_with(equipment=reference("N-1", "sha256", digest), number="N-2"))
    drawn = tmp_path / "chain.svg"
    status, out, _ = run(capsys, "dcc", "chain", lower, files["A"], "--svg", str(drawn), "--json")
    chain = json.loads(out)
    assert (status, chain["unbroken"], chain["proved"]) == (0, True, True)
    assert [(link["number"], link["state"]) for link in chain["links"]] == [("N-1", "intact")]
    assert drawn.read_bytes().startswith(b"<svg")
    changed = written("a.xml", one("1.001"))
    assert run(capsys, "dcc", "chain", lower, changed)[0] == 1


def test_a_store_is_searched_past_what_is_no_certificate(capsys, files, written, tmp_path):
    digest = hashlib.sha256(one()).hexdigest()
    lower = written("l.bin", certificate_with(equipment=reference("N-1", "sha256", digest), number="N-2"))
    status, out, _ = run(capsys, "dcc", "chain", lower, "--store", str(tmp_path), "--json")
    assert (status, json.loads(out)["proved"]) == (0, True)
    assert [each["number"] for each in json.loads(out)["certificates"]] == ["N-2", "N-1"]
