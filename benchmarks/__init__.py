"""Measurements of a running installation on the machine at hand, over loopback only."""
