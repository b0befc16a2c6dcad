"""Screens of calibration records: list, start, entry, uncertainty, review, approval."""
