"""Formats are read and written without network: every test here runs with sockets blocked."""

from tests.sealed import _no_network

__all__ = ["_no_network"]
