"""Sets blocks of text and tables on pages; knows nothing of the file that they are written to."""
