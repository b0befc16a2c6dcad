"""Screens of measuring instruments: the ledger, one instrument, its forms."""
