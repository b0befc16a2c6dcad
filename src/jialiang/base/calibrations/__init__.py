"""Calibration and legal-verification records, their standards, budgets and steps."""
