"""Rules for conformity credentials beside their structure."""
