"""``python -m benchmarks.certificate_tools``: Jialiang beside the public tools, each in an environment of its own.

Installs what is not there yet from the package index into ``build/tools``, runs the same tasks on the shared samples
with sockets cut off, and writes ``docs/reference/certificate-tools.md``: figures that were measured, and the exact
words of whatever did not run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.certificates import ORACLES, ROOT, official, samples

PROBES = Path(__file__).with_name("tool_probes.json")
PAGE = ROOT / "docs" / "reference" / "certificate-tools.md"
ENVIRONMENTS = ROOT / "build" / "tools"
OURS = "jialiang"
TASKS = (
    "import", "structure", "structure with the schema given", "rules of good practice", "structure and rules",
    "every quantity",
)  # fmt: skip
WORDS = {
    "import": "import",
    "structure": "structure, as installed",
    "structure with the schema given": "structure, official schema handed over",
    "rules of good practice": "rules of good practice (PTB's 14 patterns; ours and more)",
    "structure and rules": "structure and rules together",
    "every quantity": "every quantity as an object",
}
_FIND = (
    "import json, sys\n"
    "from pathlib import Path\n"
    "def there(name):\n"
    "    ways = [Path(p or '.', *name.split('.')) for p in sys.path]\n"
    "    return bool(name) and any(w.with_suffix('.py').exists() or (w / '__init__.py').exists() for w in ways)\n"
    "print(json.dumps({n: there(m) for n, m in json.loads(sys.argv[1]).items()}))"
)


def main() -> int:
    """Measure every tool and write the page. Returns 1 where the samples are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="runs for each file")
    parser.add_argument("--out", type=Path, default=PAGE, help="the page to write")
    chosen = parser.parse_args()
    if not ORACLES.is_dir():
        print(f"no samples at {ORACLES}: set JIALIANG_ORACLES")
        return 1
    spoken = json.loads(PROBES.read_text(encoding="utf-8"))
    found = {name: measured(name, tool, spoken["prelude"], chosen.runs) for name, tool in spoken["tools"].items()}
    features = {name: with_modules(name, tool) for name, tool in spoken["tools"].items()}
    chosen.out.write_text(page(found, features), encoding="utf-8")
    print(chosen.out)
    return 0


def python_of(name: str) -> str:
    """Return the interpreter of a tool, in whose environment it is installed if it was not yet."""
    if name == OURS:
        return sys.executable
    python = ENVIRONMENTS / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENTS / name)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", name], check=True)
    return str(python)


def measured(name: str, tool: dict[str, Any], prelude: list[str], runs: int) -> dict[str, Any]:
    """Return the tasks of a tool with what came of them, and the version installed."""
    program = "\n".join([*prelude, *tool["probe"], "print(json.dumps(said))"])
    given = json.dumps([[str(file), str(official(version))] for file, version in samples()])
    done = subprocess.run(
        [python_of(name), "-c", program, given, str(runs)], capture_output=True, text=True, check=False
    )
    lines = done.stdout.strip().splitlines()
    said: dict[str, Any] = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {
        "import": {"done": 0, "of": 1, "ms": None, "error": (done.stderr.strip().splitlines() or ["–"])[-1][:300]}
    }  # fmt: skip
    ask = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    asked = subprocess.run([python_of(name), "-c", ask, tool["package"]], capture_output=True, text=True, check=True)
    return said | {"version": asked.stdout.strip()}


def with_modules(name: str, tool: dict[str, Any]) -> dict[str, bool]:
    """Return, for each feature, whether the module that has it is in the installed package."""
    asked = subprocess.run([python_of(name), "-c", _FIND, json.dumps(tool["modules"])],
                           capture_output=True, text=True, check=False)  # fmt: skip
    found: dict[str, bool] = json.loads(asked.stdout) if asked.stdout else {}
    return found


def page(found: dict[str, dict[str, Any]], features: dict[str, dict[str, bool]]) -> str:
    """Return the page."""
    names = list(found)
    titles = [f"{name} {found[name]['version']}" for name in names]
    head = f"| | {' | '.join(titles)} |\n|---{'|---' * len(names)}|\n"
    rows = "".join(f"| {WORDS[task]} | {' | '.join(_cell(found[n].get(task)) for n in names)} |\n" for task in TASKS)
    listed = list(dict.fromkeys(feature for each in features.values() for feature in each))
    marks = "".join(
        f"| {feature} | {' | '.join('yes' if features[name].get(feature) else '–' for name in names)} |\n"
        for feature in listed
    )
    errors = "".join(
        f"- **{n}**, {WORDS[task]}: `{found[n][task]['error'].replace('`', chr(39))}`\n"
        for n in names for task in TASKS if found[n].get(task, {}).get("error")
    )  # fmt: skip
    return (
        "# Certificates: Jialiang beside public tools\n\n"
        f"Written by `python -m benchmarks.certificate_tools` on {datetime.now(UTC).date()}. Each tool was installed "
        f"from the package index into an environment of its own and given the same {len(samples())} shared samples "
        "(2.3.0 to 3.3.0, one of them not valid) with all sockets cut off, as in a laboratory without a line to the "
        "world. Figures are processor time in milliseconds, median over the files of the median over runs; `n of m` is "
        "how many files were done without an error. A dash: the tool has no such task. The figures are of one machine "
        "that also did other work: compare them only with one another.\n\n## Tasks\n\n"
        f"{head}{rows}\n## What did not run, in its own words\n\n{errors or 'Everything ran.'}\n"
        "## Features\n\nWhether the installed package has a module for it; what a tool does by way of another package, "
        f"or with a patch, is not counted.\n\n{head}{marks}"
    )


def _cell(task: dict[str, Any] | None) -> str:
    if task is None:
        return "–"
    if task["ms"] is None:
        return "fails"
    return f"{task['ms']:.2f}" + ("" if task["done"] == task["of"] else f" ({task['done']} of {task['of']})")


if __name__ == "__main__":
    sys.exit(main())
