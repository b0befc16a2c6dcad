"""Codes and seals that an instrument carries, and the checks of its identity by them."""
