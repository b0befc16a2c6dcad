"""What people and search engines see of an identifier: pages in both languages, and JSON-LD."""
