"""The measurements of certificates: what they print, when they fail, and the page that the comparison writes."""

import json

import pytest
from benchmarks import certificate_tools, certificates
from benchmarks.certificate_tools import PROBES, TASKS, WORDS, page


@pytest.fixture
def figures():
    return {"checked_and_typed_ms": 4.0, "ratio_to_lxml": 14.0, "import_s": 0.1, "files_per_second": 400.0}


def test_aims_that_hold_are_said(capsys, figures):
    assert certificates.report(figures) == 0
    assert capsys.readouterr().out.count("holds") == 4


@pytest.mark.parametrize(
    ("name", "figure"),
    [("checked_and_typed_ms", 5.1), ("ratio_to_lxml", 15.1), ("import_s", 0.31), ("files_per_second", 299.0)],
)
def test_an_aim_that_is_missed_is_said_and_fails(capsys, figures, name, figure):
    assert certificates.report(figures | {name: figure}) == 1
    assert capsys.readouterr().out.count("MISSED") == 1


def test_every_figure_with_an_aim_is_measured(oracles):
    files = certificates.samples()[:1]
    measured = certificates.per_file(files, 1) | certificates.bulk(files, 100)
    assert set(certificates.AIMS) - {"import_s"} <= set(measured)
    assert all(figure > 0 for figure in measured.values())


def test_the_sum_of_the_bulk_check_is_complete(oracles, monkeypatch):
    monkeypatch.setattr(certificates, "check_many", lambda *_, **__: iter(()))
    with pytest.raises(SystemExit, match="0 reports for 2 files"):
        certificates.bulk(certificates.samples()[:1], 2)


def test_without_samples_nothing_is_measured(capsys, monkeypatch, tmp_path):
    for module in (certificates, certificate_tools):
        monkeypatch.setattr(module, "ORACLES", tmp_path / "absent")
        monkeypatch.setattr("sys.argv", ["benchmark"])
        assert module.main() == 1
        assert "JIALIANG_ORACLES" in capsys.readouterr().out


def task(done, of, ms, error=""):
    return {"done": done, "of": of, "ms": ms, "error": error}


def test_the_page_has_figures_failures_in_their_own_words_and_features(oracles):
    found = {
        "one": {"version": "1.0", "import": task(1, 1, 12.5), "structure": task(3, 4, 0.5, "OSError: no line")},
        "two": {"version": "2.0", "import": task(0, 1, None, "ImportError: `x` is gone")},
    }
    text = page(found, {"one": {"tables": True, "pages": False}, "two": {"tables": False}})
    assert "| | one 1.0 | two 2.0 |" in text
    assert "| import | 12.50 | fails |" in text
    assert "| structure, as installed | 0.50 (3 of 4) | – |" in text
    assert "- **one**, structure, as installed: `OSError: no line`" in text
    assert "- **two**, import: `ImportError: 'x' is gone`" in text
    assert "| tables | yes | – |" in text
    assert "| pages | – | – |" in text


def test_where_everything_ran_the_page_says_so(oracles):
    assert "Everything ran." in page({"one": {"version": "1", "import": task(1, 1, 1.0)}}, {"one": {}})


def test_every_task_has_words_and_every_probe_is_a_program():
    assert tuple(WORDS) == TASKS
    spoken = json.loads(PROBES.read_text(encoding="utf-8"))
    for tool in spoken["tools"].values():
        program = "\n".join([*spoken["prelude"], *tool["probe"], "print(json.dumps(said))"])
        compile(program, "probe", "exec")
        named = [line.split("'")[1] for line in tool["probe"] if line.startswith("task(")]
        assert named
        assert set(named) <= set(TASKS)


def test_our_own_probe_runs_without_network_and_does_every_sample(oracles):
    spoken = json.loads(PROBES.read_text(encoding="utf-8"))
    said = certificate_tools.measured("jialiang", spoken["tools"]["jialiang"], spoken["prelude"], 1)
    assert said.pop("version") == "0.1.0"
    done = {name: (each["done"], each["of"], each["error"]) for name, each in said.items() if name != "import"}
    names = ("structure", "rules of good practice", "structure and rules", "every quantity")
    assert done == dict.fromkeys(names, (12, 12, ""))


def test_a_probe_that_breaks_is_a_failure_and_no_crash(oracles):
    broken = {"package": "jialiang", "probe": ["raise SystemError('no such thing')"]}
    said = certificate_tools.measured("jialiang", broken, ["import json, sys", "said = {}"], 1)
    assert said["import"]["error"] == "SystemError: no such thing"


def test_our_features_are_found_where_they_are():
    spoken = json.loads(PROBES.read_text(encoding="utf-8"))
    modules = spoken["tools"]["jialiang"]["modules"]
    found = certificate_tools.with_modules("jialiang", spoken["tools"]["jialiang"])
    assert found == {feature: bool(module) for feature, module in modules.items()}
    missing = certificate_tools.with_modules("jialiang", {"modules": {"x": "jialiang.nowhere", "y": ""}})
    assert missing == {"x": False, "y": False}
