"""Screens of uncertainty budgets: the list, one version with its review and history, and the editor of a draft."""
