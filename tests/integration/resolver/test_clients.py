"""Whose limit a request counts against."""

from ipaddress import ip_address

import pytest

from jialiang.integration.resolver.clients import (
    NOWHERE,
    TrustedProxies,
    household,
    parsed_address,
    parsed_peer,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1:4711", "192.0.2.1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[::ffff:192.0.2.1]:4711", "192.0.2.1"),
    ],
)
def test_a_peer_is_read_as_the_server_writes_it(text: str, address: str) -> None:
    assert parsed_peer(text) == ip_address(address)


@pytest.mark.parametrize("text", ["", "unix", "unix:/tmp/a.sock", "nonsense:1"])
def test_a_peer_without_an_address_is_nowhere(text: str) -> None:
    assert parsed_peer(text) == NOWHERE


def test_without_trusted_proxies_a_forwarded_address_is_not_believed() -> None:
    assert TrustedProxies([]).client(ip_address("203.0.113.9"), "192.0.2.1") == ip_address("203.0.113.9")


def test_a_stranger_cannot_choose_its_address_through_a_trusted_proxy() -> None:
    proxies = TrustedProxies(["10.0.0.0/8"])
    assert proxies.client(ip_address("10.0.0.1"), "1.1.1.1, 203.0.113.9") == ip_address("203.0.113.9")


def test_a_chain_of_trusted_proxies_is_followed_to_the_first_stranger() -> None:
    proxies = TrustedProxies(["10.0.0.0/8", "2001:db8::5"])
    chain = "1.1.1.1, 203.0.113.9, 2001:db8::5"
    assert proxies.client(ip_address("10.0.0.1"), chain) == ip_address("203.0.113.9")


def test_nonsense_in_the_chain_ends_it_at_the_proxy_that_wrote_it() -> None:
    proxies = TrustedProxies(["10.0.0.0/8"])
    assert proxies.client(ip_address("10.0.0.1"), "unknown") == ip_address("10.0.0.1")


def test_a_proxy_that_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="proxy.example"):
        TrustedProxies(["proxy.example"])


def test_one_ipv6_subnet_is_one_household_and_every_ipv4_address_its_own() -> None:
    assert household(ip_address("2001:db8::1")) == household(ip_address("2001:db8::ffff:2"))
    assert household(ip_address("2001:db8:0:1::1")) != household(ip_address("2001:db8::1"))
    assert household(ip_address("192.0.2.1")) != household(ip_address("192.0.2.2"))


def test_brackets_and_nonsense() -> None:
    assert parsed_address("[2001:db8::1]") == ip_address("2001:db8::1")
    assert parsed_address("300.1.1.1") is None
