"""The server of a delegated prefix: what a client could not reach is refused with the place of the fault."""

import copy

import pytest
from tests.functions.prefix_verbs import SITE

from jialiang.base.prefixes.errors import BadSite
from jialiang.base.prefixes.sites import checked_site


def broken(change):
    site = copy.deepcopy(SITE)
    change(site)
    return site


def interface(**members):
    return lambda site: site["servers"][0]["interfaces"][0].update(members)


FAULTS = {
    "not an object": ([], "JSON object"),
    "no servers": ({}, "servers"),
    "servers empty": ({"servers": []}, "1 to 32"),
    "too many": ({"servers": SITE["servers"] * 33}, "1 to 32"),
    "a server is a text": ({"servers": ["203.0.113.7"]}, "servers[0]"),
    "a host name": (broken(lambda s: s["servers"][0].update(address="hdl.example")), "servers[0].address"),
    "no address": (broken(lambda s: s["servers"][0].pop("address")), "servers[0].address"),
    "no interfaces": (broken(lambda s: s["servers"][0].update(interfaces=[])), "interfaces is empty"),
    "a strange protocol": (broken(interface(protocol="SMTP")), "TCP, UDP, HTTP, HTTPS"),
    "port 0": (broken(interface(port=0)), "interfaces[0].port"),
    "port 65536": (broken(interface(port=65536)), "interfaces[0].port"),
    "port true": (broken(interface(port=True)), "interfaces[0].port"),
    "port as text": (broken(interface(port="2641")), "interfaces[0].port"),
    "not JSON": (broken(lambda s: s.update(x=float("nan"))), "JSON cannot"),
    "bytes": (broken(lambda s: s.update(x=b"")), "JSON cannot"),
    "too large": (broken(lambda s: s.update(x="一" * 6000)), "16384"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_site_that_leads_nowhere_is_refused(fault):
    site, told = FAULTS[fault]
    with pytest.raises(BadSite) as refused:
        checked_site(site)
    assert told in refused.value.facts["reason"].en
    assert refused.value.facts["reason"].zh


def test_a_site_is_kept_as_it_was_given():
    assert checked_site(SITE) == SITE
    assert checked_site(broken(lambda s: s["servers"][0].update(address="2001:db8::7")))
