"""Thousands of files checked by a pool of processes: in order, with bounded memory, with a summary."""
