"""Uncertainty budgets as JSON documents: read generously, evaluated, and written as results."""
