"""Which certificate proved which standard or instrument, from when to when."""
