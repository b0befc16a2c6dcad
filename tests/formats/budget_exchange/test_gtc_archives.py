"""Archives of GTC, read and written: the same value, u, ν and correlation, asserted by GTC itself where it is there."""

import json
import math
from pathlib import Path

import pytest
from benchmarks.peers.generating import generate
from benchmarks.peers.own import document_of
from tests.formats.budget_exchange.gtc_itself import figures, written

from jialiang.formats.budget_exchange.errors import ArchiveNotReadable, NotSayableInArchive
from jialiang.formats.budget_exchange.exchange import read_budget
from jialiang.formats.budget_exchange.gtc_reading import is_archive, read_archive
from jialiang.formats.budget_exchange.gtc_writing import write_archive
from jialiang.science.documents.evaluating import propagate
from jialiang.science.documents.reading import read_document
from jialiang.science.errors import BudgetUnreadable

KEPT = json.loads((Path(__file__).parents[2] / "vectors" / "gtc_archive.json").read_text(encoding="utf-8"))
LINE = {
    "model": {"expr": {"b30": "y1 + y2*10"}},
    "inputs": [
        {"name": "y1", "mean": -0.1712, "u": 0.0029, "dof": 9, "distribution": "t", "group": "fit"},
        {"name": "y2", "mean": 0.00218, "u": 0.00067, "dof": 9, "distribution": "t", "group": "fit"},
    ],
    "correlation": [["y1", "y2", -0.93]],
}
MADE_BY_GTC = """
import GTC
from GTC import ureal, persistence, result, sin
x, z = ureal(1.5, 0.1, 5, label="angle of x"), ureal(2.0, 0.2, label="2nd")
y = result(sin(x)*z**2, label="y")
archive = persistence.Archive()
archive.add(y=y, x=x)
print(persistence.dumps_json(archive))
"""


def law(document):
    return propagate(read_document(document), "lpu")


def archive(document=LINE):
    return json.loads(write_archive(document))


def same(ours, value, u, nu):
    expected = math.inf if nu in (None, "inf") else nu
    assert ours.estimate == pytest.approx(value, rel=1e-12)
    assert ours.combined_standard_uncertainty == pytest.approx(u, rel=1e-12)
    assert ours.degrees_of_freedom == pytest.approx(expected, rel=1e-9)


# reading


@pytest.mark.parametrize("name", ["y", "v_re", "v_im"])
def test_a_kept_archive_of_gtc_has_its_figures(name):
    """With independent and correlated inputs, an ensemble with ν = 7 and a complex input with ν = 9."""
    found = law(read_archive(json.dumps(KEPT["archive"]).encode()))
    same(found.outputs[name], *KEPT["figures"][name].values())


def test_correlations_of_results_are_those_of_gtc():
    found = law(read_archive(json.dumps(KEPT["archive"]).encode())).correlation
    for pair, r in KEPT["correlation"].items():
        assert found[tuple(pair.split(", "))] == pytest.approx(r, rel=1e-9)


def test_an_input_archived_by_name_keeps_its_estimate_and_another_is_a_deviation():
    inputs = {item["name"]: item for item in read_archive(json.dumps(KEPT["archive"]).encode())["inputs"]}
    assert inputs["x"] == {"name": "x", "mean": 1.0, "distribution": "t", "u": 0.1, "dof": 5.0}
    assert inputs["w"]["mean"] == 0.0
    assert inputs["a"]["group"] == inputs["b"]["group"]


def test_the_notation_is_told_from_the_content():
    data = json.dumps(KEPT["archive"]).encode()
    assert read_budget(data) == read_archive(data) == read_budget(data, "gtc")
    assert read_budget(json.dumps(LINE).encode()) == LINE
    assert is_archive(KEPT["archive"])
    assert not is_archive(LINE)
    assert not is_archive([])


def changed(**members):
    return json.dumps(KEPT["archive"] | members).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"[1, 2]",
        b"{}",
        b"[" * 100_000,
        changed(version="https://measurement.govt.nz/gtc/json_9"),
        changed(leaf_nodes={}),
        changed(leaf_nodes=[]),
        changed(tagged_real={"y": {"CLASS": "IntermediateReal"}}),
        changed(tagged_real={"x": {"CLASS": "ElementaryReal", "x": "many", "uid": "(1, 1)"}}),
        changed(tagged_real=None),
        changed(tagged_complex={"v": {}}),
        changed(leaf_nodes={str(k): {} for k in range(3000)}),
    ],
)
def test_what_is_no_archive_of_this_version_is_refused_with_a_reason(data):
    with pytest.raises(ArchiveNotReadable) as caught:
        read_archive(data)
    assert caught.value.facts["reason"]
    assert caught.value.what.zh
    assert caught.value.way_out.en


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_a_number_that_is_none_is_refused(number):
    node = next(iter(KEPT["archive"]["leaf_nodes"].values())) | {"u": float(number)}
    with pytest.raises(ArchiveNotReadable):
        read_archive(changed(leaf_nodes=KEPT["archive"]["leaf_nodes"] | {node["uid"]: node}))


def test_labels_that_no_formula_can_hold_become_names():
    data = json.loads(json.dumps(KEPT["archive"]))
    for node in data["leaf_nodes"].values():
        node["label"] = "3 Ω/x"
    names = [item["name"] for item in read_archive(json.dumps(data).encode())["inputs"]]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
    same(law(read_archive(json.dumps(data).encode())).outputs["y"], *KEPT["figures"]["y"].values())


def test_an_archive_of_inputs_alone_has_them_as_outputs():
    data = json.loads(json.dumps(KEPT["archive"]))
    data |= {"tagged_complex": {}, "untagged_real": {}}
    data["tagged_real"] = {tag: e for tag, e in data["tagged_real"].items() if e["CLASS"] == "ElementaryReal"}
    found = law(read_archive(json.dumps(data).encode()))
    assert found.outputs["x_out"].estimate == 1.0


# writing


def test_inputs_become_elementary_numbers_and_outputs_intermediate_ones():
    found = archive()
    assert {tag: e["CLASS"] for tag, e in found["tagged_real"].items()} == {
        "y1": "ElementaryReal",
        "y2": "ElementaryReal",
        "b30": "IntermediateReal",
    }
    nodes = list(found["leaf_nodes"].values())
    assert [node["df"] for node in nodes] == [9, 9]
    assert nodes[0]["ensemble"] == nodes[1]["ensemble"] == [node["uid"] for node in nodes]
    assert nodes[0]["correlation"][nodes[1]["uid"]] == -0.93
    assert found["tagged_real"]["b30"]["d_components"]["value"] == pytest.approx([0.0029, 0.0067])
    assert found["tagged_real"]["b30"]["u_components"]["value"] == []


def test_an_infinite_degree_of_freedom_is_null_and_such_an_input_independent():
    found = archive({"model": {"expr": {"y": "2*a"}}, "inputs": [{"name": "a", "mean": 1, "u": 0.5}]})
    (node,) = found["leaf_nodes"].values()
    assert (node["df"], node["independent"]) == (None, True)
    assert "correlation" not in node
    assert found["tagged_real"]["y"]["u_components"]["value"] == [1.0]


def test_the_same_document_gives_the_same_bytes_and_another_one_other_identifiers():
    assert write_archive(LINE) == write_archive(json.loads(json.dumps(LINE)))
    other = archive(LINE | {"title": "another"})
    assert not set(other["leaf_nodes"]) & set(archive()["leaf_nodes"])


def test_correlation_with_finite_degrees_outside_a_group_cannot_be_said():
    loose = [{n: v for n, v in item.items() if n != "group"} for item in LINE["inputs"]]
    with pytest.raises(NotSayableInArchive) as caught:
        write_archive(LINE | {"inputs": loose})
    assert "y1" in caught.value.what.en
    assert "group" in caught.value.way_out.zh


def test_a_document_that_cannot_be_read_is_refused_as_such():
    with pytest.raises(BudgetUnreadable):
        write_archive({"inputs": []})


DOCUMENTS = {
    model["id"]: document_of(model) for model in generate(60, 11) if model["kind"] != "correlated-finite"
}


@pytest.mark.parametrize("key", DOCUMENTS)
def test_what_is_written_and_read_again_has_the_same_figures(key):
    before = law(DOCUMENTS[key]).outputs
    after = law(read_archive(write_archive(DOCUMENTS[key]))).outputs
    for name, found in before.items():
        again = after[name.replace(".real", "_re").replace(".imag", "_im")]
        assert again.estimate == pytest.approx(found.estimate, rel=1e-12)
        assert again.combined_standard_uncertainty == pytest.approx(
            found.combined_standard_uncertainty, rel=1e-11
        )
        assert again.degrees_of_freedom == pytest.approx(found.degrees_of_freedom, rel=1e-9)


def test_gtc_itself_reads_what_we_write_with_the_same_figures():
    told = figures({key: write_archive(document).decode() for key, document in DOCUMENTS.items()})
    assert set(told) == set(DOCUMENTS)
    for key, document in DOCUMENTS.items():
        for name, found in law(document).outputs.items():
            value, u, nu = told[key][name.replace(".real", "_re").replace(".imag", "_im")]
            if found.combined_standard_uncertainty == 0:
                assert u == 0
                continue
            same(found, value, u, nu)


def test_we_read_what_gtc_itself_writes_with_the_same_figures():
    data = written(MADE_BY_GTC)
    (told,) = figures({"it": data.decode()}).values()
    document = read_archive(data)
    assert [item["name"] for item in document["inputs"]] == ["x", "2nd".replace("2", "x2")]
    same(law(document).outputs["y"], *told["y"])
    assert law(document).outputs["y"].estimate == pytest.approx(math.sin(1.5) * 4)


def test_what_gtc_wrote_and_we_wrote_again_is_read_by_gtc_with_the_same_figures():
    data = json.dumps(KEPT["archive"]).encode()
    (told,) = figures({"again": write_archive(read_archive(data)).decode()}).values()
    for name, expected in KEPT["figures"].items():
        value, u, nu = told[name]
        assert value == pytest.approx(expected["value"], rel=1e-12)
        assert u == pytest.approx(expected["u"], rel=1e-12)
        assert nu == pytest.approx(expected["nu"], rel=1e-9)
