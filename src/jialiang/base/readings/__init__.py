"""Readings exactly as entered, with person, time and source; amendments beside them."""
