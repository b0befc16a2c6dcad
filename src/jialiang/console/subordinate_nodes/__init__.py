"""Screens of the nodes below this one and of what they report."""
