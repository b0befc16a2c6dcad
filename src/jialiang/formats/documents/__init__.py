"""Files of any kind that may hold certificates: opened with limits, recognized, checked, with one report for all."""
