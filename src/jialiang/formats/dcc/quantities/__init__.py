"""Every quantity of a certificate of any version as a measurement result, with what it belongs to."""
