"""Templates of identifier records as values: items, checking of values against them, JSON Schema."""
