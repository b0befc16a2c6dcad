"""Jialiang 嘉量: the open metrology cloud for quality infrastructure."""

__version__ = "0.1.0"
