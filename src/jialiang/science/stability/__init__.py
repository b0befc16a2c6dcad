"""Stability in time: Allan deviations, curves with covariance, drift, change points."""
