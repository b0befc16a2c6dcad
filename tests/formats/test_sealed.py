"""The block of the network that stands around every test of formats holds, and everything works within it."""

import socket
import urllib.error
import urllib.request

import pytest
from lxml import etree
from tests.formats.dcc_samples import SAMPLES, sample
from tests.sealed import ASKED, CUT, Reached

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.migration.migrating import migrate


@pytest.mark.parametrize("name", CUT)
def test_no_socket_leads_out(name):
    with socket.socket() as line, pytest.raises(Reached):
        getattr(line, name)(("127.0.0.1", 9))


@pytest.mark.parametrize("name", ASKED)
def test_no_name_is_asked_for(name):
    with pytest.raises(Reached):
        getattr(socket, name)("ptb.de")


def test_libraries_that_open_addresses_fail():
    with pytest.raises((Reached, urllib.error.URLError)):
        urllib.request.urlopen("http://127.0.0.1:9/dcc.xsd")  # noqa: S310 it must not get through


def test_threads_may_still_talk_to_one_another():
    one, other = socket.socketpair()
    one.send(b"x")
    assert other.recv(1) == b"x"
    one.close()
    other.close()


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_read_checked_and_migrated_though_they_name_addresses(oracles, name):
    data = sample(oracles, name)
    assert b"https://" in data
    certificate = Certificate.read(data)
    certificate.check()
    assert certificate.quantities()
    if certificate.version != "3.3.0":
        assert etree.fromstring(migrate(certificate.tree).xml()).get("schemaVersion") == "3.3.0"
