"""Every vector of the metrology folder, through the topics and through the command line."""

import json
from decimal import Decimal

import pytest

from jialiang.assembly.cli import main
from jialiang.science.topics.registry import evaluate_topic

EXACT = 1e-9


@pytest.fixture(params=["python", "command"])
def ask(request, tmp_path, capsys):
    """Evaluate a topic in Python, and as a person would on the command line."""

    def in_python(topic, members):
        return evaluate_topic(topic, members)

    def on_the_command_line(topic, members):
        file = tmp_path / "input.json"
        file.write_text(json.dumps(members), encoding="utf-8")
        assert main(["metrology", topic, str(file), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return in_python if request.param == "python" else on_the_command_line


@pytest.fixture(scope="module")
def vector(oracles):
    return lambda name: json.loads((oracles / "metrology" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def uncertainty(oracles):
    return lambda name: json.loads((oracles / "uncertainty" / f"{name}.json").read_text(encoding="utf-8"))


def table(oracles, name, skip):
    lines = (oracles / "metrology" / "nist_dataplot" / f"{name}.DAT").read_text().splitlines()
    return [line.split() for line in lines[skip:] if line.strip()]


def exact(value):
    return pytest.approx(value, rel=EXACT, abs=1e-15)


def test_en_and_zeta(ask, vector):
    for case in vector("interlab-en-zeta")["cases"]:
        found = ask(
            "scores",
            {"x": case["x"], "U": case["U"], "x_ref": case["X"], "U_ref": case["U_ref"], "k": case["k"]},
        )
        assert found["en"] == exact(case["En"])
        assert found["zeta"] == exact(case["zeta"])
        assert (found["en_verdict"] == "satisfactory") == case["En_ok"]


def test_z_and_zprime(ask, vector):
    for case in vector("interlab-z-zprime")["cases"]:
        found = ask(
            "z-scores",
            {"x": case["x"], "x_ref": case["X"], "sigma_pt": case["sigma_pt"], "u_ref": case["u_X"]},
        )
        assert found["z"] == exact(case["z"])
        assert found["zprime"] == exact(case["zprime"])
        assert found["prefer"] == case["prefer"]


@pytest.mark.parametrize("name", ["robust-algorithm-a-amc-brief6", "robust-algorithm-a-iso5725-5-creosote"])
def test_algorithm_a(ask, vector, name):
    expected = vector(name)["expected"]
    found = ask("algorithm-a", {"data": vector(name)["data"]})
    assert found["robust_mean"] == exact(expected["x_star"])
    assert found["robust_sd"] == exact(expected["s_star"])
    assert found["u"] == exact(expected["u_assigned_value_1_25"])


def test_global_risk_by_probability_and_ratio(ask, vector):
    for case in vector("risk-itp-tur")["cases"]:
        found = ask("risk", {"itp": case["itp"], "tur": case["TUR"]})
        assert found["pfa"] == exact(case["PFA"])
        assert found["pfr"] == exact(case["PFR"])
        assert found["pfa_conditional"] == exact(case["PFA_conditional"])


def test_global_risk_by_process_and_limits(ask, vector):
    for case in vector("risk-global-rp19-table")["cases"]:
        found = ask(
            "risk",
            {
                "process": {"kind": "normal", "mean": 0, "sd": case["sigma_process"]},
                "u": case["sigma_meas"],
                "limits": [case["TL"], case["TU"]],
                "acceptance": [case["AL"], case["AU"]],
            },
        )
        assert 100 * found["pfa"] == exact(case["PFA_percent"])
        assert 100 * found["pfr"] == exact(case["PFR_percent"])
        assert 100 * found["pfa_conditional"] == exact(case["PFA_conditional_percent"])
        assert 100 * found["pfa"] == pytest.approx(case["published_PFA_percent"], abs=1e-5)
        assert found["itp"] == exact(case["in_tolerance_prob"])


def test_specific_risk(ask, vector):
    for case in vector("risk-specific")["cases"]:
        found = ask(
            "specific-risk", {"mean": case["mean"], "u": case["u"], "limits": [case["TL"], case["TU"]]}
        )
        for name in ("cpk", "p_nc", "p_below", "p_above"):
            assert found[name] == pytest.approx(case[name], rel=EXACT, abs=0), name


def test_guard_band_rules(ask, vector):
    for case in vector("guardband-factors")["cases"]:
        factors = ask("guardband", {"tur": case["TUR"]})["factors"]
        for name in ("rss", "test95", "rp10", "dobbert_6"):
            assert factors[name] == exact(case[name])
            assert ask("guardband", {"tur": case["TUR"], "rule": name})["guard_band_factor"] == factors[name]


def test_decision_cases_of_ilac_g8(ask, vector):
    for case in vector("decision-rules-ilac-g8")["cases"]:
        members = {"rule": "non-binary", "limits": {"upper": case["TL"]}, "U": case["U"], "r": case["r"]}
        assert ask("decision", {**members, "y": case["y"]})["statement"] == case["statement"], case


def test_specific_risk_at_the_acceptance_limit(ask, vector):
    for row in vector("decision-rules-ilac-g8")["rows"]:
        at = Decimal(10) - Decimal(str(row["r"])) * Decimal("0.2")
        found = ask(
            "decision", {"rule": "guarded", "limits": [None, 10], "U": "0.2", "r": row["r"], "y": str(at)}
        )
        assert found["statement"] == "pass"
        assert found["specific_risk"] == exact(row["specific_PFA_at_AL"])


def test_interval_a3(ask, vector):
    for case in vector("interval-a3")["cases"]:
        found = ask(
            "interval-a3",
            {
                "in_tolerance": case["in_tolerance"],
                "n": case["n"],
                "interval_days": case["I0_days"],
                "target": case["target"],
                "confidence": case["conf"],
                "max_change": case["max_change"],
            },
        )
        assert found["interval_days"] == exact(case["interval_days"])
        assert found["rejection_confidence"] == exact(case["rejection_confidence"])
        assert found["reliability_range"] == exact(case["reliability_range"])
        assert round(found["interval_days"]) == case["published"]["interval"]


def test_interval_s2(ask, vector):
    case = vector("interval-s2-rp1-table-d1")
    data = case["data"]
    members = {"times": data["weeks"], "n": data["n"], "target": case["target"]}
    by_count = ask("interval-s2", {**members, "in_tolerance": data["in_tolerance"]})
    for name, expected in case["expected"].items():
        found = by_count["models"][name]
        assert found["neg_log_lik"] == pytest.approx(expected["neg_log_lik"], rel=1e-9)
        assert found["interval"] == pytest.approx(expected["interval_weeks_R075"], rel=1e-6)
        assert found["theta"] == pytest.approx(expected["theta"], rel=1e-6)
    by_share = ask(
        "interval-s2", {**members, "observed_reliability": data["observed_reliability"], "model": "weibull"}
    )
    assert by_share["interval"] == pytest.approx(by_count["models"]["weibull"]["interval"], rel=1e-9)


def test_interval_variables(ask, vector):
    case = vector("interval-variables-nasa")
    computed, targets = case["computed"], case["expected"]
    both = ask(
        "interval-variables", {**case["data"], "low": 9, "high": 11, "confidence": 0.9, "u_target": 0.5}
    )
    assert both["coefficients"] == exact(computed["b"])
    assert both["covariance"][0] == exact(computed["cov"][0])
    assert both["residual_sd"] == exact(computed["s_yx"])
    assert both["interval_days"]["uncertainty_target"] == exact(computed["interval_utarget"])
    assert both["interval_days"]["reliability_two_sided"] == exact(computed["interval_two_sided"])
    one = ask("interval-variables", {**case["data"], "high": 11, "confidence": 0.9})
    assert one["interval_days"] == {"reliability_upper_only": exact(computed["interval_upper"])}
    assert both["coefficients"][0] == pytest.approx(targets["b"][0], rel=1e-4)
    assert both["interval_days"]["uncertainty_target"] == pytest.approx(327.15, abs=0.01)


def test_staircase(ask, vector):
    case = vector("interval-staircase")
    rule = {name: case["rule"][name] for name in ("inner_fraction", "extend_factor", "reduce_factor")}
    bounds = {"minimum": case["rule"]["min_months"], "maximum": case["rule"]["max_months"]}
    for row in case["cases"]:
        found = ask(
            "interval-staircase",
            {"interval": row["interval"], "error": row["error"], "mpe": row["MPE"], "rule": rule, **bounds},
        )
        assert found["interval"] == row["next"]


@pytest.mark.parametrize("source", ["phase", "frequency"])
def test_allan_family(ask, vector, source):
    case = vector("allan-nbs14-9point")
    found = ask("allan", {source: case[source], "tau0": case["tau0"], "taus": case["taus"]})
    for name, expected in case["expected"].items():
        assert found[name.lower()] == pytest.approx(expected, rel=2e-7), name


def test_ewma(ask, vector):
    case = vector("chart-ewma-nist")
    parameters = {name: case[name] for name in ("ewma0", "s", "lam", "k")}
    expected = case["expected"]
    for found in (
        ask("chart", {"kind": "ewma", "data": case["data"], "parameters": parameters}),
        ask("ewma", {"data": case["data"], **parameters}),
    ):
        assert found["limits"] == exact([expected["LCL"], expected["UCL"]])
        assert found["ewma"] == exact(expected["ewma"])
        assert found["signals"] == expected["signals"]
        assert [round(z, 2) for z in found["ewma"]] == pytest.approx(expected["published_ewma"], abs=0.005)


def test_repeatability_stability_and_verification(ask, vector):
    case = vector("jjf1033-repeatability-stability")
    readings = case["repeatability"]
    found = ask("repeatability", {"data": readings["y"]})
    assert (found["mean"], found["s"], found["n"]) == (
        exact(readings["mean"]),
        exact(readings["s"]),
        readings["n"],
    )
    assert found["s_of_mean"] == exact(readings["s"] / 10**0.5)
    stable = case["stability"]
    judged = ask(
        "stability-jjf1033",
        {
            "group_means": stable["group_means"],
            "mpe": stable["MPE_abs"],
            "U_correction": stable["U_correction"],
        },
    )
    assert judged["stability"] == exact(stable["stability"])
    assert judged["ok_without_correction"] is stable["ok_without_correction"]
    assert judged["ok_with_correction"] is stable["ok_with_correction"]
    for row in case["verification"]["cases"]:
        assert ask("verification-jjf1033", {k: v for k, v in row.items() if k != "ok"})["ok"] is row["ok"]


def test_kilogram_check_standard(ask, vector, oracles):
    case = vector("check-standard-kilogram-croarkin")
    rows = [[float(cell) for cell in row] for row in table(oracles, "CROARKIN", case["skip_lines"])]
    masses, years, scatters = zip(*rows, strict=True)
    expected = case["expected"]
    found = ask("check-standard", {"times": years, "data": masses, "baseline_before": 85})
    baseline = expected["baseline_before_85"]
    assert (found["n"], found["centre"], found["sd"]) == (
        baseline["n"],
        exact(baseline["center"]),
        exact(baseline["sd"]),
    )
    assert found["limits"] == exact([baseline["LCL3"], baseline["UCL3"]])
    assert [i for i in found["outside"] if years[i] >= 85] == expected["out_of_limits_after_85"]
    drift, theirs = found["drift"], expected["drift_all"]
    pairs = {"slope": "slope", "u_slope": "se_slope", "intercept": "intercept", "u_intercept": "se_intercept"}
    for ours, name in {**pairs, "residual_sd": "s_residual", "r_squared": "r2"}.items():
        assert drift[ours] == exact(theirs[name]), ours
    early = [s for s, year in zip(scatters, years, strict=True) if year < 85]
    pooled = ask("pooled-deviation", {"s": early, "dof": [1] * len(early)})
    assert pooled["s"] == exact(baseline["pooled_residual_sd"])
    everything = ask("repeatability", {"data": masses})
    assert (everything["mean"], everything["s"]) == (exact(expected["mean_all"]), exact(expected["sd_all"]))


def test_resistivity_check_standard(ask, vector, oracles):
    case = vector("check-standard-resistivity-mpc62")
    rows = [[float(cell) for cell in row] for row in table(oracles, "MPC62", case["skip_lines"])]
    expected = case["expected"]
    values, scatters, degrees = ([row[i] for row in rows] for i in (10, 11, 12))
    found = ask("chart", {"kind": "individuals", "data": values, "parameters": {"sd_from": "deviation"}})
    assert found["centre"] == exact(expected["grand_mean"])
    assert found["sd"] == exact(expected["level2_sd"])
    assert found["limits"] == exact(expected["shewhart"])
    pooled = ask("pooled-deviation", {"s": scatters, "dof": degrees})
    assert (pooled["s"], pooled["dof"]) == (exact(expected["level1_pooled_sd"]), expected["level1_dof"])


def test_load_cell_line_and_parabola(ask, vector, oracles):
    case = vector("loadcell-quadratic")
    rows = table(oracles, "LOADCELL", case["skip_lines"])
    data = {"x": [float(row[0]) for row in rows], "y": [row[1] for row in rows]}
    line, expected = ask("calibration-curve", {**data, "order": 1}), case["expected"]["linear"]
    assert line["coefficients"] == [exact(expected["intercept"]), exact(expected["slope"])]
    assert line["u_coefficients"] == [exact(expected["se_intercept"]), exact(expected["se_slope"])]
    assert line["residual_sd"] == exact(expected["s_residual"])
    assert line["dof"] == expected["n"] - 2
    parabola, expected = ask("calibration-curve", {**data, "order": 2}), case["expected"]["quadratic"]
    assert parabola["coefficients"] == [exact(expected[name]) for name in ("b0", "b1", "b2")]
    assert parabola["residual_sd"] == exact(expected["s_residual"])
    assert parabola["significance"][2] < 1e-20


def test_drift_of_the_standard_resistor(ask, vector, oracles):
    case = vector("resistor-drift-dziuba")
    from datetime import date

    rows = table(oracles, "DZIUBA1", case["skip_lines"])
    days = [date(1900 + int(row[2]), int(row[0]), int(row[1])).toordinal() for row in rows]
    years = [(day - days[0]) / 365.25 for day in days]
    expected = case["expected"]["linear"]
    found = ask("calibration-curve", {"x": years, "y": [row[3] for row in rows]})
    assert len(rows) == case["expected"]["n"]
    assert found["coefficients"][1] == pytest.approx(expected["slope"], rel=1e-9)
    assert found["u_coefficients"][1] == pytest.approx(expected["se_slope"], rel=1e-9)
    assert found["residual_sd"] == pytest.approx(expected["s_residual"], rel=1e-9)


def test_welch_satterthwaite_of_the_gum(ask, uncertainty):
    case = uncertainty("gum-g4-welch-satterthwaite")
    inputs, expected = case["inputs"], case["expected"]
    found = ask("welch-satterthwaite", {"u": inputs["relative_u_percent"], "n_obs": inputs["n_obs"]})
    assert found == ask("welch-satterthwaite", {"u": inputs["relative_u_percent"], "dof": inputs["dof"]})
    assert found["u_c"] == exact(expected["uc_percent"]["value"])
    assert found["nu_eff"] == exact(expected["nu_eff"]["value"])
    assert found["nu_used"] == expected["k95"]["nu_used"]
    assert found["k"] == exact(expected["k95"]["value"])
    assert found["U"] == exact(expected["U95_percent"]["value"])


def test_welch_satterthwaite_with_an_infinite_component(ask, uncertainty):
    case = uncertainty("ws-two-components")
    found = ask("welch-satterthwaite", case["inputs"])
    assert found["nu_eff"] == exact(case["expected"]["nu_eff"]["value"])


def test_analysis_of_variance_of_the_gum(ask, uncertainty):
    case = uncertainty("gum-h5-anova-zener")
    data, expected = (
        case["data"],
        {name: entry["value"] for name, entry in case["expected"].items() if name != "published_tol"},
    )
    found = ask(
        "anova", {"means": data["daily_mean_V"], "sds": data["daily_s_V"], "per_group": data["per_day"]}
    )
    names = {
        "grand_mean": "grand_mean",
        "s_of_means": "s_of_daily_means",
        "s_within": "s_b_within",
        "s_a": "s_a",
        "F": "F",
        "F_crit": "F_crit_95_9_40",
        "s_between": "s_B_between",
        "u_mean_if_between": "u_mean_if_between_day",
        "u_mean_if_pooled": "u_mean_if_pooled",
    }
    for ours, theirs in names.items():
        assert found[ours] == pytest.approx(expected[theirs], rel=1e-9), ours
    assert (found["dof_if_between"], found["dof_if_pooled"], found["significant"]) == (9, 49, True)


def test_thermometer_line_of_the_gum_as_a_calibration_curve(ask, uncertainty):
    case = uncertainty("gum-h3-thermometer-line")
    expected = case["expected"]
    found = ask(
        "calibration-curve",
        {"x": case["data"]["t"], "y": case["data"]["b"], "reference_point": case["model"]["t0"], "at": [30]},
    )
    assert found["coefficients"] == [exact(expected["y1"]["value"]), exact(expected["y2"]["value"])]
    assert found["u_coefficients"] == [exact(expected["y1"]["u"]), exact(expected["y2"]["u"])]
    correlation = found["covariance"][0][1] / (expected["y1"]["u"] * expected["y2"]["u"])
    assert correlation == exact(expected["r_y1_y2"]["value"])
    at30 = found["predictions"][0]
    assert (at30["value"], at30["u"]) == (exact(expected["b30"]["value"]), exact(expected["b30"]["u"]))
    assert at30["extrapolated"]
