"""Orders, items, custody, fees."""
