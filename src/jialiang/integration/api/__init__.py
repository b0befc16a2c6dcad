"""The REST door: one file a noun, all of them under ``/api/v1``."""
