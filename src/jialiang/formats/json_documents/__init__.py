"""JSON documents read safely, and their structure checked by models that are data."""
