"""Measurement standards, their certificates and check observations."""
