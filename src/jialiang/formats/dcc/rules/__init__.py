"""Rules of good practice for certificates: what a schema cannot say, with stable ids, severities and words."""
