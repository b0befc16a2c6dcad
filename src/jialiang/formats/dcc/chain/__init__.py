"""The traceability chain through certificates: every digest recomputed, every link judged for the day of use."""
