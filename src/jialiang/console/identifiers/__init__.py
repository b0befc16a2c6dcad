"""Screens of identifiers: the list, the page of one, registering, changing, importing tables, printing labels."""
