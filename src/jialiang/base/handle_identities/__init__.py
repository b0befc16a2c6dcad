"""Identities index:handle and the keys by which they show who they are."""
