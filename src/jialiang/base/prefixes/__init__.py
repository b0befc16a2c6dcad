"""Prefixes of identifiers: the tree, who holds which, and applications for them."""
