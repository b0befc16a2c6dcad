"""Statements of conformity, their risks and guard bands (JCGM 106, ILAC-G8, JJF 1094)."""
