"""A budget template evaluated for one point of a calibration: bound to its sources, evaluated, and kept with both."""
