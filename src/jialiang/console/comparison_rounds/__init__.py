"""Screens of comparison rounds: the list, registration, results, evaluation, and the report on paper."""
