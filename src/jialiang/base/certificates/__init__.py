"""Issued certificates: frozen content, files, status."""
