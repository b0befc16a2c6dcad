"""The library page is a notebook: its blocks run without Django and network, and print what stands below them."""

import json
import re
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from tests.formats.sample_content import BATH, STANDARD, sample_content, sample_table

from jialiang.formats.canonical import sha256_hex
from jialiang.formats.content import CertificateReference
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.kernel.text import Text

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "use-as-a-library.md"
BLOCK = re.compile(r"```python\n(.*?)```\n```text\n(.*?)```", re.DOTALL)
RUN = """
import io, json, sys
from contextlib import redirect_stdout

class Gone:
    names = ("django", "ninja", "granian", "allauth", "whitenoise", "psycopg")
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name.split(".")[0])
        return None

sys.meta_path.insert(0, Gone())
import socket
def refused(*_, **__):
    raise AssertionError("no network")
socket.socket.connect = socket.getaddrinfo = refused
names, said = {}, []
for block in json.loads(sys.stdin.read()):
    with redirect_stdout(io.StringIO()) as out:
        exec(compile(block, "page", "exec"), names)
    said.append(out.getvalue())
print(json.dumps([said, sorted(m for m in sys.modules if m.split(".")[0] in Gone.names)]))
"""


def lay(folder):
    """The three files of the page: a certificate, that of a year before, and that of the standard."""
    standard = dcc_xml(sample_content(number="BZ2026-000007", identifier="10.9999/jl.2026.000007", equipment=(BATH,),
                                      results=(without_equipment(sample_table()),)))  # fmt: skip
    reference = CertificateReference(
        Text("标准器证书", "Certificate of the standard"), "BZ2026-000007", "sha256", sha256_hex(standard),
        valid_until="2027-01-01",
    )  # fmt: skip
    content = sample_content(equipment=(replace(STANDARD, certificate=reference), BATH))
    table = sample_table()
    earlier = ("-0.165", "-0.197", *table.columns[2].quantity_values[2:])
    columns = (*table.columns[:2], replace(table.columns[2], quantity_values=earlier))
    year_before = replace(content, number="JZ2025-000101", identifier="10.9999/jl.2025.000101",
                          results=(replace(table, columns=columns),))  # fmt: skip
    (folder / "standard.xml").write_bytes(standard)
    (folder / "certificate.xml").write_bytes(dcc_xml(content))
    (folder / "last-year.xml").write_bytes(dcc_xml(year_before))


def without_equipment(table):
    """The table with columns that name no equipment."""
    return replace(table, columns=tuple(replace(column, equipment_keys=()) for column in table.columns))


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What the blocks printed, and which modules of Django came along."""
    folder = tmp_path_factory.mktemp("library")
    lay(folder)
    blocks = [code for code, _ in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]
    done = subprocess.run([sys.executable, "-W", "error", "-c", textwrap.dedent(RUN)], input=json.dumps(blocks),
                          cwd=folder, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    printed, django = json.loads(done.stdout)
    return printed, django


EXPECTED = [text for _, text in BLOCK.findall(PAGE.read_text(encoding="utf-8"))] if PAGE.is_file() else []


@pytest.mark.parametrize("position", range(len(EXPECTED)))
def test_every_block_prints_what_stands_below_it(ran, position):
    assert ran[0][position] == EXPECTED[position]


def test_all_blocks_of_the_page_are_run(ran):
    text = Path(PAGE).read_text(encoding="utf-8")
    assert len(ran[0]) == text.count("```python") == text.count("```text") >= 9


def test_nothing_of_django_comes_along(ran):
    assert ran[1] == []
