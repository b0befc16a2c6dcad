"""Facts that happened, kept with the change that made them and handed on at least once."""
