"""API tokens: what a program shows instead of signing in."""
