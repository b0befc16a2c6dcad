"""Templates of identifier records: their items and versions."""
