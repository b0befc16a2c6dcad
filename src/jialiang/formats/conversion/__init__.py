"""Certificates in other notations: some lossless and able to come back, others for programs and tables."""
