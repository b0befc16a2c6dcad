"""Drawings of data: server-made SVG, coloured by classes, each with its finding as a label."""
