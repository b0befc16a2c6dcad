"""Uncertainty budgets as templates: a budget document whose inputs say where their knowledge comes from."""
