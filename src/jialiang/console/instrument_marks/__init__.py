"""Screens of codes and seals on an instrument, and of the check of its identity by them."""
