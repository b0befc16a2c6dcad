"""Database versions of this app."""
