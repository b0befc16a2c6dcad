"""Measuring instruments: identity, owner, state, history."""
