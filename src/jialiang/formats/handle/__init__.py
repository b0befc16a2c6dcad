"""The Handle System as values and bytes: names, values, JSON and native forms."""
