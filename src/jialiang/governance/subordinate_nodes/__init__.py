"""Nodes below this one, the reports received from them, and the servers they tell of."""
