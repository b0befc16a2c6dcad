"""Requests that are sent twice are done once: the answer to the first is kept for a day."""
