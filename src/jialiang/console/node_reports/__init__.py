"""Screens of the reports to the node above."""
