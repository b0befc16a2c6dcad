"""Screens of measurement standards: what ends first, one standard with its evidence, its forms."""
