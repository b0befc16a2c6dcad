"""The desk over measurement science: budgets, risks, charts and intervals on one's own numbers."""
