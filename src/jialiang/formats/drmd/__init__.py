"""Digital reference material documents (DRMD 1.0.0): checked, read, made and converted."""
