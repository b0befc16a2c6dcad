"""Links of things with GS1 keys: values of records, linksets, and which link answers a request."""
