"""Words and codes of the field, read from data files."""
