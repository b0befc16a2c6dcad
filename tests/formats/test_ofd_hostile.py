"""Hostile OFD files, each in a process of its own under 512 MiB and 5 s of CPU: refused, located, no traceback."""

import io
import json
import random
import resource
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.ofd_parts import (
    BOUND,
    DOCUMENT,
    ENTRANCE,
    PAGE,
    PAGE_PART,
    changed,
    page_of,
    parts,
    without,
    zipped,
)

from jialiang.formats.ofd.checking import check_ofd
from jialiang.kernel.errors import JialiangError

MEMORY, SECONDS = 512 * 1024 * 1024, 5
PROGRAM = """
import json, sys
from jialiang.formats.ofd.checking import check_ofd
from jialiang.kernel.errors import JialiangError
try:
    found = check_ofd(open(sys.argv[1], "rb").read())
    print(json.dumps({"rules": sorted({each.rule for each in found}), "count": len(found)}))
except JialiangError as problem:
    facts = {name: str(fact) for name, fact in problem.facts.items()}
    print(json.dumps({"code": problem.code, "what": problem.what.en, "facts": facts}))
"""


def bounded():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def outcome(tmp_path, data):
    """What a check under limits says of a file."""
    file = tmp_path / "hostile.ofd"
    file.write_bytes(data)
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(file)],
        capture_output=True,
        text=True,
        preexec_fn=bounded,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout)


def bomb(size):
    """A container with one part of ``size`` zero bytes, packed a thousand times smaller."""
    return zipped(parts() | {"Doc_0/Res/zeros": b"\0" * size})


def nested(depth):
    return "<ofd:PageBlock>" * depth + "</ofd:PageBlock>" * depth


def many(count):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number in range(count):
            archive.writestr(f"p{number}", b"")
    return out.getvalue()


CASES = {
    "a part of 60 MB of zeros": (lambda: bomb(60_000_000), "JL-OFD-002", "ratio"),
    "a hundred thousand entries": (lambda: many(100_000), "JL-OFD-002", "entries"),
    "an outside file as entity": (
        lambda: zipped(
            parts() | {PAGE_PART: f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{PAGE}'}
        ),
        "JL-OFD-005",
        PAGE_PART,
    ),
    "entities that grow": (
        lambda: zipped(
            parts() | {"OFD.xml": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + ENTRANCE}
        ),
        "JL-OFD-005",
        "OFD.xml",
    ),
    "a page nested 100 deep": (
        lambda: zipped(parts() | {PAGE_PART: page_of(nested(100))}),
        "JL-OFD-005",
        PAGE_PART,
    ),
    "a page nested 100 000 deep": (
        lambda: zipped(parts() | {PAGE_PART: page_of(nested(100_000))}, zipfile.ZIP_STORED),
        "JL-OFD-005",
        PAGE_PART,
    ),
    "a page of a million elements": (
        lambda: zipped(parts() | {PAGE_PART: page_of("<a/>" * 1_000_000)}, zipfile.ZIP_STORED),
        "JL-OFD-005",
        PAGE_PART,
    ),
    "a page of 9 MB": (
        lambda: zipped(parts() | {PAGE_PART: page_of("x" * 9_000_000)}, zipfile.ZIP_STORED),
        "JL-OFD-005",
        PAGE_PART,
    ),
    "XInclude": (
        lambda: zipped(
            parts()
            | {
                PAGE_PART: page_of(
                    '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
                )
            }
        ),
        "JL-OFD-005",
        PAGE_PART,
    ),
    "no OFD.xml": (lambda: zipped(without("OFD.xml")), "JL-OFD-004", "OFD.xml"),
    "no document": (lambda: zipped(without("Doc_0/Document.xml")), "JL-OFD-004", "Doc_0/Document.xml"),
    "a document outside": (
        lambda: zipped(changed("OFD.xml", "Doc_0/Document.xml", "../../etc/passwd")),
        "JL-OFD-004",
        "OFD.xml",
    ),
    "another root": (lambda: zipped(parts() | {"OFD.xml": "<html/>"}), "JL-OFD-006", "html"),
    "another namespace": (
        lambda: zipped(changed("OFD.xml", "http://www.ofdspec.org/2016", "urn:other")),
        "JL-OFD-006",
        "OFD",
    ),
    "a page that is no page": (
        lambda: zipped(parts() | {PAGE_PART: f"<ofd:Res {BOUND}/>"}),
        "JL-OFD-006",
        PAGE_PART,
    ),
    "a page that is no XML": (
        lambda: zipped(parts() | {PAGE_PART: b"\xff\xfe\x00"}),
        "JL-OFD-005",
        PAGE_PART,
    ),
    "an empty page": (lambda: zipped(parts() | {PAGE_PART: b""}), "JL-OFD-005", PAGE_PART),
}


@pytest.mark.parametrize("case", CASES)
def test_refused_under_limits_with_the_place(tmp_path, case):
    make, code, place = CASES[case]
    said = outcome(tmp_path, make())
    assert said["code"] == code
    assert place in said["what"]
    if code == "JL-OFD-005":
        assert int(said["facts"]["line"]) >= 1


def test_a_page_of_many_wrong_objects_ends_after_a_hundred_findings(tmp_path):
    wrong = '<ofd:TextObject Boundary="z"/>' * 60_000
    said = outcome(tmp_path, zipped(parts() | {PAGE_PART: page_of(wrong)}, zipfile.ZIP_STORED))
    assert said["count"] == 101
    assert "OFD-MORE" in said["rules"]


def test_the_same_page_named_ten_thousand_times_is_read_within_the_limits(tmp_path):
    entries = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_0/Content.xml"/>' for n in range(10, 10_010))
    document = DOCUMENT.replace("<ofd:Pages>", f"<ofd:Pages>{entries}")
    big = page_of("x" * 100_000)
    said = outcome(
        tmp_path, zipped(parts() | {"Doc_0/Document.xml": document, PAGE_PART: big}, zipfile.ZIP_STORED)
    )
    assert said["code"] == "JL-OFD-002"
    assert "XML" in said["what"]


def test_steps_that_claim_a_billion_letters_cost_nothing(tmp_path):
    steps = "g 999999999 1 " * 1000
    text = PAGE.replace('DeltaX="4 4"', f'DeltaX="{steps}"')
    said = outcome(tmp_path, zipped(parts() | {PAGE_PART: text}))
    assert "OFD-TEXT-STEPS" in said["rules"]


def test_a_document_that_is_its_own_page_and_resource_ends(tmp_path):
    looped = changed("Doc_0/Document.xml", "PublicRes.xml</ofd:PublicRes>", "Document.xml</ofd:PublicRes>")
    assert outcome(tmp_path, zipped(looped))["code"] == "JL-OFD-006"


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_bytes_changed_at_random_never_break_the_reader(seed):
    chance = random.Random(seed)
    data = bytearray(zipped(parts(), chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])))
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        check_ofd(bytes(data))
    except JialiangError as problem:
        assert problem.what.zh
        assert problem.what.en


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_texts_of_parts_changed_at_random_never_break_the_reader(seed):
    chance = random.Random(seed)
    named = parts()
    part = chance.choice([each for each in named if each.endswith(".xml") and "Attachs" not in each])
    text = named[part]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        piece = chance.choice(
            ["", "-1", "nan", "1e999", "&#0;", "../..", "<a/>", '"', "\u4e2d", "9" * 30, "g 5"]
        )
        text = text[:at] + piece + text[at + chance.randint(0, 4) :]
    try:
        check_ofd(zipped(named | {part: text}))
    except JialiangError as problem:
        assert problem.what.zh
        assert problem.what.en
