"""Calibration intervals: what the evidence proposes, never above a legal maximum."""
