"""Screens of certificates: list, paper with its evidence, issuing, amending, withdrawing, files, account of numbers."""
