"""Samples of the proofs about uncertainty; the full runs are commands (docs/reference/proofs.md)."""

import json
import math

from tests.proofs.adaptive_draws import KEPT, kept_promises, make_references
from tests.proofs.expression_fuzz import fuzz
from tests.proofs.uncertainty_vectors import prove


def references():
    return {
        model["document"]["id"]: model for model in json.loads(KEPT.read_text(encoding="utf-8"))["models"]
    }


def test_six_hundred_random_models_end_in_a_value_or_in_an_error_of_ours():
    """What a run takes of time and memory is left to the command: here it would depend on the machine."""
    found = fuzz(seconds=math.inf, seed=20261121, attempts=600)
    assert found["attempts"] == 600
    assert [finding for finding in found["findings"] if "problem" in finding] == []
    assert found["outcomes"]["evaluated"] > 5
    assert found["outcomes"]["JL-EXPR-002"] > 10


def test_every_vector_with_draws_holds_for_one_seed(oracles):
    rows = prove(oracles / "uncertainty", draws=2_000_000, seeds=1, first_seed=11)
    assert len(rows) == 14
    assert [row["vector"] for row in rows if row["held"] != 1] == []


def test_the_default_rule_keeps_one_digit_in_every_run_of_a_sample():
    for model in references().values():
        found = kept_promises(model, digits=1, runs=6, seed=500, rule="jialiang")
        assert found["kept"] == 6, found


def test_the_default_rule_keeps_two_digits_of_a_skew_output():
    found = kept_promises(references()["viscometer"], digits=2, runs=4, seed=500, rule="jialiang")
    assert found["kept"] == 4
    assert found["farthest_in_delta"] < 1


def test_the_printed_rule_breaks_its_promise_where_ours_does_not():
    """S1 9.3 with two digits: the printed rule stops when batches happen to agree."""
    printed = kept_promises(references()["mass"], digits=2, runs=12, seed=500, rule="s1")
    assert printed["kept"] < 12


def test_references_can_be_made_again():
    """The kept ones were made with 10⁸ draws of the same seed; a smaller set lies near them."""
    kept = references()
    for model in make_references(400_000)["models"]:
        wanted = kept[model["document"]["id"]]["reference"]
        assert wanted["draws"] == 100_000_000
        assert abs(model["reference"]["u"] / wanted["u"] - 1) < 0.01
        assert abs(model["reference"]["y"] - wanted["y"]) < 0.01 * wanted["u"]
