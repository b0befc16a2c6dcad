"""How often identifiers were resolved: collected from count logs, frozen day by day."""
