"""Screens of identities ``index:handle``."""
