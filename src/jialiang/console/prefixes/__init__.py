"""Screens of prefixes: the tree, applications and the operator's desk."""
