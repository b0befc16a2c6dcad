"""Readers of the numbers in every form of a certificate, each independent of the program that wrote the form.

A row is (value, second part, u, U, k, p) as exact texts; one entry stands for all values of a list. Forms for the
eye (pages, graphs) give the numbers that stand in them, in any order.
"""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile

import cbor2
import msgpack
import openpyxl
import pyarrow.parquet
from lxml import etree, html
from tests.conftest import absent
from tests.formats.dcc_samples import NS

from jialiang.formats.conversion.lossless import from_lossless

MEMBERS = ("value", "second", "standard_uncertainty", "expanded_uncertainty", "coverage_factor",
           "coverage_probability")  # fmt: skip
_QUANTITIES = "//dcc:quantity | //dcc:itemQuantity | //dcc:measuringEquipmentQuantity | //dcc:usedMethodQuantity"
_WRITINGS = "si:real | si:realListXMLList | si:hybrid/si:real | si:hybrid/si:realListXMLList"
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_LEAVES = (
    ("value",), (), ("standardUnc", "valueStandardMU"), ("uncertainty", "valueExpandedMU"), ("coverageFactor",),
    ("coverageProbability",),
)  # fmt: skip


def rows_of_tree(tree):
    """The rows of a DCC, read by XPath alone."""
    return [
        row
        for quantity in tree.xpath(_QUANTITIES, namespaces=NS)
        for writing in quantity.xpath(_WRITINGS, namespaces=NS)
        for row in _rows([_leaf(writing, names) for names in _LEAVES])
    ]


def numbers_of_tree(tree):
    """The numbers that a form for the eye has to show: values and expanded uncertainties of results."""
    said = set()
    for quantity in tree.xpath("//dcc:result//dcc:quantity", namespaces=NS):
        for writing in quantity.xpath("si:real | si:realListXMLList | si:hybrid/*[1]", namespaces=NS):
            said.update(*(_leaf(writing, names) for names in (("value",), ("uncertainty", "valueExpandedMU"))))
    return said - {"NaN"}


def _leaf(writing, names):
    wanted = {*names, *(f"{name}XMLList" for name in names)}
    for element in writing.iter(f"{{{NS['si']}}}*"):
        if etree.QName(element).localname in wanted:
            return (element.text or "").split()
    return []


def _rows(columns):
    return [tuple(_entry(column, row) for column in columns) for row in range(len(columns[0]))]


def _entry(column, row):
    return column[0] if len(column) == 1 else column[row] if row < len(column) else ""


def _plain(data):
    return rows_of_tree(etree.fromstring(from_lossless(data)).getroottree())


def _typed(data):
    found = []
    for quantity in json.loads(data)["quantities"]:
        pending = list(quantity.get("writings", [quantity] if "value" in quantity else []))
        while pending:
            writing = pending.pop(0)
            pending = [*writing.get("members", []), *pending]
            if "value" in writing and not writing.get("members"):
                columns = [writing.get(member, []) for member in MEMBERS]
                found += _rows([each if isinstance(each, list) else [each] for each in columns])
    return found


def _of_records(records):
    return [tuple(str(each[m] or "") for m in MEMBERS) for each in records if each["writing"] not in ("", None)]


def _csv(data):
    return _of_records(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def _xlsx(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data))["All values"]
    names, *cells = list(sheet.iter_rows())
    shown = [{n.value: _shown(cell) for n, cell in zip(names, row, strict=True)} for row in cells]
    return _of_records(shown)


def _shown(cell):
    if not isinstance(cell.value, int | float):
        return (cell.value or "").removeprefix("'")
    return f"{cell.value:.{len(cell.number_format.partition('.')[2])}f}"


def _parquet(data):
    return _of_records(pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist())


EXACT = {
    "xml": lambda data: rows_of_tree(etree.fromstring(data).getroottree()),
    "json": lambda data: _plain(json.loads(data)),
    "cbor": lambda data: _plain(cbor2.loads(data)),
    "msgpack": lambda data: _plain(msgpack.unpackb(data)),
    "data-json": _typed,
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
}
"""Forms for programs: every row, in the order of the certificate."""


def numbers_in(data, folder):
    """The numbers in a form for the eye, found by what the bytes are: PDF, archive of XML, page, or text."""
    if data.startswith(b"%PDF"):
        text = _pdf(data, folder)
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [archive.read(name) for name in archive.namelist() if name.endswith(".xml")]
        text = "\n".join("\n".join(etree.fromstring(each).itertext()) for each in members)
    else:
        text = data.decode("utf-8")
        if "<html" in text[:2000].lower():
            page = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
            text = "\n".join(page.itertext())
    plain = re.sub(r"(?<=[0-9])[\u2009\u202f\u00a0](?=[0-9]{3})", "", text.replace("\u2212", "-"))
    return set(_NUMBER.findall(plain))


def _pdf(data, folder):
    if shutil.which("pdftotext") is None:
        absent("pdftotext", "install poppler-utils")
    file = folder / "page.pdf"
    file.write_bytes(data)
    return subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True
    ).stdout
