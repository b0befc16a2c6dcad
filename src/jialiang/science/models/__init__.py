"""Measurement models: several outputs of the same inputs, checked for units, with exact derivatives; and fits."""
