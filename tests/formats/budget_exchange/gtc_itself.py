"""GTC as an oracle: of the tests' own environment, else of the one the comparison made; skipped by name without."""

import importlib.util
import json
import subprocess
import sys

import pytest
from benchmarks.peers.environments import PEERS, python_of

FIGURES = """
import json, sys
import GTC
from GTC import persistence
told = {}
for key, text in json.load(sys.stdin).items():
    archive, found = persistence.loads_json(text), {}
    for tag in archive.keys():
        x = archive.extract(tag)
        parts = {"_re": x.real, "_im": x.imag} if isinstance(x, GTC.lib.UncertainComplex) else {"": x}
        for suffix, part in parts.items():
            nu = GTC.dof(part)
            nu = "inf" if nu == GTC.inf else "nan" if nu != nu else nu
            found[tag + suffix] = [GTC.value(part), GTC.uncertainty(part), nu]
    told[key] = found
json.dump(told, sys.stdout)
"""


def gtc():
    """Return the Python that has GTC."""
    if importlib.util.find_spec("GTC") is not None:
        return sys.executable
    python = python_of(next(peer for peer in PEERS if peer.name == "GTC"))
    if not (python.parents[1] / "installed").is_file():
        pytest.skip("GTC is not installed")
    return str(python)


def figures(archives):
    """Let GTC load archives; return value, u and ν of every tag."""
    ran = subprocess.run(
        [gtc(), "-c", FIGURES], input=json.dumps(archives), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def written(script):
    """Let GTC make an archive of a short calculation."""
    ran = subprocess.run([gtc(), "-c", script], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.encode()
