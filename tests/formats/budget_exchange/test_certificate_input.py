"""A value of a certificate as an input: its digits, its unit, U and k, and the link to where it comes from."""

import hashlib

import pytest

from jialiang.formats.budget_exchange.certificate_input import input_of_certificate
from jialiang.formats.budget_exchange.errors import NotOneQuantity, WithoutUncertainty
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.errors import NotACertificate
from jialiang.science.documents.reading import read_document


def certificates(oracles):
    return sorted((oracles / "dcc").rglob("*.xml"))


def usable(oracles):
    """Yield bytes, reference and quantity of every single value that has U and k, or u, and a reference of its own."""
    for file in certificates(oracles):
        data = file.read_bytes()
        try:
            certificate = Certificate.read(data)
        except NotACertificate:
            continue
        quantities = [q for q in certificate.quantities() if q.first]
        names = [name for q in quantities for name in {q.id, *q.ref_type} if name]
        for quantity in quantities:
            own = [name for name in (quantity.id, *quantity.ref_type) if name and names.count(name) == 1]
            stated = quantity.first.uncertainty
            has = stated.standard_uncertainty or (stated.expanded_uncertainty and stated.coverage_factor)
            if own and has:
                yield data, own[0], quantity


def test_every_value_with_an_uncertainty_becomes_an_input_with_the_digits_of_the_certificate(oracles):
    count = 0
    for data, reference, quantity in usable(oracles):
        first = quantity.first
        asked = reference if len(first.values) == 1 else f"{reference}#{len(first.values)}"
        found = input_of_certificate(data, asked, "x")
        assert found["mean"] == first.values[-1]
        assert found["unit"] == first.unit[-1]
        stated = first.uncertainty
        if "U" in found:
            assert (found["U"], found["k"]) == (stated.expanded_uncertainty[-1], stated.coverage_factor[-1])
        else:
            assert found["u"] == stated.standard_uncertainty[-1]
        assert found["source"]["certificate"] == Certificate.read(data).number
        assert found["source"]["path"] == quantity.path
        assert found["source"]["sha256"] == hashlib.sha256(data).hexdigest()
        count += 1
    assert count > 5


def test_the_input_stands_in_a_budget_with_u_from_U_and_k(oracles):
    data, reference, quantity = next(
        found
        for found in usable(oracles)
        if len(found[2].first.values) == 1 and found[2].first.uncertainty.expanded_uncertainty
    )
    taken = input_of_certificate(data, reference, "x") | {"unit": ""}
    item = read_document({"model": {"expr": {"y": "2*x"}}, "inputs": [taken]}).budget.inputs[0]
    stated = quantity.first.uncertainty
    assert item.estimate == float(quantity.first.values[0])
    expected = float(stated.expanded_uncertainty[0]) / float(stated.coverage_factor[0])
    assert item.standard_uncertainty == pytest.approx(expected)
    assert taken["source"]["certificate"] in item.source


def test_a_reference_that_leads_nowhere_tells_what_there_is(oracles):
    data, reference, _ = next(usable(oracles))
    with pytest.raises(NotOneQuantity) as caught:
        input_of_certificate(data, "no-such-thing", "x")
    assert caught.value.facts["count"] == 0
    assert reference in caught.value.way_out.en or len(caught.value.facts["known"]) > 100


def test_a_reference_of_several_quantities_is_refused(oracles):
    for file in certificates(oracles):
        try:
            quantities = Certificate.read(file.read_bytes()).quantities()
        except NotACertificate:
            continue
        names = [name for q in quantities if q.first for name in {q.id, *q.ref_type} if name]
        several = [name for name in names if names.count(name) > 1]
        if several:
            with pytest.raises(NotOneQuantity) as caught:
                input_of_certificate(file.read_bytes(), several[0], "x")
            assert caught.value.facts["count"] == names.count(several[0])
            return
    pytest.fail("no certificate has a refType twice")


@pytest.mark.parametrize("place", ["#0", "#x", "#99999", "#-1", "#99999999999"])
def test_a_place_outside_a_list_is_refused(oracles, place):
    data, reference, _ = next(usable(oracles))
    with pytest.raises(NotOneQuantity):
        input_of_certificate(data, reference + place, "x")


def test_a_value_without_an_uncertainty_is_refused(oracles):
    for file in certificates(oracles):
        try:
            certificate = Certificate.read(file.read_bytes())
        except NotACertificate:
            continue
        quantities = [q for q in certificate.quantities() if q.first]
        names = [name for q in quantities for name in {q.id, *q.ref_type} if name]
        for quantity in quantities:
            first, own = (
                quantity.first,
                [n for n in (quantity.id, *quantity.ref_type) if n and names.count(n) == 1],
            )
            is_bare = not any((*_spreads(first.uncertainty), *_spreads(first.shared_uncertainty)))
            if own and is_bare and len(first.values) == 1:
                with pytest.raises(WithoutUncertainty) as caught:
                    input_of_certificate(file.read_bytes(), own[0], "x")
                assert own[0] in caught.value.what.zh
                return
    pytest.fail("every value has an uncertainty")


def _spreads(stated):
    return stated.standard_uncertainty, stated.expanded_uncertainty


def test_what_is_no_certificate_is_refused():
    with pytest.raises(NotACertificate):
        input_of_certificate(b"<a/>", "x", "x")
