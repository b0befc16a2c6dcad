"""Every element and every attribute of the samples, dropped, doubled and renamed one at a time."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree
from tests.proofs.dcc_structure import stated_version

from jialiang.formats.dcc.structure import check_structure

SAMPLES = (
    "v2.3.0_example_multi_item.xml",
    "v2.4.0_siliziumkugel.xml",
    "v3.0.0_mass_singleweight.xml",
    "v3.1.1_gp_temperature_extensive.xml",
    "v3.1.2_gp_humidity.xml",
    "v3.2.0_gp_temperature_xades_signed.xml",
    "v3.3.0_gp_temperature_xmldsig_signed.xml",
)
PLACES = 12
"""So many elements of each sample are taken in one run, others in the next."""


def _drop(element: etree._Element) -> None:
    element.getparent().remove(element)


def _double(element: etree._Element) -> None:
    element.addnext(copy.deepcopy(element))


def _rename(element: etree._Element) -> None:
    element.tag = f"{element.tag}X"


def _empty(element: etree._Element) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None


def _write(element: etree._Element) -> None:
    element.text = "words, 1"


def _last(element: etree._Element) -> None:
    element.getparent().append(element)


def _mark(element: etree._Element) -> None:
    element.set("id", "new")
    element.set("refId", "new")


CHANGES: dict[str, Callable[[etree._Element], None]] = {
    "dropped": _drop,
    "doubled": _double,
    "renamed": _rename,
    "emptied": _empty,
    "written into": _write,
    "put last": _last,
    "marked": _mark,
}


@pytest.fixture(scope="module")
def schemas(oracles: Path) -> Callable[[str], etree.XMLSchema]:
    """The official schema of a version."""
    known: dict[str, etree.XMLSchema] = {}

    def schema(version: str) -> etree.XMLSchema:
        if version not in known:
            known[version] = etree.XMLSchema(etree.parse(oracles / f"dcc/schema/dcc/v{version}/dcc.xsd"))
        return known[version]

    return schema


def _changed(data: bytes, change: Callable[[etree._Element], None], places: list[int]) -> Iterator[bytes]:
    for place in places:
        root = etree.fromstring(data)
        change(list(root.iter(etree.Element))[place])
        yield etree.tostring(root)


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_elements_changed_one_at_a_time_get_the_verdict_of_the_schema(
    oracles: Path, schemas: Callable[[str], etree.XMLSchema], change: str
) -> None:
    chance = random.SystemRandom()
    verdicts = set()
    for name in SAMPLES:
        data = (oracles / "dcc" / "samples" / name).read_bytes()
        count = sum(1 for _ in etree.fromstring(data).iter(etree.Element))
        places = sorted(chance.sample(range(1, count), PLACES))
        schema = schemas(stated_version(data))
        for place, changed in zip(places, _changed(data, CHANGES[change], places), strict=True):
            official = schema.validate(etree.fromstring(changed))
            findings = check_structure(etree.fromstring(changed))
            assert (findings == ()) == official, (name, place, change, findings)
            verdicts.add(official)
    assert False in verdicts
    assert True in verdicts or change == "renamed"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_attribute_dropped_renamed_and_written_anew(
    oracles: Path, schemas: Callable[[str], etree.XMLSchema], name: str
) -> None:
    data = (oracles / "dcc" / "samples" / name).read_bytes()
    schema = schemas(stated_version(data))
    root = etree.fromstring(data)
    places = [(n, a) for n, e in enumerate(root.iter(etree.Element)) for a in e.keys()]  # noqa: SIM118
    assert places
    chance = random.SystemRandom()
    for number, attribute in chance.sample(places, min(len(places), 40)):
        if attribute == "schemaVersion":
            continue
        for new in (None, attribute + "X", "1x", ""):
            root = etree.fromstring(data)
            element = list(root.iter(etree.Element))[number]
            value = element.attrib.pop(attribute)
            if new == attribute + "X":
                element.set(new, value)
            elif new is not None:
                element.set(attribute, new)
            changed = etree.tostring(root)
            official = schema.validate(etree.fromstring(changed))
            assert (check_structure(etree.fromstring(changed)) == ()) == official, (number, attribute, new)


def test_without_its_version_a_certificate_is_taken_as_2_2_0(oracles: Path) -> None:
    root = etree.parse(oracles / "dcc" / "samples" / SAMPLES[0]).getroot()
    del root.attrib["schemaVersion"]
    official = etree.XMLSchema(etree.parse(oracles / "dcc/schema/dcc/v2.2.0/dcc.xsd")).validate(root)
    assert (check_structure(root) == ()) == official
