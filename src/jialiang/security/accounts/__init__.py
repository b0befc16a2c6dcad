"""People, their roles in time, and the second confirmation."""
