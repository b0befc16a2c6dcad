"""Screens of the statistics of resolution."""
