"""Certificates of older versions brought to the latest one: valid, with the same values, and every change said."""
