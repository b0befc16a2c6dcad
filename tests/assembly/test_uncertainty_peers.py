"""The comparison with other packages: models, figures, conventions, explanations without a peer; a sample with each."""

import json
import math
from copy import deepcopy

import pytest
from benchmarks import uncertainty_peers
from benchmarks.peers.comparing import Comparison, Difference, agree, compare, figures, relative
from benchmarks.peers.conventions import OF_FIGURES, OF_MODELS
from benchmarks.peers.environments import PEERS, Peer, PeerAbsent, ask, install, python_of
from benchmarks.peers.explaining import Explainer, Explanation, explanations
from benchmarks.peers.generating import KINDS, generate
from benchmarks.peers.own import answer, answer_record, document_of
from benchmarks.peers.page import Findings, page
from benchmarks.peers.record_conventions import OF_RECORDS
from benchmarks.peers.records import DEVIATIONS, generate_records

SEED = 20261121


@pytest.fixture(scope="module")
def models():
    return generate(300, SEED)


@pytest.fixture(scope="module")
def own(models):
    return {model["id"]: answer(model) for model in models}


@pytest.fixture(scope="module")
def records():
    return generate_records(6, SEED)


@pytest.fixture(scope="module")
def own_records(records):
    return {record["id"]: answer_record(record) for record in records}


def of_kind(models, kind):
    return [model for model in models if model["kind"] == kind]


def changed_answers(models, change):
    """Answer as a peer would that has a convention of its own."""
    return {"version": "0", "answers": {model["id"]: change(model) for model in models}}


def explainer(models, own):
    return Explainer(explanations(), {model["id"]: model for model in models}, own)


def one_input(**changes):
    item = {"name": "a", "estimate": 2.0, "distribution": "normal", "u": 0.1, "dof": None} | changes
    plain = {"correlation": [], "groups": [], "complex": []}
    return {"id": "one", "kind": "sum", "expressions": {"y": "3*a"}, "inputs": [item], **plain}


# models


def test_three_hundred_models_have_the_kinds_in_their_shares(models):
    counted = {kind: len(of_kind(models, kind)) for kind in KINDS}
    assert counted == KINDS
    assert sum(KINDS.values()) == 300
    assert len({model["id"] for model in models}) == 300


def test_the_same_seed_gives_the_same_models_and_another_seed_others(models):
    assert generate(300, SEED) == models
    assert generate(300, SEED + 1) != models


def test_a_smaller_number_keeps_every_kind():
    assert {model["kind"] for model in generate(60, 3)} == set(KINDS)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_model_has_finite_values_and_uncertainties(seed):
    for model in generate(120, seed):
        for row in answer(model)["outputs"].values():
            assert math.isfinite(row["value"]), model
            assert math.isfinite(row["u"]), model
            assert row["u"] >= 0, model


def test_the_mix_has_finite_and_infinite_and_undefined_degrees_of_freedom(own):
    degrees = [row["nu_eff"] for found in own.values() for row in found["outputs"].values()]
    assert degrees.count("inf") > 40
    assert degrees.count(None) > 10
    assert sum(isinstance(nu, float) for nu in degrees) > 100


def test_a_stationary_point_is_among_the_powers(models, own):
    assert [m["id"] for m in of_kind(models, "power") if own[m["id"]]["outputs"]["y"]["u"] == 0] != []


def test_inputs_estimated_together_share_one_degree_of_freedom(models):
    for model in of_kind(models, "together"):
        members = model["groups"][0]
        assert len({item["dof"] for item in model["inputs"] if item["name"] in members}) == 1


def test_several_outputs_are_correlated_with_one_another(models, own):
    for model in of_kind(models, "several"):
        count = len(model["expressions"])
        assert len(own[model["id"]]["correlation"]) == count * (count - 1) // 2


def test_no_model_uses_a_name_that_means_something_to_a_peer(models):
    names = {item["name"] for model in models for item in model["inputs"]}
    assert not names & {"e", "f", "E", "I", "N", "S"}


def test_a_model_becomes_a_budget_document_with_its_groups(models):
    model = of_kind(models, "together")[0]
    document = document_of(model)
    grouped = [item["name"] for item in document["inputs"] if item.get("group")]
    assert grouped == model["groups"][0]
    assert document["correlation"] == model["correlation"]
    assert document["settings"]["degrees_of_freedom_rule"] == "real"


def test_records_are_the_same_for_a_seed_and_long_enough_for_their_factors(records):
    assert generate_records(6, SEED) == records
    for record in records:
        assert 3 * max(record["factors"]) < len(record["phase"])
        assert record["deviations"] == list(DEVIATIONS)


def test_records_have_the_slope_that_they_say(own_records, records):
    """ADEV falls as 1/τ for white phase noise and rises as √τ for random walk of frequency."""
    long = [r for r in generate_records(40, 5) if len(r["phase"]) > 400]
    for record in [r for r in long if r["alpha"] in (2, -2)]:
        rows = answer_record(record)["outputs"]
        ratio = rows["oadev m=16"]["value"] / rows["oadev m=1"]["value"]
        assert (ratio < 0.2) if record["alpha"] == 2 else (ratio > 1.5)


# comparing


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [(1.0, 1.0 + 5e-10, True), (1.0, 1.0 + 2e-9, False), ("inf", "inf", True), (None, None, True), (None, "inf", False),
     (3.0, "inf", False), (0.0, 0.0, True), (0.0, 1e-30, False), (-2.0, 2.0, False)],
)  # fmt: skip
def test_figures_agree_to_a_milliardth_or_are_the_same_word(ours, theirs, expected):
    assert agree(ours, theirs) is expected


def test_the_size_of_a_difference_is_relative_to_the_larger():
    assert relative(4.0, 5.0) == pytest.approx(0.2)
    assert relative(5.0, 4.0) == pytest.approx(0.2)
    assert relative(5.0, "inf") is None


def test_equal_answers_have_no_difference(models, own):
    found = compare("GTC", {"version": "1", "answers": own}, models, own)
    assert found.differences == []
    assert found.models == 300
    assert found.compared["U"] == found.compared["value"] > 300
    assert found.compared["r"] > 30


def test_a_figure_that_a_peer_does_not_give_is_not_compared(models, own):
    few = {n: {"outputs": {o: {"u": row["u"]} for o, row in a["outputs"].items()}} for n, a in own.items()}
    assert set(compare("uncertainties", {"version": "1", "answers": few}, models, own).compared) == {"u"}


def test_what_a_peer_cannot_say_is_counted_and_what_it_fails_at_is_named(models, own):
    answers = deepcopy(own)
    first, second, third = (model["id"] for model in models[:3])
    answers[first] = {"left_out": "no such thing"}
    answers[second] = {"refused": "ValueError: what"}
    del answers[third]
    found = compare("GTC", {"version": "1", "answers": answers}, models, own)
    assert found.left_out == {"no such thing": 1}
    assert found.refused == [(second, "ValueError: what"), (third, "no answer")]
    assert found.models == 297


def test_each_planted_difference_is_found(models, own):
    answers = deepcopy(own)
    answers["sum-01"]["outputs"]["y"]["u"] *= 1 + 1e-8
    answers["several-01"]["correlation"][0][2] += 1e-6
    found = compare("GTC", {"version": "1", "answers": answers}, models, own)
    assert [(d.model, d.output, d.figure) for d in found.differences] == [
        ("sum-01", "y", "u"),
        ("several-01", "y, " + own["several-01"]["correlation"][0][1], "r"),
    ]
    assert found.differences[0].relative == pytest.approx(1e-8, rel=1e-6)


def test_an_output_that_a_peer_leaves_out_is_an_error_and_not_an_agreement(own):
    with pytest.raises(KeyError):
        list(figures(own["sum-01"], {"outputs": {}}))


# conventions


def test_half_of_an_arcsine_input_is_a_over_two_root_two():
    model = one_input(distribution="arcsine", half_width=0.4)
    del model["inputs"][0]["u"]
    assert answer(model)["outputs"]["y"]["u"] == pytest.approx(3 * 0.4 / math.sqrt(2))
    halved = OF_MODELS["arcsine_half"](model)
    assert answer(halved)["outputs"]["y"]["u"] == pytest.approx(3 * 0.4 / (2 * math.sqrt(2)))
    assert model["inputs"][0]["half_width"] == 0.4


def test_the_other_distributions_are_left_by_it():
    model = one_input(distribution="triangular", half_width=0.4)
    assert OF_MODELS["arcsine_half"](model) == model


def test_k_at_a_milliard_degrees_is_a_little_more_than_that_of_the_normal_distribution():
    row = {"u": 1.0, "nu_eff": "inf", "U": 1.959963984540054}
    k = OF_FIGURES["at_most_a_milliard"](row, [])["U"]
    assert 1e-9 < k / 1.959963984540054 - 1 < 1.5e-9


@pytest.mark.parametrize(
    ("nu", "expected"), [(9_999.0, 9_999.0), (10_001.0, "inf"), ("inf", "inf"), (None, None)]
)
def test_ten_thousand_degrees_of_freedom_are_many(nu, expected):
    row = {"u": 1.0, "nu_eff": nu, "U": 1.97}
    assert OF_FIGURES["infinite_above_ten_thousand"](row, [])["nu_eff"] == expected


@pytest.mark.parametrize(("nu", "changes"), [(9.9e4, False), (1.1e5, True), (None, False)])
def test_the_normal_distribution_above_a_hundred_thousand_leaves_the_degrees(nu, changes):
    row = {"u": 2.0, "nu_eff": nu, "U": 1.0}
    found = OF_FIGURES["normal_above_hundred_thousand"](row, [])
    assert found["nu_eff"] == nu
    assert found["U"] == (pytest.approx(2 * 1.959963984540054) if changes else 1.0)


def test_welch_and_satterthwaite_by_hand():
    """u = 3 and 4 of ν = 4 and 9, uncorrelated: 5⁴/(3⁴/4 + 4⁴/9) = 12.84."""
    row = {"u": 5.0, "nu_eff": None, "U": None}
    parts = [
        {"contribution": 3.0, "dof": 4.0},
        {"contribution": 4.0, "dof": 9.0},
        {"contribution": 1.0, "dof": "inf"},
    ]
    assert OF_FIGURES["welch_regardless"](row, parts)["nu_eff"] == pytest.approx(625 / (81 / 4 + 256 / 9))


def test_nothing_that_varies_has_infinite_degrees_by_convention_only_where_u_is_zero():
    convention = OF_FIGURES["infinite_where_nothing_varies"]
    assert convention({"u": 0.0, "nu_eff": None}, [])["nu_eff"] == "inf"
    assert convention({"u": 0.1, "nu_eff": None}, [])["nu_eff"] is None


def test_parts_taken_apart_give_the_same_value_and_u_with_another_degree_of_freedom(models, own):
    model = next(m for m in of_kind(models, "complex") if m["complex"][0]["dof"] and not m["complex"][0]["r"])
    apart = answer(OF_MODELS["parts_apart"](model))["outputs"]
    for name, row in own[model["id"]]["outputs"].items():
        assert apart[name]["value"] == pytest.approx(row["value"], rel=1e-12)
        assert apart[name]["u"] == pytest.approx(row["u"], rel=1e-12)
        assert apart[name]["nu_eff"] != pytest.approx(row["nu_eff"], rel=1e-6)


# explaining


def test_the_explanations_name_known_peers_conventions_and_figures():
    known = explanations()
    assert len({e.id for e in known}) == len(known) > 10
    for each in known:
        assert each.peer in {peer.name for peer in PEERS}
        assert each.convention in {**OF_MODELS, **OF_FIGURES, **OF_RECORDS}
        assert each.right in ("ours", "theirs", "both")
        assert each.says
        assert each.figures


def test_a_difference_is_explained_by_the_convention_that_makes_it(models, own):
    told = changed_answers(models, lambda m: answer(OF_MODELS["arcsine_half"](m)))
    found = compare("metrolopy", told, models, own)
    explains = explainer(models, own)
    assert len(found.differences) > 50
    for each in found.differences:
        assert [e.id for e in explains.explain(each, told["answers"][each.model])] == ["metrolopy-1"]


def test_two_conventions_together_are_both_named(models, own):
    def as_metrolopy(model):
        found = answer(OF_MODELS["arcsine_half"](model))
        rows = {n: OF_FIGURES["infinite_above_ten_thousand"](row, []) for n, row in found["outputs"].items()}
        return found | {"outputs": rows}

    told = changed_answers(models, as_metrolopy)
    explains = explainer(models, own)
    found = compare("metrolopy", told, models, own).differences
    reasons = [tuple(e.id for e in explains.explain(each, told["answers"][each.model])) for each in found]
    assert ("metrolopy-1", "metrolopy-2") in reasons
    assert () not in reasons


@pytest.mark.parametrize("figure", ["value", "u", "U"])
def test_a_difference_that_no_convention_makes_is_unexplained(models, own, figure):
    for model in models[::17]:
        output, row = next(iter(own[model["id"]]["outputs"].items()))
        if not row[figure]:
            continue
        for peer in ("GTC", "metrolopy", "suncal", "uncertainties"):
            found = Difference(
                peer, model["id"], model["kind"], output, figure, row[figure], row[figure] * 1.0001
            )
            assert explainer(models, own).explain(found, {}) == ()


def test_an_explanation_of_another_peer_or_figure_does_not_count(models, own):
    model = of_kind(models, "power")[8]
    row = own[model["id"]]["outputs"]["y"]
    assert row["u"] == 0
    right = Difference("GTC", model["id"], "power", "y", "nu_eff", None, "inf")
    assert [e.id for e in explainer(models, own).explain(right, {})] == ["GTC-2"]
    other = Difference("uncertainties", model["id"], "power", "y", "nu_eff", None, "inf")
    assert explainer(models, own).explain(other, {}) == ()


def test_correlated_inputs_with_a_common_degree_of_freedom_are_suncals_third(models, own):
    """GUM H.2 has ν = 4 for a set of five observations; suncal would give another number."""
    model = of_kind(models, "together")[1]
    (output, row) = next(iter(own[model["id"]]["outputs"].items()))
    theirs = OF_FIGURES["welch_regardless"](row, own[model["id"]]["contributions"][output])
    found = Difference("suncal", model["id"], "together", output, "nu_eff", row["nu_eff"], theirs["nu_eff"])
    assert [e.id for e in explainer(models, own).explain(found, {})] == ["suncal-3"]


def of_record(records, own_records, output, figure, theirs):
    record = records[0]
    row = own_records[record["id"]]["outputs"][output]
    found = Difference(
        "allantools", record["id"], "record", output, figure, row.get(figure), theirs.get(figure)
    )
    known = Explainer(explanations(), {record["id"]: record}, own_records)
    return [e.id for e in known.explain(found, {"outputs": {output: theirs}})]


def test_an_interval_of_another_degree_of_freedom_is_recomputed(records, own_records):
    row = own_records[records[0]["id"]]["outputs"]["oadev m=4"]
    assert of_record(records, own_records, "oadev m=4", "low", row) == ["allantools-2"]
    assert of_record(records, own_records, "oadev m=4", "low", row | {"low": row["low"] * 1.001}) == []
    assert of_record(records, own_records, "oadev m=4", "low", row | {"edf": row["edf"] * 1.5}) == []


def test_a_shortcut_is_explained_only_where_the_full_sum_agrees(records, own_records):
    row = own_records[records[0]["id"]]["outputs"]["oadev m=4"]
    cut = row | {"edf": row["edf"] * 1.02}
    assert of_record(records, own_records, "oadev m=4", "edf", cut | {"edf_full": row["edf"]}) == [
        "allantools-1"
    ]
    assert of_record(records, own_records, "oadev m=4", "edf", cut | {"edf_full": row["edf"] * 1.01}) == []
    assert of_record(records, own_records, "oadev m=4", "edf", cut) == []


def test_the_degrees_of_the_total_deviation_count_values_instead_of_intervals(records):
    record = next(r for r in records if r["alpha"] == -1)
    found = Difference("allantools", record["id"], "record", "totdev m=4", "edf", 1.0, 1.0)
    expected = 1.17 * len(record["phase"]) / 4 - 0.22
    assert OF_RECORDS["total_by_count"](found, record, {}, {}) == pytest.approx(expected)
    other = Difference("allantools", record["id"], "record", "oadev m=4", "edf", 1.0, 1.0)
    assert math.isnan(OF_RECORDS["total_by_count"](other, record, {}, {}))


@pytest.mark.parametrize(
    ("ours", "theirs", "explained"), [(-2, -3, True), (2, 3, True), (-2, -1, False), (1, 2, False)]
)
def test_a_noise_beyond_the_five_is_cut_and_another_is_not_explained(ours, theirs, explained):
    found = Difference("allantools", "r", "record", "noise m=1", "alpha", ours, theirs)
    expected = OF_RECORDS["noise_outside"](found, {}, {"alpha": ours}, {"alpha": theirs})
    assert agree(expected, theirs) is explained


@pytest.mark.parametrize(
    ("length", "m", "single"), [(13, 4, True), (14, 4, True), (17, 4, False), (12, 4, False)]
)
def test_one_difference_alone_is_no_deviation_for_the_peer(length, m, single):
    """Four values at steps of m make one third difference."""
    found = Difference("allantools", "r", "record", f"hdev m={m}", "value", 1.0, None)
    expected = OF_RECORDS["single_difference"](found, {"phase": [0.0] * length}, {}, {})
    assert (expected is None) is single


# environments, page, command


def test_a_peer_without_an_environment_is_named(tmp_path):
    with pytest.raises(PeerAbsent, match="GTC"):
        ask(PEERS[0], [one_input()], folder=tmp_path)


def test_a_peer_whose_environment_cannot_be_made_is_named(tmp_path):
    (tmp_path / "imagined").write_text("a file where a folder would be", encoding="utf-8")
    with pytest.raises(PeerAbsent, match="imagined"):
        install(Peer("imagined", ("imagined",), "none"), folder=tmp_path)


def test_an_environment_that_stands_is_not_made_again(tmp_path):
    python = python_of(PEERS[0], folder=tmp_path)
    (tmp_path / "gtc").mkdir()
    (tmp_path / "gtc" / "installed").write_text("GTC\n", encoding="utf-8")
    assert install(PEERS[0], folder=tmp_path) == python


def test_each_peer_has_an_environment_and_a_side_of_its_own():
    assert len({python_of(peer) for peer in PEERS}) == len(PEERS) == 5
    for peer in PEERS:
        assert (uncertainty_peers.ROOT / "benchmarks/peers/sides" / f"{peer.name.lower()}_side.py").is_file()


def test_the_product_imports_no_peer():
    names = [peer.name.lower() for peer in PEERS if peer.name != "GTC"]
    for file in (uncertainty_peers.ROOT / "src").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not [n for n in names if f"import {n}" in text or f"from {n}" in text], file


def test_the_page_tells_every_difference_under_its_explanation():
    why = Explanation("P-1", "GTC", "normal_above_hundred_thousand", ("U",), "a title", "Because.", "both")
    unused = Explanation("P-2", "GTC", "parts_apart", ("U",), "never met", "Never.", "both")
    first = Difference("GTC", "sum-01", "sum", "y", "U", 1.25, 1.26)
    second = Difference("GTC", "sum-02", "sum", "y", "nu_eff", None, "inf")
    comparison = Comparison("GTC", "1.5", models=2, differences=[first, second])
    comparison.compared.update({"U": 2, "nu_eff": 2})
    comparison.left_out["no such thing"] = 3
    findings = Findings(
        1, 2, 0, [comparison], {first: (why,), second: ()}, {"suncal": "suncal: no such package"}
    )
    text = page(findings, [why, unused])
    assert "## P-1: a title\n\nBecause. (both are usable; 1 figures)" in text
    assert "| sum-01 | y | U | 1.25 | 1.26 | 7.9e-03 |  |" in text
    assert "P-2" not in text
    assert "| sum-02 | y | nu_eff | not defined | ∞ |  | GTC |" in text.split("## Unexplained")[1]
    assert "suncal could not be asked: suncal: no such package" in text
    assert "| GTC | no such thing | 3 |" in text
    assert "| GTC | 1.5 | MIT | 2 | 4 | 2 | 2 | 1 |" in text


@pytest.fixture
def pretended(monkeypatch, tmp_path):
    """Peers that answer as we do, with a change that a test plants."""
    plant = {"change": lambda answers: answers}

    def pretend(peer, asked, *, folder):
        one = answer_record if peer.name == "allantools" else answer
        answers = {model["id"]: one(model) for model in asked}
        return {"version": "0", "answers": json.loads(json.dumps(plant["change"](answers)))}

    monkeypatch.setattr(uncertainty_peers, "install", lambda peer, *, folder: None)
    monkeypatch.setattr(uncertainty_peers, "ask", pretend)
    plant["run"] = lambda *words: uncertainty_peers.main(
        ["--models", "20", "--records", "2", "--out", str(tmp_path / "out.json"), *words]
    )
    plant["out"] = tmp_path / "out.json"
    return plant


def test_peers_that_agree_end_with_zero(pretended, capsys):
    assert pretended["run"]() == 0
    assert "suncal 0: 20 models" in capsys.readouterr().out
    assert json.loads(pretended["out"].read_text(encoding="utf-8"))["differences"] == []


def test_an_unexplained_difference_ends_with_one(pretended, capsys):
    def change(answers):
        next(iter(next(iter(answers.values()))["outputs"].values()))["value"] *= 1.01
        return answers

    pretended["change"] = change
    assert pretended["run"]("--peer", "GTC") == 1
    assert "UNEXPLAINED" in capsys.readouterr().out
    assert json.loads(pretended["out"].read_text(encoding="utf-8"))["differences"][0]["explained_by"] == []


def test_a_peer_that_fails_on_a_model_ends_with_one(pretended, capsys):
    pretended["change"] = lambda answers: {n: {"refused": "ValueError: no"} for n in answers}
    assert pretended["run"]("--peer", "GTC") == 1
    assert "FAILED GTC on sum-01: ValueError: no" in capsys.readouterr().out


def test_without_any_peer_the_end_is_two_and_each_is_named(pretended, monkeypatch, capsys):
    def nowhere(peer, *, folder):
        raise PeerAbsent(f"{peer.name}: no matching distribution")

    monkeypatch.setattr(uncertainty_peers, "install", nowhere)
    assert pretended["run"]() == 2
    told = capsys.readouterr().out
    assert all(f"absent: {peer.name}: {peer.name}: no matching distribution" in told for peer in PEERS)


def test_the_kept_page_has_every_explanation_that_it_uses_and_nothing_unexplained():
    text = uncertainty_peers.PAGE.read_text(encoding="utf-8")
    assert text.split("## Unexplained")[1].strip() == "None."
    assert f"generates 300 models and 12 phase records (seed {SEED})" in text
    for each in explanations():
        assert f"## {each.id}: {each.title}\n\n{each.says}" in text


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_sample_with_the_peer_itself_leaves_nothing_unexplained(peer):
    if not (python_of(peer).parents[1] / "installed").is_file():
        pytest.skip(f"{peer.name} has no environment; python -m benchmarks.uncertainty_peers makes it")
    found = uncertainty_peers.compare_with(
        [peer], models=40, records=3, seed=7, folder=python_of(peer).parents[2]
    )
    assert found.absent == {}
    assert found.unexplained == []
    assert found.failures == []
    assert sum(found.comparisons[0].compared.values()) >= 100
