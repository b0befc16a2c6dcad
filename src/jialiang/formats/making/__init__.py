"""A certificate made from a plain document or a workbook, without the platform."""
