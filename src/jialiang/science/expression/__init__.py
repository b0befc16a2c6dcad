"""A small language for measurement models: parsed here, bounded, with exact derivatives; never Python's own."""
