"""XML read safely and written in one way: the only place of the house where XML is parsed."""
