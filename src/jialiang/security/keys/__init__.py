"""Signing keys and the installation's own certificate authority."""
