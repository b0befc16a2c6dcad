"""Prefixes, codes and what they point at."""
