"""The workbench for certificates of any laboratory: see, check, compare, convert; no login, nothing is kept."""
