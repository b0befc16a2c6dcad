"""Screens of templates of identifier records."""
