"""Who signs in in the console's tests."""

PASSWORD = "seven bronze measures"
