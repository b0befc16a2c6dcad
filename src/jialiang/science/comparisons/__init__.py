"""Scores, robust statistics, consistent means, key comparisons and whole rounds."""
